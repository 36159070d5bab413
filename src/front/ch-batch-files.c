#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-batch-files.h"
#include "papers/ch-document-check.h"
#include "papers/ch-paper.h"

/* What a file is: looked at once, however many rows name it */
typedef struct
{
  char *sha256; /* (owned): in hexadecimal digits */
  ChContent content;
  ChReason reason; /* what is wrong with it whatever it is for */
} Seen;

struct _ChBatchFiles
{
  char *folder;     /* (owned) (nullable): of the sheet, without links in it */
  GHashTable *seen; /* (owned): real path → Seen */
};

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_free (seen->sha256);
  g_free (seen);
}

/**
 * ch_batch_files_new:
 * @sheet: path of the sheet
 *
 * Returns: (transfer full): the files that lie below its folder
 */
ChBatchFiles *
ch_batch_files_new (const char *sheet)
{
  g_autofree char *folder = g_path_get_dirname (sheet);
  ChBatchFiles *self = g_new0 (ChBatchFiles, 1);

  self->folder = realpath (folder, NULL);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  return self;
}

void
ch_batch_files_free (ChBatchFiles *self)
{
  free (self->folder); /* of realpath() */
  g_hash_table_unref (self->seen);
  g_free (self);
}

/* A sheet that somebody else has written must not have this PC upload what lies elsewhere: no way up, no
 * place of its own, no drive */
static gboolean
leads_elsewhere (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (g_str_equal (parts[i], ".."))
      return TRUE;
  return *path == '/' || *path == '~' || (g_ascii_isalpha (*path) && path[1] == ':')
         || strstr (path, "://") != NULL;
}

/* Returns: (transfer full) (nullable): where it really is, after all links */
static char *
find_file (ChBatchFiles *self, const char *name, ChReason *reason)
{
  g_autofree char *path = g_strdelimit (g_strdup (name), "\\", '/');
  g_autofree char *whole = NULL, *below = NULL, *found = NULL;
  char *real;

  if (self->folder == NULL || leads_elsewhere (path))
    {
      *reason = CH_REASON_FILE_OUTSIDE;
      return NULL;
    }
  whole = g_build_filename (self->folder, path, NULL);
  real = realpath (whole, NULL);
  if (real == NULL || !g_file_test (real, G_FILE_TEST_IS_REGULAR))
    {
      free (real);
      *reason = CH_REASON_FILE_NOT_FOUND;
      return NULL;
    }

  below = g_strconcat (g_str_equal (self->folder, "/") ? "" : self->folder, "/", NULL);
  found = g_strdup (real);
  free (real);
  if (g_str_has_prefix (found, below))
    return g_steal_pointer (&found);
  *reason = CH_REASON_FILE_OUTSIDE;
  return NULL;
}

static const Seen *
look_at (ChBatchFiles *self, const char *path)
{
  Seen *seen = g_hash_table_lookup (self->seen, path);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data;

  if (seen != NULL)
    return seen;

  seen = g_new0 (Seen, 1);
  bytes = ch_file_read (path, CH_PAPER_MAX_BYTES, &error);
  if (bytes == NULL)
    seen->reason = CH_REASON_FILE_TOO_LARGE;
  else if (g_bytes_get_size (bytes) == 0)
    seen->reason = CH_REASON_FILE_EMPTY;
  else
    {
      data = g_bytes_get_data (bytes, &size);
      seen->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      seen->content = ch_sniff (data, size);
    }
  g_hash_table_insert (self->seen, g_strdup (path), seen);
  return seen;
}

/* One file for a document that is a picture or a PDF must be one; what is bundled may be of any kind */
static ChReason
judge (const ChDocumentRule *rule, const Seen *seen)
{
  if (seen->reason != CH_REASON_OK)
    return seen->reason;
  return ch_document_takes_bundle (rule) ? CH_REASON_OK : ch_document_judge_kind (rule, seen->content);
}

/**
 * ch_batch_files_resolve:
 * @rule: the document
 * @cell: names of files, with semicolons between
 * @sha256: (out): of each file, with blanks between
 * @reason: (out): why the files cannot be taken
 *
 * Finds the files for a document.
 *
 * Returns: (transfer full) (nullable): where they are
 */
GStrv
ch_batch_files_resolve (ChBatchFiles *self,
                        const ChDocumentRule *rule,
                        const char *cell,
                        char **sha256,
                        ChReason *reason)
{
  g_auto (GStrv) wide = g_strsplit (cell, "；", -1);
  g_autofree char *narrow = g_strjoinv (";", wide);
  g_auto (GStrv) names = g_strsplit (narrow, ";", -1);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autoptr (GString) sums = g_string_new (NULL);

  *reason = CH_REASON_OK;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = NULL;
      const Seen *seen;

      g_strstrip (names[i]);
      if (*names[i] == 0)
        continue;
      path = find_file (self, names[i], reason);
      if (path == NULL)
        return NULL;
      seen = look_at (self, path);
      *reason = judge (rule, seen);
      if (*reason != CH_REASON_OK)
        return NULL;
      g_strv_builder_add (paths, path);
      g_string_append_printf (sums, "%s%s", sums->len > 0 ? " " : "", seen->sha256);
    }
  if (sums->len == 0)
    {
      *reason = CH_REASON_FILE_MISSING;
      return NULL;
    }
  *sha256 = g_string_free (g_steal_pointer (&sums), FALSE);
  return g_strv_builder_end (paths);
}

/**
 * ch_batch_files_load:
 * @paths: (array zero-terminated=1): of ch_batch_files_resolve()
 * @sha256: what was told of them then
 * @error: %CH_ERROR_BATCH_CHANGED when one is another by now
 *
 * Reads the files for a document. Blocks.
 *
 * Returns: (transfer full) (element-type ChPaper): the files, as they were when they were looked at
 */
GPtrArray *
ch_batch_files_load (const char *const *paths, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) sums = g_strsplit (sha256, " ", -1);

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = ch_file_read (paths[i], CH_PAPER_MAX_BYTES, error);
      g_autofree char *sum = bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
      g_autofree char *name = g_path_get_basename (paths[i]);

      if (bytes == NULL)
        return NULL;
      if (g_strcmp0 (sum, sums[i]) != 0)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_BATCH_CHANGED, "%s is another file by now", name);
          return NULL;
        }
      g_ptr_array_add (papers, ch_paper_new_for_bytes (bytes, name));
    }
  return g_steal_pointer (&papers);
}
