#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "wire/ch-wire.h"

#define MAX_DEPTH  32
#define MAX_DIGITS 18

/* What may come next */
typedef enum
{
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* after [ */
  EXPECT_NAME,
  EXPECT_NAME_OR_END, /* after { */
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
  EXPECT_NOTHING,
} Expect;

typedef struct
{
  const char *data;
  gsize len;
  gsize at;
  int depth;
  char closers[MAX_DEPTH];
  GHashTable *names[MAX_DEPTH]; /* (owned) (nullable): member names of each open object */
  GError **error;
} Scan;

static gboolean
refuse (Scan *scan, const char *what)
{
  g_set_error (scan->error, CH_ERROR, CH_ERROR_BAD_ANSWER, "%s at byte %" G_GSIZE_FORMAT, what, scan->at);
  return FALSE;
}

/* The four digits after the `u` that the scan stands on, which it passes; -1 if they are none */
static int
scan_hex (Scan *scan)
{
  int value = 0;

  for (int i = 1; i <= 4; i++)
    {
      int digit = scan->at + i < scan->len ? g_ascii_xdigit_value (scan->data[scan->at + i]) : -1;

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  scan->at += 4;
  return value;
}

static gboolean
scan_unicode (Scan *scan)
{
  int value = scan_hex (scan);

  if (value < 0)
    return refuse (scan, "broken \\u escape");
  if (value == 0)
    return refuse (scan, "NUL in a string");

  /* Half a character becomes text that is not UTF-8, which the parser lets pass */
  if (value >= 0xd800 && value <= 0xdbff)
    {
      if (scan->at + 2 >= scan->len || scan->data[scan->at + 1] != '\\' || scan->data[scan->at + 2] != 'u')
        return refuse (scan, "half a surrogate pair");
      scan->at += 2;
      value = scan_hex (scan);
      if (value < 0xdc00 || value > 0xdfff)
        return refuse (scan, "half a surrogate pair");
    }
  else if (value >= 0xdc00 && value <= 0xdfff)
    return refuse (scan, "half a surrogate pair");

  return TRUE;
}

static gboolean
scan_escape (Scan *scan, gboolean is_name)
{
  char c;

  if (is_name)
    return refuse (scan, "escape in a member name");
  if (++scan->at >= scan->len)
    return refuse (scan, "cut off");

  c = scan->data[scan->at];
  if (c == 'u')
    return scan_unicode (scan);
  return c != 0 && strchr ("\"\\/bfnrt", c) != NULL ? TRUE : refuse (scan, "unknown escape");
}

/* Stands on the opening quote, ends behind the closing one */
static gboolean
scan_string (Scan *scan, gboolean is_name)
{
  gsize start = scan->at + 1;

  for (scan->at++; scan->at < scan->len; scan->at++)
    {
      guchar c = scan->data[scan->at];

      if (c == '"')
        {
          if (is_name
              && !g_hash_table_add (scan->names[scan->depth - 1],
                                    g_strndup (scan->data + start, scan->at - start)))
            return refuse (scan, "member given twice");
          scan->at++;
          return TRUE;
        }
      if (c < 0x20)
        return refuse (scan, "control character in a string");
      if (c == '\\' && !scan_escape (scan, is_name))
        return FALSE;
    }

  return refuse (scan, "cut off");
}

static gsize
skip_digits (Scan *scan)
{
  gsize start = scan->at;

  while (scan->at < scan->len && g_ascii_isdigit (scan->data[scan->at]))
    scan->at++;
  return scan->at - start;
}

static gboolean
scan_number (Scan *scan)
{
  gsize n_digits;
  gboolean zero;

  if (scan->data[scan->at] == '-')
    scan->at++;
  zero = scan->at < scan->len && scan->data[scan->at] == '0';
  n_digits = skip_digits (scan);
  if (n_digits == 0 || (zero && n_digits > 1))
    return refuse (scan, "not a number");
  if (scan->at < scan->len && scan->data[scan->at] == '.')
    {
      gsize n;

      scan->at++;
      n = skip_digits (scan);
      if (n == 0)
        return refuse (scan, "not a number");
      n_digits += n;
    }
  if (n_digits > MAX_DIGITS)
    return refuse (scan, "number too long");
  if (scan->at < scan->len && (scan->data[scan->at] == 'e' || scan->data[scan->at] == 'E'))
    return refuse (scan, "number with an exponent");
  return TRUE;
}

static gboolean
scan_word (Scan *scan)
{
  static const char *const words[] = { "true", "false", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);

      if (scan->len - scan->at >= n && memcmp (scan->data + scan->at, words[i], n) == 0)
        {
          scan->at += n;
          return TRUE;
        }
    }

  return refuse (scan, "not strict JSON");
}

static gboolean
open_bracket (Scan *scan, gboolean is_object)
{
  if (scan->depth >= MAX_DEPTH)
    return refuse (scan, "nested too deep");
  scan->closers[scan->depth] = is_object ? '}' : ']';
  scan->names[scan->depth] = is_object ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;
  scan->depth++;
  scan->at++;
  return TRUE;
}

static Expect
close_bracket (Scan *scan)
{
  scan->depth--;
  g_clear_pointer (&scan->names[scan->depth], g_hash_table_unref);
  scan->at++;
  return scan->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
}

static gboolean
scan_value (Scan *scan, Expect *expect)
{
  char c = scan->data[scan->at];

  *expect = EXPECT_COMMA_OR_END;
  if (c == '{' || c == '[')
    {
      *expect = c == '{' ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
      return open_bracket (scan, c == '{');
    }
  if (c == '"')
    return scan_string (scan, FALSE);
  if (c == '-' || g_ascii_isdigit (c))
    return scan_number (scan);
  return scan_word (scan);
}

static gboolean
scan_token (Scan *scan, Expect *expect)
{
  char c = scan->data[scan->at];
  gboolean closes = scan->depth > 0 && c == scan->closers[scan->depth - 1];

  if (closes
      && (*expect == EXPECT_COMMA_OR_END || *expect == EXPECT_NAME_OR_END || *expect == EXPECT_VALUE_OR_END))
    {
      *expect = close_bracket (scan);
      return TRUE;
    }

  switch (*expect)
    {
    case EXPECT_NAME:
    case EXPECT_NAME_OR_END:
      *expect = EXPECT_COLON;
      return c == '"' ? scan_string (scan, TRUE) : refuse (scan, "no member name");

    case EXPECT_COLON:
      *expect = EXPECT_VALUE;
      scan->at++;
      return c == ':' ? TRUE : refuse (scan, "no colon");

    case EXPECT_COMMA_OR_END:
      *expect = scan->closers[scan->depth - 1] == '}' ? EXPECT_NAME : EXPECT_VALUE;
      scan->at++;
      return c == ',' ? TRUE : refuse (scan, "no comma");

    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
      return scan_value (scan, expect);

    default:
      return refuse (scan, "text after the object");
    }
}

/**
 * ch_wire_scan:
 * @json: bytes from outside
 * @error: %CH_ERROR_BAD_ANSWER with the place
 *
 * Refuses whatever json-glib 1.6 would crash on or quietly misread, before it sees it: only one object of RFC
 * 8259 in UTF-8, at most 32 deep, numbers of at most 18 digits without exponent, no member twice, no NUL.
 *
 * Returns: whether @json may be parsed
 */
gboolean
ch_wire_scan (GBytes *json, GError **error)
{
  Scan scan = { .error = error };
  Expect expect = EXPECT_VALUE;
  gboolean good = TRUE;

  scan.data = g_bytes_get_data (json, &scan.len);
  if (scan.len == 0 || scan.data[0] != '{' || !g_utf8_validate (scan.data, scan.len, NULL))
    return refuse (&scan, "not a JSON object in UTF-8");

  while (good && scan.at < scan.len)
    {
      if (strchr (" \t\r\n", scan.data[scan.at]) != NULL && scan.data[scan.at] != 0)
        scan.at++;
      else
        good = scan_token (&scan, &expect);
    }

  if (good && expect != EXPECT_NOTHING)
    good = refuse (&scan, "cut off");

  while (scan.depth > 0)
    close_bracket (&scan);
  return good;
}
