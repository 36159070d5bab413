#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/ch-error.h"
#include "papers/ch-document-check.h"
#include "papers/ch-zip-writer.h"

/* 2000-01-01: the time of the file is nobody’s business, and the same files always make the same archive */
#define MEMBER_TIME 946684800

static la_ssize_t
on_write_cb (struct archive *archive, void *user_data, const void *data, size_t len)
{
  g_byte_array_append (user_data, data, len);
  return len;
}

/* Two photographs of two folders are both called IMG_0001.jpg. Returns: (transfer full) */
static char *
make_name (const char *name, GHashTable *taken)
{
  g_autofree char *clean = ch_document_clean_name (name);
  const char *dot = strrchr (clean, '.');
  g_autofree char *stem = dot != NULL && dot != clean ? g_strndup (clean, dot - clean) : g_strdup (clean);
  const char *ending = dot != NULL && dot != clean ? dot : "";
  char *free_name = NULL;

  g_strdelimit (stem, ":*?\"<>|", '_'); /* no names on other systems */
  for (guint n = 1; free_name == NULL; n++)
    {
      g_autofree char *candidate
          = n == 1 ? g_strconcat (stem, ending, NULL) : g_strdup_printf ("%s (%u)%s", stem, n, ending);
      g_autofree char *folded = g_utf8_casefold (candidate, -1);

      if (g_hash_table_add (taken, g_steal_pointer (&folded)))
        free_name = g_steal_pointer (&candidate);
    }

  while (strstr (free_name, "..") != NULL)
    memmove (strstr (free_name, ".."), strstr (free_name, "..") + 1, strlen (strstr (free_name, "..")));
  return free_name;
}

static gboolean
add (struct archive *archive, const ChZipMember *member, GHashTable *taken)
{
  g_autofree char *name = make_name (member->name, taken);
  struct archive_entry *entry = archive_entry_new ();
  gsize len;
  const void *data = g_bytes_get_data (member->bytes, &len);
  gboolean is_added;

  archive_entry_set_pathname_utf8 (entry, name);
  archive_entry_set_size (entry, len);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_mtime (entry, MEMBER_TIME, 0);
  is_added = archive_write_header (archive, entry) == ARCHIVE_OK
             && archive_write_data (archive, data, len) == (la_ssize_t) len;
  archive_entry_free (entry);
  return is_added;
}

/**
 * ch_zip_write:
 * @members: (array length=n_members): the files
 * @packed: whether to make them smaller; photographs are already
 * @error: %CH_ERROR_INTERNAL
 *
 * Makes an archive. The same files always make the same bytes.
 *
 * Returns: (transfer full): the zip
 */
GBytes *
ch_zip_write (const ChZipMember *members, gsize n_members, gboolean packed, GError **error)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  struct archive *archive = archive_write_new ();
  gboolean is_good
      = archive_write_set_format_zip (archive) == ARCHIVE_OK
        && archive_write_set_options (archive, packed ? "zip:compression=deflate,zip:hdrcharset=UTF-8"
                                                      : "zip:compression=store,zip:hdrcharset=UTF-8")
               == ARCHIVE_OK
        && archive_write_set_bytes_in_last_block (archive, 1) == ARCHIVE_OK
        && archive_write_open (archive, out, NULL, on_write_cb, NULL) == ARCHIVE_OK;

  for (gsize i = 0; i < n_members && is_good; i++)
    is_good = add (archive, &members[i], taken);
  is_good = is_good && archive_write_close (archive) == ARCHIVE_OK;
  if (!is_good)
    g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "making an archive: %s", archive_error_string (archive));
  archive_write_free (archive);
  return is_good ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}
