#pragma once

#include "server/ch-service.h"
#include "wire/messages-ticket.h"

G_BEGIN_DECLS

/* Looking up applications without an account: by a document number and the handler’s mobile */

void ch_lookup_reduce (ChApplication *application);
gboolean ch_lookup_knows_mobile (ChDbTx *tx, const char *mobile, gboolean *is_known, GError **error);
GPtrArray *ch_lookup_find (ChDbTx *tx, const char *mobile, const char *document_number, GError **error);
ChLookupList *ch_lookup_read (ChDbTx *tx, const ChProfile *profile, const char *ticket, GError **error);

G_END_DECLS
