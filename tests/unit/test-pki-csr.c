#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"

static GBytes *
read_file (PkiWorld *world, const char *name)
{
  g_autofree char *path = g_build_filename (world->dir, name, NULL);
  char *data = NULL;
  gsize len = 0;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  return g_bytes_new_take (data, len);
}

static void
test_token_way (void)
{
  for (guint spec = 0; spec < CH_N_KEY_SPECS; spec++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ChKey) key = ch_key_generate (spec, &error);
      g_autoptr (ChKey) other = ch_key_generate (spec, &error);
      g_autoptr (ChSubject) subject = pki_subject ("天津某某有限公司");
      g_autoptr (ChSubject) found = NULL;
      g_autoptr (ChCsr) csr = ch_csr_begin (ch_key_get_spki (key), subject, &error);
      g_autoptr (GBytes) right = ch_key_sign (key, ch_csr_get_tbs (csr), NULL, &error);
      g_autoptr (GBytes) wrong = ch_key_sign (other, ch_csr_get_tbs (csr), NULL, &error);
      g_autoptr (GBytes) der = NULL;
      g_autoptr (GBytes) spki = NULL;

      g_assert_no_error (error);
      g_assert_null (ch_csr_close (csr, wrong, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED);
      g_clear_error (&error);
      der = ch_csr_close (csr, right, NULL, &error);
      g_assert_no_error (error);
      spki = ch_csr_verify (der, NULL, &found, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (spki, ch_key_get_spki (key)));
      g_assert_cmpstr (ch_subject_find (found, "CN"), ==, "天津某某有限公司");
      if (spec == CH_KEY_SM2)
        g_assert_null (ch_csr_verify (der, "another id", NULL, NULL));
    }
}

static void
test_openssl_reads (void)
{
  for (guint spec = 0; spec < CH_N_KEY_SPECS; spec++)
    {
      g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
      g_autoptr (GError) error = NULL;
      g_autoptr (ChKey) key = ch_key_generate (spec, &error);
      g_autoptr (ChSubject) subject = pki_subject ("天津某某有限公司");
      g_autoptr (GBytes) der = ch_csr_make (key, subject, NULL, &error);
      g_autofree char *file = pki_write (world, "csr", der);
      g_autofree char *output = NULL;

      output = pki_openssl (world, 0, "req -inform DER -in csr -verify -noout -subject -nameopt utf8 %s",
                            spec == CH_KEY_SM2 ? "-sm3 -vfyopt distid:1234567812345678" : "-sha256");
      g_assert_nonnull (strstr (output, "verify OK"));
      g_assert_nonnull (strstr (output, "天津某某有限公司"));
    }
}

static void
test_openssl_makes (void)
{
  static const char *const keys[]
      = { "rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256", "sm2 -sm3 -sigopt distid:1234567812345678" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
      g_autofree char *output
          = pki_openssl (world, 0,
                         "req -new -nodes -keyout key -subj /C=CN/O=TJCA/CN=abc -addext "
                         "subjectAltName=DNS:evil.example -outform DER -out csr -newkey %s",
                         keys[i]);
      g_autoptr (GBytes) der = read_file (world, "csr");
      g_autoptr (ChSubject) subject = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) spki = ch_csr_verify (der, NULL, &subject, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      g_assert_true (ch_spki_check_policy (spki, (1 << CH_N_KEY_SPECS) - 1, &error));
      text = ch_subject_format (subject);
      g_assert_cmpstr (text, ==, "CN=abc,O=TJCA,C=CN");
    }
}

static void
test_damaged (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, &error);
  g_autoptr (ChSubject) subject = pki_subject ("某单位");
  g_autoptr (GBytes) der = ch_csr_make (key, subject, NULL, &error);
  g_autoptr (GBytes) huge = g_bytes_new_take (g_malloc0 (1 << 20), 1 << 20);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (der, &len);

  g_assert_null (ch_csr_verify (huge, NULL, NULL, NULL));
  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) flipped = NULL;

      g_assert_null (ch_csr_verify (cut, NULL, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED);
      g_clear_error (&error);
      copy[i] ^= 1 << (i % 8);
      flipped = g_bytes_new (copy, len);
      g_assert_null (ch_csr_verify (flipped, NULL, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/csr/token-way", test_token_way);
  g_test_add_func ("/pki/csr/openssl-reads", test_openssl_reads);
  g_test_add_func ("/pki/csr/openssl-makes", test_openssl_makes);
  g_test_add_func ("/pki/csr/damaged", test_damaged);
  return g_test_run ();
}
