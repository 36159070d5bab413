#include "config.h"

#include "server/ch-handler.h"
#include "server/ch-receipt.h"
#include "server/ch-service.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-orders.h"

/* What is read together, so that payment and state belong to each other */
typedef struct
{
  const ChProfile *profile;
  const char *id;
  ChApplication *application; /* (owned) (nullable) */
  ChOrder *order;             /* (owned) (nullable) */
} Job;

static gpointer
read_both (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  job->application = ch_applications_get (tx, job->id, job->profile, CH_VIEW_MEMBER, error);
  if (job->application == NULL)
    return NULL;
  if (job->application->order == NULL)
    return CH_DB_DONE;
  job->order = ch_orders_get (tx, job->application->order, error);
  return job->order != NULL ? CH_DB_DONE : NULL;
}

/* Drawn outside of the transaction: it takes a while */
static gpointer
handle_receipt (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  Job job = { ch_service_get_profile (service), ch_call_get_arg (call, 0), NULL, NULL };
  ChReceipt *receipt = NULL;

  if (ch_db_read (ch_service_get_db (service), read_both, &job, error) != NULL)
    receipt = ch_receipt_make (service, job.application, job.order, error);
  g_clear_pointer (&job.application, ch_application_free);
  g_clear_pointer (&job.order, ch_order_free);
  return receipt;
}

const ChHandlerRow ch_handlers_receipt[] = {
  { &ch_route_application_receipt, handle_receipt, CH_HANDLER_WORKER, 0 },
  { NULL },
};
