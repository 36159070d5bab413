#include "config.h"

#include "base/ch-error.h"
#include "pki-world.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      g_autofree char *name = g_strconcat ("/pki/cert/path/", ch_key_spec_get_id (all_specs[i]), NULL);

      g_test_add_data_func (name, &all_specs[i], test_path);
    }

  return g_test_run ();
}
