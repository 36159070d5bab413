#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "server/ch-ca.h"
#include "server/ch-crl-desk.h"
#include "server-world.h"
#include "wire/messages-account.h"
#include "wire/messages-certificate.h"
#include "wire/messages-order.h"

static char *run (ServerWorld *world, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* What a command says, run in the folder of certificates; it must succeed */
static char *
run (ServerWorld *world, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (world->dir, "ca", NULL);
  g_autofree char *line = NULL;
  g_autofree char *words = NULL;
  char *output = NULL;
  va_list args;
  int status;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_spawn_sync (folder, (char *[]){ (char *) "sh", (char *) "-c", line, NULL }, NULL, G_SPAWN_SEARCH_PATH,
                NULL, NULL, &output, &words, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_test_message ("%s: %s%s", line, output, words);
  g_assert_cmpint (status, ==, 0);
  return output;
}

static void
write_file (ServerWorld *world, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (world->dir, "ca", name, NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
}

static GBytes *
read_file (ServerWorld *world, const char *name)
{
  g_autofree char *path = g_build_filename (world->dir, "ca", name, NULL);
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  return g_bytes_new_take (data, len);
}

static ChPossession *
prove (ServerWorld *world, const char *token, ChKey *key, GBytes *cert)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChNonceRequest) request = ch_wire_new (&ChNonceRequest_wire);
  g_autoptr (ChNonce) nonce = NULL;
  g_autoptr (GBytes) statement = NULL;
  ChPossession *possession = ch_wire_new (&ChPossession_wire);

  request->label = g_strdup (CH_STATEMENT_POSSESSION);
  nonce = server_call (world, token, &ch_route_nonce, NULL, request, &error);
  g_assert_no_error (error);
  statement
      = ch_statement_build (CH_STATEMENT_POSSESSION, ch_ca_get_tls_der (ch_service_get_ca (world->service)),
                            cert, nonce->nonce, NULL, &error);
  g_assert_no_error (error);
  possession->nonce = g_bytes_ref (nonce->nonce);
  possession->signature = ch_key_sign (key, statement, NULL, &error);
  g_assert_no_error (error);
  return possession;
}

static void
check_content (const ChCertificate *certificate, ChKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertInfo) info = ch_cert_info_new (certificate->der, &error);
  g_autofree char *code = NULL;
  g_autofree char *trust = NULL;
  g_autoptr (GDateTime) from = NULL;
  g_autoptr (GDateTime) to = NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (info->spki, ch_key_get_spki (key)));
  g_assert_cmpstr (info->serial, ==, certificate->serial);
  g_assert_cmpuint (strlen (info->serial), ==, 32);
  g_assert_true (g_str_has_prefix (info->subject_text, "CN=天津市滨海测试单位,OU=91110108722619411A,OU=i"));
  g_assert_true (g_str_has_suffix (info->subject_text, ",ST=天津市,L=东丽区,O=TJCA,C=CN"));
  g_assert_cmpuint (strlen (ch_subject_get_value_at (info->subject, 4)), ==, 18);
  code = ch_cert_info_find_extension_text (info, "1.2.156.10260.4.1.4");
  g_assert_cmpstr (code, ==, "91110108722619411A");
  trust = ch_cert_info_find_extension_text (info, "2.25.100177825264353805424645925540412328718");
  g_assert_true (g_str_has_prefix (trust, "Y100038"));
  g_assert_cmpuint (strlen (trust), ==, 31);
  from = g_date_time_new_from_unix_utc (info->not_before);
  to = g_date_time_add_months (from, 12);
  g_assert_cmpint (info->not_after, ==, g_date_time_to_unix (to));
}

static void
check_ocsp (ServerWorld *world, const char *expected)
{
  g_autofree char *made = run (world, "openssl ocsp -issuer issuing-rsa.pem -cert leaf.pem -reqout req.der");
  g_autoptr (GBytes) request = read_file (world, "req.der");
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (request, NULL), g_bytes_get_size (request));
  g_autofree char *escaped = g_uri_escape_string (base64, NULL, FALSE);
  const char *ways[][2] = { { "POST", NULL }, { "GET", base64 }, { "GET", escaped } };

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path
          = ways[i][1] != NULL ? g_strconcat ("/ocsp/", ways[i][1], NULL) : g_strdup ("/ocsp");
      g_autoptr (GBytes) answer = NULL;
      g_autofree char *nonce = NULL;
      g_autofree char *text = NULL;
      guint status;

      answer = server_fetch (world, ways[i][0], path, ways[i][1] == NULL ? request : NULL, &status);
      g_assert_cmpuint (status, ==, 200);
      write_file (world, "resp.der", answer);
      nonce = run (
          world, "openssl ocsp -issuer issuing-rsa.pem -reqin req.der -respin resp.der -CAfile root-rsa.pem "
                 "-verify_other issuing-rsa.pem 2>&1");
      g_assert_nonnull (strstr (nonce, "Response verify OK"));
      text = run (world, "openssl ocsp -issuer issuing-rsa.pem -cert leaf.pem -no_nonce -respin resp.der "
                         "-CAfile root-rsa.pem -verify_other issuing-rsa.pem 2>&1");
      g_assert_nonnull (strstr (text, "Response verify OK"));
      g_assert_nonnull (strstr (text, expected));
    }
}

static void
check_by_openssl (ServerWorld *world, const ChCertificate *certificate)
{
  g_autofree char *pem = ch_cert_to_pem (certificate->der);
  g_autoptr (GBytes) leaf = g_bytes_new (pem, strlen (pem));
  g_autoptr (GBytes) crl = NULL;
  g_autoptr (GBytes) issuing = NULL;
  g_autofree char *verified = NULL;
  guint status;

  write_file (world, "leaf.pem", leaf);
  verified
      = run (world, "openssl verify -x509_strict -CAfile root-rsa.pem -untrusted issuing-rsa.pem leaf.pem");
  g_assert_cmpstr (verified, ==, "leaf.pem: OK\n");
  check_ocsp (world, "leaf.pem: good");

  crl = server_fetch (world, "GET", "/crl/rsa.crl", NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  write_file (world, "fetched.crl", crl);
  g_free (run (world, "openssl crl -inform DER -in fetched.crl -out fetched.pem -CAfile chain-rsa.pem && "
                      "openssl crl -inform DER -in root-rsa.crl -out root.pem && "
                      "openssl verify -crl_check -CAfile root-rsa.pem -untrusted issuing-rsa.pem "
                      "-CRLfile fetched.pem leaf.pem"));
  issuing = server_fetch (world, "GET", "/ca/issuing-rsa.cer", NULL, &status);
  g_assert_true (g_bytes_equal (issuing, certificate->issuing_ca));
  g_clear_pointer (&issuing, g_bytes_unref);
  issuing = server_fetch (world, "GET", "/ca/..%2Fkeys%2Ftls.key", NULL, &status);
  g_assert_cmpuint (status, >=, 400);
}

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000001");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChCertificate) certificate = server_issue (world, token, id, key, &error);
  g_autoptr (ChPossession) proof = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChCertificateList) list = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  check_content (certificate, key);
  check_by_openssl (world, certificate);

  proof = prove (world, token, key, certificate->der);
  done = server_call (world, token, &ch_route_installed, id, proof, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);
  g_assert_true (server_has_fact (done, CH_FACT_INSTALLED));
  g_assert_cmpstr (done->certificate, ==, certificate->serial);

  list = server_call (world, token, &ch_route_certificate_list, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 1);
  g_assert_cmpint (((ChCertificate *) list->items->pdata[0])->state, ==, CH_CERTIFICATE_INSTALLED);

  g_assert_true (
      ch_crl_desk_revoke (world->service, certificate->serial, CH_REVOCATION_KEY_COMPROMISE, &error));
  check_ocsp (world, "leaf.pem: revoked");
  text = run (world, "openssl crl -inform DER -in rsa.crl -noout -text");
  g_assert_nonnull (strstr (text, certificate->serial));
  g_assert_nonnull (strstr (text, "Key Compromise"));
  g_assert_false (ch_crl_desk_revoke (world->service, certificate->serial, CH_REVOCATION_HOLD, &error));
}

static void
test_enterprise_pays (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000002");
  g_autoptr (ChApplication) draft
      = server_fill_in (world, token, server_apply (world, token, "enterprise-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, draft->id);
  g_autoptr (ChApplication) submitted = server_submit (world, token, whole, &error);

  g_assert_no_error (error);
  g_assert_cmpint (submitted->state, ==, CH_APPLICATION_SUBMITTED);
  g_assert_cmpint (submitted->review_by, >, submitted->updated);
  g_assert_cmpuint (test_gateway_get_n_created (world->gateway), ==, 0);
}

static void
test_keeps_connections (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autoptr (GBytes) first = NULL;
  guint n_before, status;

  first = server_fetch (world, "GET", "/v1/time", NULL, &status);
  n_before = ch_listener_get_n_connections (world->listener);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GBytes) answer = server_fetch (world, "GET", "/v1/time", NULL, &status);

      g_assert_cmpuint (status, ==, 200);
    }
  g_assert_cmpuint (ch_listener_get_n_connections (world->listener), ==, n_before);
}

static void
test_possession (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000003");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChKey) other = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChCertificate) certificate = server_issue (world, token, id, key, &error);
  g_autoptr (ChPossession) forged = prove (world, token, other, certificate->der);
  g_autoptr (ChPossession) proof = prove (world, token, key, certificate->der);
  g_autoptr (ChPossession) bare = prove (world, token, key, certificate->der);
  g_autoptr (ChApplication) done = NULL;

  g_assert_null (server_call (world, token, &ch_route_installed, id, forged, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_bytes_unref (bare->signature);
  bare->signature = ch_key_sign (key, bare->nonce, NULL, NULL);
  g_assert_null (server_call (world, token, &ch_route_installed, id, bare, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  done = server_call (world, token, &ch_route_installed, id, proof, &error);
  g_assert_no_error (error);
  /* The same statement again, in a call of its own */
  g_assert_null (server_call (world, token, &ch_route_installed, id, proof, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NONCE_SPENT);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/server/path/whole", test_whole);
  g_test_add_func ("/server/path/enterprise-pays", test_enterprise_pays);
  g_test_add_func ("/server/path/keeps-connections", test_keeps_connections);
  g_test_add_func ("/server/path/possession", test_possession);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
