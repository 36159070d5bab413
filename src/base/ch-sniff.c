#include "config.h"

#include <string.h>

#include "base/ch-sniff.h"

static const struct
{
  const char *id;
  const char *mime;
} contents[] = {
  [CH_CONTENT_UNKNOWN] = { "unknown", "application/octet-stream" },
  [CH_CONTENT_JPEG] = { "jpg", "image/jpeg" },
  [CH_CONTENT_PNG] = { "png", "image/png" },
  [CH_CONTENT_GIF] = { "gif", "image/gif" },
  [CH_CONTENT_BMP] = { "bmp", "image/bmp" },
  [CH_CONTENT_PDF] = { "pdf", "application/pdf" },
  [CH_CONTENT_ZIP] = { "zip", "application/zip" },
  [CH_CONTENT_RAR] = { "rar", "application/vnd.rar" },
};

static const struct
{
  ChContent content;
  gsize len;
  const char *magic;
} magics[] = {
  { CH_CONTENT_JPEG, 3, "\xff\xd8\xff" },
  { CH_CONTENT_PNG, 8, "\x89PNG\r\n\x1a\n" },
  { CH_CONTENT_GIF, 6, "GIF87a" },
  { CH_CONTENT_GIF, 6, "GIF89a" },
  { CH_CONTENT_PDF, 5, "%PDF-" },
  { CH_CONTENT_ZIP, 4, "PK\x03\x04" },
  { CH_CONTENT_ZIP, 4, "PK\x05\x06" },
  { CH_CONTENT_RAR, 7, "Rar!\x1a\x07\x00" },
  { CH_CONTENT_RAR, 8, "Rar!\x1a\x07\x01\x00" },
};

/**
 * ch_sniff:
 * @data: the beginning of a file
 * @len: bytes of it; 32 are enough
 *
 * Tells the kind of a file by its content. A Word document is a zip by its magic, yet no bundle of documents:
 * it is told apart by its first member.
 */
ChContent
ch_sniff (const guint8 *data, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (len >= magics[i].len && memcmp (data, magics[i].magic, magics[i].len) == 0)
      {
        static const char office[] = "[Content_Types].xml";

        if (magics[i].content == CH_CONTENT_ZIP && len >= 30 + sizeof office - 1
            && memcmp (data + 30, office, sizeof office - 1) == 0)
          return CH_CONTENT_UNKNOWN;
        return magics[i].content;
      }

  /* BMP: "BM", then the size of the file and two zero words */
  if (len >= 14 && data[0] == 'B' && data[1] == 'M' && memcmp (data + 6, "\0\0\0\0", 4) == 0)
    return CH_CONTENT_BMP;

  return CH_CONTENT_UNKNOWN;
}

/**
 * ch_content_get_id:
 *
 * Returns: (transfer none): the short name used in profiles, e.g. `jpg`
 */
const char *
ch_content_get_id (ChContent content)
{
  return contents[content].id;
}

const char *
ch_content_get_mime (ChContent content)
{
  return contents[content].mime;
}

/**
 * ch_content_from_id:
 * @id: as in a profile; `jpeg` is `jpg`
 */
ChContent
ch_content_from_id (const char *id)
{
  if (g_strcmp0 (id, "jpeg") == 0)
    return CH_CONTENT_JPEG;
  for (guint i = 1; i < G_N_ELEMENTS (contents); i++)
    if (g_strcmp0 (contents[i].id, id) == 0)
      return i;
  return CH_CONTENT_UNKNOWN;
}
