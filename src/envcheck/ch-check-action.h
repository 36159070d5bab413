#pragma once

#include "envcheck/ch-check-result.h"

G_BEGIN_DECLS

void ch_check_action_perform_async (ChCheckAction action,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean ch_check_action_perform_finish (GAsyncResult *result, GError **error);

G_END_DECLS
