#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "wire/ch-wire.h"

static const struct
{
  const char *name;
  const char *json;
  gboolean good;
} cases[] = {
  { "empty-object", "{}", TRUE },
  { "blanks", "{ \r\n\t\"a\" : [ 1 , -2.5 , true , null ] } ", TRUE },
  { "surrogate-pair", "{\"a\":\"\\ud83d\\ude00\"}", TRUE },
  { "escapes", "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"}", TRUE },
  { "same-name-in-two-objects", "{\"a\":{\"b\":1},\"c\":{\"b\":2}}", TRUE },
  { "empty", "", FALSE },
  { "only-blanks", "   ", FALSE },
  { "null", "null", FALSE },
  { "array", "[]", FALSE },
  { "two-objects", "{}{}", FALSE },
  { "text-after", "{} x", FALSE },
  { "single-quotes", "{'a':1}", FALSE },
  { "comment", "/*c*/{}", FALSE },
  { "comment-inside", "{/*c*/}", FALSE },
  { "assignment", "var x = {}", FALSE },
  { "hexadecimal", "{\"a\":0x10}", FALSE },
  { "leading-zero", "{\"a\":01}", FALSE },
  { "plus", "{\"a\":+1}", FALSE },
  { "point-first", "{\"a\":.5}", FALSE },
  { "exponent", "{\"a\":1e400}", FALSE },
  { "not-a-number", "{\"a\":NaN}", FALSE },
  { "nineteen-digits", "{\"a\":9223372036854775808}", FALSE },
  { "twenty-digits", "{\"a\":99999999999999999999}", FALSE },
  { "member-twice", "{\"a\":1,\"a\":2}", FALSE },
  { "nul-escape", "{\"a\":\"\\u0000x\"}", FALSE },
  { "high-surrogate-alone", "{\"a\":\"\\ud800\"}", FALSE },
  { "low-surrogate-alone", "{\"a\":\"\\udc00\"}", FALSE },
  { "surrogates-swapped", "{\"a\":\"\\ude00\\ud83d\"}", FALSE },
  { "escaped-name", "{\"\\u0061\":1}", FALSE },
  { "unknown-escape", "{\"a\":\"\\x\"}", FALSE },
  { "control-character", "{\"a\":\"\n\"}", FALSE },
  { "not-utf8", "{\"a\":\"\377\"}", FALSE },
  { "overlong-utf8", "{\"a\":\"\300\200\"}", FALSE },
  { "comma-last", "{\"a\":1,}", FALSE },
  { "comma-first", "{,}", FALSE },
  { "no-colon", "{\"a\" 1}", FALSE },
  { "name-without-quotes", "{a:1}", FALSE },
  { "closed-by-other", "{\"a\":[1}]", FALSE },
  { "not-closed", "{\"a\":[1]", FALSE },
  { "string-not-closed", "{\"a\":\"", FALSE },
  { "ends-in-escape", "{\"a\":\"\\", FALSE },
  { "ends-in-unicode-escape", "{\"a\":\"\\u00", FALSE },
};

static gboolean
scan (const char *text, gsize len)
{
  g_autoptr (GBytes) json = g_bytes_new (text, len);
  g_autoptr (GError) error = NULL;
  gboolean good = ch_wire_scan (json, &error);

  g_assert_true (good == (error == NULL));
  if (!good)
    g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  return good;
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpint (scan (cases[i].json, strlen (cases[i].json)), ==, cases[i].good);
}

/* A real NUL is no end of text */
static void
test_nul_byte (void)
{
  g_assert_false (scan ("{}\0", 3));
  g_assert_false (scan ("{\"a\":\"x\0y\"}", 11));
}

static char *
nest (gsize depth)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < depth; i++)
    g_string_append (text, "{\"a\":");
  g_string_append (text, "{}");
  for (gsize i = 0; i < depth; i++)
    g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* Deeper than what json-glib’s recursion survives */
static void
test_depth (void)
{
  g_autofree char *shallow = nest (31);
  g_autofree char *deep = nest (32);
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autofree char *hostile = g_strconcat ("{\"a\":", brackets, NULL);

  g_assert_true (scan (shallow, strlen (shallow)));
  g_assert_false (scan (deep, strlen (deep)));
  g_assert_false (scan (hostile, strlen (hostile)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/scan/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/wire/scan/nul-byte", test_nul_byte);
  g_test_add_func ("/wire/scan/depth", test_depth);

  return g_test_run ();
}
