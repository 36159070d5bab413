#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"

/* An archive within an archive hides what the limits are about */
static const char *const nested_endings[]
    = { ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".iso", ".cab", NULL };

/* Names that some system takes for a way out of the folder it unpacks into */
static gboolean
leads_elsewhere (const char *name)
{
  if (*name == 0 || *name == '/' || *name == '\\' || strchr (name, ':') != NULL
      || strstr (name, "..") != NULL)
    return TRUE;
  for (const char *p = name; *p != 0; p++)
    if ((guchar) *p < ' ' || *p == 0x7f)
      return TRUE;
  return FALSE;
}

static gboolean
is_nested (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; nested_endings[i] != NULL; i++)
    if (g_str_has_suffix (lower, nested_endings[i]))
      return TRUE;
  return FALSE;
}

static ChReason
look_at_entry (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname (entry);

  if (name == NULL)
    name = archive_entry_pathname_utf8 (entry);
  if (name == NULL)
    return CH_REASON_BUNDLE_NAMES;
  if (archive_entry_is_encrypted (entry))
    return CH_REASON_BUNDLE_LOCKED;
  if (leads_elsewhere (name) || archive_entry_hardlink (entry) != NULL
      || archive_entry_symlink (entry) != NULL)
    return CH_REASON_BUNDLE_NAMES;
  if (archive_entry_filetype (entry) != AE_IFREG && archive_entry_filetype (entry) != AE_IFDIR)
    return CH_REASON_BUNDLE_NAMES;
  return is_nested (name) ? CH_REASON_BUNDLE_NESTED : CH_REASON_OK;
}

/* Lists, never unpacks: what the headers say is added up */
static ChReason
list_entries (struct archive *archive, gsize packed)
{
  struct archive_entry *entry;
  guint64 unpacked = 0;
  guint n_entries = 0;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    {
      gint64 size = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;
      ChReason reason = look_at_entry (entry);

      if (reason != CH_REASON_OK)
        return reason;
      if (size < 0 && archive_entry_filetype (entry) == AE_IFREG)
        return CH_REASON_FILE_BROKEN;
      /* Not wrapping: the sum is looked at after each */
      unpacked += MAX (size, 0);
      if (++n_entries > CH_DOCUMENT_MAX_ENTRIES)
        return CH_REASON_BUNDLE_MANY;
      if (unpacked > CH_DOCUMENT_MAX_UNPACKED || unpacked / CH_DOCUMENT_MAX_RATIO > packed)
        return CH_REASON_BUNDLE_LARGE;
    }

  if (archive_read_has_encrypted_entries (archive) > 0)
    return CH_REASON_BUNDLE_LOCKED;
  return status == ARCHIVE_EOF && n_entries > 0 ? CH_REASON_OK : CH_REASON_FILE_BROKEN;
}

/* libarchive ends a name at its first NUL: others may see more of it */
static gboolean
has_nul_in_name (const guint8 *data, gsize len)
{
  const guint8 *row = data;
  const guint8 *stop = data + len;

  while ((row = memmem (row, stop - row, "PK\x01\x02", 4)) != NULL && stop - row >= 46)
    {
      gsize name_len = row[28] | row[29] << 8;

      if (name_len <= (gsize) (stop - row) - 46 && memchr (row + 46, 0, name_len) != NULL)
        return TRUE;
      row += 4;
    }
  return FALSE;
}

/* libarchive reads names by the locale, and a service has none: without this, a Chinese name cannot be read
 */
static locale_t
begin_utf8 (locale_t *before)
{
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);

  *before = utf8 != (locale_t) 0 ? uselocale (utf8) : (locale_t) 0;
  return utf8;
}

static void
end_utf8 (locale_t utf8, locale_t before)
{
  if (utf8 == (locale_t) 0)
    return;
  uselocale (before);
  freelocale (utf8);
}

/**
 * ch_archive_look:
 * @content: zip or rar
 *
 * Lists an archive; nothing is unpacked.
 *
 * Returns: what is wrong with it
 */
ChReason
ch_archive_look (ChContent content, const guint8 *data, gsize len)
{
  struct archive *archive = archive_read_new ();
  ChReason reason = CH_REASON_FILE_BROKEN;
  locale_t before, utf8 = begin_utf8 (&before);

  if (content == CH_CONTENT_ZIP)
    archive_read_support_format_zip_seekable (archive);
  else
    {
      archive_read_support_format_rar (archive);
      archive_read_support_format_rar5 (archive);
    }

  if (archive_read_open_memory (archive, data, len) == ARCHIVE_OK)
    reason = list_entries (archive, len);
  archive_read_free (archive);
  end_utf8 (utf8, before);

  if (reason == CH_REASON_OK && content == CH_CONTENT_ZIP && has_nul_in_name (data, len))
    return CH_REASON_BUNDLE_NAMES;
  return reason;
}
