#include "config.h"

#include "base/ch-error.h"
#include "server/ch-listing.h"
#include "server/ch-order-desk.h"
#include "server/ch-review-desk.h"
#include "server/ch-service.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-orders.h"
#include "server/ch-store-refunds.h"
#include "server/ch-till.h"
#include "server/demo/ch-demo-gateway.h"
#include "server/demo/ch-demo-handlers.h"
#include "server/demo/ch-demo-messages.h"

/* How the desk is called in the history */
#define WHO "desk"

static const ChRoute route_orders = {
  .id = "demo-orders",
  .method = "GET",
  .path = "/demo/v1/orders",
  .request = &ChNothing_wire,
  .answer = &ChDemoOrders_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_pay = {
  .id = "demo-pay",
  .method = "POST",
  .path = "/demo/v1/orders/{order}/pay",
  .request = &ChNothing_wire,
  .answer = &ChOrder_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_refunds = {
  .id = "demo-refunds",
  .method = "GET",
  .path = "/demo/v1/refunds",
  .request = &ChNothing_wire,
  .answer = &ChRefundList_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_complete = {
  .id = "demo-refund-complete",
  .method = "POST",
  .path = "/demo/v1/refunds/{refund}/complete",
  .request = &ChNothing_wire,
  .answer = &ChRefund_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_applications = {
  .id = "demo-applications",
  .method = "GET",
  .path = "/demo/v1/applications",
  .request = &ChNothing_wire,
  .answer = &ChApplicationList_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_review = {
  .id = "demo-review",
  .method = "POST",
  .path = "/demo/v1/applications/{application}/review",
  .request = &ChDemoReview_wire,
  .answer = &ChApplication_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

/* -- Payments -- */

static gpointer
read_waiting (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (ChDemoOrders) orders = ch_wire_new (&ChDemoOrders_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT id FROM purchase WHERE state = 'unpaid' ORDER BY created DESC LIMIT 100", NULL, error);
  ChStep step;

  orders->items = ch_wire_list_new (&ChOrder_wire);
  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      ChOrder *order = step == CH_STEP_ROW ? ch_orders_get (tx, ch_stmt_get_text (stmt, 0), error) : NULL;

      if (order == NULL)
        return NULL;
      if (order->attempt != NULL)
        g_ptr_array_add (orders->items, order);
      else
        ch_order_free (order);
    }

  return stmt != NULL ? g_steal_pointer (&orders) : NULL;
}

static gpointer
answer_orders (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_waiting, NULL, error);
}

/* A store for trying out may also use the sandbox of a real provider: then that one is paid */
static ChDemoGateway *
get_gateway (ChService *service, GError **error)
{
  ChGateway *gateway = ch_service_get_gateway (service);

  if (CH_IS_DEMO_GATEWAY (gateway))
    return CH_DEMO_GATEWAY (gateway);
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "payments go to a provider’s sandbox");
  return NULL;
}

static gpointer
read_order (ChDbTx *tx, gpointer id, GError **error)
{
  return ch_orders_get (tx, id, error);
}

/* The same way as a real payment: the gateway is paid, its notice is verified, the order is settled. */
static gpointer
answer_pay (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  const char *id = ch_call_get_arg (call, 0);
  g_autoptr (ChOrder) order = ch_db_read (ch_service_get_db (service), read_order, (gpointer) id, error);
  ChDemoGateway *gateway = get_gateway (service, error);
  g_autoptr (GBytes) told = NULL;

  if (order == NULL || gateway == NULL)
    return NULL;
  if (order->attempt == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "there is no code to pay with");
      return NULL;
    }

  told = ch_demo_gateway_pay (gateway, order->attempt->trade_no, error);
  if (told == NULL || !ch_order_desk_notify (service, &(ChNotice){ NULL, told, NULL }, error))
    return NULL;
  return ch_db_read (ch_service_get_db (service), read_order, (gpointer) id, error);
}

/* -- Money that goes back -- */

static gpointer
read_refunds (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_refunds_list (tx, NULL, error);
}

static gpointer
answer_refunds (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_refunds, NULL, error);
}

/* The desk is everybody of the staff */
static gpointer
write_approval (ChDbTx *tx, gpointer id, GError **error)
{
  g_autoptr (ChRefundRecord) refund = ch_refund_record_load (tx, id, error);

  if (refund == NULL)
    return NULL;
  return refund->state != CH_REFUND_DUE || ch_refunds_approve (tx, refund, FALSE, WHO, error) ? CH_DB_DONE
                                                                                              : NULL;
}

static gpointer
read_refund (ChDbTx *tx, gpointer id, GError **error)
{
  return ch_refunds_get (tx, id, error);
}

/* All the way: approved, sent, arrived, asked after */
static gpointer
answer_complete (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  ChDb *db = ch_service_get_db (service);
  const char *id = ch_call_get_arg (call, 0);
  ChDemoGateway *gateway = get_gateway (service, error);

  if (gateway == NULL || ch_db_write (db, write_approval, (gpointer) id, NULL, error) == NULL
      || !ch_till_pay_back (service, id, error) || !ch_demo_gateway_complete (gateway, id, error)
      || !ch_till_pay_back (service, id, error))
    return NULL;
  return ch_db_read (db, read_refund, (gpointer) id, error);
}

/* -- Reviews -- */

static gpointer
read_queue (ChDbTx *tx, gpointer profile, GError **error)
{
  char submitted[] = "submitted";
  const ChListQuery query = { .state = submitted };

  return ch_applications_list (tx, profile, CH_LISTING_EVERYBODY, &query, error);
}

static gpointer
answer_applications (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);

  return ch_db_read (ch_service_get_db (service), read_queue, (gpointer) ch_service_get_profile (service),
                     error);
}

typedef struct
{
  ChReviewJob job;
  ChReview review;
} ReviewWork;

static gpointer
write_review (ChDbTx *tx, gpointer data, GError **error)
{
  ReviewWork *work = data;
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, work->job.application, error);

  if (record == NULL)
    return NULL;
  /* what the reviewer saw is what there is */
  work->review.version = record->version;
  return ch_review_desk_write (tx, &work->job, error);
}

static gboolean
is_approved (ChCall *call, const ChDemoReview *wanted)
{
  g_autoptr (ChDemoVerdict) verdict = ch_wire_decode (&ChDemoVerdict_wire, ch_call_get_body (call), NULL);

  if (wanted->decision != NULL)
    return g_str_equal (wanted->decision, "approve");
  return verdict == NULL || verdict->approve;
}

static gpointer
answer_review (ChCall *call, gpointer request, GError **error)
{
  const ChDemoReview *wanted = request;
  ChService *service = ch_call_get_service (call);
  ReviewWork work = { { ch_service_get_profile (service), ch_call_get_arg (call, 0), NULL, WHO },
                      { 0, is_approved (call, wanted), wanted->reasons } };
  ChApplication *application;

  work.job.review = &work.review;
  application = ch_db_write (ch_service_get_db (service), write_review, &work,
                             (GDestroyNotify) ch_application_free, error);
  if (application != NULL)
    ch_review_desk_ended (service, application);
  return application;
}

const ChHandlerRow ch_demo_desk_handlers[] = {
  { &route_orders, answer_orders, CH_HANDLER_WORKER },
  { &route_pay, answer_pay, CH_HANDLER_WORKER },
  { &route_refunds, answer_refunds, CH_HANDLER_WORKER },
  { &route_complete, answer_complete, CH_HANDLER_WORKER },
  { &route_applications, answer_applications, CH_HANDLER_WORKER },
  { &route_review, answer_review, CH_HANDLER_WORKER },
  { NULL },
};
