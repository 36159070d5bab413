#pragma once

#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* Logging in by the certificate on a token: as its holder, or as a member of staff. */
void ch_holder_desk_login_async (ChPorts *ports,
                                 ChToken *token,
                                 const char *key_id,
                                 const char *staff,
                                 GTlsInteraction *asker,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean ch_holder_desk_login_finish (ChPorts *ports, GAsyncResult *result, GError **error);

void ch_holder_desk_recall_async (ChPorts *ports,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean ch_holder_desk_recall_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
