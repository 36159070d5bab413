#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "base/ch-validate.h"
#include "server/ch-counter.h"
#include "server/ch-handler.h"
#include "server/ch-holder-login.h"
#include "server/ch-login.h"
#include "server/ch-notify.h"
#include "server/ch-scan.h"
#include "server/ch-sms-code.h"
#include "server/ch-ticket.h"

/* Codes that a PC may begin; a whole office has one address */
static const ChCounterLimit per_address = { "scan-address", 120, 3600 };
static const ChCounterLimit in_all = { "scan-all", 6000, 600 };

/* A call of the PC */
typedef struct
{
  ChService *service;
  const ChCaller *caller;
  const char *address;
  ChScanDraft draft;
  ChScan *scan; /* (owned) (nullable) */
  ChLoginRow *row;
  ChCodeTarget target;
  ChSecret *sms_code; /* (unowned) (nullable) */
  char *code;         /* (owned) (nullable): to be sent */
  gboolean is_known;
} Job;

static void
job_clear (Job *job)
{
  if (job->code != NULL)
    ch_secret_wipe (job->code, strlen (job->code));
  g_free (job->code);
  g_clear_pointer (&job->scan, ch_scan_free);
  g_clear_pointer (&job->row, ch_login_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static Job
make_job (ChCall *call)
{
  return (Job){ .service = ch_call_get_service (call),
                .caller = ch_call_get_caller (call),
                .address = ch_call_get_address (call) };
}

/* -- Beginning -- */

/* An application’s account, for who is here as the holder of a certificate */
static char *
find_account (ChDbTx *tx, const Job *job, GError **error)
{
  g_autoptr (ChStmt) stmt = NULL;

  if (job->draft.application == NULL)
    return g_strdup (job->caller->account);
  stmt = ch_db_query_row (tx, "SELECT account FROM application WHERE id = $1",
                          CH_BIND (CH_TEXT (job->draft.application)), error);
  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

static gpointer
write_scan (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *account = NULL;

  if (!ch_counter_take (tx, job->service, &in_all, "", error)
      || !ch_counter_take (tx, job->service, &per_address, job->address, error))
    return NULL;
  if (job->draft.purpose != CH_SCAN_LOGIN)
    {
      account = find_account (tx, job, error);
      if (account == NULL)
        return NULL;
      job->draft.account = account;
    }
  return ch_scan_start (tx, job->service, &job->draft, error);
}

/* A name that nobody could read is none: it is shown to who is to decide by it */
static gpointer
start (Job *job, const ChScanNew *wanted, GError **error)
{
  const char *name = wanted->installation_name;

  job->draft.installation_name = name != NULL && ch_validate_name (name) == CH_REASON_OK ? name : NULL;
  job->draft.address = job->address;
  return ch_db_write (ch_service_get_db (job->service), write_scan, job,
                      (GDestroyNotify) ch_scan_started_free, error);
}

static gpointer
handle_login (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call);

  job.draft.purpose = CH_SCAN_LOGIN;
  return start (&job, request, error);
}

static gpointer
handle_pair (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call);

  job.draft.purpose = CH_SCAN_PAIR;
  return start (&job, request, error);
}

static gpointer
handle_application (ChCall *call, gpointer request, GError **error)
{
  const ChScanNew *wanted = request;
  g_auto (Job) job = make_job (call);

  if (wanted->purpose == CH_SCAN_LOGIN || wanted->purpose == CH_SCAN_PAIR)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "this is not about an application");
      return NULL;
    }
  job.draft.purpose = wanted->purpose;
  job.draft.application = ch_call_get_arg (call, 0);
  return start (&job, wanted, error);
}

/* -- Waiting -- */

static gpointer
read_waiting (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChScan) scan = ch_scan_load (tx, job->caller->ticket, error);
  ChScanWaiting *waiting;

  if (scan == NULL)
    return NULL;
  waiting = ch_wire_new (&ChScanWaiting_wire);
  waiting->purpose = scan->purpose;
  waiting->state = scan->state;
  waiting->turns = scan->turns;
  waiting->ends = scan->created + CH_TICKET_SECONDS;
  return waiting;
}

static gpointer
handle_waiting (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call);

  return ch_db_read (ch_service_get_db (job.service), read_waiting, &job, error);
}

static gpointer
write_turn (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChScan) scan = ch_scan_load (tx, job->caller->ticket, error);

  return scan != NULL ? ch_scan_turn (tx, job->service, scan, error) : NULL;
}

static gpointer
handle_turn (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call);

  return ch_db_write (ch_service_get_db (job.service), write_turn, &job, (GDestroyNotify) ch_scan_code_free,
                      error);
}

static gpointer
write_cancelled (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChScan) scan = ch_scan_load (tx, job->caller->ticket, error);

  return scan != NULL && ch_scan_end (tx, scan, error) ? ch_wire_new (&ChNothing_wire) : NULL;
}

static gpointer
handle_cancel (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call);

  return ch_db_write (ch_service_get_db (job.service), write_cancelled, &job, g_free, error);
}

/* -- Coming in -- */

static gpointer
read_scan (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  job->scan = ch_scan_load (tx, job->caller->ticket, error);
  return job->scan != NULL ? CH_DB_DONE : NULL;
}

static gpointer
read_known (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  gint64 n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM installation WHERE number = $1",
                        CH_BIND (CH_BYTES (job->row->number)), &n, error))
    return NULL;
  job->is_known = job->row->number != NULL && n > 0;
  job->row->mobile = ch_accounts_get_mobile (tx, job->row->id, error);
  return job->row->mobile != NULL ? CH_DB_DONE : NULL;
}

static gpointer
write_sms (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_sms_code_make (tx, job->service, &job->target, job->address, &job->code, error);
}

/* Somebody may have had another’s code scanned: what they still lack is the message to its owner */
static gboolean
ask_code (Job *job, GError **error)
{
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (job->service)->limits->sms_valid / 60));
  g_autofree char *masked = ch_mask_number (job->row->mobile);
  g_autoptr (GError) local = NULL;
  g_autoptr (ChSmsSent) sent = ch_db_write (ch_service_get_db (job->service), write_sms, job,
                                            (GDestroyNotify) ch_sms_sent_free, &local);
  const char *args[] = { job->code, minutes, NULL };
  GError *unknown;

  if (sent != NULL)
    ch_notify_post_sms (job->service, job->row->mobile, CH_SMS_TEMPLATE_CODE, args);
  else if (!g_error_matches (local, CH_ERROR, CH_ERROR_TOO_OFTEN))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  unknown = g_error_new (CH_ERROR, CH_ERROR_PLACE_UNKNOWN, "the account does not know this PC");
  ch_error_set_detail (unknown, "mobile", masked);
  g_propagate_error (error, unknown);
  return FALSE;
}

static gpointer
write_claimed (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChScan) scan = ch_scan_load (tx, job->caller->ticket, error);

  if (scan == NULL)
    return NULL;
  if (scan->state != CH_SCAN_SIGNED)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the session was fetched already");
      return NULL;
    }
  return (job->sms_code == NULL || ch_sms_code_spend (tx, job->service, &job->target, job->sms_code, error))
                 && ch_scan_set_state (tx, scan, CH_SCAN_DONE, NULL, error)
             ? CH_DB_DONE
             : NULL;
}

static gboolean
check_signed (const Job *job, GError **error)
{
  if (job->scan->purpose != CH_SCAN_LOGIN)
    g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "this code lets nobody in");
  else if (job->scan->state == CH_SCAN_REFUSED)
    g_set_error (error, CH_ERROR, CH_ERROR_SCAN_REFUSED, "refused on the phone");
  else if (job->scan->state != CH_SCAN_SIGNED || job->scan->certificate == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_SCAN_TAKEN, "the phone has not signed yet");
  else
    return TRUE;
  return FALSE;
}

/* A PC the account does not know needs the code of a message; who gives it makes it known */
static gboolean
check_place (Job *job, const ChScanSession *wanted, GError **error)
{
  if (wanted->installation != NULL)
    job->row->number = ch_login_make_number (job->service, job->row->id, wanted->installation);
  if (ch_db_read (ch_service_get_db (job->service), read_known, job, error) == NULL)
    return FALSE;
  if (job->is_known)
    return TRUE;

  job->target = (ChCodeTarget){ job->row->mobile, CH_SMS_PHONE, job->scan->id };
  if (wanted->sms_code == NULL)
    return ask_code (job, error);
  job->sms_code = wanted->sms_code;
  return ch_sms_code_check (job->service, &job->target, wanted->sms_code, error);
}

static gpointer
handle_session (ChCall *call, gpointer request, GError **error)
{
  const ChScanSession *wanted = request;
  g_auto (Job) job = make_job (call);
  ChDb *db = ch_service_get_db (job.service);

  if (!ch_login_check_consents (job.service, "login", wanted->consents, error)
      || ch_db_read (db, read_scan, &job, error) == NULL || !check_signed (&job, error))
    return NULL;
  job.row = ch_holder_load (job.service, job.scan->certificate, error);
  if (job.row == NULL || !check_place (&job, wanted, error)
      || ch_db_write (db, write_claimed, &job, NULL, error) == NULL)
    return NULL;
  return ch_session_start (job.service, job.row, job.scan->installation_name, wanted->consents, error);
}

const ChHandlerRow ch_handlers_scan[] = {
  { &ch_route_scan_login, handle_login, CH_HANDLER_WORKER },
  { &ch_route_scan_pair, handle_pair, CH_HANDLER_WORKER },
  { &ch_route_scan_application, handle_application, CH_HANDLER_WORKER },
  { &ch_route_scan_waiting, handle_waiting, CH_HANDLER_INLINE },
  { &ch_route_scan_turn, handle_turn, CH_HANDLER_WORKER },
  { &ch_route_scan_session, handle_session, CH_HANDLER_WORKER },
  { &ch_route_scan_cancel, handle_cancel, CH_HANDLER_WORKER },
  { NULL },
};
