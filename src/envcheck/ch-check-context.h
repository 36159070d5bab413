#pragma once

#include "envcheck/ch-driver-list.h"
#include "ports/ch-entries.h"

G_BEGIN_DECLS

/* An address that is tried */
typedef struct
{
  char *id;           /* of the profile’s entry, or “server” */
  char *title;        /* for people, translated */
  char *url;          /* without a slash at its end */
  gboolean is_in_use; /* one of several, and the program goes through it */
} ChCheckEntry;

/* What is checked: gathered once, then only read, by all threads that check. */
typedef struct
{
  GPtrArray *entries; /* (owned) (element-type ChCheckEntry) */
  char *trust_file; /* (owned) (nullable): anchor the servers’ certificates must lead to; else the system’s */
  gboolean wants_ukey;   /* the CA offers businesses with a USB key, or it is not known which */
  char *token_dir;       /* (owned): where software tokens lie */
  GStrv places;          /* (owned): folders the program writes to; the first is where most goes */
  GStrv driver_dirs;     /* (owned): with p11-kit’s *.module files, the later wins */
  GPtrArray *drivers;    /* (owned) (element-type ChDriver): as they were named there */
  GPtrArray *unreadable; /* (owned) (element-type filename): *.module files that say nothing */
  char *root;            /* (owned): what stands before the system’s own paths, for tests; else empty */
  gint64 now;            /* this PC’s clock, for tests; 0: as it is */
  guint time_limit;      /* milliseconds for each check, for tests; 0: their own */
} ChCheckContext;

ChCheckContext *ch_check_context_new (const ChProfile *profile, const char *server, const char *trust_file);
ChCheckContext *ch_check_context_new_shipped (const char *server, const char *trust_file);
ChCheckContext *ch_check_context_ref (ChCheckContext *self);
void ch_check_context_unref (ChCheckContext *self);
void ch_check_context_set_entries (ChCheckContext *self, ChEntries *entries);
void ch_check_context_set_offline (ChCheckContext *self);
void ch_check_context_set_data_dir (ChCheckContext *self, const char *dir);
void ch_check_context_set_driver_dirs (ChCheckContext *self, const char *const *dirs);
void ch_check_context_set_root (ChCheckContext *self, const char *root);
gboolean ch_check_context_read_drivers (ChCheckContext *self);
char *ch_check_context_find (const ChCheckContext *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCheckContext, ch_check_context_unref)

G_END_DECLS
