#pragma once

#include "ports/ch-server.h"

G_BEGIN_DECLS

/* A proof of work, in place of a picture: it costs this PC a moment, and a flood of requests a fortune */
typedef struct
{
  char *challenge; /* (owned): its id */
  char *work;      /* (owned): what was found */
} ChWork;

void
ch_work_async (ChServer *server, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ChWork *ch_work_finish (ChServer *server, GAsyncResult *result, GError **error);
void ch_work_free (ChWork *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWork, ch_work_free)

G_END_DECLS
