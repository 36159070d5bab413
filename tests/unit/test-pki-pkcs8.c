#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-der.h"
#include "pki/ch-pkcs8.h"

#define PASSPHRASE "correct horse 电池"

/* EncryptedPrivateKeyInfo with a derivation of one’s choice: OIDs and numbers as they stand in a file */
static GBytes *
make_file (const char *scheme, const char *kdf, const guint64 *numbers, guint n_numbers)
{
  GByteArray *out = g_byte_array_new ();
  gsize whole = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize algorithm = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize parameters, part, inner;

  ch_der_add_oid (out, scheme);
  parameters = ch_der_begin (out, CH_DER_SEQUENCE);
  part = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_oid (out, kdf);
  inner = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add (out, CH_DER_OCTET_STRING, "saltsalt", 8);
  for (guint i = 0; i < n_numbers; i++)
    ch_der_add_small (out, CH_DER_INTEGER, numbers[i]);
  ch_der_end (out, inner);
  ch_der_end (out, part);
  part = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_oid (out, "2.16.840.1.101.3.4.1.42");
  ch_der_add (out, CH_DER_OCTET_STRING, "0123456789abcdef", 16);
  ch_der_end (out, part);
  ch_der_end (out, parameters);
  ch_der_end (out, algorithm);
  ch_der_add (out, CH_DER_OCTET_STRING, "0123456789abcdef", 16);
  ch_der_end (out, whole);
  return ch_der_finish (out);
}

static void
test_round_trip (void)
{
  static const ChKeySpec specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      ChKeySpec spec = specs[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (ChKey) key = ch_key_generate (spec, &error);
      g_autoptr (ChSecret) right = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
      g_autoptr (ChSecret) wrong = ch_secret_new ("correct horse", 13);
      g_autoptr (ChSecret) empty = ch_secret_new ("", 0);
      g_autoptr (GBytes) sealed = ch_pkcs8_encrypt (key, right, &error);
      g_autoptr (ChKey) opened = ch_pkcs8_decrypt (sealed, right, &error);
      guint64 cost = 0;

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (ch_key_get_spki (opened), ch_key_get_spki (key)));
      g_assert_true (ch_pkcs8_read_cost (sealed, &cost));
      g_assert_cmpuint (cost, ==, 16384 * 8 * 10);
      g_assert_cmpuint (cost * 4, ==, CH_PKCS8_MAX_COST);
      if (spec != CH_KEY_P256)
        continue;

      g_assert_null (ch_pkcs8_decrypt (sealed, wrong, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
      g_clear_error (&error);
      g_assert_null (ch_pkcs8_decrypt (sealed, empty, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
      g_clear_error (&error);
      g_assert_null (ch_pkcs8_decrypt_within (sealed, right, cost - 1, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
    }
}

static void
test_openssl_reads (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_RSA_2048);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = ch_pkcs8_encrypt (world->ca_key, passphrase, &error);
  g_autofree char *pem = ch_pkcs8_to_pem (sealed);
  g_autoptr (GBytes) text = g_bytes_new (pem, strlen (pem));
  g_autoptr (GBytes) back = ch_pkcs8_from_data (text, &error);
  g_autoptr (GBytes) pass = g_bytes_new_static (PASSPHRASE, strlen (PASSPHRASE));
  g_autofree char *pass_path = pki_write (world, "pass", pass);
  g_autofree char *path = pki_write (world, "key.pem", text);
  g_autofree char *output = pki_openssl (world, 0, "pkey -in key.pem -passin file:pass -check -noout");
  g_autofree char *dump = pki_openssl (world, 0, "asn1parse -in key.pem");

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, sealed));
  g_assert_nonnull (strstr (output, "Key is valid"));
  g_assert_nonnull (strstr (dump, "aes-256-cbc"));
  g_assert_nonnull (strstr (dump, ":scrypt"));
}

static void
test_openssl_writes (void)
{
  static const struct
  {
    const char *options;
    int code; /* -1: opened */
  } cases[] = {
    { "-v2 aes-256-cbc", -1 },
    { "-v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 100000", -1 },
    { "-v2 aes-256-cbc -iter 6000000", CH_ERROR_TOKEN_BROKEN },
    { "-scrypt", -1 },
    { "-v1 PBE-SHA1-3DES", CH_ERROR_TOKEN_BROKEN },
    { "-nocrypt", CH_ERROR_TOKEN_BROKEN },
  };
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GBytes) pass = g_bytes_new_static (PASSPHRASE, strlen (PASSPHRASE));
  g_autofree char *pass_path = pki_write (world, "pass", pass);
  g_autofree char *made = pki_openssl (
      world, 0, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -quiet -out plain.pem");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *output = pki_openssl (
          world, 0, "pkcs8 -topk8 -in plain.pem -outform DER -out key.der -passout file:pass %s",
          cases[i].options);
      g_autofree char *path = g_build_filename (world->dir, "key.der", NULL);
      g_autofree char *data = NULL;
      gsize len = 0;
      g_autoptr (GBytes) der = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (ChKey) key = NULL;

      g_assert_true (g_file_get_contents (path, &data, &len, NULL));
      der = g_bytes_new (data, len);
      g_test_message ("%s", cases[i].options);
      key = ch_pkcs8_decrypt (der, passphrase, &error);
      if (cases[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, CH_ERROR, cases[i].code);
      g_assert_true ((key != NULL) == (cases[i].code < 0));
    }
}

/* Files that ask for hours or for all memory are refused before anything is derived: else this test would not
 * end. */
static void
test_cost (void)
{
  static const struct
  {
    const char *scheme;
    const char *kdf;
    guint64 numbers[3];
    guint n_numbers;
    gboolean is_read;
    guint64 cost;
  } cases[] = {
    { "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", { 600000 }, 1, TRUE, 600000 },
    { "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", { G_MAXUINT64 }, 1, TRUE, G_MAXUINT64 },
    { "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", { 0 }, 1, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", { 0 }, 0, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 16384, 8, 10 }, 3, TRUE, 1310720 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 16384, 8, 65535 }, 3, TRUE, 8589803520 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 1 << 20, 8, 1 }, 3, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { G_MAXUINT64, 8, 1 }, 3, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 16, G_MAXUINT64 / 8, 1 }, 3, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 16384, 8, 0 }, 3, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", { 16384, 8 }, 2, FALSE, 0 },
    { "1.2.840.113549.1.5.13", "1.2.3.4", { 1 }, 1, FALSE, 0 },
    { "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.12", { 1 }, 1, FALSE, 0 },
  };
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) der
          = make_file (cases[i].scheme, cases[i].kdf, cases[i].numbers, cases[i].n_numbers);
      guint64 cost = 0;
      g_autoptr (GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_true (ch_pkcs8_read_cost (der, &cost) == cases[i].is_read);
      g_assert_cmpuint (cases[i].is_read ? cost : 0, ==, cases[i].cost);
      if (cases[i].is_read && cases[i].cost <= CH_PKCS8_MAX_COST)
        continue;
      g_assert_null (ch_pkcs8_decrypt (der, passphrase, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
    }
}

static void
test_damaged (void)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GBytes) sealed = ch_pkcs8_encrypt (key, passphrase, NULL);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (sealed, &len);

  /* Nothing is derived within a cost of 1, so every byte can be tried; what passes the look at the cost is
   * opened */
  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (ch_pkcs8_decrypt (cut, passphrase, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
      g_clear_error (&error);
      copy[i] ^= 0x80;
      flipped = g_bytes_new (copy, len);
      g_assert_null (ch_pkcs8_decrypt_within (flipped, passphrase, 1, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
      g_clear_error (&error);
      if (i % 80 != 79)
        continue;
      g_assert_null (ch_pkcs8_decrypt (flipped, passphrase, &error));
      g_assert_true (g_error_matches (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN)
                     || g_error_matches (error, CH_ERROR, CH_ERROR_PIN_WRONG));
    }
}

static void
test_from_data (void)
{
  g_autoptr (GBytes) junk
      = g_bytes_new_static ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n!!!!\n-----END ENCRYPTED "
                            "PRIVATE KEY-----\n",
                            78);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (ch_pkcs8_from_data (junk, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
  g_clear_error (&error);
  g_assert_null (ch_pkcs8_from_data (empty, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/pkcs8/round-trip", test_round_trip);
  g_test_add_func ("/pki/pkcs8/openssl-reads", test_openssl_reads);
  g_test_add_func ("/pki/pkcs8/openssl-writes", test_openssl_writes);
  g_test_add_func ("/pki/pkcs8/cost", test_cost);
  g_test_add_func ("/pki/pkcs8/damaged", test_damaged);
  g_test_add_func ("/pki/pkcs8/from-data", test_from_data);
  return g_test_run ();
}
