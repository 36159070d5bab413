#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-listing.h"
#include "server/ch-random.h"
#include "server/ch-replacing.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-orders.h"
#include "server/ch-store-refunds.h"

#define CURRENCY "CNY"

/* Who writes into the history what a gateway says */
#define GATEWAY "gateway"

/**
 * ch_order_record_load:
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the order
 */
ChOrderRecord *
ch_order_record_load (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT id, application, state, title, project, term, fen, created, paid FROM purchase WHERE id = $1",
      CH_BIND (CH_TEXT (id)), error);
  ChOrderRecord *self;
  int state = CH_ORDER_UNPAID;

  if (row == NULL)
    return NULL;

  self = g_new0 (ChOrderRecord, 1);
  self->id = ch_stmt_dup_text (row, 0);
  self->application = ch_stmt_dup_text (row, 1);
  ch_wire_enum_from_id (&ChOrderState_enum, ch_stmt_get_text (row, 2), &state);
  self->state = state;
  self->title = ch_stmt_dup_text (row, 3);
  self->project = ch_stmt_dup_text (row, 4);
  self->term = ch_stmt_dup_text (row, 5);
  self->fen = ch_stmt_get_int (row, 6);
  self->created = ch_stmt_get_int (row, 7);
  self->paid = ch_stmt_get_int (row, 8);
  return self;
}

void
ch_order_record_free (ChOrderRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->application);
  g_free (self->title);
  g_free (self->project);
  g_free (self->term);
  g_free (self);
}

void
ch_attempt_record_free (ChAttemptRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->trade_no);
  g_free (self->channel);
  g_free (self->code);
  g_free (self);
}

/**
 * ch_orders_find_attempt:
 * @attempt: (out) (nullable): the attempt that is not closed, %NULL when there is none
 *
 * One that is not open yet counts too: after a crash nobody knows whether the gateway has it.
 */
gboolean
ch_orders_find_attempt (ChDbTx *tx, const char *order, ChAttemptRecord **attempt, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT trade_no, channel, state = 'open', code, expires FROM attempt "
                     "WHERE purchase = $1 AND state IN ('new', 'open') ORDER BY created",
                     CH_BIND (CH_TEXT (order)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  *attempt = NULL;
  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  *attempt = g_new0 (ChAttemptRecord, 1);
  (*attempt)->trade_no = ch_stmt_dup_text (stmt, 0);
  (*attempt)->channel = ch_stmt_dup_text (stmt, 1);
  (*attempt)->is_open = ch_stmt_get_int (stmt, 2) != 0;
  (*attempt)->code = ch_stmt_dup_text (stmt, 3);
  (*attempt)->expires = ch_stmt_get_int (stmt, 4);
  return TRUE;
}

/**
 * ch_orders_get:
 *
 * Returns: (transfer full): the message about an order, with the code that can be paid
 */
ChOrder *
ch_orders_get (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChOrderRecord) order = ch_order_record_load (tx, id, error);
  g_autoptr (ChAttemptRecord) attempt = NULL;
  ChOrder *message;

  if (order == NULL || !ch_orders_find_attempt (tx, id, &attempt, error))
    return NULL;

  message = ch_wire_new (&ChOrder_wire);
  message->id = g_strdup (order->id);
  message->application = g_strdup (order->application);
  message->state = order->state;
  message->title = g_strdup (order->title);
  message->fen = order->fen;
  message->created = order->created;
  message->paid = order->paid;
  if (!ch_refunds_fill_order (tx, message, error))
    {
      ch_order_free (message);
      return NULL;
    }
  if (order->state != CH_ORDER_UNPAID || attempt == NULL || !attempt->is_open)
    return message;

  message->attempt = ch_wire_new (&ChAttempt_wire);
  message->attempt->trade_no = g_strdup (attempt->trade_no);
  message->attempt->channel = g_strdup (attempt->channel);
  message->attempt->code = g_strdup (attempt->code);
  message->attempt->expires = attempt->expires;
  return message;
}

static const ChTerm *
find_term (const ChApplicationRecord *record, const ChProfile *profile, GError **error)
{
  const ChProject *project = ch_profile_get_project (profile, record->project);
  const char *id = ch_application_record_get_answer (record, "term");
  const ChTerm *term = project != NULL ? ch_project_get_term (project, id) : NULL;

  if (term == NULL)
    {
      GError *wrong = ch_error_new_fields ();

      ch_error_add_field (wrong, "term", id == NULL ? CH_REASON_MISSING : CH_REASON_CHOICE, NULL);
      g_propagate_error (error, wrong);
    }
  return term;
}

static char *
make_title (const ChApplicationRecord *record, const ChProfile *profile, const ChTerm *term)
{
  const ChProject *project = ch_profile_get_project (profile, record->project);

  /* Payers read it in their pay program, which is Chinese */
  return term != NULL
             ? g_strdup_printf ("%s %s %s", profile->short_name->zh, project->name->zh, term->name->zh)
             : g_strdup_printf ("%s %s", profile->short_name->zh, project->name->zh);
}

static gboolean
check_no_attempt (ChDbTx *tx, const char *order, GError **error)
{
  g_autoptr (ChAttemptRecord) attempt = NULL;

  if (!ch_orders_find_attempt (tx, order, &attempt, error))
    return FALSE;
  if (attempt == NULL)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_BUSY, "another code of this order can still be paid");
  return FALSE;
}

static gboolean
write_order (ChDbTx *tx,
             const char *id,
             const ChApplicationRecord *record,
             const ChProfile *profile,
             const ChTerm *term,
             gint64 fen,
             GError **error)
{
  g_autofree char *title = make_title (record, profile, term);
  gint64 now = ch_clock_now ();

  /* What costs nothing is settled at once */
  return ch_db_run (tx,
                    "INSERT INTO purchase (id, application, state, title, project, term, fen, created, paid) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (application) DO UPDATE SET "
                    "state = excluded.state, title = excluded.title, project = excluded.project, "
                    "term = excluded.term, fen = excluded.fen, paid = excluded.paid",
                    CH_BIND (CH_TEXT (id), CH_TEXT (record->id), CH_TEXT (fen == 0 ? "paid" : "unpaid"),
                             CH_TEXT (title), CH_TEXT (record->project),
                             CH_TEXT (term != NULL ? term->id : ""), CH_INT (fen), CH_INT (now),
                             CH_INT (fen == 0 ? now : 0)),
                    error);
}

/**
 * ch_orders_create:
 * @record: the application, as it is now
 * @error: %CH_ERROR_INVALID_INPUT when no term is chosen, %CH_ERROR_BUSY when a code of the old price can
 * still be paid: it is to be closed first
 *
 * Fixes the price of the term that is chosen. An order that is there is taken, at the price of now while it
 * is unpaid.
 *
 * Returns: (transfer full): id of the order
 */
char *
ch_orders_create (ChDbTx *tx,
                  const ChApplicationRecord *record,
                  const ChProfile *profile,
                  const char *who,
                  GError **error)
{
  gboolean has_term = ch_profile_has_term (profile, record->axes.business);
  const ChTerm *term = NULL;
  g_autofree char *id = record->order != NULL ? g_strdup (record->order) : ch_random_new_id ();
  gint64 fen;

  if (record->is_priced)
    return g_steal_pointer (&id);
  if (has_term)
    term = find_term (record, profile, error);
  if ((has_term && term == NULL) || !ch_application_record_check_open (record, error)
      || !check_no_attempt (tx, id, error) || !ch_replacing_check (tx, profile, record, error))
    return NULL;

  fen = record->axes.settlement == CH_SETTLEMENT_ENTERPRISE_PAY
            ? 0
            : ch_profile_get_fen (profile, record->axes.business, term);
  if (!write_order (tx, id, record, profile, term, fen, error)
      || !ch_applications_add_history (tx, record->id, fen == 0 ? "settled" : "ordered", who, error))
    return NULL;
  return g_steal_pointer (&id);
}

/**
 * ch_orders_begin_attempt:
 * @trade_no: a new number
 * @error: %CH_ERROR_BUSY when another code can still be paid, %CH_ERROR_WRONG_STATE when nothing is to be
 * paid
 *
 * Writes down that the gateway is about to be asked for a code.
 */
gboolean
ch_orders_begin_attempt (ChDbTx *tx,
                         const ChOrderRecord *order,
                         const char *channel,
                         const char *trade_no,
                         gint64 expires,
                         GError **error)
{
  if (order->state != CH_ORDER_UNPAID)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "there is nothing to be paid");
      return FALSE;
    }

  return check_no_attempt (tx, order->id, error)
         && ch_db_run (
             tx,
             "INSERT INTO attempt (trade_no, purchase, channel, state, fen, code, expires, created) "
             "VALUES ($1, $2, $3, 'new', $4, '', $5, $6)",
             CH_BIND (CH_TEXT (trade_no), CH_TEXT (order->id), CH_TEXT (channel), CH_INT (order->fen),
                      CH_INT (expires), CH_INT (ch_clock_now ())),
             error);
}

/**
 * ch_orders_open_attempt:
 * @code: what the gateway gave
 * @error: %CH_ERROR_CONFLICT when the attempt was given up meanwhile
 */
gboolean
ch_orders_open_attempt (ChDbTx *tx, const char *trade_no, const char *code, GError **error)
{
  return ch_db_run_one (tx,
                        "UPDATE attempt SET state = 'open', code = $2 WHERE trade_no = $1 AND state = 'new'",
                        CH_BIND (CH_TEXT (trade_no), CH_TEXT (code)), error);
}

/**
 * ch_orders_close_attempt:
 *
 * Writes down that the gateway has closed an attempt.
 */
gboolean
ch_orders_close_attempt (ChDbTx *tx, const char *trade_no, GError **error)
{
  return ch_db_run (tx,
                    "UPDATE attempt SET state = 'closed' WHERE trade_no = $1 AND state IN ('new', 'open')",
                    CH_BIND (CH_TEXT (trade_no)), error);
}

static gboolean
is_right_trade (const ChTrade *trade, const char *merchant, const char *channel, gint64 fen)
{
  return trade->state == CH_TRADE_PAID && g_strcmp0 (trade->merchant, merchant) == 0
         && g_strcmp0 (trade->channel, channel) == 0 && g_strcmp0 (trade->currency, CURRENCY) == 0
         && trade->fen == fen;
}

/* Why money that came does not buy anything; -1 when it does */
static int
find_surplus (const ChTrade *trade,
              const ChOrderRecord *order,
              const ChApplicationRecord *record,
              gboolean was_closed)
{
  if (order->state == CH_ORDER_CLOSED)
    return CH_REFUND_REASON_WITHDRAWN;
  if (order->state == CH_ORDER_PAID)
    return CH_REFUND_REASON_SURPLUS;
  if (!record->is_priced || order->fen != trade->fen)
    return CH_REFUND_REASON_PRICE;
  return was_closed ? CH_REFUND_REASON_LATE : -1;
}

static gboolean
settle_attempt (ChDbTx *tx,
                const ChTrade *trade,
                const ChOrderRecord *order,
                gboolean was_closed,
                GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, order->application, error);
  int surplus;

  if (record == NULL
      || !ch_db_run_one (tx, "UPDATE attempt SET state = 'paid', gateway_no = $2 WHERE trade_no = $1",
                         CH_BIND (CH_TEXT (trade->trade_no), CH_TEXT (trade->transaction)), error))
    return FALSE;

  surplus = find_surplus (trade, order, record, was_closed);
  if (surplus >= 0)
    return ch_refunds_add (tx, trade->trade_no, surplus, GATEWAY, error);

  return ch_db_run_one (
             tx, "UPDATE purchase SET state = 'paid', paid = $2 WHERE id = $1",
             CH_BIND (CH_TEXT (order->id), CH_INT (trade->paid != 0 ? trade->paid : ch_clock_now ())), error)
         && ch_applications_add_history (tx, order->application, "paid", GATEWAY, error);
}

/**
 * ch_orders_end:
 *
 * Ends an order for good. What was paid for it stays; ch_refunds_add_all() gives it back.
 */
gboolean
ch_orders_end (ChDbTx *tx, const ChOrderRecord *order, const char *who, GError **error)
{
  return ch_db_run_one (tx, "UPDATE purchase SET state = 'closed' WHERE id = $1",
                        CH_BIND (CH_TEXT (order->id)), error)
         && ch_applications_add_history (tx, order->application, "order-closed", who, error);
}

/**
 * ch_orders_settle:
 * @trade: from the gateway itself: a notification it signed, or its answer to a query
 * @merchant: our number at the gateway
 * @error: %CH_ERROR_FORBIDDEN when merchant, amount, channel or currency are not those of the attempt
 *
 * The one place that sets an order to paid. What was told before changes nothing.
 */
gboolean
ch_orders_settle (ChDbTx *tx, const ChTrade *trade, const char *merchant, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx,
                         "SELECT purchase, channel, fen, state = 'paid', state = 'closed' FROM attempt "
                         "WHERE trade_no = $1",
                         CH_BIND (CH_TEXT (trade->trade_no)), error);
  g_autoptr (ChOrderRecord) order = NULL;

  if (row == NULL)
    return FALSE;
  if (!is_right_trade (trade, merchant, ch_stmt_get_text (row, 1), ch_stmt_get_int (row, 2)))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "what was paid is not what was asked for");
      return FALSE;
    }
  if (ch_stmt_get_int (row, 3) != 0)
    return TRUE;

  order = ch_order_record_load (tx, ch_stmt_get_text (row, 0), error);
  return order != NULL && settle_attempt (tx, trade, order, ch_stmt_get_int (row, 4) != 0, error);
}

/**
 * ch_orders_list:
 * @account: whose
 * @query: what is wanted of them
 *
 * Returns: (transfer full): a page
 */
ChOrderList *
ch_orders_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error)
{
  g_autoptr (ChListingPage) page = ch_listing_read (tx, CH_LISTING_ORDERS, account, query, error);
  g_autoptr (ChOrderList) list = NULL;

  if (page == NULL)
    return NULL;

  list = ch_wire_new (&ChOrderList_wire);
  list->items = ch_wire_list_new (&ChOrder_wire);
  list->next = g_steal_pointer (&page->next);
  list->total = page->total;
  for (guint i = 0; i < page->ids->len; i++)
    {
      ChOrder *order = ch_orders_get (tx, page->ids->pdata[i], error);

      if (order == NULL)
        return NULL;
      g_ptr_array_add (list->items, order);
    }
  return g_steal_pointer (&list);
}
