#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "envcheck/ch-check-context.h"

#include "base/ch-file.h"
#include "base/ch-paths.h"
#include "wire/ch-axes.h"
#include "wire/ch-policy.h"

#define PROFILE_LIMIT (1024 * 1024)

static void
entry_free (gpointer data)
{
  ChCheckEntry *entry = data;

  g_free (entry->id);
  g_free (entry->title);
  g_free (entry->url);
  g_free (entry);
}

static ChCheckEntry *
add_entry (ChCheckContext *self, const char *id, const char *title, const char *url)
{
  ChCheckEntry *entry = g_new0 (ChCheckEntry, 1);
  gsize len = strlen (url);

  while (len > 0 && url[len - 1] == '/')
    len--;
  entry->id = g_strdup (id);
  entry->title = g_strdup (title);
  entry->url = g_strndup (url, len);
  g_ptr_array_add (self->entries, entry);
  return entry;
}

static void
add_entries (ChCheckContext *self, const ChProfile *profile)
{
  for (guint i = 0; i < profile->entries->len; i++)
    {
      const ChEntry *entry = profile->entries->pdata[i];

      add_entry (self, entry->id, ch_text_get (entry->name), entry->url);
    }
}

static GPtrArray *
read_shipped_profiles (void)
{
  g_autofree char *path = ch_paths_find_data ("profiles");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *profiles = ch_wire_list_new (&ChProfile_wire);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = g_build_filename (path, file, NULL);
      g_autoptr (GBytes) json = ch_file_read (name, PROFILE_LIMIT, NULL);
      ChProfile *profile = json != NULL ? ch_wire_decode (&ChProfile_wire, json, NULL) : NULL;

      if (profile != NULL)
        g_ptr_array_add (profiles, profile);
    }
  return profiles;
}

static gboolean
offers_ukey (const ChProfile *profile)
{
  for (guint i = 0; profile->flows[i] != NULL; i++)
    {
      ChAxes axes;

      if (ch_axes_parse (profile->flows[i], &axes) && axes.medium == CH_MEDIUM_UKEY)
        return TRUE;
    }
  return FALSE;
}

/* Where the program writes: tokens, drafts and journal, the session, settings */
static GStrv
get_places (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *tokens = ch_paths_get_token_dir ();
  g_autofree char *state = ch_paths_get_state_dir ();
  g_autofree char *runtime = ch_paths_get_runtime_dir ();
  g_autofree char *settings = g_build_filename (g_get_user_config_dir (), "certhall", NULL);

  g_strv_builder_add_many (builder, tokens, state, runtime, settings, NULL);
  return g_strv_builder_end (builder);
}

static void
clear_context (gpointer data)
{
  ChCheckContext *self = data;

  g_ptr_array_unref (self->entries);
  g_free (self->trust_file);
  g_free (self->token_dir);
  g_free (self->root);
  g_strfreev (self->places);
  g_strfreev (self->driver_dirs);
  g_ptr_array_unref (self->drivers);
  g_ptr_array_unref (self->unreadable);
}

/**
 * ch_check_context_new:
 * @profile: (nullable): of the CA; its entries are tried
 * @server: (nullable): a server’s address; then it alone is tried
 * @trust_file: (nullable): PEM file of what the server’s certificate must lead to; %NULL: what the system
 * trusts
 *
 * Returns: (transfer full): what is to be checked
 */
ChCheckContext *
ch_check_context_new (const ChProfile *profile, const char *server, const char *trust_file)
{
  ChCheckContext *self = g_atomic_rc_box_new0 (ChCheckContext);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->trust_file = g_strdup (trust_file);
  self->wants_ukey = profile == NULL || offers_ukey (profile);
  self->token_dir = ch_paths_get_token_dir ();
  self->places = get_places ();
  self->root = g_strdup ("");
  self->driver_dirs = ch_driver_list_get_dirs ();
  self->drivers = g_ptr_array_new ();
  self->unreadable = g_ptr_array_new ();
  ch_check_context_read_drivers (self);

  if (server != NULL)
    add_entry (self, "server", _ ("The CA’s server"), server);
  else if (profile != NULL)
    add_entries (self, profile);
  return self;
}

/**
 * ch_check_context_new_shipped:
 * @server: (nullable): a server’s address; then it alone is tried
 * @trust_file: (nullable): PEM file of what the server’s certificate must lead to; %NULL: what the system
 * trusts
 *
 * For those who have reached no server yet: what the profiles that come with the program know.
 *
 * Returns: (transfer full): what is to be checked
 */
ChCheckContext *
ch_check_context_new_shipped (const char *server, const char *trust_file)
{
  g_autoptr (GPtrArray) profiles = read_shipped_profiles ();
  g_autoptr (ChEntries) entries = server != NULL ? ch_entries_new (server, NULL) : NULL;
  ChCheckContext *self = ch_check_context_new (NULL, server, trust_file);
  gboolean is_known = FALSE;

  self->wants_ukey = profiles->len == 0;
  for (guint i = 0; i < profiles->len; i++)
    {
      self->wants_ukey = self->wants_ukey || offers_ukey (profiles->pdata[i]);
      if (server == NULL)
        add_entries (self, profiles->pdata[i]);
      is_known = is_known || (entries != NULL && ch_entries_take_profile (entries, profiles->pdata[i]));
    }
  if (is_known || (entries != NULL && ch_entries_get_n (entries) > 1))
    ch_check_context_set_entries (self, entries);
  /* Which one a program goes through nobody has said here */
  for (guint i = 0; i < self->entries->len; i++)
    ((ChCheckEntry *) self->entries->pdata[i])->is_in_use = FALSE;
  return self;
}

ChCheckContext *
ch_check_context_ref (ChCheckContext *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
ch_check_context_unref (ChCheckContext *self)
{
  g_atomic_rc_box_release_full (self, clear_context);
}

/**
 * ch_check_context_set_entries:
 * @self: a context that nobody uses yet
 * @entries: at which the CA answers
 *
 * These are tried, and it is told which is in use.
 */
void
ch_check_context_set_entries (ChCheckContext *self, ChEntries *entries)
{
  guint n = ch_entries_get_n (entries);

  g_ptr_array_set_size (self->entries, 0);
  for (guint i = 0; i < n; i++)
    {
      const ChEntryRow *row = ch_entries_get (entries, i);
      ChCheckEntry *entry = add_entry (
          self, row->id, row->name != NULL || n > 1 ? ch_entry_row_get_title (row) : _ ("The CA’s server"),
          row->url);

      entry->is_in_use = n > 1 && row == ch_entries_get_current (entries);
    }
}

/**
 * ch_check_context_set_offline:
 * @self: a context that nobody uses yet
 *
 * Nobody elsewhere is asked.
 */
void
ch_check_context_set_offline (ChCheckContext *self)
{
  g_ptr_array_set_size (self->entries, 0);
}

/**
 * ch_check_context_set_data_dir:
 * @self: a context that nobody uses yet
 * @dir: where tokens and drafts are kept, and all else
 */
void
ch_check_context_set_data_dir (ChCheckContext *self, const char *dir)
{
  const char *const places[] = { dir, NULL };

  g_free (self->token_dir);
  self->token_dir = g_build_filename (dir, "tokens", NULL);
  g_strfreev (self->places);
  self->places = g_strdupv ((GStrv) places);
}

/**
 * ch_check_context_set_driver_dirs:
 * @self: a context that nobody uses yet
 * @dirs: folders with p11-kit’s *.module files, the later wins
 */
void
ch_check_context_set_driver_dirs (ChCheckContext *self, const char *const *dirs)
{
  g_strfreev (self->driver_dirs);
  self->driver_dirs = g_strdupv ((GStrv) dirs);
  ch_check_context_read_drivers (self);
}

/**
 * ch_check_context_set_root:
 * @self: a context that nobody uses yet
 * @root: a folder in which the system’s own files are looked for: programs, devices, marks
 */
void
ch_check_context_set_root (ChCheckContext *self, const char *root)
{
  g_free (self->root);
  self->root = g_strdup (root);
}

/**
 * ch_check_context_read_drivers:
 * @self: a context that nobody uses now
 *
 * Looks anew which drivers are set up.
 *
 * Returns: whether there are others than before; those of before are gone then
 */
gboolean
ch_check_context_read_drivers (ChCheckContext *self)
{
  g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) drivers = ch_driver_list_read ((const char *const *) self->driver_dirs, unreadable);
  gboolean is_same = drivers->len == self->drivers->len && unreadable->len == self->unreadable->len;

  for (guint i = 0; i < drivers->len && is_same; i++)
    {
      const ChDriver *now = drivers->pdata[i];
      const ChDriver *before = self->drivers->pdata[i];

      is_same = g_str_equal (now->name, before->name) && g_str_equal (now->path, before->path)
                && now->state == before->state;
    }
  if (is_same)
    return FALSE;

  g_ptr_array_unref (self->drivers);
  g_ptr_array_unref (self->unreadable);
  self->drivers = g_steal_pointer (&drivers);
  self->unreadable = g_steal_pointer (&unreadable);
  return TRUE;
}

/**
 * ch_check_context_find:
 * @path: of the system, absolute
 *
 * Returns: (transfer full): where it is looked for
 */
char *
ch_check_context_find (const ChCheckContext *self, const char *path)
{
  return g_strconcat (self->root, path, NULL);
}
