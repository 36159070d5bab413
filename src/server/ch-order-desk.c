#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-order-desk.h"
#include "server/ch-store-refunds.h"

typedef struct
{
  ChOrderRecord *order;     /* (owned) */
  ChAttemptRecord *attempt; /* (owned) (nullable) */
} Standing;

typedef struct
{
  const ChTrade *trade;
  const char *merchant;
} Settle;

typedef struct
{
  const char *order;
  const char *channel;
  const char *trade_no;
  gint64 expires;
  ChOrderRecord *record; /* (owned): as it was when the attempt began */
} Begin;

static void
standing_free (Standing *self)
{
  g_clear_pointer (&self->order, ch_order_record_free);
  g_clear_pointer (&self->attempt, ch_attempt_record_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Standing, standing_free)

static gpointer
read_standing (ChDbTx *tx, gpointer order, GError **error)
{
  g_autoptr (Standing) self = g_new0 (Standing, 1);

  self->order = ch_order_record_load (tx, order, error);
  if (self->order == NULL || !ch_orders_find_attempt (tx, order, &self->attempt, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gpointer
write_settled (ChDbTx *tx, gpointer data, GError **error)
{
  Settle *settle = data;

  return ch_orders_settle (tx, settle->trade, settle->merchant, error) ? CH_DB_DONE : NULL;
}

static gpointer
write_closed (ChDbTx *tx, gpointer trade_no, GError **error)
{
  return ch_orders_close_attempt (tx, trade_no, error) ? CH_DB_DONE : NULL;
}

static gpointer
write_begun (ChDbTx *tx, gpointer data, GError **error)
{
  Begin *begin = data;

  g_clear_pointer (&begin->record, ch_order_record_free);
  begin->record = ch_order_record_load (tx, begin->order, error);
  return begin->record != NULL
                 && ch_orders_begin_attempt (tx, begin->record, begin->channel, begin->trade_no,
                                             begin->expires, error)
             ? CH_DB_DONE
             : NULL;
}

static ChGateway *
get_gateway (ChService *service, GError **error)
{
  ChGateway *gateway = ch_service_get_gateway (service);

  if (gateway == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "no payment gateway is set up");
  return gateway;
}

/* What the gateway says of an attempt goes into the store */
static gboolean
take_in (ChService *service, ChGateway *gateway, const ChTrade *trade, GError **error)
{
  Settle settle = { trade, ch_gateway_get_merchant (gateway, trade->channel) };

  switch (trade->state)
    {
    case CH_TRADE_PAID:
      return ch_db_write (ch_service_get_db (service), write_settled, &settle, NULL, error) != NULL;
    case CH_TRADE_CLOSED:
      return ch_db_write (ch_service_get_db (service), write_closed, trade->trade_no, NULL, error) != NULL;
    default:
      return TRUE;
    }
}

/**
 * ch_order_desk_notify:
 * @notice: from outside, as it came
 * @error: %CH_ERROR_FORBIDDEN when it is not the gateway’s, or about something else than was asked for
 *
 * Takes in what a gateway tells by itself.
 */
gboolean
ch_order_desk_notify (ChService *service, const ChNotice *notice, GError **error)
{
  ChGateway *gateway = get_gateway (service, error);
  g_autoptr (ChTrade) trade = gateway != NULL ? ch_gateway_verify (gateway, notice, error) : NULL;

  return trade != NULL && take_in (service, gateway, trade, error);
}

/**
 * ch_order_desk_query:
 *
 * Asks the gateway whether the code that can be paid was paid.
 */
gboolean
ch_order_desk_query (ChService *service, const char *order, GError **error)
{
  g_autoptr (Standing) standing
      = ch_db_read (ch_service_get_db (service), read_standing, (gpointer) order, error);
  g_autoptr (ChTrade) trade = NULL;
  ChGateway *gateway;

  if (standing == NULL)
    return FALSE;
  if (standing->attempt == NULL || !standing->attempt->is_open)
    return TRUE;
  gateway = get_gateway (service, error);
  if (gateway == NULL)
    return FALSE;

  trade = ch_gateway_query (gateway, standing->attempt->channel, standing->attempt->trade_no, error);
  return trade != NULL && take_in (service, gateway, trade, error);
}

/**
 * ch_order_desk_close:
 * @error: %CH_ERROR_GATEWAY when the gateway does not close it: then there may be no other code
 *
 * Ends the code that can be paid. If somebody was faster and paid it, the order is settled.
 */
gboolean
ch_order_desk_close (ChService *service, const char *order, GError **error)
{
  g_autoptr (Standing) standing
      = ch_db_read (ch_service_get_db (service), read_standing, (gpointer) order, error);
  g_autoptr (ChTrade) trade = NULL;
  ChGateway *gateway;

  if (standing == NULL)
    return FALSE;
  if (standing->attempt == NULL)
    return TRUE;
  gateway = get_gateway (service, error);
  if (gateway == NULL)
    return FALSE;

  trade = ch_gateway_close (gateway, standing->attempt->channel, standing->attempt->trade_no, error);
  if (trade == NULL)
    return FALSE;
  if (trade->state == CH_TRADE_OPEN)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "the gateway did not close the attempt");
      return FALSE;
    }
  /* What it never heard of cannot be paid either */
  if (trade->state == CH_TRADE_UNKNOWN)
    trade->state = CH_TRADE_CLOSED;
  return take_in (service, gateway, trade, error);
}

/**
 * ch_order_desk_begin:
 * @code: (out): what is to be shown
 * @error: %CH_ERROR_GATEWAY, %CH_ERROR_BUSY, %CH_ERROR_WRONG_STATE
 *
 * Gets a code. It counts only after ch_orders_open_attempt(); if that fails, ch_order_desk_give_up().
 *
 * Returns: (transfer full): number of the new attempt
 */
char *
ch_order_desk_begin (ChService *service, const char *order, const char *channel, char **code, GError **error)
{
  ChGateway *gateway = get_gateway (service, error);
  g_autofree char *trade_no = ch_random_new_id ();
  Begin begin = { order, channel, trade_no,
                  ch_clock_now () + ch_service_get_profile (service)->limits->pay_code, NULL };
  gboolean is_begun = gateway != NULL
                      && ch_db_write (ch_service_get_db (service), write_begun, &begin, NULL, error) != NULL;
  g_autoptr (ChOrderRecord) record = begin.record;

  if (!is_begun)
    return NULL;

  *code = ch_gateway_create (gateway, channel, trade_no, record->fen, record->title, begin.expires, error);
  if (*code == NULL)
    {
      /* It may exist there all the same: an answer can get lost */
      ch_order_desk_give_up (service, channel, trade_no);
      return NULL;
    }
  return g_steal_pointer (&trade_no);
}

/**
 * ch_order_desk_reconcile:
 * @is_over: nobody is to pay it any more: it is closed at the gateway
 *
 * Finds out how it stands with an attempt, whoever began it, and takes that in.
 */
gboolean
ch_order_desk_reconcile (ChService *service,
                         const char *channel,
                         const char *trade_no,
                         gboolean is_over,
                         GError **error)
{
  ChGateway *gateway = get_gateway (service, error);
  g_autoptr (ChTrade) trade = NULL;

  if (gateway == NULL)
    return FALSE;
  trade = is_over ? ch_gateway_close (gateway, channel, trade_no, error)
                  : ch_gateway_query (gateway, channel, trade_no, error);
  if (trade == NULL)
    return FALSE;
  if (is_over && trade->state == CH_TRADE_UNKNOWN)
    trade->state = CH_TRADE_CLOSED;
  return take_in (service, gateway, trade, error);
}

/**
 * ch_order_desk_give_up:
 *
 * Ends an attempt whose code nobody has seen. If the gateway does not answer it stays as it is, and the next
 * ch_order_desk_close() tries again.
 */
void
ch_order_desk_give_up (ChService *service, const char *channel, const char *trade_no)
{
  ChGateway *gateway = ch_service_get_gateway (service);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChTrade) trade = gateway != NULL ? ch_gateway_close (gateway, channel, trade_no, &error) : NULL;

  if (trade != NULL && trade->state == CH_TRADE_UNKNOWN)
    trade->state = CH_TRADE_CLOSED;
  if (trade != NULL)
    take_in (service, gateway, trade, &error);
  if (error != NULL)
    g_warning ("an attempt to pay stays open: %s", error->message);
}

/**
 * ch_order_desk_refund:
 * @tx: the transaction of what ends the application, e.g. its withdrawal
 * @order: of the application
 * @reason: why
 * @who: as ch_caller_get_id() has it
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Ends an order: it cannot be paid any more, and all that was paid for it is due to go back. Of an order
 * that was ended before nothing is changed. A code that can still be paid is closed at the gateway by the
 * next round of ch_till_run(); whoever cannot wait calls ch_order_desk_close() before the transaction. What
 * is paid nevertheless goes back.
 */
gboolean
ch_order_desk_refund (ChDbTx *tx, const char *order, ChRefundReason reason, const char *who, GError **error)
{
  g_autoptr (ChOrderRecord) record = ch_order_record_load (tx, order, error);

  if (record == NULL)
    return FALSE;
  if (record->state == CH_ORDER_CLOSED)
    return TRUE;
  return ch_orders_end (tx, record, who, error) && ch_refunds_add_all (tx, record, reason, who, error);
}
