#pragma once

#include "ports/ch-entries.h"

G_BEGIN_DECLS

void ch_api_measure_async (ChEntries *entries,
                           GTlsDatabase *anchor,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean ch_api_measure_finish (ChEntries *entries, GAsyncResult *result, GError **error);

G_END_DECLS
