#pragma once

#include "server/ch-application-record.h"
#include "server/ch-gateway.h"
#include "wire/messages-list.h"
#include "wire/messages-order.h"

G_BEGIN_DECLS

/* Money. An order has attempts, each a code of its own; at most one of them can be paid at a time. */

typedef struct
{
  char *id;
  char *application;
  ChOrderState state;
  char *title;
  char *project;
  char *term;
  gint64 fen;
  gint64 created;
  gint64 paid;
} ChOrderRecord;

/* The attempt that is not closed yet */
typedef struct
{
  char *trade_no;
  char *channel;
  gboolean is_open; /* the gateway has given a code */
  char *code;
  gint64 expires;
} ChAttemptRecord;

ChOrderRecord *ch_order_record_load (ChDbTx *tx, const char *id, GError **error);
void ch_order_record_free (ChOrderRecord *self);
void ch_attempt_record_free (ChAttemptRecord *self);

gboolean ch_orders_find_attempt (ChDbTx *tx, const char *order, ChAttemptRecord **attempt, GError **error);
ChOrder *ch_orders_get (ChDbTx *tx, const char *id, GError **error);
ChOrderList *ch_orders_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error);

char *ch_orders_create (ChDbTx *tx,
                        const ChApplicationRecord *record,
                        const ChProfile *profile,
                        const char *who,
                        GError **error);
gboolean ch_orders_begin_attempt (ChDbTx *tx,
                                  const ChOrderRecord *order,
                                  const char *channel,
                                  const char *trade_no,
                                  gint64 expires,
                                  GError **error);
gboolean ch_orders_open_attempt (ChDbTx *tx, const char *trade_no, const char *code, GError **error);
gboolean ch_orders_close_attempt (ChDbTx *tx, const char *trade_no, GError **error);
gboolean ch_orders_end (ChDbTx *tx, const ChOrderRecord *order, const char *who, GError **error);
gboolean ch_orders_settle (ChDbTx *tx, const ChTrade *trade, const char *merchant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOrderRecord, ch_order_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChAttemptRecord, ch_attempt_record_free)

G_END_DECLS
