#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads an answer whole, up to a limit. It may be a session: every buffer it stood in is wiped. */
void ch_api_answer_read_async (GInputStream *stream,
                               goffset expected,
                               gsize limit,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GBytes *ch_api_answer_read_finish (GInputStream *stream, GAsyncResult *result, GError **error);

G_END_DECLS
