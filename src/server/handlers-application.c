#include "config.h"

#include "server/ch-handler.h"
#include "server/ch-service.h"
#include "server/ch-store-applications.h"

/* What a change needs to know, whatever it changes */
typedef struct
{
  const ChProfile *profile;
  const ChCaller *caller;
  const char *application;
  gpointer request;
} Job;

static Job
make_job (ChCall *call, gpointer request)
{
  gboolean has_application = ch_call_get_route (call)->owned == CH_OWNED_APPLICATION;

  return (Job){ ch_service_get_profile (ch_call_get_service (call)), ch_call_get_caller (call),
                has_application ? ch_call_get_arg (call, 0) : NULL, request };
}

static gpointer
write_new (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autofree char *id
      = ch_applications_create (tx, job->profile, job->caller->account, job->request, who, error);

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
read_one (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_applications_get (tx, job->application, job->profile, CH_VIEW_MEMBER, error);
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
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->application, error);

  if (record == NULL || !ch_application_record_check_version (record, request->version, error)
      || !ch_applications_save (tx, record, job->profile, request->answers, who, error))
    return NULL;
  return ch_applications_get (tx, job->application, job->profile, CH_VIEW_MEMBER, error);
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
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->application, error);

  if (record == NULL || !ch_application_record_check_version (record, request->version, error)
      || !ch_applications_submit (tx, record, job->profile, who, error))
    return NULL;
  return ch_applications_get (tx, job->application, job->profile, CH_VIEW_MEMBER, error);
}

static gpointer
handle_submit (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_call_commit (call, write_submit, &job, error);
}

const ChHandlerRow ch_handlers_application[] = {
  { &ch_route_application_new, handle_new, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_application, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_answers, handle_answers, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_submit, handle_submit, CH_HANDLER_WORKER, 0 },
  { NULL },
};
