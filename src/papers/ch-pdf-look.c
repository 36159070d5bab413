#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "papers/ch-content-look.h"

/* A PDF ends within its last bytes; some programs add lines behind */
#define END_BYTES 2048

/* Objects may lie packed in streams: so much of them is looked into, in all */
#define MAX_UNPACKED (16 * 1024 * 1024)
#define MAX_STREAMS  2000

static const struct
{
  const char *name;
  ChReason reason;
} words[] = {
  { "Encrypt", CH_REASON_PDF_LOCKED },      { "JavaScript", CH_REASON_PDF_ACTIVE },
  { "JS", CH_REASON_PDF_ACTIVE },           { "Launch", CH_REASON_PDF_ACTIVE },
  { "EmbeddedFile", CH_REASON_PDF_ACTIVE }, { "EmbeddedFiles", CH_REASON_PDF_ACTIVE },
  { "RichMedia", CH_REASON_PDF_ACTIVE },    { "XFA", CH_REASON_PDF_ACTIVE },
};

static gboolean
is_name_end (guint8 c)
{
  return c <= ' ' || strchr ("()<>[]{}/%", c) != NULL;
}

/* The name that begins behind the slash at @i; `#4a` stands for a byte. Returns: where it ends */
static gsize
read_name (const guint8 *data, gsize len, gsize i, char name[32])
{
  gsize n = 0;

  for (; i < len && !is_name_end (data[i]); i++)
    {
      guint8 c = data[i];

      if (c == '#' && i + 2 < len && g_ascii_isxdigit (data[i + 1]) && g_ascii_isxdigit (data[i + 2]))
        {
          c = g_ascii_xdigit_value (data[i + 1]) << 4 | g_ascii_xdigit_value (data[i + 2]);
          i += 2;
        }
      if (n < 31)
        name[n++] = c;
    }
  name[n] = 0;
  return i;
}

/* A word among the compressed bytes of a picture is chance: those are passed over */
static gsize
skip_stream (const guint8 *data, gsize len, gsize i)
{
  const guint8 *end = memmem (data + i, len - i, "endstream", 9);

  return end != NULL ? (gsize) (end - data) : len;
}

/* Looks at the names of objects. Returns: what is wrong */
static ChReason
look_at_names (const guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      char name[32];

      if (data[i] == 's' && len - i >= 7 && memcmp (data + i, "stream", 6) == 0
          && (data[i + 6] == '\r' || data[i + 6] == '\n'))
        i = skip_stream (data, len, i);
      if (i >= len || data[i] != '/')
        continue;

      i = read_name (data, len, i + 1, name) - 1;
      for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
        if (strcmp (name, words[j].name) == 0)
          return words[j].reason;
    }

  return CH_REASON_OK;
}

/* Unpacks a stream as far as there is room. Returns: (transfer full) (nullable) */
static GByteArray *
unpack (const guint8 *data, gsize len, gsize room)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 buffer[16384];
  gsize n_read, n_written;
  GConverterResult result;

  do
    {
      result = g_converter_convert (G_CONVERTER (zlib), data, len, buffer, sizeof buffer,
                                    G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        break;
      g_byte_array_append (out, buffer, n_written);
      data += n_read;
      len -= n_read;
    }
  while (result == G_CONVERTER_CONVERTED && out->len < room);

  return g_steal_pointer (&out);
}

/* Objects in streams (PDF 1.5) are looked at as well */
static ChReason
look_at_object_streams (const guint8 *data, gsize len)
{
  const guint8 *stop = data + len;
  const guint8 *p = data;
  gsize room = MAX_UNPACKED;

  for (guint n = 0; n < MAX_STREAMS && room > 0 && (p = memmem (p, stop - p, "/ObjStm", 7)) != NULL; n++)
    {
      const guint8 *begin = memmem (p, MIN (stop - p, 4096), "stream", 6);
      const guint8 *end;
      g_autoptr (GByteArray) objects = NULL;
      ChReason reason;

      p += 7;
      if (begin == NULL)
        continue;
      begin += 6;
      while (begin < stop && (*begin == '\r' || *begin == '\n'))
        begin++;
      end = memmem (begin, stop - begin, "endstream", 9);
      objects = unpack (begin, (end != NULL ? end : stop) - begin, room);
      reason = look_at_names (objects->data, objects->len);
      if (reason != CH_REASON_OK)
        return reason;
      room -= MIN (room, objects->len);
    }

  return CH_REASON_OK;
}

/**
 * ch_pdf_look:
 *
 * Nothing of the PDF is drawn; its objects are looked at by name.
 *
 * Returns: what is wrong with it: broken, locked, or with a program in it
 */
ChReason
ch_pdf_look (const guint8 *data, gsize len)
{
  ChReason reason;

  if (memmem (data + len - MIN (len, END_BYTES), MIN (len, END_BYTES), "%%EOF", 5) == NULL)
    return CH_REASON_FILE_BROKEN;
  if (memmem (data + len - MIN (len, END_BYTES), MIN (len, END_BYTES), "PK\x05\x06", 4) != NULL)
    return CH_REASON_FILE_MIXED;

  reason = look_at_names (data, len);
  return reason != CH_REASON_OK ? reason : look_at_object_streams (data, len);
}
