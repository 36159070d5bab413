#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Threads with a bounded queue. One thread keeps calls in order: that is how a token module is owned. */
typedef struct _ChWorker ChWorker;

ChWorker *ch_worker_new (const char *name, guint n_threads, guint max_queue);
void ch_worker_free (ChWorker *self);
gboolean ch_worker_push (ChWorker *self, GTask *task, GTaskThreadFunc func, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWorker, ch_worker_free)

G_END_DECLS
