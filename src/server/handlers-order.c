#include "config.h"

#include "base/ch-error.h"
#include "server/ch-application-changes.h"
#include "server/ch-handler.h"
#include "server/ch-order-desk.h"
#include "server/ch-store-applications.h"

typedef struct
{
  const ChProfile *profile;
  const ChCaller *caller;
  const char *id; /* of an application or an order */
  gpointer request;
  const char *trade_no; /* (nullable): of a new attempt */
  const char *code;
} Job;

static Job
make_job (ChCall *call, gpointer request)
{
  return (Job){ ch_service_get_profile (ch_call_get_service (call)), ch_call_get_caller (call),
                ch_call_get_arg (call, 0), request };
}

static ChDb *
get_db (ChCall *call)
{
  return ch_service_get_db (ch_call_get_service (call));
}

static gpointer
read_application (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_application_record_load (tx, job->id, error);
}

static gpointer
read_order (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_orders_get (tx, job->id, error);
}

static gpointer
write_new (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChVersion *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->id, error);
  g_autofree char *id = NULL;

  if (record == NULL || !ch_changes_check_version (tx, record, request->version, error))
    return NULL;
  id = ch_orders_create (tx, record, job->profile, who, error);
  return id != NULL ? ch_orders_get (tx, id, error) : NULL;
}

static gpointer
handle_new (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);
  g_autoptr (ChApplicationRecord) record = ch_db_read (get_db (call), read_application, &job, error);

  if (record == NULL)
    return NULL;
  /* Another price: the code of the old one must be dead before there is a new one */
  if (record->order != NULL && !record->is_priced
      && !ch_order_desk_close (ch_call_get_service (call), record->order, error))
    return NULL;
  return ch_call_commit (call, write_new, &job, error);
}

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_orders_list (tx, job->caller->account, job->request, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  Job job = { .caller = ch_call_get_caller (call), .request = request };

  return ch_db_read (get_db (call), read_list, &job, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (get_db (call), read_order, &job, error);
}

static gboolean
check_channel (const ChProfile *profile, const char *channel, GError **error)
{
  if (g_strv_contains ((const char *const *) profile->channels, channel))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "the CA does not take this way to pay");
  return FALSE;
}

static gpointer
write_attempt (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (job->trade_no != NULL && !ch_orders_open_attempt (tx, job->trade_no, job->code, error))
    return NULL;
  return ch_orders_get (tx, job->id, error);
}

static gpointer
handle_attempt (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  const char *channel = ((ChAttemptNew *) request)->channel;
  Job job = make_job (call, request);
  g_autoptr (ChOrder) order = NULL;
  g_autofree char *trade_no = NULL;
  g_autofree char *code = NULL;
  gpointer answer;

  if (!check_channel (job.profile, channel, error) || !ch_order_desk_close (service, job.id, error))
    return NULL;
  order = ch_db_read (get_db (call), read_order, &job, error);
  if (order == NULL)
    return NULL;
  /* Somebody was faster and paid the old code: there is nothing more to pay */
  if (order->state != CH_ORDER_UNPAID)
    return ch_call_commit (call, write_attempt, &job, error);

  trade_no = ch_order_desk_begin (service, job.id, channel, &code, error);
  if (trade_no == NULL)
    return NULL;
  job.trade_no = trade_no;
  job.code = code;
  answer = ch_call_commit (call, write_attempt, &job, error);
  if (answer == NULL)
    ch_order_desk_give_up (service, channel, trade_no);
  return answer;
}

static gpointer
handle_query (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  if (!ch_order_desk_query (ch_call_get_service (call), job.id, error))
    return NULL;
  return ch_db_read (get_db (call), read_order, &job, error);
}

const ChHandlerRow ch_handlers_order[] = {
  { &ch_route_order_new, handle_new, CH_HANDLER_WORKER, 0 },
  { &ch_route_order_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_order, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_attempt_new, handle_attempt, CH_HANDLER_WORKER, 0 },
  { &ch_route_order_query, handle_query, CH_HANDLER_WORKER, 0 },
  { NULL },
};
