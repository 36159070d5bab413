#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-der.h"

/* GM/T 0003.5, annex A: key, id and message of the standard */
#define SM2_X     "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
#define SM2_Y     "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
#define SM2_R     "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
#define SM2_S     "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
#define SM2_HEAD  "3059301306072a8648ce3d020106082a811ccf5501822d034200"
#define P256_HEAD "3059301306072a8648ce3d020106082a8648ce3d030107034200"

#define ALL_SPECS ((1 << CH_N_KEY_SPECS) - 1)

static GBytes *
sign_der (const char *r, const char *s)
{
  g_autoptr (GBytes) r_bytes = ch_bytes_from_hex (r);
  g_autoptr (GBytes) s_bytes = ch_bytes_from_hex (s);
  GByteArray *out = g_byte_array_new ();
  gsize mark = ch_der_begin (out, CH_DER_SEQUENCE);

  ch_der_add_unsigned (out, CH_DER_INTEGER, g_bytes_get_data (r_bytes, NULL), 32);
  ch_der_add_unsigned (out, CH_DER_INTEGER, g_bytes_get_data (s_bytes, NULL), 32);
  ch_der_end (out, mark);
  return ch_der_finish (out);
}

static void
test_sm2_vector (void)
{
  g_autoptr (GBytes) spki = ch_bytes_from_hex (SM2_HEAD "04" SM2_X SM2_Y);
  g_autoptr (GBytes) message = g_bytes_new_static ("message digest", 14);
  g_autoptr (GBytes) other = g_bytes_new_static ("message digesT", 14);
  g_autoptr (GBytes) signature = sign_der (SM2_R, SM2_S);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (ch_spki_get_kind (spki, NULL, &error), ==, CH_KEY_KIND_SM2);
  g_assert_true (ch_spki_check_policy (spki, 1 << CH_KEY_SM2, &error));
  g_assert_true (ch_spki_verify (spki, message, signature, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ch_spki_verify (spki, message, signature, CH_SM2_DEFAULT_ID, &error));
  g_assert_false (ch_spki_verify (spki, message, signature, "ALICE123@YAHOO.COM", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_assert_false (ch_spki_verify (spki, other, signature, NULL, NULL));
}

static void
test_sign (void)
{
  for (guint spec = 0; spec < CH_N_KEY_SPECS; spec++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ChKey) key = ch_key_generate (spec, &error);
      g_autoptr (ChSecret) der = ch_key_to_pkcs8 (key, &error);
      g_autoptr (ChKey) again = ch_key_from_pkcs8 (der, &error);
      g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);
      g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
      g_autoptr (GBytes) signature = ch_key_sign (again, word, "an id", &error);
      g_autofree char *hex = ch_spki_get_key_id_hex (ch_key_get_spki (key));
      g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, ch_key_get_spki (key));

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (ch_key_get_spki (key), ch_key_get_spki (again)));
      g_assert_true (ch_spki_verify (ch_key_get_spki (key), word, signature, "an id", &error));
      g_assert_no_error (error);
      g_assert_true (ch_spki_verify (ch_key_get_spki (key), word, signature, NULL, NULL)
                     == (spec != CH_KEY_SM2));
      g_assert_false (ch_spki_verify (ch_key_get_spki (key), empty, signature, "an id", NULL));
      g_assert_false (ch_spki_verify (ch_key_get_spki (key), word, empty, "an id", NULL));
      g_assert_cmpuint (strlen (hex), ==, 40);
      g_assert_true (g_str_has_prefix (digest, hex));
      for (guint other = 0; other < CH_N_KEY_SPECS; other++)
        g_assert_true (ch_spki_check_policy (ch_key_get_spki (key), 1 << other, NULL)
                       == (other == spec || (spec == CH_KEY_RSA_3072 && other == CH_KEY_RSA_2048)));
    }
}

static void
test_openssl (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_RSA_2048);
  g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = ch_key_sign (world->ca_key, word, NULL, &error);
  g_autofree char *data = pki_write (world, "word", word);
  g_autofree char *key = pki_write (world, "key.der", ch_key_get_spki (world->ca_key));
  g_autofree char *file = pki_write (world, "signature", signature);
  g_autofree char *output
      = pki_openssl (world, 0, "dgst -sha256 -verify key.der -keyform DER -signature signature word");

  g_assert_cmpstr (output, ==, "Verified OK\n");
}

static char *
rsa_key (PkiWorld *world, const char *bits, const char *exponent)
{
  g_autofree char *output
      = pki_openssl (world, 0,
                     "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:%s -pkeyopt rsa_keygen_pubexp:%s "
                     "-quiet -outform DER -out rsa.der",
                     bits, exponent);
  g_autofree char *converted
      = pki_openssl (world, 0, "pkey -inform DER -in rsa.der -pubout -outform DER -out pub.der");

  return g_build_filename (world->dir, "pub.der", NULL);
}

static void
test_rsa_policy (void)
{
  static const struct
  {
    const char *bits;
    const char *exponent;
    gboolean is_allowed;
  } cases[] = {
    { "1024", "65537", FALSE }, { "2048", "65537", TRUE }, { "2048", "3", FALSE },
    { "2047", "65537", FALSE }, { "2056", "65537", TRUE },
  };
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = rsa_key (world, cases[i].bits, cases[i].exponent);
      g_autofree char *data = NULL;
      gsize len = 0;
      g_autoptr (GBytes) spki = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &data, &len, NULL));
      spki = g_bytes_new (data, len);
      g_test_message ("RSA %s, e = %s", cases[i].bits, cases[i].exponent);
      g_assert_true (ch_spki_check_policy (spki, ALL_SPECS, &error) == cases[i].is_allowed);
      if (!cases[i].is_allowed)
        g_assert_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED);
    }
}

/* A second spelling of a key would be a second key id: the same key could be certified twice. */
static void
test_spelling (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autofree char *usual = ch_bytes_to_hex (ch_key_get_spki (world->ca_key));
  g_autofree char *pub = pki_write (world, "pub", ch_key_get_spki (world->ca_key));
  g_autofree char *output = pki_openssl (
      world, 0, "pkey -pubin -inform DER -in pub -ec_conv_form compressed -pubout -outform DER -out short");
  g_autofree char *path = g_build_filename (world->dir, "short", NULL);
  g_autofree char *data = NULL;
  gsize len = 0;
  g_autoptr (GBytes) compressed = NULL;
  g_autoptr (GBytes) p384 = NULL;
  g_autofree char *longer = g_strconcat (usual, "00", NULL);
  g_autoptr (GBytes) trailing = ch_bytes_from_hex (longer);
  /* A point that is not on the curve */
  g_autoptr (GBytes) outside = ch_bytes_from_hex (P256_HEAD "04" SM2_X SM2_Y);

  g_assert_true (g_str_has_prefix (usual, P256_HEAD));
  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  compressed = g_bytes_new (data, len);
  g_assert_cmpuint (len, <, g_bytes_get_size (ch_key_get_spki (world->ca_key)));
  g_assert_true (ch_spki_check_policy (ch_key_get_spki (world->ca_key), ALL_SPECS, NULL));
  g_assert_false (ch_spki_check_policy (compressed, ALL_SPECS, NULL));
  g_assert_false (ch_spki_check_policy (trailing, ALL_SPECS, NULL));
  g_assert_false (ch_spki_check_policy (outside, ALL_SPECS, NULL));
}

static void
test_describe (void)
{
  static const char *const names[] = { "RSA 2048", "RSA 3072", "P-256", "SM2" };
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autofree char *unknown = ch_spki_describe (junk);
  g_autoptr (GError) error = NULL;

  for (guint spec = 0; spec < CH_N_KEY_SPECS; spec++)
    {
      g_autoptr (ChKey) key = ch_key_generate (spec, NULL);
      g_autofree char *name = ch_spki_describe (ch_key_get_spki (key));

      g_assert_cmpstr (name, ==, names[spec]);
    }
  g_assert_cmpstr (unknown, ==, "?");
  g_assert_cmpint (ch_spki_get_kind (junk, NULL, &error), ==, CH_KEY_KIND_OTHER);
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static void
test_spec_ids (void)
{
  ChKeySpec spec = CH_KEY_SM2;

  for (guint i = 0; i < CH_N_KEY_SPECS; i++)
    {
      g_assert_true (ch_key_spec_from_id (ch_key_spec_get_id (i), &spec));
      g_assert_cmpint (spec, ==, i);
    }
  g_assert_false (ch_key_spec_from_id ("rsa-1024", &spec));
  g_assert_false (ch_key_spec_from_id (NULL, &spec));
}

static void
test_hex (void)
{
  g_autoptr (GBytes) bytes = ch_bytes_from_hex ("00aFf0");
  g_autofree char *hex = ch_bytes_to_hex (bytes);

  g_assert_cmpstr (hex, ==, "00aff0");
  g_assert_null (ch_bytes_from_hex ("0"));
  g_assert_null (ch_bytes_from_hex ("0g"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/key/sm2-vector", test_sm2_vector);
  g_test_add_func ("/pki/key/sign", test_sign);
  g_test_add_func ("/pki/key/openssl", test_openssl);
  g_test_add_func ("/pki/key/rsa-policy", test_rsa_policy);
  g_test_add_func ("/pki/key/spelling", test_spelling);
  g_test_add_func ("/pki/key/describe", test_describe);
  g_test_add_func ("/pki/key/spec-ids", test_spec_ids);
  g_test_add_func ("/pki/key/hex", test_hex);
  return g_test_run ();
}
