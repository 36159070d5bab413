#include "config.h"

#include "base/ch-error.h"
#include "server/ch-handler.h"
#include "server/ch-service.h"
#include "server/ch-store-refunds.h"

/* The staff’s side of money that goes back. Nothing is sent here: ch_till_run() does. */

typedef struct _Job Job;

struct _Job
{
  gboolean (*change) (ChDbTx *tx, const ChRefundRecord *refund, const Job *job, GError **error);
  const char *id;
  const char *state;
  const char *note;
  const char *who;
  gboolean needs_two;
};

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_refunds_list (tx, ((Job *) data)->state, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  Job job = { .state = ((ChListQuery *) request)->state };

  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_list, &job, error);
}

static gboolean
approve (ChDbTx *tx, const ChRefundRecord *refund, const Job *job, GError **error)
{
  return ch_refunds_approve (tx, refund, job->needs_two, job->who, error);
}

static gboolean
retry (ChDbTx *tx, const ChRefundRecord *refund, const Job *job, GError **error)
{
  return ch_refunds_retry (tx, refund, job->who, error);
}

static gboolean
mark_done (ChDbTx *tx, const ChRefundRecord *refund, const Job *job, GError **error)
{
  return ch_refunds_mark_done (tx, refund, job->needs_two, job->note, job->who, error);
}

static gpointer
write_change (ChDbTx *tx, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (ChRefundRecord) refund = ch_refund_record_load (tx, job->id, error);

  return refund != NULL && job->change (tx, refund, job, error) ? ch_refunds_get (tx, job->id, error) : NULL;
}

static gpointer
commit (ChCall *call, Job *job, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));

  job->id = ch_call_get_arg (call, 0);
  job->who = who;
  job->needs_two = ch_service_needs_two_people (ch_call_get_service (call));
  return ch_call_commit (call, write_change, job, error);
}

static gpointer
handle_approve (ChCall *call, gpointer request, GError **error)
{
  return commit (call, &(Job){ .change = approve }, error);
}

static gpointer
handle_retry (ChCall *call, gpointer request, GError **error)
{
  return commit (call, &(Job){ .change = retry }, error);
}

static gpointer
handle_by_hand (ChCall *call, gpointer request, GError **error)
{
  return commit (call, &(Job){ .change = mark_done, .note = ((ChRefundNote *) request)->note }, error);
}

const ChHandlerRow ch_handlers_refund[] = {
  { &ch_route_refund_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_refund_approve, handle_approve, CH_HANDLER_WORKER, 0 },
  { &ch_route_refund_retry, handle_retry, CH_HANDLER_WORKER, 0 },
  { &ch_route_refund_by_hand, handle_by_hand, CH_HANDLER_WORKER, 0 },
  { NULL },
};
