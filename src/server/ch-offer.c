#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-sniff.h"
#include "server/ch-offer.h"
#include "wire/ch-policy.h"

/* What may be offered, and what it must be inside: nothing that runs where it is opened */
static const struct
{
  const char *ending;
  ChContent content;
} kinds[] = {
  { ".pdf", CH_CONTENT_PDF },    { ".ofd", CH_CONTENT_OFD },  { ".docx", CH_CONTENT_WORD },
  { ".xlsx", CH_CONTENT_SHEET }, { ".zip", CH_CONTENT_ZIP },  { ".png", CH_CONTENT_PNG },
  { ".jpg", CH_CONTENT_JPEG },   { ".txt", CH_CONTENT_TEXT },
};

static gboolean
check_content (const char *name, GBytes *content, GError **error)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (content, &len);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_suffix (name, kinds[i].ending) && ch_sniff (data, len) == kinds[i].content)
      return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is not what its name says, or nothing that is offered",
               name);
  return FALSE;
}

/* Only by a name that leads nowhere else */
static GBytes *
read_offered (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) content = NULL;

  if (!ch_file_name_is_plain (name))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "“%s” is no name of a file that is offered", name);
      return NULL;
    }

  path = g_build_filename (folder, name, NULL);
  content = ch_file_read (path, CH_OFFER_MAX_SIZE, error);
  return content != NULL && check_content (name, content, error) ? g_steal_pointer (&content) : NULL;
}

/**
 * ch_offer_copy:
 * @profile_path: where @profile lies; what it offers lies beside it, in a folder called like it
 * @store: the folder of a store
 * @error: which file is missing, too large or not what its name says
 *
 * Takes what the profile offers over into a store.
 */
gboolean
ch_offer_copy (const ChProfile *profile, const char *profile_path, const char *store, GError **error)
{
  g_autofree char *from = g_str_has_suffix (profile_path, ".json")
                              ? g_strndup (profile_path, strlen (profile_path) - strlen (".json"))
                              : g_strconcat (profile_path, ".files", NULL);
  g_autofree char *to = g_build_filename (store, CH_OFFER_FOLDER, NULL);

  if (!ch_file_make_dir (to, error))
    return FALSE;

  for (guint i = 0; profile->files != NULL && i < profile->files->len; i++)
    {
      const ChOfferedFile *file = profile->files->pdata[i];
      g_autoptr (GBytes) content = read_offered (from, file->file, error);
      g_autofree char *path = content != NULL ? g_build_filename (to, file->file, NULL) : NULL;

      if (content == NULL
          || !ch_file_write_durably (path, g_bytes_get_data (content, NULL), g_bytes_get_size (content), 0644,
                                     error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ch_offer_load:
 * @store: the folder of a store
 *
 * Reads what is offered once, so that size and checksum are those of what is served until the next start. A
 * form that is missing is told and left out: no reason not to serve.
 *
 * Returns: (transfer full): name → content
 */
GHashTable *
ch_offer_load (const ChProfile *profile, const char *store)
{
  GHashTable *offered
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autofree char *folder = g_build_filename (store, CH_OFFER_FOLDER, NULL);

  for (guint i = 0; profile->files != NULL && i < profile->files->len; i++)
    {
      const ChOfferedFile *file = profile->files->pdata[i];
      g_autoptr (GError) error = NULL;
      GBytes *content = read_offered (folder, file->file, &error);

      if (content != NULL)
        g_hash_table_replace (offered, g_strdup (file->file), content);
      else
        g_warning ("not offered for download: %s", error->message);
    }
  return offered;
}
