#pragma once

#include <gio/gio.h>

#include "server/ch-stmt.h"

G_BEGIN_DECLS

/* The store: one SQLite file. One thread writes, many read. */
typedef struct _ChDb ChDb;

/* Runs within one transaction; returns NULL with @error set to undo it. What yields nothing returns
 * CH_DB_DONE. A function that writes runs in the writer’s thread: nothing slow belongs into it. */
typedef gpointer (*ChDbFunc) (ChDbTx *tx, gpointer data, GError **error);

/* Called in the writer’s thread; must not wait for anything */
typedef void (*ChDbWatch) (gpointer data);

#define CH_DB_DONE (GINT_TO_POINTER (TRUE))

ChDb *ch_db_open (const char *path, GError **error);
void ch_db_close (ChDb *self);

gpointer ch_db_write (ChDb *self, ChDbFunc func, gpointer data, GDestroyNotify free_result, GError **error);
gpointer ch_db_read (ChDb *self, ChDbFunc func, gpointer data, GError **error);
void ch_db_post (ChDb *self, ChDbFunc func, gpointer data, GDestroyNotify free_data);

void ch_db_set_watch (ChDb *self, ChDbWatch watch, gpointer data);
guint64 ch_db_get_n_commits (ChDb *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDb, ch_db_close)

G_END_DECLS
