#pragma once

#include "server/ch-caller.h"
#include "server/ch-service.h"
#include "wire/messages-ticket.h"

G_BEGIN_DECLS

/* Seconds a ticket is good for, however much it is used */
#define CH_TICKET_SECONDS 900

ChTicket *ch_ticket_start (ChDbTx *tx,
                           ChPrincipals purpose,
                           const char *object,
                           GPtrArray *applications,
                           GError **error);
gboolean ch_ticket_find (ChDbTx *tx, GBytes *token_sha256, ChCaller *caller, GError **error);
gboolean ch_ticket_covers (ChDbTx *tx,
                           const char *ticket,
                           const char *application,
                           gboolean *is_covered,
                           GError **error);
char *ch_ticket_get_object (ChDbTx *tx, const char *ticket, GError **error);
gboolean ch_ticket_delete_old (ChDbTx *tx, GError **error);

G_END_DECLS
