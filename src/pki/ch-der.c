#include "config.h"

#include <string.h>

#include "pki/ch-der.h"

/* A length takes at most a byte and four: nothing here comes near 4 GiB. */
#define MAX_LENGTH_BYTES 5

static gsize
encode_length (gsize len, guint8 out[MAX_LENGTH_BYTES])
{
  gsize n = 0;

  if (len < 0x80)
    {
      out[0] = len;
      return 1;
    }

  for (gsize rest = len; rest > 0; rest >>= 8)
    n++;
  out[0] = 0x80 | n;
  for (gsize i = 0; i < n; i++)
    out[1 + i] = len >> (8 * (n - 1 - i));
  return n + 1;
}

/**
 * ch_der_begin:
 * @out: what is being written
 * @tag: of a constructed value, or of one whose content is written piece by piece
 *
 * Opens a value; ch_der_end() closes it. Values nest.
 *
 * Returns: a mark for ch_der_end()
 */
gsize
ch_der_begin (GByteArray *out, guint8 tag)
{
  g_byte_array_append (out, &tag, 1);
  return out->len;
}

/**
 * ch_der_end:
 * @out: what is being written
 * @mark: what ch_der_begin() returned
 *
 * Closes a value by putting its length before its content.
 */
void
ch_der_end (GByteArray *out, gsize mark)
{
  guint8 length[MAX_LENGTH_BYTES];
  gsize content = out->len - mark;
  gsize n = encode_length (content, length);

  g_byte_array_set_size (out, out->len + n);
  memmove (out->data + mark + n, out->data + mark, content);
  memcpy (out->data + mark, length, n);
}

/**
 * ch_der_add:
 * @out: what is being written
 * @tag: of the value
 * @data: (nullable): its content
 * @len: bytes
 *
 * Writes one value whole.
 */
void
ch_der_add (GByteArray *out, guint8 tag, gconstpointer data, gsize len)
{
  guint8 length[MAX_LENGTH_BYTES];
  gsize n = encode_length (len, length);

  g_byte_array_append (out, &tag, 1);
  g_byte_array_append (out, length, n);
  if (len > 0)
    g_byte_array_append (out, data, len);
}

/**
 * ch_der_add_raw:
 * @out: what is being written
 * @der: a value that is encoded already
 */
void
ch_der_add_raw (GByteArray *out, GBytes *der)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (der, &len);

  g_byte_array_append (out, data, len);
}

/**
 * ch_der_add_bit_string:
 * @out: what is being written
 * @data: whole bytes
 * @len: how many
 */
void
ch_der_add_bit_string (GByteArray *out, gconstpointer data, gsize len)
{
  gsize mark = ch_der_begin (out, CH_DER_BIT_STRING);

  g_byte_array_append (out, (const guint8 *) "\0", 1);
  g_byte_array_append (out, data, len);
  ch_der_end (out, mark);
}

/**
 * ch_der_add_boolean:
 * @out: what is being written
 * @value: the value
 */
void
ch_der_add_boolean (GByteArray *out, gboolean value)
{
  ch_der_add (out, CH_DER_BOOLEAN, value ? "\xff" : "\0", 1);
}

/**
 * ch_der_add_unsigned:
 * @out: what is being written
 * @tag: INTEGER, or a tag that stands for it
 * @data: a number of 0 or more, big-endian
 * @len: bytes, 1 or more
 *
 * Writes a large number in its shortest form.
 */
void
ch_der_add_unsigned (GByteArray *out, guint8 tag, gconstpointer data, gsize len)
{
  const guint8 *bytes = data;
  gsize mark;

  while (len > 1 && bytes[0] == 0)
    {
      bytes++;
      len--;
    }

  mark = ch_der_begin (out, tag);
  if (bytes[0] & 0x80)
    g_byte_array_append (out, (const guint8 *) "\0", 1);
  g_byte_array_append (out, bytes, len);
  ch_der_end (out, mark);
}

/**
 * ch_der_add_small:
 * @out: what is being written
 * @tag: INTEGER, ENUMERATED, or a tag that stands for them
 * @value: the number
 */
void
ch_der_add_small (GByteArray *out, guint8 tag, guint64 value)
{
  guint64 big = GUINT64_TO_BE (value);

  ch_der_add_unsigned (out, tag, &big, sizeof big);
}

/* UUIDs are arcs of 2.25, so 128 bits */
typedef unsigned __int128 Arc;

static gboolean
read_arc (const char *text, Arc *arc)
{
  *arc = 0;
  if (*text == 0 || (text[0] == '0' && text[1] != 0))
    return FALSE;

  for (const char *p = text; *p != 0; p++)
    {
      if (!g_ascii_isdigit (*p) || *arc > (~(Arc) 0 - (*p - '0')) / 10)
        return FALSE;
      *arc = *arc * 10 + (*p - '0');
    }

  return TRUE;
}

static void
append_base128 (GByteArray *out, Arc value)
{
  guint8 bytes[19];
  guint n = 0;

  do
    {
      bytes[n] = (value & 0x7f) | (n > 0 ? 0x80 : 0);
      value >>= 7;
      n++;
    }
  while (value > 0);

  while (n > 0)
    g_byte_array_append (out, &bytes[--n], 1);
}

/**
 * ch_der_add_oid:
 * @out: what is being written
 * @dotted: e.g. `1.2.156.10197.1.501`
 *
 * Returns: %FALSE when @dotted is no object identifier; @out is then as before
 */
gboolean
ch_der_add_oid (GByteArray *out, const char *dotted)
{
  g_auto (GStrv) parts = g_strsplit (dotted, ".", 32);
  guint n = g_strv_length (parts);
  Arc arcs[32];
  gsize mark;

  if (n < 2 || n > G_N_ELEMENTS (arcs) - 1)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!read_arc (parts[i], &arcs[i]))
      return FALSE;
  if (arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) || arcs[1] > G_MAXUINT32)
    return FALSE;

  mark = ch_der_begin (out, CH_DER_OID);
  append_base128 (out, arcs[0] * 40 + arcs[1]);
  for (guint i = 2; i < n; i++)
    append_base128 (out, arcs[i]);
  ch_der_end (out, mark);
  return TRUE;
}

/**
 * ch_der_add_time:
 * @out: what is being written
 * @seconds: since 1970, UTC
 * @generalized_only: %TRUE where the format knows no UTCTime (OCSP)
 *
 * Writes a time as RFC 5280 wants it: UTCTime through 2049, GeneralizedTime from 2050 on.
 */
void
ch_der_add_time (GByteArray *out, gint64 seconds, gboolean generalized_only)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  int year = time != NULL ? g_date_time_get_year (time) : 9999;
  gboolean is_short = !generalized_only && year >= 1950 && year < 2050;
  g_autofree char *text = NULL;

  /* RFC 5280 4.1.2.5: 99991231235959Z says “no end” */
  if (time == NULL)
    text = g_strdup ("99991231235959Z");
  else
    text = g_date_time_format (time, is_short ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ");
  ch_der_add (out, is_short ? CH_DER_UTC_TIME : CH_DER_GENERALIZED_TIME, text, strlen (text));
}

/**
 * ch_der_finish:
 * @out: (transfer full): what was written
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
ch_der_finish (GByteArray *out)
{
  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_der_span:
 * @bytes: stays the owner
 *
 * Returns: a view of the whole of @bytes
 */
ChDerSpan
ch_der_span (GBytes *bytes)
{
  ChDerSpan span = { NULL, 0 };

  span.data = g_bytes_get_data (bytes, &span.len);
  return span;
}

/**
 * ch_der_span_copy:
 * @span: a view
 *
 * Returns: (transfer full): a copy of what it shows
 */
GBytes *
ch_der_span_copy (const ChDerSpan *span)
{
  return g_bytes_new (span->data, span->len);
}

/**
 * ch_der_span_equal:
 * @a: a view
 * @data: what to compare with
 * @len: bytes
 */
gboolean
ch_der_span_equal (const ChDerSpan *a, gconstpointer data, gsize len)
{
  return a->len == len && (len == 0 || memcmp (a->data, data, len) == 0);
}

/**
 * ch_der_peek:
 * @in: what is being read
 *
 * Returns: the tag of the next value; -1 at the end
 */
int
ch_der_peek (const ChDerSpan *in)
{
  return in->len > 0 ? in->data[0] : -1;
}

/**
 * ch_der_read:
 * @in: what is being read; moved behind the value when it was read
 * @tag: what the value must be
 * @content: (out) (optional): its content
 * @whole: (out) (optional): tag, length and content
 *
 * Reads one value of DER: definite length in its shortest form, within @in.
 *
 * Returns: %FALSE when there is something else; @in is then as before
 */
gboolean
ch_der_read (ChDerSpan *in, guint8 tag, ChDerSpan *content, ChDerSpan *whole)
{
  const guint8 *p = in->data;
  gsize head = 2;
  gsize len;

  if (in->len < 2 || p[0] != tag)
    return FALSE;

  len = p[1];
  if (len >= 0x80)
    {
      gsize n = len & 0x7f;

      if (n < 1 || n > MAX_LENGTH_BYTES - 1 || in->len < 2 + n || p[2] == 0)
        return FALSE;
      len = 0;
      for (gsize i = 0; i < n; i++)
        len = len << 8 | p[2 + i];
      if (len < 0x80)
        return FALSE;
      head += n;
    }
  if (len > in->len - head)
    return FALSE;

  if (content != NULL)
    *content = (ChDerSpan){ p + head, len };
  if (whole != NULL)
    *whole = (ChDerSpan){ p, head + len };
  in->data += head + len;
  in->len -= head + len;
  return TRUE;
}

/**
 * ch_der_read_small:
 * @in: what is being read; moved behind the number when it was read
 * @tag: INTEGER, ENUMERATED, or a tag that stands for them
 * @value: (out): the number
 *
 * Reads a number that is not negative and fits @value.
 */
gboolean
ch_der_read_small (ChDerSpan *in, guint8 tag, guint64 *value)
{
  ChDerSpan rest = *in;
  ChDerSpan content;

  if (!ch_der_read (&rest, tag, &content, NULL) || content.len < 1 || (content.data[0] & 0x80))
    return FALSE;
  if (content.len > 1 && content.data[0] == 0 && !(content.data[1] & 0x80))
    return FALSE;
  if (content.len > 9 || (content.len == 9 && content.data[0] != 0))
    return FALSE;

  *value = 0;
  for (gsize i = 0; i < content.len; i++)
    *value = *value << 8 | content.data[i];
  *in = rest;
  return TRUE;
}
