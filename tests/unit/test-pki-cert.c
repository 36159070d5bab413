#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-authority.h"

static const ChKeySpec all_specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

static void
test_path (gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (PkiWorld) world = pki_world_new (spec);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (spec, &error);
  g_autoptr (ChSubject) wish = pki_subject ("随便");
  g_autoptr (GBytes) csr = ch_csr_make (key, wish, NULL, &error);
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autoptr (ChCertInfo) info = NULL;
  g_autofree char *dir = pki_write_chain (world);
  g_autofree char *file = NULL;
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  spki = ch_csr_verify (csr, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_spki_check_policy (spki, 1 << spec, &error));
  g_assert_false (ch_spki_check_policy (spki, 0, NULL));
  cert = pki_issue (world, spki, "天津市滨海数字认证有限公司");
  info = ch_cert_info_new (cert, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (
      info->subject_text, ==,
      "CN=天津市滨海数字认证有限公司,OU=91110108722619411A,OU=i2021,ST=天津市,L=东丽区,O=TJCA,C=CN");
  g_assert_cmpstr (ch_subject_find (info->issuer, "CN"), ==, "测试签发");
  g_assert_cmpuint (strlen (info->serial), ==, 32);
  g_assert_cmpuint (info->usages, ==, CH_USAGE_DIGITAL_SIGNATURE | CH_USAGE_NON_REPUDIATION);
  g_assert_false (info->is_ca);
  g_assert_cmpstr (info->ocsp_urls[0], ==, "http://ocsp.example/");
  g_assert_cmpstr (info->issuer_urls[0], ==, "http://ca.example/ca.cer");
  g_assert_cmpstr (info->crl_urls[0], ==, "http://ca.example/ca.crl");
  g_assert_cmpstr (info->purposes[0], ==, "clientAuth");
  g_assert_true (g_bytes_equal (info->spki, ch_key_get_spki (key)));
  g_assert_cmpint (info->not_after - info->not_before, ==, 365 * 24 * 3600 + 60);

  /* OpenSSL 3.0 hands the distinguishing id to the leaf only: SM2 chains are for the chain test */
  if (spec == CH_KEY_SM2)
    return;
  file = pki_write_pem (world, "leaf.pem", cert);
  output = pki_openssl (world, 0, "verify -x509_strict -CAfile root.pem -untrusted ca.pem leaf.pem");
  g_assert_cmpstr (output, ==, "leaf.pem: OK\n");
}

static void
test_extensions (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChBuilder) builder = pki_holder (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = NULL;
  g_autoptr (ChCertInfo) info = NULL;
  g_autofree char *code = NULL;
  g_autofree char *none = NULL;
  g_autofree char *file = NULL;
  g_autofree char *output = NULL;

  ch_builder_set_usages (builder, CH_USAGE_KEY_ENCIPHERMENT | CH_USAGE_DATA_ENCIPHERMENT);
  g_assert_true (ch_builder_add_policy (builder, "1.2.156.112570.1.1", &error));
  g_assert_false (ch_builder_add_policy (builder, "x", NULL));
  g_assert_true (ch_builder_add_policy (builder, "1.2.3.4", &error));
  g_assert_true (
      ch_builder_add_text_extension (builder, "1.2.156.10260.4.1.4", "91110108722619411A", &error));
  g_assert_false (ch_builder_add_text_extension (builder, "1.2.", "x", NULL));
  der = ch_builder_issue (builder, world->issuer, &error);
  g_assert_no_error (error);

  info = ch_cert_info_new (der, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->usages, ==, CH_USAGE_KEY_ENCIPHERMENT | CH_USAGE_DATA_ENCIPHERMENT);
  g_assert_cmpstr (info->policies[0], ==, "1.2.156.112570.1.1");
  g_assert_cmpstr (info->policies[1], ==, "1.2.3.4");
  g_assert_null (info->policies[2]);
  code = ch_cert_info_find_extension_text (info, "1.2.156.10260.4.1.4");
  g_assert_cmpstr (code, ==, "91110108722619411A");
  none = ch_cert_info_find_extension_text (info, "1.2.156.10260.4.1.3");
  g_assert_null (none);
  g_assert_true (g_bytes_equal (info->subject_key_id, info->key_id));

  file = pki_write_pem (world, "leaf.pem", der);
  output = pki_openssl (world, 0, "x509 -in leaf.pem -noout -text");
  g_assert_nonnull (
      strstr (output, "X509v3 Key Usage: critical\n                Key Encipherment, Data Encipherment\n"));
  g_assert_nonnull (strstr (output, "X509v3 Basic Constraints: critical\n                CA:FALSE\n"));
  g_assert_nonnull (strstr (output, "Policy: 1.2.156.112570.1.1"));
  g_assert_nonnull (strstr (output, "URI:http://ca.example/ca.crl"));
}

static void
test_recorded (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_RSA_2048);
  g_autoptr (PkiWorld) other = pki_world_new (CH_KEY_P256);
  g_autoptr (ChBuilder) builder = pki_holder (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (GError) error = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *other_serial = NULL;
  g_autoptr (GBytes) tbs = ch_builder_build (builder, world->issuer, &serial, &error);
  g_autoptr (GBytes) other_tbs = ch_builder_build (builder, world->issuer, &other_serial, &error);
  g_autoptr (GBytes) first = ch_builder_sign (world->issuer, tbs, &error);
  g_autoptr (GBytes) again = ch_builder_sign (world->issuer, tbs, &error);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (ChCertInfo) info = ch_cert_info_new (first, &error);

  /* After a crash the recorded bytes are signed again: RSA gives the same certificate */
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (first, again));
  g_assert_cmpstr (info->serial, ==, serial);
  g_assert_cmpstr (serial, !=, other_serial);

  g_assert_null (ch_builder_sign (other->issuer, tbs, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_null (ch_builder_sign (world->issuer, junk, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_null (ch_builder_sign (world->issuer, first, NULL));

  ch_builder_set_validity (builder, world->now, world->now);
  g_assert_null (ch_builder_build (builder, world->issuer, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (ch_issuer_new (world->root_key, world->ca, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
}

static gpointer
issue_thread (gpointer data)
{
  PkiWorld *world = data;
  GPtrArray *serials = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (world->root_key), "某单位");
      g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, NULL);

      g_assert_nonnull (info);
      g_ptr_array_add (serials, g_strdup (info->serial));
    }
  return serials;
}

static void
test_threads (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("issue", issue_thread, world);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (GPtrArray) serials = g_thread_join (threads[i]);

      for (guint k = 0; k < serials->len; k++)
        g_assert_true (g_hash_table_add (seen, g_strdup (g_ptr_array_index (serials, k))));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 160);
}

static void
test_tls_server (void)
{
  static const char *const addresses[] = { "ca.example", "127.0.0.1", "::1", NULL };
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cert
      = ch_authority_make_tls_server (world->issuer, ch_key_get_spki (world->root_key), addresses,
                                      world->now - 60, world->now + 3600, &error);
  g_autofree char *dir = pki_write_chain (world);
  g_autofree char *file = pki_write_pem (world, "leaf.pem", cert);
  static const char *const right[]
      = { "-verify_hostname ca.example", "-verify_ip 127.0.0.1", "-verify_ip ::1" };
  static const char *const wrong[] = { "-verify_hostname other.example", "-verify_ip 127.0.0.2" };

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (right) + G_N_ELEMENTS (wrong); i++)
    {
      gboolean is_right = i < G_N_ELEMENTS (right);
      g_autofree char *output = pki_openssl (
          world, is_right ? 0 : 2,
          "verify -x509_strict -purpose sslserver -CAfile root.pem -untrusted ca.pem %s leaf.pem",
          is_right ? right[i] : wrong[i - G_N_ELEMENTS (right)]);
    }
  g_assert_null (ch_authority_make_tls_server (world->issuer, ch_key_get_spki (world->root_key),
                                               addresses + 3, 0, 1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
}

static void
test_authority (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChSubject) name = pki_subject ("应答");
  g_autoptr (ChSubject) sub_name = pki_subject ("下级");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) root
      = ch_authority_make_root (world->root_key, name, world->now, world->now + 3600, NULL, &error);
  g_autoptr (ChIssuer) root_issuer = ch_issuer_new (world->root_key, root, NULL, NULL, &error);
  g_autoptr (GBytes) ca = ch_authority_make_issuing_ca (root_issuer, ch_key_get_spki (world->ca_key),
                                                        sub_name, world->now, world->now + 3600, &error);
  g_autoptr (ChIssuer) ca_issuer = ch_issuer_new (world->ca_key, ca, NULL, NULL, &error);
  g_autoptr (GBytes) signer = ch_authority_make_ocsp_signer (ca_issuer, ch_key_get_spki (world->root_key),
                                                             name, world->now, world->now + 3600, &error);
  g_autoptr (ChCertInfo) root_info = ch_cert_info_new (root, &error);
  g_autoptr (ChCertInfo) ca_info = ch_cert_info_new (ca, &error);
  g_autoptr (ChCertInfo) signer_info = ch_cert_info_new (signer, &error);
  g_autofree char *path = pki_write_pem (world, "signer.pem", signer);
  g_autofree char *output = pki_openssl (world, 0, "x509 -in signer.pem -noout -text");

  g_assert_no_error (error);
  g_assert_true (root_info->is_ca);
  g_assert_cmpint (root_info->path_length, ==, -1);
  g_assert_true (ca_info->is_ca);
  g_assert_cmpint (ca_info->path_length, ==, 0);
  g_assert_cmpuint (ca_info->usages, ==, CH_USAGE_CERT_SIGN | CH_USAGE_CRL_SIGN);
  g_assert_false (signer_info->is_ca);
  g_assert_cmpstr (signer_info->purposes[0], ==, "OCSPSigning");
  g_assert_nonnull (strstr (output, "OCSP No Check"));
}

static void
test_far_future (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChBuilder) builder = pki_holder (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = NULL;
  g_autoptr (ChCertInfo) info = NULL;

  /* 2049 is UTCTime, 2050 GeneralizedTime */
  ch_builder_set_validity (builder, 2524607999, 2524608000);
  der = ch_builder_issue (builder, world->issuer, &error);
  g_assert_no_error (error);
  info = ch_cert_info_new (der, &error);
  g_assert_cmpint (info->not_before, ==, 2524607999);
  g_assert_cmpint (info->not_after, ==, 2524608000);
}

static void
test_pem (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autofree char *root = ch_cert_to_pem (world->root);
  g_autofree char *ca = ch_cert_to_pem (world->ca);
  g_autofree char *both = g_strconcat ("subject=…\n", ca, "\n", root, NULL);
  g_autofree char *damaged
      = g_strconcat (ca, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", NULL);
  g_autoptr (GBytes) data = g_bytes_new (both, strlen (both));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = ch_cert_list_from_pem (both, strlen (both), &error);
  g_autoptr (GBytes) first = ch_cert_from_data (data, &error);
  g_autoptr (GBytes) same = ch_cert_from_data (world->root, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_true (g_bytes_equal (g_ptr_array_index (list, 0), world->ca));
  g_assert_true (g_bytes_equal (g_ptr_array_index (list, 1), world->root));
  g_assert_true (g_bytes_equal (first, world->ca));
  g_assert_true (g_bytes_equal (same, world->root));
  g_assert_null (ch_cert_list_from_pem (damaged, strlen (damaged), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_null (ch_cert_list_from_pem ("", 0, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
}

static void
test_damaged (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (world->ca, &len);

  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (ChCertInfo) info = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (ch_cert_info_new (cut, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
      g_clear_error (&error);
      copy[i] ^= 1 << (i % 8);
      flipped = g_bytes_new (copy, len);
      /* A flipped bit may still be a certificate: it must only not be read as the same */
      info = ch_cert_info_new (flipped, &error);
      if (info != NULL)
        g_assert_cmpuint (strlen (info->sha256), ==, 64);
      else
        g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      g_autofree char *name = g_strconcat ("/pki/cert/path/", ch_key_spec_get_id (all_specs[i]), NULL);

      g_test_add_data_func (name, &all_specs[i], test_path);
    }

  g_test_add_func ("/pki/cert/extensions", test_extensions);
  g_test_add_func ("/pki/cert/recorded", test_recorded);
  g_test_add_func ("/pki/cert/threads", test_threads);
  g_test_add_func ("/pki/cert/tls-server", test_tls_server);
  g_test_add_func ("/pki/cert/authority", test_authority);
  g_test_add_func ("/pki/cert/far-future", test_far_future);
  g_test_add_func ("/pki/cert/pem", test_pem);
  g_test_add_func ("/pki/cert/damaged", test_damaged);

  return g_test_run ();
}
