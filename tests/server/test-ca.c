#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-builder.h"
#include "pki/ch-csr.h"
#include "server/ch-ca.h"

typedef struct
{
  char *dir;
  ChProfile *profile;
  ChSecret *passphrase;
} World;

static World world;

static void
set_up (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "profiles", "binhai.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = ch_file_read (path, 1 << 20, &error);

  g_assert_no_error (error);
  world.profile = ch_wire_decode (&ChProfile_wire, json, &error);
  g_assert_no_error (error);
  world.dir = g_dir_make_tmp ("certhall-ca-XXXXXX", &error);
  g_assert_no_error (error);
  world.passphrase = ch_secret_new ("a long passphrase", 17);
  ch_ca_init (world.dir, world.profile, world.passphrase, "TEST", &error);
  g_assert_no_error (error);
}

static char *run (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* What a command says, run in the folder of certificates; it must succeed */
static char *
run (const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (world.dir, "ca", NULL);
  g_autofree char *line = NULL;
  char *output = NULL;
  const char *argv[] = { "sh", "-c", NULL, NULL };
  va_list args;
  int status;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  argv[2] = line;
  g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return output;
}

static void
test_chain (void)
{
  g_autofree char *signer
      = run ("openssl verify -x509_strict -CAfile root-rsa.pem -untrusted issuing-rsa.pem ocsp-rsa.pem");
  g_autofree char *tls = run ("openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 "
                              "-CAfile ../tls-ca.pem tls.pem");
  g_autofree char *name = run ("openssl verify -verify_hostname wb.tjbhca.com -CAfile ../tls-ca.pem tls.pem");
  g_autofree char *crl = run ("openssl crl -inform DER -in rsa.crl -CAfile chain-rsa.pem -noout 2>&1");
  g_autofree char *root_crl
      = run ("openssl crl -inform DER -in root-rsa.crl -CAfile root-rsa.pem -noout 2>&1");
  g_autofree char *subject = run ("openssl x509 -in issuing-rsa.pem -noout -subject -nameopt RFC2253");
  g_autofree char *sm2
      = run ("openssl verify -vfyopt distid:1234567812345678 -CAfile root-sm2.pem issuing-sm2.pem");
  g_autofree char *count = run ("grep -c BEGIN chain-sm2.pem");

  g_assert_cmpstr (signer, ==, "ocsp-rsa.pem: OK\n");
  g_assert_cmpstr (tls, ==, "tls.pem: OK\n");
  g_assert_cmpstr (name, ==, "tls.pem: OK\n");
  g_assert_nonnull (strstr (crl, "verify OK"));
  g_assert_nonnull (strstr (root_crl, "verify OK"));
  g_assert_cmpstr (subject, ==, "subject=CN=TJCA Issuing CA RSA TEST,O=TJCA,C=CN\n");
  g_assert_cmpstr (sm2, ==, "issuing-sm2.pem: OK\n");
  g_assert_cmpstr (count, ==, "2\n");
}

static void
test_keys_are_encrypted (void)
{
  static const char *const files[]
      = { "keys/issuing-rsa.key", "keys/ocsp-rsa.key",    "keys/issuing-sm2.key", "keys/ocsp-sm2.key",
          "keys/tls.key",         "offline/root-rsa.key", "offline/root-sm2.key", "offline/tls-ca.key" };
  g_autofree char *found
      = run ("grep -rl 'BEGIN.* PRIVATE KEY' .. | xargs grep -L 'BEGIN ENCRYPTED PRIVATE KEY' | wc -l");

  g_assert_cmpint (atoi (found), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (world.dir, files[i], NULL);
      g_autofree char *text = NULL;
      GStatBuf info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_true (g_str_has_prefix (text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    }
}

static void
test_load (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) wrong = ch_secret_new ("another passphrase", 18);
  g_autoptr (ChCa) ca = ch_ca_load (world.dir, wrong, "https://ca.example", &error);

  g_assert_null (ca);
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
  g_clear_error (&error);

  ca = ch_ca_load (world.dir, world.passphrase, "https://ca.example:8443", &error);
  g_assert_no_error (error);
  g_assert_nonnull (ch_ca_get_tls (ca));
  g_assert_nonnull (ch_ca_get_tls_der (ca));
  g_assert_null (ch_ca_get_file (ca, "../keys/tls.key"));
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("issuing-%s.cer", ch_hierarchy_get_id (i));

      g_assert_true (ch_ca_get_file (ca, name) == ch_issuer_get_cert (ch_ca_get_issuing (ca, i)));
    }
}

static void
test_issue (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCa) ca = ch_ca_load (world.dir, world.passphrase, "https://ca.example:8443", &error);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChSubject) name = ch_subject_new ();
  g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_HOLDER);
  g_autoptr (GBytes) cert = NULL;
  g_autofree char *path = g_build_filename (world.dir, "ca", "leaf.pem", NULL);
  g_autofree char *pem = NULL, *verified = NULL, *ocsp = NULL, *text = NULL;

  g_assert_no_error (error);
  ch_subject_add (name, "CN", "某单位", &error);
  ch_builder_set_subject (builder, name);
  ch_builder_set_spki (builder, ch_key_get_spki (key));
  ch_builder_set_validity (builder, ch_clock_now () - 60, ch_clock_now () + 86400);
  cert = ch_builder_issue (builder, ch_ca_get_issuing (ca, CH_HIERARCHY_RSA), &error);
  g_assert_no_error (error);
  pem = ch_cert_to_pem (cert);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));

  verified = run ("openssl verify -x509_strict -CAfile root-rsa.pem -untrusted issuing-rsa.pem leaf.pem");
  g_assert_cmpstr (verified, ==, "leaf.pem: OK\n");
  ocsp = run ("openssl x509 -in leaf.pem -noout -ocsp_uri");
  g_assert_cmpstr (ocsp, ==, "https://ca.example:8443/ocsp\n");
  text = run ("openssl x509 -in leaf.pem -noout -text");
  g_assert_nonnull (strstr (text, "https://ca.example:8443/crl/rsa.crl"));
  g_assert_nonnull (strstr (text, "https://ca.example:8443/ca/issuing-rsa.cer"));
}

static void
tear_down (void)
{
  g_autofree char *removed = run ("rm -rf '%s'", world.dir);

  ch_secret_unref (world.passphrase);
  ch_profile_free (world.profile);
  g_free (world.dir);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up ();

  g_test_add_func ("/server/ca/chain", test_chain);
  g_test_add_func ("/server/ca/keys-encrypted", test_keys_are_encrypted);
  g_test_add_func ("/server/ca/load", test_load);
  g_test_add_func ("/server/ca/issue", test_issue);
  status = g_test_run ();
  tear_down ();
  return status;
}
