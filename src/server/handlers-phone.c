#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "base/ch-validate.h"
#include "pki/ch-statement.h"
#include "server/ch-application-record.h"
#include "server/ch-counter.h"
#include "server/ch-handler.h"
#include "server/ch-holder-login.h"
#include "server/ch-nonce.h"
#include "server/ch-notify.h"
#include "server/ch-phone.h"
#include "server/ch-scan.h"
#include "server/ch-sms-code.h"
#include "server/ch-store-accounts.h"
#include "server/ch-ticket.h"
#include "wire/ch-field.h"

/* 130 bits cannot be guessed; who tries is slowed down all the same */
static const ChCounterLimit per_address = { "phone-address", 120, 3600 };
static const ChCounterLimit in_all = { "phone-all", 6000, 600 };

/* A message’s code is for a new phone, where it is for none that is known */
#define NEW_PHONE "new-phone"

/* A call of the phone */
typedef struct
{
  ChService *service;
  const ChCaller *caller;
  const char *address;
  gpointer request;
  ChScan *scan;      /* (owned) (nullable) */
  ChPhoneRow *phone; /* (owned) (nullable) */
  char *mobile;      /* (owned) (nullable): of the account */
  char *code;        /* (owned) (nullable): to be sent */
  ChLoginRow *row;   /* (owned) (nullable): who lets the PC in */
  gboolean is_wrong; /* the PIN */
} Job;

static void
job_clear (Job *job)
{
  if (job->code != NULL)
    ch_secret_wipe (job->code, strlen (job->code));
  g_free (job->code);
  g_free (job->mobile);
  g_clear_pointer (&job->scan, ch_scan_free);
  g_clear_pointer (&job->phone, ch_phone_row_free);
  g_clear_pointer (&job->row, ch_login_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static Job
make_job (ChCall *call, gpointer request)
{
  return (Job){ .service = ch_call_get_service (call),
                .caller = ch_call_get_caller (call),
                .address = ch_call_get_address (call),
                .request = request };
}

static gpointer
commit (Job *job, ChDbFunc func, GDestroyNotify free_result, GError **error)
{
  return ch_db_write (ch_service_get_db (job->service), func, job, free_result, error);
}

/* -- A code was read -- */

static const struct
{
  ChScanPurpose purpose;
  ChPrincipals principal;
} principals[] = {
  { CH_SCAN_LOGIN, CH_PRINCIPAL_PHONE_TICKET },   { CH_SCAN_PAIR, CH_PRINCIPAL_PHONE_TICKET },
  { CH_SCAN_CONFIRM, CH_PRINCIPAL_PHONE_TICKET }, { CH_SCAN_INSTALL, CH_PRINCIPAL_PHONE_INSTALL },
  { CH_SCAN_PAPERS, CH_PRINCIPAL_PHONE_PAPERS },
};

G_STATIC_ASSERT (G_N_ELEMENTS (principals) == CH_N_SCAN_PURPOSES);

/* What the phone may touch by its ticket: the one application, for the one purpose */
static ChTicket *
start_ticket (ChDbTx *tx, const ChScan *scan, GError **error)
{
  g_autoptr (GPtrArray) applications = g_ptr_array_new ();
  ChPrincipals principal = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (principals); i++)
    if (principals[i].purpose == scan->purpose)
      principal = principals[i].principal;
  if (scan->application != NULL)
    g_ptr_array_add (applications, scan->application);
  return ch_ticket_start (tx, principal, scan->id, applications, error);
}

/* Which of its phones the browser is here: one of the account’s; where nobody is known yet, any there is */
static gboolean
find_phone (ChDbTx *tx, Job *job, GStrv ids, GError **error)
{
  for (gsize i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (ChPhoneRow) phone = ch_phone_load (tx, ids[i], &local);

      if (phone == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_PHONE_UNKNOWN))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (phone != NULL && (job->scan->account == NULL || g_str_equal (phone->account, job->scan->account)))
        {
          job->phone = g_steal_pointer (&phone);
          return TRUE;
        }
    }
  return TRUE;
}

static gboolean
find_mobile (ChDbTx *tx, Job *job, GError **error)
{
  const char *account = job->scan->account != NULL ? job->scan->account
                        : job->phone != NULL       ? job->phone->account
                                                   : NULL;

  if (account == NULL)
    return TRUE;
  job->mobile = ch_accounts_get_mobile (tx, account, error);
  return job->mobile != NULL;
}

static gboolean
describe_application (ChDbTx *tx, const char *id, ChScanTask *task, GError **error)
{
  g_autoptr (ChApplicationRecord) record = id != NULL ? ch_application_record_load (tx, id, error) : NULL;
  const char *name;

  if (record == NULL)
    return id == NULL;
  name = ch_application_record_get_answer (record, ch_forms_get_name_field (&record->axes));
  task->application = g_strdup (id);
  task->flow = g_strdup (record->flow);
  task->name = g_strdup (name != NULL ? name : record->applicant);
  return TRUE;
}

static gpointer
write_taken (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChScanTake *wanted = job->request;
  const ChProfile *profile = ch_service_get_profile (job->service);
  g_autoptr (ChScanTask) task = ch_wire_new (&ChScanTask_wire);
  g_autoptr (ChTicket) ticket = NULL;

  job->scan = ch_scan_take (tx, job->service, wanted->code, error);
  if (job->scan == NULL || !find_phone (tx, job, wanted->phones, error) || !find_mobile (tx, job, error)
      || !describe_application (tx, job->scan->application, task, error))
    return NULL;
  ticket = start_ticket (tx, job->scan, error);
  if (ticket == NULL)
    return NULL;

  task->ticket = ch_secret_ref (ticket->token);
  task->ends = ticket->ends;
  task->purpose = job->scan->purpose;
  task->ca = ch_wire_copy (&ChText_wire, profile->name);
  task->hotline = g_strdup (profile->hotline);
  task->installation_name = g_strdup (job->scan->installation_name);
  task->place = g_strdup (job->scan->address);
  task->is_near = g_str_equal (job->scan->address, job->address);
  task->phone = job->phone != NULL ? g_strdup (job->phone->id) : NULL;
  task->mobile = job->mobile != NULL ? ch_mask_number (job->mobile) : NULL;
  task->server = g_bytes_ref (ch_service_get_tls_certificate (job->service));
  return g_steal_pointer (&task);
}

static gpointer
write_try (ChDbTx *tx, gpointer data, GError **error)
{
  const Job *job = data;

  return ch_counter_take (tx, job->service, &in_all, "", error)
                 && ch_counter_take (tx, job->service, &per_address, job->address, error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
handle_take (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  /* by itself: a wrong code must not undo it */
  if (commit (&job, write_try, NULL, error) == NULL)
    return NULL;
  return commit (&job, write_taken, (GDestroyNotify) ch_scan_task_free, error);
}

/* -- The owner of the phone -- */

static gboolean
load_scan (ChDbTx *tx, Job *job, GError **error)
{
  g_clear_pointer (&job->scan, ch_scan_free);
  job->scan = ch_scan_load (tx, job->caller->ticket, error);
  if (job->scan == NULL)
    return FALSE;
  if (job->scan->state == CH_SCAN_TAKEN)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG, "this scan is over");
  return FALSE;
}

/* Another account’s phone is as good as none */
static gboolean
load_phone (ChDbTx *tx, Job *job, const char *id, GError **error)
{
  if (!load_scan (tx, job, error))
    return FALSE;
  g_clear_pointer (&job->phone, ch_phone_row_free);
  job->phone = ch_phone_load (tx, id, error);
  if (job->phone == NULL)
    return FALSE;
  if (job->scan->account == NULL || g_str_equal (job->phone->account, job->scan->account))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_PHONE_UNKNOWN, "the phone of another account");
  return FALSE;
}

static gpointer
write_sms (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPhoneSms *wanted = job->request;
  ChCodeTarget target = { NULL, CH_SMS_PHONE, wanted->phone != NULL ? wanted->phone : NEW_PHONE };

  if (wanted->phone != NULL ? !load_phone (tx, job, wanted->phone, error) : !load_scan (tx, job, error))
    return NULL;
  if (job->phone == NULL && job->scan->account == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PHONE_UNKNOWN, "nobody is known to send it to");
      return NULL;
    }
  if (!find_mobile (tx, job, error))
    return NULL;
  target.mobile = job->mobile;
  return ch_sms_code_make (tx, job->service, &target, job->address, &job->code, error);
}

static gpointer
handle_sms (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (job.service)->limits->sms_valid / 60));
  ChSmsSent *sent = commit (&job, write_sms, (GDestroyNotify) ch_sms_sent_free, error);
  const char *args[] = { job.code, minutes, NULL };

  if (sent != NULL)
    ch_notify_post_sms (job.service, job.mobile, CH_SMS_TEMPLATE_CODE, args);
  return sent;
}

static gpointer
read_owner (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (!load_scan (tx, job, error))
    return NULL;
  if (job->scan->account == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PHONE_UNKNOWN, "by this code no phone is made known");
      return NULL;
    }
  return find_mobile (tx, job, error) ? CH_DB_DONE : NULL;
}

static gpointer
write_phone (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPhoneNew *wanted = job->request;
  ChCodeTarget target = { job->mobile, CH_SMS_PHONE, NEW_PHONE };

  if (!load_scan (tx, job, error) || !ch_sms_code_spend (tx, job->service, &target, wanted->sms_code, error)
      || !ch_nonce_spend (tx, job->service, CH_STATEMENT_POSSESSION, wanted->nonce, error)
      || (job->scan->purpose == CH_SCAN_PAIR
          && !ch_scan_set_state (tx, job->scan, CH_SCAN_DONE, NULL, error)))
    return NULL;
  return ch_phone_add (tx, job->service, job->scan->account, wanted, error);
}

static gpointer
handle_new (ChCall *call, gpointer request, GError **error)
{
  const ChPhoneNew *wanted = request;
  g_auto (Job) job = make_job (call, request);
  ChCodeTarget target = { NULL, CH_SMS_PHONE, NEW_PHONE };

  if (ch_validate_name (wanted->name) != CH_REASON_OK)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "the phone’s name cannot be shown");
      return NULL;
    }
  if (!ch_phone_check_key (job.service, wanted, error)
      || ch_db_read (ch_service_get_db (job.service), read_owner, &job, error) == NULL)
    return NULL;
  target.mobile = job.mobile;
  if (!ch_sms_code_check (job.service, &target, wanted->sms_code, error))
    return NULL;
  return commit (&job, write_phone, (GDestroyNotify) ch_phone_share_free, error);
}

/* -- The PIN -- */

static gpointer
read_phone (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPhoneOpen *wanted = job->request;

  return load_phone (tx, job, wanted->phone, error) && find_mobile (tx, job, error) ? CH_DB_DONE : NULL;
}

static gpointer
write_unlocked (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPhoneOpen *wanted = job->request;
  ChCodeTarget target = { job->mobile, CH_SMS_PHONE, job->phone->id };

  return ch_sms_code_spend (tx, job->service, &target, wanted->sms_code, error)
                 && ch_phone_unlock (tx, job->phone->id, error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
write_opened (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPhoneOpen *wanted = job->request;
  ChPhoneShare *share;

  if (!load_phone (tx, job, wanted->phone, error))
    return NULL;
  if (job->phone->n_wrong >= CH_PHONE_TRIES)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PHONE_LOCKED, "%d wrong PINs", CH_PHONE_TRIES);
      return NULL;
    }
  share = ch_phone_open (tx, job->service, job->phone, wanted->verifier, error);
  job->is_wrong = share != NULL && share->share == NULL;
  return share;
}

/* Counted in a transaction that is not undone, then said */
static void
refuse_pin (const Job *job, GError **error)
{
  gint64 left = CH_PHONE_TRIES - job->phone->n_wrong;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, left);
  GError *wrong = left > 0 ? g_error_new (CH_ERROR, CH_ERROR_PHONE_PIN_WRONG, "a wrong PIN")
                           : g_error_new (CH_ERROR, CH_ERROR_PHONE_LOCKED, "a wrong PIN, the last one");

  ch_error_set_detail (wrong, "tries-left", text);
  g_propagate_error (error, wrong);
}

static gpointer
handle_open (ChCall *call, gpointer request, GError **error)
{
  const ChPhoneOpen *wanted = request;
  g_auto (Job) job = make_job (call, request);
  ChCodeTarget target = { NULL, CH_SMS_PHONE, wanted->phone };
  gpointer share;

  if (wanted->sms_code != NULL)
    {
      if (ch_db_read (ch_service_get_db (job.service), read_phone, &job, error) == NULL)
        return NULL;
      target.mobile = job.mobile;
      if (!ch_sms_code_check (job.service, &target, wanted->sms_code, error)
          || commit (&job, write_unlocked, NULL, error) == NULL)
        return NULL;
    }

  share = commit (&job, write_opened, (GDestroyNotify) ch_phone_share_free, error);
  if (share == NULL || !job.is_wrong)
    return share;
  ch_phone_share_free (share);
  refuse_pin (&job, error);
  return NULL;
}

/* -- Signed, refused, done -- */

/* Only a code that was shown for it lets a PC in */
static gpointer
read_login (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (!load_scan (tx, job, error))
    return NULL;
  if (job->scan->purpose == CH_SCAN_LOGIN)
    return CH_DB_DONE;
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "this code lets nobody in");
  return NULL;
}

static gpointer
write_logged_in (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return load_scan (tx, job, error)
                 && ch_scan_set_state (tx, job->scan, CH_SCAN_SIGNED, job->row->serial, error)
             ? ch_wire_new (&ChNothing_wire)
             : NULL;
}

static gpointer
handle_log_in (ChCall *call, gpointer request, GError **error)
{
  const ChPhoneSigned *wanted = request;
  g_auto (Job) job = make_job (call, request);
  ChHolderLogin login
      = { .certificate = wanted->certificate, .nonce = wanted->nonce, .signature = wanted->signature };

  if (ch_db_read (ch_service_get_db (job.service), read_login, &job, error) == NULL)
    return NULL;
  job.row = ch_holder_login (job.service, &login, error);
  return job.row != NULL ? commit (&job, write_logged_in, g_free, error) : NULL;
}

static gpointer
write_refused (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return load_scan (tx, job, error) && ch_scan_set_state (tx, job->scan, CH_SCAN_REFUSED, NULL, error)
             ? ch_wire_new (&ChNothing_wire)
             : NULL;
}

static gpointer
handle_refuse (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  return commit (&job, write_refused, g_free, error);
}

/* What the server sees by itself is not believed: it looks at what was done */
static gpointer
write_finished (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (!load_scan (tx, job, error))
    return NULL;
  if (job->scan->purpose != CH_SCAN_INSTALL && job->scan->purpose != CH_SCAN_PAPERS)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "this ends by itself");
      return NULL;
    }
  return ch_scan_set_state (tx, job->scan, CH_SCAN_DONE, NULL, error) ? ch_wire_new (&ChNothing_wire) : NULL;
}

static gpointer
handle_finish (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  return commit (&job, write_finished, g_free, error);
}

/* -- The account’s phones -- */

static gpointer
read_phones (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_phones_list (tx, ((const Job *) data)->caller->account, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  return ch_db_read (ch_service_get_db (job.service), read_phones, &job, error);
}

static gpointer
write_forgotten (ChDbTx *tx, gpointer data, GError **error)
{
  ChCall *call = data;
  const char *account = ch_call_get_caller (call)->account;

  return ch_db_run (tx, "DELETE FROM phone WHERE id = $1 AND account = $2",
                    CH_BIND (CH_TEXT (ch_call_get_arg (call, 0)), CH_TEXT (account)), error)
             ? ch_phones_list (tx, account, error)
             : NULL;
}

static gpointer
handle_forget (ChCall *call, gpointer request, GError **error)
{
  return ch_call_commit (call, write_forgotten, call, error);
}

const ChHandlerRow ch_handlers_phone[] = {
  { &ch_route_phone_take, handle_take, CH_HANDLER_WORKER },
  { &ch_route_phone_sms, handle_sms, CH_HANDLER_WORKER },
  { &ch_route_phone_new, handle_new, CH_HANDLER_WORKER },
  { &ch_route_phone_open, handle_open, CH_HANDLER_WORKER },
  { &ch_route_phone_log_in, handle_log_in, CH_HANDLER_WORKER },
  { &ch_route_phone_refuse, handle_refuse, CH_HANDLER_WORKER },
  { &ch_route_phone_finish, handle_finish, CH_HANDLER_WORKER },
  { &ch_route_phones, handle_list, CH_HANDLER_INLINE },
  { &ch_route_phone_forget, handle_forget, CH_HANDLER_WORKER },
  { NULL },
};
