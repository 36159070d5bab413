#pragma once

#include "ports/ch-ports.h"
#include "wire/messages-ticket.h"

G_BEGIN_DECLS

/* Applications looked up without an account; beside it, whoever is logged in stays so */
void ch_lookup_desk_find_async (ChPorts *ports,
                                const char *document_number,
                                const char *mobile,
                                ChSecret *code,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
ChLookupList *ch_lookup_desk_find_finish (ChPorts *ports, GAsyncResult *result, GError **error);
GPtrArray *ch_lookup_desk_make_items (ChPorts *ports, const ChLookupList *list);

G_END_DECLS
