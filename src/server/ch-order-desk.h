#pragma once

#include "server/ch-service.h"
#include "server/ch-store-orders.h"

G_BEGIN_DECLS

/* Between store and gateway. Every function blocks and asks the gateway outside of any transaction. */
gboolean ch_order_desk_notify (ChService *service, const ChNotice *notice, GError **error);
gboolean ch_order_desk_query (ChService *service, const char *order, GError **error);
gboolean ch_order_desk_close (ChService *service, const char *order, GError **error);
char *
ch_order_desk_begin (ChService *service, const char *order, const char *channel, char **code, GError **error);
gboolean ch_order_desk_reconcile (ChService *service,
                                  const char *channel,
                                  const char *trade_no,
                                  gboolean is_over,
                                  GError **error);
void ch_order_desk_give_up (ChService *service, const char *channel, const char *trade_no);

/* This one is for within a transaction, and asks nobody. */
gboolean
ch_order_desk_refund (ChDbTx *tx, const char *order, ChRefundReason reason, const char *who, GError **error);

G_END_DECLS
