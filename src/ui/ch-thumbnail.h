#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

void ch_thumbnail_load_async (GFile *file,
                              int edge,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GdkPaintable *ch_thumbnail_load_finish (GFile *file, GAsyncResult *result, GError **error);

G_END_DECLS
