#include "config.h"

#include "base/ch-error.h"

#include "server/ch-application-changes.h"
#include "server/ch-application-turns.h"
#include "server/ch-crl-desk.h"
#include "server/ch-handler.h"
#include "server/ch-lookup.h"
#include "server/ch-order-desk.h"
#include "server/ch-review-desk.h"
#include "server/ch-service.h"
#include "server/ch-store-applications.h"

/* What a change needs to know, whatever it changes */
typedef struct
{
  const ChProfile *profile;
  const ChCaller *caller;
  const char *application;
  const char *place; /* (nullable) */
  gpointer request;
  gboolean is_done; /* just now, and not when the same call came before */
} Job;

static Job
make_job (ChCall *call, gpointer request)
{
  gboolean has_application = ch_call_get_route (call)->owned == CH_OWNED_APPLICATION;

  return (Job){ ch_service_get_profile (ch_call_get_service (call)), ch_call_get_caller (call),
                has_application ? ch_call_get_arg (call, 0) : NULL, ch_call_get_place (call), request };
}

/* The application as the caller saw it: with another version nothing is changed */
static ChApplicationRecord *
load_seen (ChDbTx *tx, const Job *job, gint64 version, GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->application, error);

  return record != NULL && ch_changes_check_version (tx, record, version, error) ? g_steal_pointer (&record)
                                                                                 : NULL;
}

static gpointer
read_one (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  ChApplication *answer = ch_applications_get (tx, job->application, job->profile, CH_VIEW_MEMBER, error);

  if (answer != NULL && job->caller->ticket != NULL)
    ch_lookup_reduce (answer);
  return answer;
}

/* What becomes of it; which fields differ from @before is noted, for whoever comes with an older version */
static gpointer
read_noted (ChDbTx *tx, Job *job, const ChApplicationRecord *before, GError **error)
{
  g_autoptr (ChApplication) after = read_one (tx, job, error);

  if (after == NULL || !ch_changes_note_answers (tx, before, after->answers, job->place, error))
    return NULL;
  return g_steal_pointer (&after);
}

static gpointer
write_new (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *id = ch_applications_create (tx, job->profile, job->caller, job->request, error);

  return id != NULL ? ch_applications_get (tx, id, job->profile, CH_VIEW_MEMBER, error) : NULL;
}

static gpointer
handle_new (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_call_commit (call, write_new, &job, error);
}

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (job->caller->certificate != NULL)
    return ch_applications_list_held (tx, job->profile, job->caller->certificate, error);
  return ch_applications_list (tx, job->profile, job->caller->account, job->request, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_list, &job, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_one, &job, error);
}

static gpointer
write_answers (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChAnswers *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL || !ch_applications_save (tx, record, job->profile, request->answers, who, error))
    return NULL;
  return read_noted (tx, job, record, error);
}

static gpointer
handle_answers (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_call_commit (call, write_answers, &job, error);
}

static gpointer
write_submit (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChVersion *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL || !ch_applications_submit (tx, record, job->profile, who, error))
    return NULL;
  job->is_done = TRUE;
  return read_one (tx, job, error);
}

static gpointer
handle_submit (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);
  ChApplication *answer = ch_call_commit (call, write_submit, &job, error);

  if (answer != NULL && job.is_done)
    ch_review_desk_submitted (ch_call_get_service (call), answer);
  return answer;
}

static gpointer
write_flow (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChFlowChange *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL
      || !ch_applications_change_flow (tx, record, job->profile, request->flow, request->project, who, error))
    return NULL;
  return read_noted (tx, job, record, error);
}

static gpointer
read_record (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_application_record_load (tx, job->application, error);
}

/* A code that can still be paid is closed first. If the gateway does not answer, what is paid nevertheless
 * goes back later. */
static gboolean
close_code (ChCall *call, Job *job, gboolean is_needed, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autoptr (ChApplicationRecord) record = ch_db_read (ch_service_get_db (service), read_record, job, error);
  g_autoptr (GError) local = NULL;

  if (record == NULL)
    return FALSE;
  if (record->order == NULL || record->is_paid || ch_order_desk_close (service, record->order, &local))
    return TRUE;
  if (is_needed)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_message ("a code that is wanted no more was not closed yet: %s", local->message);
  return !is_needed;
}

static gpointer
handle_flow (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return close_code (call, &job, TRUE, error) ? ch_call_commit (call, write_flow, &job, error) : NULL;
}

static gpointer
write_withdraw (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChVersion *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL || !ch_applications_withdraw (tx, record, who, error))
    return NULL;
  job->is_done = TRUE;
  return read_one (tx, job, error);
}

static gpointer
handle_withdraw (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  ChApplication *answer
      = close_code (call, &job, FALSE, error) ? ch_call_commit (call, write_withdraw, &job, error) : NULL;

  if (answer != NULL && job.is_done)
    ch_review_desk_ended (ch_call_get_service (call), answer);
  return answer;
}

static gpointer
write_discard (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChVersion *request = job->request;
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL || !ch_applications_discard (tx, record, error))
    return NULL;
  return ch_wire_new (&ChNothing_wire);
}

static gpointer
handle_discard (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_call_commit (call, write_discard, &job, error);
}

static gpointer
write_again (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChVersion *request = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChApplicationRecord) record = load_seen (tx, job, request->version, error);

  if (record == NULL)
    return NULL;
  /* Its holder cannot know where the key lies that the CA makes */
  if (ch_profile_is_made_here (job->profile, &record->axes))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the CA makes it, and makes it again");
      return NULL;
    }
  if (!ch_applications_make_again (tx, record, who, error))
    return NULL;
  return read_one (tx, job, error);
}

static gpointer
handle_again (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  Job job = make_job (call, request);
  gpointer answer = ch_call_commit (call, write_again, &job, error);

  if (answer != NULL)
    ch_crl_desk_renew_all (service);
  return answer;
}

const ChHandlerRow ch_handlers_application[] = {
  { &ch_route_application_new, handle_new, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_application, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_answers, handle_answers, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_submit, handle_submit, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_flow, handle_flow, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_withdraw, handle_withdraw, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_discard, handle_discard, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_again, handle_again, CH_HANDLER_WORKER, 0 },
  { NULL },
};
