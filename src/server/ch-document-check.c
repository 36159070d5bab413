#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/ch-error.h"
#include "server/ch-document-check.h"

/* A name that people can read in one line */
#define MAX_NAME_BYTES 200

/* An archive within an archive hides what the limits are about */
static const char *const nested_endings[]
    = { ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".iso", ".cab", NULL };

static gboolean
refuse (const ChDocumentRule *rule, ChReason reason, const char *why, GError **error)
{
  GError *wrong = g_error_new_literal (CH_ERROR, CH_ERROR_DOCUMENT_TYPE, why);

  ch_error_add_field (wrong, rule->id, reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

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

static gboolean
check_picture (GBytes *bytes, ChContent content, const ChDocumentRule *rule, GError **error)
{
  guint64 width = 0, height = 0;

  if (!ch_picture_get_size (content, bytes, &width, &height) || width == 0 || height == 0)
    return refuse (rule, CH_REASON_FILE_TYPE, "the picture has no readable header", error);
  /* Both are below 2^32: the product cannot wrap */
  if (width * height > CH_DOCUMENT_MAX_PIXELS)
    return refuse (rule, CH_REASON_FILE_TOO_LARGE, "the picture has too many pixels", error);
  return TRUE;
}

static gboolean
is_entry_harmless (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname (entry);
  g_autofree char *lower = NULL;

  if (name == NULL)
    name = archive_entry_pathname_utf8 (entry);
  if (name == NULL || *name == '/' || *name == '\\' || strstr (name, "..") != NULL)
    return FALSE;
  if (archive_entry_is_encrypted (entry) || archive_entry_hardlink (entry) != NULL)
    return FALSE;
  if (archive_entry_filetype (entry) != AE_IFREG && archive_entry_filetype (entry) != AE_IFDIR)
    return FALSE;

  lower = g_ascii_strdown (name, -1);
  for (gsize i = 0; nested_endings[i] != NULL; i++)
    if (g_str_has_suffix (lower, nested_endings[i]))
      return FALSE;
  return TRUE;
}

/* Lists, never unpacks: what the headers say is added up */
static gboolean
list_archive (struct archive *archive, gsize packed, const ChDocumentRule *rule, GError **error)
{
  struct archive_entry *entry;
  guint64 unpacked = 0;
  guint n_entries = 0;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    {
      gint64 size = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;

      if (!is_entry_harmless (entry) || (size < 0 && archive_entry_filetype (entry) == AE_IFREG))
        return refuse (rule, CH_REASON_FILE_BUNDLE, "something in the bundle cannot be looked at", error);
      unpacked += MAX (size, 0);
      if (++n_entries > CH_DOCUMENT_MAX_ENTRIES)
        return refuse (rule, CH_REASON_FILE_TOO_LARGE, "there are too many files in the bundle", error);
      if (unpacked > CH_DOCUMENT_MAX_UNPACKED || unpacked / CH_DOCUMENT_MAX_RATIO > packed)
        return refuse (rule, CH_REASON_FILE_TOO_LARGE, "the bundle would be too large unpacked", error);
    }

  if (status != ARCHIVE_EOF || n_entries == 0)
    return refuse (rule, CH_REASON_FILE_BUNDLE, "the bundle cannot be read", error);
  return TRUE;
}

static gboolean
check_bundle (GBytes *bytes, ChContent content, const ChDocumentRule *rule, GError **error)
{
  struct archive *archive = archive_read_new ();
  gboolean is_good;
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  if (content == CH_CONTENT_ZIP)
    archive_read_support_format_zip_seekable (archive);
  else
    {
      archive_read_support_format_rar (archive);
      archive_read_support_format_rar5 (archive);
    }

  is_good = archive_read_open_memory (archive, data, len) == ARCHIVE_OK
                ? list_archive (archive, len, rule, error)
                : refuse (rule, CH_REASON_FILE_BUNDLE, "the bundle cannot be opened", error);
  archive_read_free (archive);
  return is_good;
}

static gboolean
is_format_accepted (const ChDocumentRule *rule, ChContent content)
{
  for (gsize i = 0; rule->formats[i] != NULL; i++)
    if (content != CH_CONTENT_UNKNOWN && ch_content_from_id (rule->formats[i]) == content)
      return TRUE;
  return FALSE;
}

/**
 * ch_document_check:
 * @bytes: a document that has arrived whole
 * @rule: what the profile accepts
 * @content: (out): what it is
 * @error: %CH_ERROR_DOCUMENT_TYPE naming the document and why
 *
 * Looks at the content, not at the name. Nothing is unpacked or decoded.
 */
gboolean
ch_document_check (GBytes *bytes, const ChDocumentRule *rule, ChContent *content, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  gboolean wants_bundle;

  *content = ch_sniff (data, len);
  wants_bundle = is_format_accepted (rule, CH_CONTENT_ZIP) || is_format_accepted (rule, CH_CONTENT_RAR);

  if (len == 0)
    return refuse (rule, CH_REASON_FILE_EMPTY, "the document is empty", error);
  if (len > (gsize) rule->max_bytes)
    return refuse (rule, CH_REASON_FILE_TOO_LARGE, "the document is too large", error);
  if (!is_format_accepted (rule, *content))
    return refuse (rule, wants_bundle ? CH_REASON_FILE_BUNDLE : CH_REASON_FILE_TYPE,
                   "the content is of a kind that is not accepted", error);

  switch (*content)
    {
    case CH_CONTENT_ZIP:
    case CH_CONTENT_RAR:
      return check_bundle (bytes, *content, rule, error);
    case CH_CONTENT_PDF:
      return TRUE;
    default:
      return check_picture (bytes, *content, rule, error);
    }
}

static gboolean
is_visible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

/**
 * ch_document_clean_name:
 * @name: of a file, from outside
 *
 * Takes away folders, what cannot be seen, and dots and blanks at the ends.
 *
 * Returns: (transfer full): a name that may be shown and stored
 */
char *
ch_document_clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *start = composed;

  for (const char *p = composed; *p != 0; p++)
    if (*p == '/' || *p == '\\')
      start = p + 1;

  for (const char *p = start; *p != 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_visible (c) || (out->len == 0 && (c == '.' || g_unichar_isspace (c))))
        continue;
      if (out->len + 6 > MAX_NAME_BYTES)
        break;
      g_string_append_unichar (out, c);
    }

  while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '.'))
    g_string_truncate (out, out->len - 1);
  if (out->len == 0)
    g_string_assign (out, "document");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
