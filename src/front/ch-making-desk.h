#pragma once

#include "ports/ch-ports.h"
#include "wire/messages-delivery.h"

G_BEGIN_DECLS

/* What the staff who make USB keys have before them: the approved applications whose key has not left yet */
void ch_making_desk_list_async (ChPorts *ports,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *ch_making_desk_list_finish (ChPorts *ports, GAsyncResult *result, GError **error);
char *ch_making_desk_describe (const ChDelivery *delivery);

G_END_DECLS
