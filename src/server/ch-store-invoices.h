#pragma once

#include "server/ch-stmt.h"
#include "wire/ch-policy.h"
#include "wire/messages-invoice.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* Invoices: asked for by who paid, made out by the staff. @who is what ch_caller_get_id() says. */

ChInvoice *ch_invoices_get (ChDbTx *tx, const char *application, GError **error);
ChInvoiceList *ch_invoices_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error);
ChInvoiceFile *ch_invoices_read_file (ChDbTx *tx, const char *application, GError **error);

gboolean ch_invoices_ask (ChDbTx *tx,
                          const char *application,
                          const ChProfile *profile,
                          GHashTable *answers,
                          const char *who,
                          GError **error);
gboolean ch_invoices_make (ChDbTx *tx,
                           const char *application,
                           const ChInvoiceMade *made,
                           const char *who,
                           GError **error);

G_END_DECLS
