#include "config.h"

#include <string.h>

#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"

/* How far from its end a file is searched for the directory of a zip */
#define TAIL_BYTES (22 + 65535)

static guint
read_be16 (const guint8 *p)
{
  return p[0] << 8 | p[1];
}

static guint64
read_be32 (const guint8 *p)
{
  return (guint64) read_be16 (p) << 16 | read_be16 (p + 2);
}

static guint
read_le16 (const guint8 *p)
{
  return p[1] << 8 | p[0];
}

static gint32
read_le32 (const guint8 *p)
{
  return (gint32) ((guint32) read_le16 (p + 2) << 16 | read_le16 (p));
}

/* Walks the segments up to the frame header, which is the first with the picture’s size */
static gboolean
read_jpeg_size (const guint8 *data, gsize len, guint64 *width, guint64 *height)
{
  gsize i = 2;

  while (i + 4 <= len)
    {
      guint8 marker = data[i + 1];

      if (data[i] != 0xff)
        return FALSE;
      if (marker == 0xff) /* fill byte */
        {
          i++;
          continue;
        }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          if (i + 9 > len)
            return FALSE;
          *height = read_be16 (data + i + 5);
          *width = read_be16 (data + i + 7);
          return TRUE;
        }
      /* Start of scan or end of image without a frame */
      if (marker == 0xda || marker == 0xd9)
        return FALSE;
      i += 2 + MAX (read_be16 (data + i + 2), 2);
    }

  return FALSE;
}

static gboolean
read_bmp_size (const guint8 *data, gsize len, guint64 *width, guint64 *height)
{
  if (len < 26)
    return FALSE;
  if (read_le32 (data + 14) == 12) /* the header of OS/2 */
    {
      *width = read_le16 (data + 18);
      *height = read_le16 (data + 20);
      return TRUE;
    }

  /* A negative height stands for top-down */
  *width = ABS ((gint64) read_le32 (data + 18));
  *height = ABS ((gint64) read_le32 (data + 22));
  return TRUE;
}

/**
 * ch_picture_get_size:
 * @content: a kind of picture
 * @bytes: the picture
 * @width: (out): pixels
 * @height: (out): pixels
 *
 * Reads the size from the header; nothing is decoded.
 *
 * Returns: whether there is a header that says it
 */
gboolean
ch_picture_get_size (ChContent content, GBytes *bytes, guint64 *width, guint64 *height)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  switch (content)
    {
    case CH_CONTENT_JPEG:
      return read_jpeg_size (data, len, width, height);
    case CH_CONTENT_PNG:
      if (len < 24 || memcmp (data + 12, "IHDR", 4) != 0)
        return FALSE;
      *width = read_be32 (data + 16);
      *height = read_be32 (data + 20);
      return TRUE;
    case CH_CONTENT_GIF:
      if (len < 10)
        return FALSE;
      *width = read_le16 (data + 6);
      *height = read_le16 (data + 8);
      return TRUE;
    case CH_CONTENT_BMP:
      return read_bmp_size (data, len, width, height);
    default:
      return FALSE;
    }
}

/* A picture that arrived by half has no end; what stands behind the end does not belong to it */
static gboolean
has_end (ChContent content, const guint8 *data, gsize len)
{
  switch (content)
    {
    case CH_CONTENT_JPEG:
      /* Cameras write things of their own behind it: it is looked for from the end */
      return len > 4
             && memmem (data + len - MIN (len, MAX (len / 2, 1024)), MIN (len, MAX (len / 2, 1024)),
                        "\xff\xd9", 2)
                    != NULL;
    case CH_CONTENT_PNG:
      return len >= 12
             && memmem (data + len - MIN (len, 1024), MIN (len, 1024), "IEND\xae\x42\x60\x82", 8) != NULL;
    case CH_CONTENT_GIF:
      return memchr (data + len - MIN (len, 64), 0x3b, MIN (len, 64)) != NULL;
    case CH_CONTENT_BMP:
      return read_le32 (data + 2) >= 0 && (gsize) read_le32 (data + 2) <= len;
    default:
      return TRUE;
    }
}

/* A picture for those who look at its beginning, an archive or a PDF for those who look elsewhere */
static gboolean
is_mixed (const guint8 *data, gsize len)
{
  gsize tail = MIN (len, TAIL_BYTES);
  const guint8 *end = memmem (data + len - tail, tail, "PK\x05\x06", 4);

  /* Four bytes may stand there by chance: a directory must be where they say */
  if (end != NULL && (gsize) (data + len - end) >= 22)
    {
      gsize size = (guint32) read_le32 (end + 12);

      if (size >= 46 && size <= (gsize) (end - data) && memcmp (end - size, "PK\x01\x02", 4) == 0)
        return TRUE;
    }
  return memmem (data, MIN (len, 1024), "%PDF-", 5) != NULL || memmem (data, len, "Rar!\x1a\x07", 6) != NULL;
}

/**
 * ch_picture_look:
 * @content: a kind of picture
 *
 * Returns: what is wrong with it; %CH_REASON_OK: nothing that can be seen without decoding it
 */
ChReason
ch_picture_look (ChContent content, const guint8 *data, gsize len)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, len);
  guint64 width = 0, height = 0;

  if (!ch_picture_get_size (content, bytes, &width, &height) || width == 0 || height == 0)
    return CH_REASON_FILE_BROKEN;
  /* Both are below 2^32: the product cannot wrap */
  if (width * height > CH_DOCUMENT_MAX_PIXELS)
    return CH_REASON_FILE_PIXELS;
  if (!has_end (content, data, len))
    return CH_REASON_FILE_BROKEN;
  return is_mixed (data, len) ? CH_REASON_FILE_MIXED : CH_REASON_OK;
}
