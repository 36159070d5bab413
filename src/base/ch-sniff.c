#include "config.h"

#include <string.h>

#include "base/ch-sniff.h"

/* How much of a text is looked at */
#define TEXT_BYTES 4096

/* The end of a zip: its directory is pointed to from the last 22 bytes, before a comment of up to 64 KiB */
#define ZIP_END_SIZE  22
#define ZIP_ROW_SIZE  46
#define ZIP_END_REACH (ZIP_END_SIZE + 65535)

static const struct
{
  const char *id;
  const char *mime;
  const char *name; /* untranslated */
  gboolean is_picture;
} contents[] = {
#define C(code, id, mime, is_picture, name) [CH_CONTENT_##code] = { id, mime, name, is_picture },
  CH_CONTENTS (C)
#undef C
};

G_STATIC_ASSERT (G_N_ELEMENTS (contents) == CH_N_CONTENTS);

static const struct
{
  ChContent content;
  gsize start;
  gsize len;
  const char *magic;
} magics[] = {
  { CH_CONTENT_JPEG, 0, 3, "\xff\xd8\xff" },
  { CH_CONTENT_PNG, 0, 8, "\x89PNG\r\n\x1a\n" },
  { CH_CONTENT_GIF, 0, 6, "GIF87a" },
  { CH_CONTENT_GIF, 0, 6, "GIF89a" },
  { CH_CONTENT_PDF, 0, 5, "%PDF-" },
  { CH_CONTENT_ZIP, 0, 4, "PK\x03\x04" },
  { CH_CONTENT_ZIP, 0, 4, "PK\x05\x06" },
  { CH_CONTENT_RAR, 0, 7, "Rar!\x1a\x07\x00" },
  { CH_CONTENT_RAR, 0, 8, "Rar!\x1a\x07\x01\x00" },
  { CH_CONTENT_WEBP, 8, 4, "WEBP" },
  { CH_CONTENT_TIFF, 0, 4, "II*\0" },
  { CH_CONTENT_TIFF, 0, 4, "MM\0*" },
  { CH_CONTENT_HEIC, 4, 8, "ftypheic" },
  { CH_CONTENT_HEIC, 4, 8, "ftypheix" },
  { CH_CONTENT_HEIC, 4, 8, "ftypheim" },
  { CH_CONTENT_HEIC, 4, 8, "ftypmif1" },
  { CH_CONTENT_HEIC, 4, 8, "ftypmsf1" },
  { CH_CONTENT_HEIC, 4, 8, "ftypavif" },
  { CH_CONTENT_FILM, 4, 4, "ftyp" },
  { CH_CONTENT_FILM, 0, 4, "\x1a\x45\xdf\xa3" },
  { CH_CONTENT_FILM, 8, 4, "AVI " },
  { CH_CONTENT_OFFICE, 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
  { CH_CONTENT_WORD, 0, 5, "{\\rtf" },
  { CH_CONTENT_ARCHIVE, 0, 6, "7z\xbc\xaf\x27\x1c" },
  { CH_CONTENT_ARCHIVE, 0, 3, "\x1f\x8b\x08" },
  { CH_CONTENT_ARCHIVE, 0, 3, "BZh" },
  { CH_CONTENT_ARCHIVE, 0, 6,
    "\xfd"
    "7zXZ\0" },
  { CH_CONTENT_ARCHIVE, 257, 5, "ustar" },
  { CH_CONTENT_ARCHIVE, 0, 4, "MSCF" },
  { CH_CONTENT_PROGRAM, 0, 4,
    "\x7f"
    "ELF" },
  { CH_CONTENT_PROGRAM, 0, 2, "#!" },
};

/* Documents that are a zip: told by a member each of them has */
static const struct
{
  ChContent content;
  const char *member;
} members[] = {
  { CH_CONTENT_WORD, "word/document.xml" },      { CH_CONTENT_SHEET, "xl/workbook.xml" },
  { CH_CONTENT_SLIDES, "ppt/presentation.xml" }, { CH_CONTENT_OFD, "OFD.xml" },
  { CH_CONTENT_PROGRAM, "AndroidManifest.xml" }, { CH_CONTENT_PROGRAM, "META-INF/MANIFEST.MF" },
};

static guint
read_le16 (const guint8 *p)
{
  return p[1] << 8 | p[0];
}

static guint32
read_le32 (const guint8 *p)
{
  return (guint32) read_le16 (p + 2) << 16 | read_le16 (p);
}

/* Which document the member called @name makes a zip into */
static ChContent
judge_member (const guint8 *name, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (strlen (members[i].member) == len && memcmp (members[i].member, name, len) == 0)
      return members[i].content;
  return CH_CONTENT_ZIP;
}

/* Where the directory of a zip begins, or @len */
static gsize
find_directory (const guint8 *data, gsize len, guint *n_rows)
{
  gsize stop = len > ZIP_END_REACH ? len - ZIP_END_REACH : 0;

  for (gsize i = len; i >= stop + ZIP_END_SIZE; i--)
    {
      const guint8 *end = data + i - ZIP_END_SIZE;

      if (memcmp (end, "PK\x05\x06", 4) == 0)
        {
          *n_rows = read_le16 (end + 10);
          return MIN (read_le32 (end + 16), len);
        }
    }

  return len;
}

/* A Word document is a zip by its magic, yet no bundle of documents */
static ChContent
sniff_zip (const guint8 *data, gsize len)
{
  static const char office[] = "[Content_Types].xml";
  guint n_rows = 0;
  gsize i = find_directory (data, len, &n_rows);

  while (n_rows-- > 0 && i + ZIP_ROW_SIZE <= len && memcmp (data + i, "PK\x01\x02", 4) == 0)
    {
      gsize name_len = read_le16 (data + i + 28);
      ChContent content;

      if (i + ZIP_ROW_SIZE + name_len > len)
        break;
      content = judge_member (data + i + ZIP_ROW_SIZE, name_len);
      if (content != CH_CONTENT_ZIP)
        return content;
      i += ZIP_ROW_SIZE + name_len + read_le16 (data + i + 30) + read_le16 (data + i + 32);
    }

  /* Where only the beginning is there: the first member */
  if (len >= 30 + sizeof office - 1 && memcmp (data + 30, office, sizeof office - 1) == 0)
    return CH_CONTENT_OFFICE;
  return CH_CONTENT_ZIP;
}

static gboolean
has_word (const char *text, const char *word)
{
  return g_ascii_strncasecmp (text, word, strlen (word)) == 0;
}

/* What has no magic number: text, and what is written in text */
static ChContent
sniff_text (const guint8 *data, gsize len)
{
  g_autofree char *text = g_strndup ((const char *) data, MIN (len, TEXT_BYTES));
  const char *start = text;

  if (len == 0 || memchr (data, 0, MIN (len, TEXT_BYTES)) != NULL)
    return CH_CONTENT_UNKNOWN;
  for (const char *p = text; *p != 0; p++)
    if ((guchar) *p < ' ' && strchr ("\t\n\r\f\x1b", *p) == NULL)
      return CH_CONTENT_UNKNOWN;

  if (g_str_has_prefix (start, "\xef\xbb\xbf"))
    start += 3;
  while (g_ascii_isspace (*start))
    start++;
  if (has_word (start, "<svg") || (has_word (start, "<?xml") && strstr (start, "<svg") != NULL))
    return CH_CONTENT_SVG;
  if (has_word (start, "<!doctype html") || has_word (start, "<html"))
    return CH_CONTENT_WEB;
  return CH_CONTENT_TEXT;
}

/**
 * ch_sniff:
 * @data: a file, or the beginning of it
 * @len: bytes of it; 32 are enough for what is accepted, the whole file tells more
 *
 * Tells the kind of a file by its content.
 */
ChContent
ch_sniff (const guint8 *data, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (len >= magics[i].start + magics[i].len
        && memcmp (data + magics[i].start, magics[i].magic, magics[i].len) == 0)
      {
        if (magics[i].start == 8 && memcmp (data, "RIFF", 4) != 0)
          continue;
        return magics[i].content == CH_CONTENT_ZIP ? sniff_zip (data, len) : magics[i].content;
      }

  /* BMP: "BM", then the size of the file and two zero words */
  if (len >= 14 && data[0] == 'B' && data[1] == 'M' && memcmp (data + 6, "\0\0\0\0", 4) == 0)
    return CH_CONTENT_BMP;
  if (len >= 64 && data[0] == 'M' && data[1] == 'Z')
    return CH_CONTENT_PROGRAM;

  return sniff_text (data, len);
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
 * ch_content_get_name:
 *
 * Returns: (transfer none): what people call it; untranslated, for gettext
 */
const char *
ch_content_get_name (ChContent content)
{
  return contents[content].name;
}

/**
 * ch_content_is_picture:
 *
 * Returns: whether it is one picture that can be turned, shrunk and joined with others
 */
gboolean
ch_content_is_picture (ChContent content)
{
  return contents[content].is_picture;
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
