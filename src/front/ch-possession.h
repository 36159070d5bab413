#pragma once

#include "front/ch-verify-item.h"
#include "ports/ch-ports.h"

G_BEGIN_DECLS

void ch_possession_prove_async (ChPorts *ports,
                                ChVerifyItem *item,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean ch_possession_prove_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
