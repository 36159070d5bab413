#include "config.h"

#include <string.h>

#include "pki-world.h"
#include "pki/ch-der.h"
#include "pki/ch-pem.h"

static char *
take_hex (GByteArray *out)
{
  g_autoptr (GBytes) bytes = ch_der_finish (out);

  return ch_bytes_to_hex (bytes);
}

static void
test_numbers (void)
{
  static const struct
  {
    guint64 value;
    const char *hex;
  } cases[] = {
    { 0, "020100" },         { 1, "020101" },
    { 127, "02017f" },       { 128, "02020080" },
    { 255, "020200ff" },     { 256, "02020100" },
    { 65537, "0203010001" }, { G_MAXUINT64, "020900ffffffffffffffff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GByteArray *out = g_byte_array_new ();
      g_autofree char *hex = NULL;
      g_autoptr (GBytes) bytes = NULL;
      ChDerSpan in;
      guint64 value = 0;

      ch_der_add_small (out, CH_DER_INTEGER, cases[i].value);
      hex = take_hex (out);
      g_assert_cmpstr (hex, ==, cases[i].hex);
      bytes = ch_bytes_from_hex (hex);
      in = ch_der_span (bytes);
      g_assert_true (ch_der_read_small (&in, CH_DER_INTEGER, &value));
      g_assert_cmpuint (value, ==, cases[i].value);
      g_assert_cmpuint (in.len, ==, 0);
    }
}

static void
test_lengths (void)
{
  static const gsize lengths[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree guint8 *zeros = g_malloc0 (lengths[i] + 1);
      GByteArray *nested = g_byte_array_new ();
      gsize mark = ch_der_begin (nested, CH_DER_SEQUENCE);
      g_autoptr (GBytes) bytes = NULL;
      ChDerSpan in, body, inner;

      ch_der_add (nested, CH_DER_OCTET_STRING, zeros, lengths[i]);
      ch_der_end (nested, mark);
      bytes = ch_der_finish (nested);
      in = ch_der_span (bytes);
      g_assert_true (ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL));
      g_assert_true (ch_der_read (&body, CH_DER_OCTET_STRING, &inner, NULL));
      g_assert_cmpuint (inner.len, ==, lengths[i]);
      g_assert_cmpuint (in.len + body.len, ==, 0);
    }
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",         "30",       "3080",           "30800000",     "3001",   "308100",
    "30817f00", "3082007f", "308500000000ff", "3084ffffffff", "310100",
  };
  static const char *const numbers[]
      = { "0200", "020180", "0202007f", "020a00ffffffffffffffffff", "02090100000000000000ff" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = ch_bytes_from_hex (cases[i]);
      ChDerSpan in = ch_der_span (bytes);

      g_test_message ("%s", cases[i]);
      g_assert_false (ch_der_read (&in, CH_DER_SEQUENCE, NULL, NULL));
      g_assert_cmpuint (in.len, ==, g_bytes_get_size (bytes));
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GBytes) bytes = ch_bytes_from_hex (numbers[i]);
      ChDerSpan in = ch_der_span (bytes);
      guint64 value;

      g_test_message ("%s", numbers[i]);
      g_assert_false (ch_der_read_small (&in, CH_DER_INTEGER, &value));
    }
}

static void
test_oids (void)
{
  static const struct
  {
    const char *dotted;
    const char *hex; /* NULL: refused */
  } cases[] = {
    { "1.2.840.113549.1.1.11", "06092a864886f70d01010b" },
    { "1.2.156.10197.1.501", "06082a811ccf55018375" },
    { "2.16.156.112548", "060660811c86ef24" },
    { "2.999", "06028837" },
    { "1", NULL },
    { "", NULL },
    { "3.1", NULL },
    { "1.40", NULL },
    { "1.2.", NULL },
    { "1.-2", NULL },
    { "1.2.x", NULL },
    { "2.25.340282366920938463463374607431768211455", "06146983ffffffffffffffffffffffffffffffffff7f" },
    { "2.25.340282366920938463463374607431768211456", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GByteArray *out = g_byte_array_new ();
      gboolean is_added = ch_der_add_oid (out, cases[i].dotted);
      g_autofree char *hex = take_hex (out);

      g_assert_cmpstr (hex, ==, cases[i].hex != NULL ? cases[i].hex : "");
      g_assert_true (is_added == (cases[i].hex != NULL));
    }
}

static void
test_times (void)
{
  static const struct
  {
    gint64 seconds;
    gboolean is_generalized;
    guint8 tag;
    const char *text;
  } cases[] = {
    { 0, FALSE, CH_DER_UTC_TIME, "700101000000Z" },
    { 2524607999, FALSE, CH_DER_UTC_TIME, "491231235959Z" },
    { 2524608000, FALSE, CH_DER_GENERALIZED_TIME, "20500101000000Z" },
    { 0, TRUE, CH_DER_GENERALIZED_TIME, "19700101000000Z" },
    { G_MAXINT64, FALSE, CH_DER_GENERALIZED_TIME, "99991231235959Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GByteArray *out = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;
      ChDerSpan in, text;

      ch_der_add_time (out, cases[i].seconds, cases[i].is_generalized);
      bytes = ch_der_finish (out);
      in = ch_der_span (bytes);
      g_assert_true (ch_der_read (&in, cases[i].tag, &text, NULL));
      g_assert_cmpmem (text.data, text.len, cases[i].text, strlen (cases[i].text));
    }
}

static void
test_pem (void)
{
  static const struct
  {
    const char *text;
    const char *hex; /* NULL: none */
  } cases[] = {
    { "-----BEGIN X-----\nAAEC\n-----END X-----\n", "000102" },
    { "before\n-----BEGIN X-----\r\nAA==\r\n-----END X-----", "00" },
    { "-----BEGIN Y-----\nAAEC\n-----END Y-----\n", NULL },
    { "-----BEGIN X-----\nAAEC\n", NULL },
    { "-----BEGIN X-----\n-----END X-----\n", NULL },
    { "-----BEGIN X-----\nAAE\n-----END X-----\n", NULL },
    { "-----BEGIN X-----\nAA=C\n-----END X-----\n", NULL },
    { "-----BEGIN X-----\nA*EC\n-----END X-----\n", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) der = ch_pem_decode ("X", cases[i].text, strlen (cases[i].text), NULL);
      g_autofree char *hex = der != NULL ? ch_bytes_to_hex (der) : NULL;
      g_autofree char *pem = der != NULL ? ch_pem_encode ("X", der) : NULL;
      g_autoptr (GBytes) again = pem != NULL ? ch_pem_decode ("X", pem, strlen (pem), NULL) : NULL;

      g_assert_cmpstr (hex, ==, cases[i].hex);
      if (der != NULL)
        g_assert_true (g_bytes_equal (der, again));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/der/numbers", test_numbers);
  g_test_add_func ("/pki/der/lengths", test_lengths);
  g_test_add_func ("/pki/der/refused", test_refused);
  g_test_add_func ("/pki/der/oids", test_oids);
  g_test_add_func ("/pki/der/times", test_times);
  g_test_add_func ("/pki/der/pem", test_pem);
  return g_test_run ();
}
