#pragma once

#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* Tries whether a key signs: a statement of this program’s own, under a label that nothing else has, and
 * judged by the certificate at once. */
void ch_sign_test_async (ChPorts *ports,
                         ChToken *token,
                         const char *key_id,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
char *ch_sign_test_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
