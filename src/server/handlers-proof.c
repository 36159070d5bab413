#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-application-changes.h"
#include "server/ch-before.h"
#include "server/ch-handler.h"
#include "server/ch-notify.h"
#include "server/ch-sms-code.h"
#include "server/ch-store-applications.h"

/* Who acts for a certificate confirms by a code what is to be done about it. The code goes to that mobile and
 * no other, whoever asks for it, and is worth nothing for another application. */
typedef struct
{
  ChCall *call;
  const ChHandlerProof *request;
  ChCodeTarget target;
  char *mobile; /* (owned) */
  char *code;   /* (owned) (nullable): set when one is to be sent */
} Work;

static ChService *
service_of (const Work *work)
{
  return ch_call_get_service (work->call);
}

static ChApplicationRecord *
load_open (ChDbTx *tx, const Work *work, GError **error)
{
  g_autoptr (ChApplicationRecord) record
      = ch_application_record_load (tx, ch_call_get_arg (work->call, 0), error);

  if (record == NULL || !ch_application_record_check_open (record, error))
    return NULL;
  if (ch_business_proves (record->axes.business))
    return g_steal_pointer (&record);

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "nobody confirms %s", record->flow);
  return NULL;
}

static gpointer
read_mobile (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (ChApplicationRecord) record = load_open (tx, work, error);

  return record != NULL ? ch_before_get_handler_answer (tx, record->base, "handler-mobile", error) : NULL;
}

static gboolean
start (Work *work, ChCall *call, const ChHandlerProof *request, GError **error)
{
  *work = (Work){ call, request };
  work->mobile = ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_mobile, work, error);
  work->target = (ChCodeTarget){ work->mobile, CH_SMS_CONFIRM, ch_call_get_arg (call, 0) };
  return work->mobile != NULL;
}

static gpointer
write_code (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_sms_code_make (tx, service_of (work), &work->target, ch_call_get_address (work->call),
                           &work->code, error);
}

static gpointer
handle_code (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (service)->limits->sms_valid / 60));
  Work work;
  ChSmsSent *sent;

  if (!start (&work, call, NULL, error))
    return NULL;

  sent = ch_call_commit (call, write_code, &work, error);
  /* a repeated call finds no code here: nothing is sent twice */
  if (sent != NULL && work.code != NULL)
    {
      const char *args[] = { work.code, minutes, NULL };

      if (!ch_notify_sms (service, work.mobile, CH_SMS_TEMPLATE_CODE, args, error))
        g_clear_pointer (&sent, ch_sms_sent_free);
    }
  if (work.code != NULL)
    ch_secret_wipe (work.code, strlen (work.code));
  g_free (work.code);
  g_free (work.mobile);
  return sent;
}

static gpointer
write_proof (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (work->call));
  g_autoptr (ChApplicationRecord) record = load_open (tx, work, error);

  if (record == NULL || !ch_changes_check_version (tx, record, work->request->version, error)
      || !ch_sms_code_spend (tx, service_of (work), &work->target, work->request->code, error)
      || !ch_db_run_one (tx, "UPDATE application SET proved = $2 WHERE id = $1",
                         CH_BIND (CH_TEXT (record->id), CH_INT (ch_clock_now ())), error)
      || !ch_applications_set_state (tx, record->id, record->state, "proved", who, error))
    return NULL;
  return ch_applications_get (tx, record->id, ch_service_get_profile (service_of (work)), CH_VIEW_MEMBER,
                              error);
}

static gpointer
handle_proof (ChCall *call, gpointer request, GError **error)
{
  const ChHandlerProof *wanted = request;
  gpointer answer = NULL;
  Work work;

  if (start (&work, call, wanted, error)
      && ch_sms_code_check (ch_call_get_service (call), &work.target, wanted->code, error))
    answer = ch_call_commit (call, write_proof, &work, error);
  g_free (work.mobile);
  return answer;
}

const ChHandlerRow ch_handlers_proof[] = {
  { &ch_route_application_code, handle_code, CH_HANDLER_WORKER, 0 },
  { &ch_route_application_proof, handle_proof, CH_HANDLER_WORKER, 0 },
  { NULL },
};
