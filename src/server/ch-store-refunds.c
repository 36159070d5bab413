#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-refunds.h"

#define MAX_LIST 1000

#define COLUMNS                                                                                              \
  "refund.id, attempt.purchase, purchase.application, refund.trade_no, attempt.channel, purchase.title, "    \
  "refund.fen, refund.state, refund.reason, refund.created, refund.sent, refund.done, refund.asked_by, "     \
  "refund.checked_by, refund.approved_by, refund.failure, refund.note, refund.tries "                        \
  "FROM refund JOIN attempt ON attempt.trade_no = refund.trade_no "                                          \
  "JOIN purchase ON purchase.id = attempt.purchase "

static const char *
get_state_id (ChRefundState state)
{
  return ch_wire_enum_get_id (&ChRefundState_enum, state);
}

static ChRefundRecord *
read_record (ChStmt *row)
{
  ChRefundRecord *self = g_new0 (ChRefundRecord, 1);
  int state = CH_REFUND_DUE;

  ch_wire_enum_from_id (&ChRefundState_enum, ch_stmt_get_text (row, 7), &state);
  self->id = ch_stmt_dup_text (row, 0);
  self->order = ch_stmt_dup_text (row, 1);
  self->application = ch_stmt_dup_text (row, 2);
  self->trade_no = ch_stmt_dup_text (row, 3);
  self->channel = ch_stmt_dup_text (row, 4);
  self->title = ch_stmt_dup_text (row, 5);
  self->fen = ch_stmt_get_int (row, 6);
  self->state = state;
  self->asked_by = ch_stmt_dup_text (row, 12);
  self->checked_by = ch_stmt_dup_text (row, 13);
  self->approved_by = ch_stmt_dup_text (row, 14);
  self->tries = ch_stmt_get_int (row, 17);
  return self;
}

static ChRefund *
read_message (ChStmt *row, gboolean is_for_staff)
{
  ChRefund *message = ch_wire_new (&ChRefund_wire);
  int state = CH_REFUND_DUE, reason = CH_REFUND_REASON_SURPLUS;

  ch_wire_enum_from_id (&ChRefundState_enum, ch_stmt_get_text (row, 7), &state);
  ch_wire_enum_from_id (&ChRefundReason_enum, ch_stmt_get_text (row, 8), &reason);
  message->id = ch_stmt_dup_text (row, 0);
  message->order = ch_stmt_dup_text (row, 1);
  message->application = ch_stmt_dup_text (row, 2);
  message->trade_no = ch_stmt_dup_text (row, 3);
  message->channel = ch_stmt_dup_text (row, 4);
  message->fen = ch_stmt_get_int (row, 6);
  message->state = state;
  message->reason = reason;
  message->created = ch_stmt_get_int (row, 9);
  message->sent = ch_stmt_get_int (row, 10);
  message->done = ch_stmt_get_int (row, 11);
  if (!is_for_staff)
    return message;

  message->asked_by = ch_stmt_dup_text (row, 12);
  message->checked_by = ch_stmt_dup_text (row, 13);
  message->approved_by = ch_stmt_dup_text (row, 14);
  message->failure = ch_stmt_dup_text (row, 15);
  message->note = ch_stmt_dup_text (row, 16);
  return message;
}

/**
 * ch_refund_record_load:
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the refund
 */
ChRefundRecord *
ch_refund_record_load (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT " COLUMNS "WHERE refund.id = $1", CH_BIND (CH_TEXT (id)), error);

  return row != NULL ? read_record (row) : NULL;
}

void
ch_refund_record_free (ChRefundRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->order);
  g_free (self->application);
  g_free (self->trade_no);
  g_free (self->channel);
  g_free (self->title);
  g_free (self->asked_by);
  g_free (self->checked_by);
  g_free (self->approved_by);
  g_free (self);
}

/**
 * ch_refunds_get:
 *
 * Returns: (transfer full): the message about a refund, as the staff see it
 */
ChRefund *
ch_refunds_get (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT " COLUMNS "WHERE refund.id = $1", CH_BIND (CH_TEXT (id)), error);

  return row != NULL ? read_message (row, TRUE) : NULL;
}

static gboolean
add_messages (ChStmt *stmt, gboolean is_for_staff, GPtrArray *items, GError **error)
{
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (items, read_message (stmt, is_for_staff));
  return step == CH_STEP_DONE;
}

/**
 * ch_refunds_list:
 * @state: (nullable): only those; %NULL for all that are not done
 *
 * Returns: (transfer full): refunds as the staff see them, the oldest first
 */
ChRefundList *
ch_refunds_list (ChDbTx *tx, const char *state, GError **error)
{
  g_autoptr (ChRefundList) list = ch_wire_new (&ChRefundList_wire);
  g_autoptr (ChStmt) stmt
      = state != NULL
            ? ch_db_query (tx, "SELECT " COLUMNS "WHERE refund.state = $1 ORDER BY refund.created LIMIT $2",
                           CH_BIND (CH_TEXT (state), CH_INT (MAX_LIST)), error)
            : ch_db_query (tx,
                           "SELECT " COLUMNS "WHERE refund.state <> 'done' ORDER BY refund.created LIMIT $1",
                           CH_BIND (CH_INT (MAX_LIST)), error);

  list->items = ch_wire_list_new (&ChRefund_wire);
  return add_messages (stmt, TRUE, list->items, error) ? g_steal_pointer (&list) : NULL;
}

/**
 * ch_refunds_list_of_order:
 *
 * Returns: (transfer full) (element-type ChRefund): what of an order goes back, as the applicant sees it; the
 * oldest first
 */
GPtrArray *
ch_refunds_list_of_order (ChDbTx *tx, const char *order, GError **error)
{
  g_autoptr (GPtrArray) refunds = ch_wire_list_new (&ChRefund_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT " COLUMNS "WHERE attempt.purchase = $1 ORDER BY refund.created, refund.id LIMIT 100",
      CH_BIND (CH_TEXT (order)), error);

  return add_messages (stmt, FALSE, refunds, error) ? g_steal_pointer (&refunds) : NULL;
}

/**
 * ch_refunds_fill_order:
 * @order: is given by which way it was paid, and what of it goes back, as the applicant sees it
 */
gboolean
ch_refunds_fill_order (ChDbTx *tx, ChOrder *order, GError **error)
{
  g_autoptr (ChStmt) paid = NULL;
  ChStep step;

  order->refunds = ch_refunds_list_of_order (tx, order->id, error);
  if (order->refunds == NULL)
    return FALSE;

  paid
      = ch_db_query (tx,
                     "SELECT channel FROM attempt WHERE purchase = $1 AND state = 'paid' AND trade_no NOT IN "
                     "(SELECT trade_no FROM refund WHERE reason IN ('surplus', 'late', 'price')) "
                     "ORDER BY created",
                     CH_BIND (CH_TEXT (order->id)), error);
  step = paid != NULL ? ch_stmt_step (paid, error) : CH_STEP_FAILED;
  if (step == CH_STEP_ROW)
    order->channel = ch_stmt_dup_text (paid, 0);
  return step != CH_STEP_FAILED;
}

/**
 * ch_refunds_list_ready:
 * @max: not more than so many
 *
 * Returns: (transfer full) (element-type ChRefundRecord): what the gateway is to be asked about now
 */
GPtrArray *
ch_refunds_list_ready (ChDbTx *tx, guint max, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_refund_record_free);
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT " COLUMNS "WHERE refund.state IN ('approved', 'sent') AND refund.next_try <= $1 "
                     "ORDER BY refund.next_try LIMIT $2",
                     CH_BIND (CH_INT (ch_clock_now ()), CH_INT (max)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (list, read_record (stmt));
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

/**
 * ch_refunds_add:
 * @trade_no: of an attempt that was paid
 * @who: who brought it about, as ch_caller_get_id() has it
 *
 * Writes down that all of what an attempt brought is due to go back. What is written down already stays as it
 * is.
 */
gboolean
ch_refunds_add (ChDbTx *tx, const char *trade_no, ChRefundReason reason, const char *who, GError **error)
{
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (ChStmt) row = NULL;

  if (!ch_db_run (tx,
                  "INSERT INTO refund (id, trade_no, fen, reason, state, created, asked_by) "
                  "SELECT $1, trade_no, fen, $3, 'due', $4, $5 FROM attempt "
                  "WHERE trade_no = $2 AND state = 'paid' ON CONFLICT (trade_no) DO NOTHING",
                  CH_BIND (CH_TEXT (id), CH_TEXT (trade_no),
                           CH_TEXT (ch_wire_enum_get_id (&ChRefundReason_enum, reason)),
                           CH_INT (ch_clock_now ()), CH_TEXT (who)),
                  error))
    return FALSE;
  if (ch_db_get_n_changes (tx) == 0)
    return TRUE;

  row = ch_db_query_row (tx, "SELECT " COLUMNS "WHERE refund.id = $1", CH_BIND (CH_TEXT (id)), error);
  return row != NULL && ch_applications_add_history (tx, ch_stmt_get_text (row, 2), "refund-due", who, error);
}

/**
 * ch_refunds_add_all:
 *
 * Writes down that everything that was paid for an order is due to go back.
 */
gboolean
ch_refunds_add_all (ChDbTx *tx,
                    const ChOrderRecord *order,
                    ChRefundReason reason,
                    const char *who,
                    GError **error)
{
  g_autoptr (GPtrArray) paid = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT trade_no FROM attempt WHERE purchase = $1 AND state = 'paid'",
                     CH_BIND (CH_TEXT (order->id)), error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (paid, ch_stmt_dup_text (stmt, 0));
  if (step != CH_STEP_DONE)
    return FALSE;

  for (guint i = 0; i < paid->len; i++)
    if (!ch_refunds_add (tx, paid->pdata[i], reason, who, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_state (const ChRefundRecord *refund, gboolean is_right, GError **error)
{
  if (!is_right)
    g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the refund is %s", get_state_id (refund->state));
  return is_right;
}

static gboolean
check_other (gboolean needs_two, const char *first, const char *who, GError **error)
{
  if (!needs_two || g_strcmp0 (first, who) != 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_SECOND_PERSON, "%s cannot do both", who);
  return FALSE;
}

/* Who has answered for it so far; NULL when nobody of the staff has */
static const char *
get_first (const ChRefundRecord *refund)
{
  if (g_str_has_prefix (refund->asked_by, "staff:"))
    return refund->asked_by;
  return refund->checked_by;
}

/**
 * ch_refunds_approve:
 * @needs_two: whether two people of the staff have to agree
 * @error: %CH_ERROR_WRONG_STATE, %CH_ERROR_SECOND_PERSON when @who agreed before
 *
 * Agrees to a refund. Where two people are needed, the first is noted, and with the second it is approved:
 * only then is it sent.
 */
gboolean
ch_refunds_approve (ChDbTx *tx,
                    const ChRefundRecord *refund,
                    gboolean needs_two,
                    const char *who,
                    GError **error)
{
  const char *first = get_first (refund);

  if (!check_state (refund, refund->state == CH_REFUND_DUE, error)
      || !check_other (needs_two, first, who, error))
    return FALSE;
  if (needs_two && first == NULL)
    return ch_db_run_one (tx, "UPDATE refund SET checked_by = $2 WHERE id = $1 AND state = 'due'",
                          CH_BIND (CH_TEXT (refund->id), CH_TEXT (who)), error)
           && ch_applications_add_history (tx, refund->application, "refund-checked", who, error);

  return ch_db_run_one (tx,
                        "UPDATE refund SET state = 'approved', approved_by = $2, approved = $3, next_try = "
                        "$3, tries = 0 "
                        "WHERE id = $1 AND state = 'due'",
                        CH_BIND (CH_TEXT (refund->id), CH_TEXT (who), CH_INT (ch_clock_now ())), error)
         && ch_applications_add_history (tx, refund->application, "refund-approved", who, error);
}

/**
 * ch_refunds_retry:
 * @error: %CH_ERROR_WRONG_STATE when the gateway is still asked, or has paid back
 *
 * Has the gateway asked again, under the same number.
 */
gboolean
ch_refunds_retry (ChDbTx *tx, const ChRefundRecord *refund, const char *who, GError **error)
{
  gboolean is_waiting = refund->state == CH_REFUND_APPROVED || refund->state == CH_REFUND_SENT;

  if (!check_state (refund, refund->state == CH_REFUND_FAILED || is_waiting, error))
    return FALSE;
  return ch_db_run_one (
             tx, "UPDATE refund SET state = $2, next_try = $3, tries = 0, failure = NULL WHERE id = $1",
             CH_BIND (CH_TEXT (refund->id),
                      CH_TEXT (get_state_id (is_waiting ? refund->state : CH_REFUND_APPROVED)),
                      CH_INT (ch_clock_now ())),
             error)
         && ch_applications_add_history (tx, refund->application, "refund-retried", who, error);
}

/**
 * ch_refunds_mark_done:
 * @note: how it was paid back
 * @error: %CH_ERROR_WRONG_STATE, %CH_ERROR_SECOND_PERSON when @who approved it
 *
 * Writes down that somebody paid it back by hand, since the gateway would not: it is not sent any more.
 */
gboolean
ch_refunds_mark_done (ChDbTx *tx,
                      const ChRefundRecord *refund,
                      gboolean needs_two,
                      const char *note,
                      const char *who,
                      GError **error)
{
  if (!check_state (refund, refund->state == CH_REFUND_FAILED, error)
      || !check_other (needs_two, refund->approved_by, who, error))
    return FALSE;
  return ch_db_run_one (tx,
                        "UPDATE refund SET state = 'done', done = $3, note = $2 WHERE id = $1 AND state = "
                        "'failed'",
                        CH_BIND (CH_TEXT (refund->id), CH_TEXT (note), CH_INT (ch_clock_now ())), error)
         && ch_applications_add_history (tx, refund->application, "refund-done", who, error);
}

/**
 * ch_refunds_postpone:
 * @next_try: when the gateway is asked next
 *
 * Counts a try before it is made: after a crash the next one waits for its time as well.
 */
gboolean
ch_refunds_postpone (ChDbTx *tx, const char *id, gint64 next_try, GError **error)
{
  return ch_db_run (tx, "UPDATE refund SET tries = tries + 1, next_try = $2 WHERE id = $1",
                    CH_BIND (CH_TEXT (id), CH_INT (next_try)), error);
}

/**
 * ch_refunds_take_in:
 * @answer: of the gateway
 * @error: %CH_ERROR_FORBIDDEN when it paid back another amount
 *
 * Writes down what the gateway says. What is done stays done.
 */
gboolean
ch_refunds_take_in (ChDbTx *tx, const ChRefundRecord *refund, const ChPaybackAnswer *answer, GError **error)
{
  static const struct
  {
    ChRefundState state;
    const char *what;
  } rows[] = {
    [CH_PAYBACK_SENT] = { CH_REFUND_SENT, "refund-sent" },
    [CH_PAYBACK_DONE] = { CH_REFUND_DONE, "refund-done" },
    [CH_PAYBACK_REFUSED] = { CH_REFUND_FAILED, "refund-failed" },
  };
  g_autoptr (ChRefundRecord) now = ch_refund_record_load (tx, refund->id, error);
  ChRefundState state;

  if (now == NULL)
    return FALSE;
  if (answer->state == CH_PAYBACK_UNKNOWN || now->state == CH_REFUND_DONE)
    return TRUE;
  if (answer->state != CH_PAYBACK_REFUSED && answer->fen != refund->fen)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "what went back is not what was due");
      return FALSE;
    }

  state = rows[answer->state].state;
  if (state == now->state)
    return TRUE;
  return ch_db_run_one (tx,
                        "UPDATE refund SET state = $2, gateway_no = COALESCE ($3, gateway_no), failure = $4, "
                        "sent = CASE WHEN sent = 0 AND $2 <> 'failed' THEN $5 ELSE sent END, "
                        "done = CASE WHEN $2 = 'done' THEN $5 ELSE done END WHERE id = $1",
                        CH_BIND (CH_TEXT (refund->id), CH_TEXT (get_state_id (state)),
                                 CH_TEXT (answer->gateway_no), CH_TEXT (answer->why),
                                 CH_INT (ch_clock_now ())),
                        error)
         && ch_applications_add_history (tx, refund->application, rows[answer->state].what, "gateway", error);
}
