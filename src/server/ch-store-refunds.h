#pragma once

#include "server/ch-store-orders.h"

G_BEGIN_DECLS

/* Money that goes back: due → approved → sent → done, or failed. A refund is all of what one attempt brought,
 * and there is at most one of an attempt: nothing goes back twice. Its id is the number under which the
 * gateway is asked. */
typedef struct
{
  char *id;
  char *order;
  char *application;
  char *trade_no;
  char *channel;
  char *title;
  gint64 fen;
  ChRefundState state;
  char *asked_by;
  char *checked_by;  /* (nullable) */
  char *approved_by; /* (nullable) */
  gint64 tries;
} ChRefundRecord;

ChRefundRecord *ch_refund_record_load (ChDbTx *tx, const char *id, GError **error);
void ch_refund_record_free (ChRefundRecord *self);

ChRefund *ch_refunds_get (ChDbTx *tx, const char *id, GError **error);
ChRefundList *ch_refunds_list (ChDbTx *tx, const char *state, GError **error);
GPtrArray *ch_refunds_list_of_order (ChDbTx *tx, const char *order, GError **error);
gboolean ch_refunds_fill_order (ChDbTx *tx, ChOrder *order, GError **error);
GPtrArray *ch_refunds_list_ready (ChDbTx *tx, guint max, GError **error);

gboolean
ch_refunds_add (ChDbTx *tx, const char *trade_no, ChRefundReason reason, const char *who, GError **error);
gboolean ch_refunds_add_all (ChDbTx *tx,
                             const ChOrderRecord *order,
                             ChRefundReason reason,
                             const char *who,
                             GError **error);

gboolean ch_refunds_approve (ChDbTx *tx,
                             const ChRefundRecord *refund,
                             gboolean needs_two,
                             const char *who,
                             GError **error);
gboolean ch_refunds_retry (ChDbTx *tx, const ChRefundRecord *refund, const char *who, GError **error);
gboolean ch_refunds_mark_done (ChDbTx *tx,
                               const ChRefundRecord *refund,
                               gboolean needs_two,
                               const char *note,
                               const char *who,
                               GError **error);
gboolean ch_refunds_postpone (ChDbTx *tx, const char *id, gint64 next_try, GError **error);
gboolean
ch_refunds_take_in (ChDbTx *tx, const ChRefundRecord *refund, const ChPaybackAnswer *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChRefundRecord, ch_refund_record_free)

G_END_DECLS
