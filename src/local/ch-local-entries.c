#include "config.h"

#include "local/ch-local-entries.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/ch-file.h"

#define LIMIT     65536
#define N_DIGITS  16
#define DIR_MODE  0700
#define FILE_MODE 0600

typedef struct
{
  char *dir;
  char *path;
  GBytes *known; /* (nullable): what is in the file */
} Kept;

static void
kept_free (gpointer data, GClosure *closure)
{
  Kept *self = data;

  g_free (self->dir);
  g_free (self->path);
  g_clear_pointer (&self->known, g_bytes_unref);
  g_free (self);
}

/* Nothing is lost with it but the time to find out again, so nobody waits until it is on the disk */
static void
on_changed_cb (ChEntries *entries, Kept *self)
{
  g_autoptr (ChKeptEntries) kept = ch_entries_keep (entries);
  g_autoptr (GBytes) json = ch_wire_encode (&ChKeptEntries_wire, kept);
  g_autoptr (GError) error = NULL;

  /* One address by itself is in the settings anyhow */
  if ((self->known == NULL && ch_entries_get_n (entries) < 2)
      || (self->known != NULL && g_bytes_equal (self->known, json)))
    return;
  if (g_mkdir_with_parents (self->dir, DIR_MODE) != 0
      || !g_file_set_contents_full (self->path, g_bytes_get_data (json, NULL), g_bytes_get_size (json),
                                    G_FILE_SET_CONTENTS_CONSISTENT, FILE_MODE, &error))
    {
      g_info ("the entries are not kept: %s", error != NULL ? error->message : g_strerror (errno));
      return;
    }
  g_clear_pointer (&self->known, g_bytes_unref);
  self->known = g_steal_pointer (&json);
}

/**
 * ch_local_entries_follow:
 * @entries: of a CA
 * @dir: (nullable): where state is kept; %NULL: nothing is
 *
 * Has @entries know what was kept of them, and keeps it from now on.
 */
void
ch_local_entries_follow (ChEntries *entries, const char *dir)
{
  g_autofree char *digest = NULL;
  g_autofree char *name = NULL;
  g_autoptr (ChKeptEntries) kept = NULL;
  Kept *self;

  if (dir == NULL)
    return;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, ch_entries_get_home (entries), -1);
  name = g_strdup_printf ("entries-%.*s.json", N_DIGITS, digest);
  self = g_new0 (Kept, 1);
  self->dir = g_strdup (dir);
  self->path = g_build_filename (dir, name, NULL);
  self->known = ch_file_read (self->path, LIMIT, NULL);
  kept = self->known != NULL ? ch_wire_decode (&ChKeptEntries_wire, self->known, NULL) : NULL;
  if (kept != NULL)
    ch_entries_restore (entries, kept);
  g_signal_connect_data (entries, "changed", G_CALLBACK (on_changed_cb), self, kept_free, 0);
}
