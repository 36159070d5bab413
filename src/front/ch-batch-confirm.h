#pragma once

#include "front/ch-batch-sheet.h"
#include "ports/ch-ports.h"
#include "wire/messages-batch.h"

G_BEGIN_DECLS

/* Has a sheet confirmed by a signature; one that was confirmed before needs none */
void ch_batch_confirm_async (ChPorts *ports,
                             ChBatchSheet *sheet,
                             const char *token,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
ChBatch *ch_batch_confirm_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
