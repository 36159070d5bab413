#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-listing.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-deliveries.h"

/* (transfer full) (nullable): what is not filled in is not said */
static char *
dup_filled (ChStmt *row, int column)
{
  const char *text = ch_stmt_get_text (row, column);

  return text != NULL && *text != 0 ? g_strdup (text) : NULL;
}

/**
 * ch_deliveries_get:
 * @error: %CH_ERROR_NOT_FOUND when nothing is delivered, as with a software token
 *
 * Returns: (transfer full): the delivery of an application
 */
ChDelivery *
ch_deliveries_get (ChDbTx *tx, const char *application, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT l.delivery, a.flow, COALESCE (n.value, c.name), COALESCE (d.way, w.value), d.courier, "
      "d.number, "
      "COALESCE (NULLIF (d.place, ''), t.value), COALESCE (d.sent, 0), COALESCE (d.received, 0), "
      "(SELECT e.serial FROM escrow AS e WHERE e.application = a.id ORDER BY e.updated DESC LIMIT 1) "
      "FROM listing AS l JOIN application AS a ON a.id = l.application JOIN account AS c ON c.id = a.account "
      "LEFT JOIN delivery AS d ON d.application = a.id "
      "LEFT JOIN answer AS n ON n.application = a.id AND n.field = 'unit-name' "
      "LEFT JOIN answer AS w ON w.application = a.id AND w.field = 'delivery-way' "
      "LEFT JOIN answer AS t ON t.application = a.id AND t.field = 'delivery-address' AND w.value = "
      "'courier' "
      "WHERE l.application = $1 AND l.delivery <> 'none'",
      CH_BIND (CH_TEXT (application)), error);
  ChDelivery *self;
  int state = CH_DELIVERY_WAITING, way = CH_DELIVERY_BY_COURIER;

  if (row == NULL)
    return NULL;

  ch_wire_enum_from_id (&ChDeliveryState_enum, ch_stmt_get_text (row, 0), &state);
  ch_wire_enum_from_id (&ChDeliveryWay_enum, ch_stmt_get_text (row, 3), &way);
  self = ch_wire_new (&ChDelivery_wire);
  self->application = g_strdup (application);
  self->state = state;
  self->way = way;
  self->flow = ch_stmt_dup_text (row, 1);
  self->applicant = ch_stmt_dup_text (row, 2);
  self->courier = dup_filled (row, 4);
  self->number = dup_filled (row, 5);
  self->place = dup_filled (row, 6);
  self->sent = ch_stmt_get_int (row, 7);
  self->received = ch_stmt_get_int (row, 8);
  self->medium = ch_stmt_dup_text (row, 9);
  return self;
}

/**
 * ch_deliveries_list:
 * @account: whose, or %CH_LISTING_EVERYBODY
 * @query: what is wanted of them
 *
 * Returns: (transfer full): a page
 */
ChDeliveryList *
ch_deliveries_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error)
{
  g_autoptr (ChListingPage) page = ch_listing_read (tx, CH_LISTING_DELIVERIES, account, query, error);
  g_autoptr (ChDeliveryList) list = NULL;

  if (page == NULL)
    return NULL;

  list = ch_wire_new (&ChDeliveryList_wire);
  list->items = ch_wire_list_new (&ChDelivery_wire);
  list->next = g_steal_pointer (&page->next);
  list->total = page->total;
  for (guint i = 0; i < page->ids->len; i++)
    {
      ChDelivery *delivery = ch_deliveries_get (tx, page->ids->pdata[i], error);

      if (delivery == NULL)
        return NULL;
      g_ptr_array_add (list->items, delivery);
    }
  return g_steal_pointer (&list);
}

static gboolean
check_sent (const ChDeliverySent *sent, GError **error)
{
  const char *number = sent->number != NULL ? sent->number : "";
  gsize len = strspn (number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
  gboolean is_whole = sent->way == CH_DELIVERY_BY_COURIER
                          ? sent->courier != NULL && *sent->courier != 0 && len >= 6 && number[len] == 0
                          : sent->place != NULL && *sent->place != 0;

  if (!is_whole)
    g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "a courier and a number, or a hall, are missing");
  return is_whole;
}

/**
 * ch_deliveries_send:
 * @sent: with whom and under which number, or in which hall
 * @error: %CH_ERROR_INVALID_INPUT when that is not said, %CH_ERROR_WRONG_STATE when it was received
 *
 * Says that a key has left or lies ready; said again, it mends what was said.
 */
gboolean
ch_deliveries_send (ChDbTx *tx,
                    const char *application,
                    const ChDeliverySent *sent,
                    const char *who,
                    GError **error)
{
  g_autoptr (ChDelivery) now = ch_deliveries_get (tx, application, error);
  gboolean by_courier = sent->way == CH_DELIVERY_BY_COURIER;
  const char *state = by_courier ? "sent" : "ready";

  if (now == NULL || !check_sent (sent, error))
    return FALSE;
  if (now->state == CH_DELIVERY_RECEIVED)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "it was received");
      return FALSE;
    }

  return ch_db_run (tx,
                    "INSERT INTO delivery (application, state, way, courier, number, place, sent, received) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (application) DO UPDATE SET "
                    "state = excluded.state, way = excluded.way, courier = excluded.courier, "
                    "number = excluded.number, place = excluded.place, sent = excluded.sent",
                    CH_BIND (CH_TEXT (application), CH_TEXT (state),
                             CH_TEXT (ch_wire_enum_get_id (&ChDeliveryWay_enum, sent->way)),
                             CH_TEXT (by_courier ? sent->courier : ""),
                             CH_TEXT (by_courier ? sent->number : ""),
                             CH_TEXT (sent->place != NULL ? sent->place : ""), CH_INT (ch_clock_now ())),
                    error)
         && ch_applications_add_history (tx, application, by_courier ? "sent" : "ready", who, error);
}

/**
 * ch_deliveries_receive:
 * @error: %CH_ERROR_WRONG_STATE while nothing was sent
 *
 * Signs for a key. Once is enough: again nothing changes.
 */
gboolean
ch_deliveries_receive (ChDbTx *tx, const char *application, const char *who, GError **error)
{
  g_autoptr (ChDelivery) now = ch_deliveries_get (tx, application, error);

  if (now == NULL)
    return FALSE;
  if (now->state == CH_DELIVERY_RECEIVED)
    return TRUE;
  if (now->state == CH_DELIVERY_WAITING)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "nothing was sent yet");
      return FALSE;
    }

  return ch_db_run_one (tx, "UPDATE delivery SET state = 'received', received = $2 WHERE application = $1",
                        CH_BIND (CH_TEXT (application), CH_INT (ch_clock_now ())), error)
         && ch_applications_add_history (tx, application, "received", who, error);
}
