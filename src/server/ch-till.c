#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-order-desk.h"
#include "server/ch-store-refunds.h"
#include "server/ch-till.h"

/* In one round; the next one goes on where this one ended */
#define MAX_ROUND 100

/* An attempt that was begun but has no code after so many seconds has lost whoever began it */
#define LOST_SECONDS 120

/* A code that can be paid is asked about this often: notices get lost */
#define ASK_SECONDS 60

/* Money that goes back is asked for again after 1, 2, 4 … minutes, at most 6 hours */
#define FIRST_TRY_SECONDS 60
#define LAST_TRY_SECONDS  21600

typedef struct
{
  char *trade_no;
  char *channel;
  gboolean is_over; /* nobody is to pay it any more */
} Loose;

typedef struct
{
  const char *trade_no;
  gint64 now;
} Asked;

typedef struct
{
  const char *id;
  ChRefundRecord *refund;  /* (owned) */
  ChPaybackAnswer *answer; /* (owned) */
} Payback;

static void
loose_free (Loose *self)
{
  g_free (self->trade_no);
  g_free (self->channel);
  g_free (self);
}

/* -- Attempts that are not closed -- */

/* Over is what has expired, what lost whoever began it, and what is of an order that wants no money any more
 */
static gpointer
read_loose (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) loose_free);
  gint64 now = ch_clock_now ();
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT a.trade_no, a.channel, a.expires <= $1 OR p.state <> 'unpaid' OR a.state = 'new' "
      "FROM attempt AS a JOIN purchase AS p ON p.id = a.purchase "
      "WHERE (a.state = 'open' OR (a.state = 'new' AND a.created <= $2)) AND a.asked <= $3 "
      "ORDER BY a.asked LIMIT $4",
      CH_BIND (CH_INT (now), CH_INT (now - LOST_SECONDS), CH_INT (now - ASK_SECONDS), CH_INT (MAX_ROUND)),
      error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      Loose *loose = g_new0 (Loose, 1);

      loose->trade_no = ch_stmt_dup_text (stmt, 0);
      loose->channel = ch_stmt_dup_text (stmt, 1);
      loose->is_over = ch_stmt_get_int (stmt, 2) != 0;
      g_ptr_array_add (list, loose);
    }
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

static gpointer
write_asked (ChDbTx *tx, gpointer data, GError **error)
{
  const Asked *asked = data;

  return ch_db_run (tx, "UPDATE attempt SET asked = $2 WHERE trade_no = $1",
                    CH_BIND (CH_TEXT (asked->trade_no), CH_INT (asked->now)), error)
             ? CH_DB_DONE
             : NULL;
}

static void
reconcile (ChService *service, const Loose *loose)
{
  Asked asked = { loose->trade_no, ch_clock_now () };
  g_autoptr (GError) error = NULL;

  /* Written first: what the gateway is in trouble with does not hold up the others */
  if (ch_db_write (ch_service_get_db (service), write_asked, &asked, NULL, &error) != NULL
      && ch_order_desk_reconcile (service, loose->channel, loose->trade_no, loose->is_over, &error))
    return;
  g_warning ("payment %s is not known yet: %s", loose->trade_no, error->message);
}

/* -- Money that goes back -- */

static gpointer
read_ready (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_refunds_list_ready (tx, MAX_ROUND, error);
}

static gpointer
write_try (ChDbTx *tx, gpointer data, GError **error)
{
  Payback *self = data;
  gint64 wait;

  g_clear_pointer (&self->refund, ch_refund_record_free);
  self->refund = ch_refund_record_load (tx, self->id, error);
  if (self->refund == NULL)
    return NULL;

  wait = FIRST_TRY_SECONDS << MIN (self->refund->tries, 10);
  return ch_refunds_postpone (tx, self->id, ch_clock_now () + MIN (wait, LAST_TRY_SECONDS), error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
write_answer (ChDbTx *tx, gpointer data, GError **error)
{
  const Payback *self = data;

  return ch_refunds_take_in (tx, self->refund, self->answer, error) ? CH_DB_DONE : NULL;
}

/* What was sent is asked after; what the gateway does not know of, or was not sent, is sent. It bears the
 * same number each time, so that it goes once. */
static ChPaybackAnswer *
ask (ChGateway *gateway, const ChRefundRecord *refund, GError **error)
{
  const ChPayback payback
      = { refund->channel, refund->trade_no, refund->id, refund->fen, refund->fen, refund->title };
  g_autoptr (ChPaybackAnswer) answer = NULL;

  if (refund->state == CH_REFUND_SENT)
    {
      answer = ch_gateway_query_payback (gateway, &payback, error);
      if (answer == NULL || answer->state != CH_PAYBACK_UNKNOWN)
        return g_steal_pointer (&answer);
    }
  g_clear_pointer (&answer, ch_payback_answer_free);
  return ch_gateway_pay_back (gateway, &payback, error);
}

/**
 * ch_till_pay_back:
 * @refund: id of one that was approved
 * @error: %CH_ERROR_GATEWAY when it is not known what became of it: it is tried again later
 *
 * Sends money back, or asks after money that was sent.
 */
gboolean
ch_till_pay_back (ChService *service, const char *refund, GError **error)
{
  ChDb *db = ch_service_get_db (service);
  Payback self = { refund, NULL, NULL };
  g_autoptr (ChRefundRecord) record = NULL;
  g_autoptr (ChPaybackAnswer) answer = NULL;
  gboolean is_begun = ch_db_write (db, write_try, &self, NULL, error) != NULL;

  record = self.refund;
  if (!is_begun)
    return FALSE;
  if (record->state != CH_REFUND_APPROVED && record->state != CH_REFUND_SENT)
    return TRUE;

  answer = ask (ch_service_get_gateway (service), record, error);
  self.answer = answer;
  return answer != NULL && ch_db_write (db, write_answer, &self, NULL, error) != NULL;
}

/**
 * ch_till_run:
 *
 * One round: codes that are over are closed at the gateway, those that can be paid are asked about, money is
 * sent back. What does not succeed is left to the next round.
 */
void
ch_till_run (ChService *service)
{
  ChDb *db = ch_service_get_db (service);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) loose = NULL;
  g_autoptr (GPtrArray) ready = NULL;

  if (ch_service_get_gateway (service) == NULL)
    return;

  loose = ch_db_read (db, read_loose, NULL, &error);
  for (guint i = 0; loose != NULL && i < loose->len; i++)
    reconcile (service, loose->pdata[i]);

  ready = error == NULL ? ch_db_read (db, read_ready, NULL, &error) : NULL;
  for (guint i = 0; ready != NULL && i < ready->len; i++)
    {
      const ChRefundRecord *refund = ready->pdata[i];
      g_autoptr (GError) local = NULL;

      if (!ch_till_pay_back (service, refund->id, &local))
        g_warning ("refund %s waits: %s", refund->id, local->message);
    }
  if (error != NULL)
    g_warning ("a round of the till was cut short: %s", error->message);
}
