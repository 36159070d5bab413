#pragma once

#include "ui/ch-ui.h"

#include "papers/ch-paper.h"

G_BEGIN_DECLS

void ch_thumbnail_load_async (ChPaper *paper,
                              guint edge,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GdkPaintable *ch_thumbnail_load_finish (ChPaper *paper, GAsyncResult *result, GError **error);

G_END_DECLS
