#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-crl-desk.h"
#include "server/ch-handler.h"
#include "server/ch-making.h"
#include "server/ch-notify.h"
#include "server/ch-pin-letter.h"
#include "server/ch-store-applications.h"

typedef struct
{
  ChService *service;
  const char *application;
  const char *who;
  gpointer request;
} Job;

static Job
make_job (ChCall *call, gpointer request, const char *who)
{
  return (Job){ ch_call_get_service (call), ch_call_get_arg (call, 0), who, request };
}

static gpointer
write_begun (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_making_begin (tx, job->service, job->application, job->request, job->who, error);
}

static gpointer
handle_begin (ChCall *call, gpointer request, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  Job job = make_job (call, request, who);
  gpointer answer = ch_db_write (ch_service_get_db (job.service), write_begun, &job,
                                 (GDestroyNotify) ch_making_free, error);

  if (answer != NULL && ((const ChMakingNew *) request)->again)
    ch_crl_desk_renew_all (job.service);
  return answer;
}

static gpointer
write_medium (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_making_take_medium (tx, job->service, job->application, job->request, job->who, error);
}

/* The answer leaves when the transaction is on the disk, and not before */
static gpointer
handle_medium (ChCall *call, gpointer request, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  Job job = make_job (call, request, who);

  return ch_db_write (ch_service_get_db (job.service), write_medium, &job,
                      (GDestroyNotify) ch_making_officer_free, error);
}

/* -- The first PIN: passed on, never kept -- */

/* That it was passed on is on record, and by which way */
static gpointer
write_passed (ChDbTx *tx, Job *job, const char *what, GError **error)
{
  const ChFirstPin *first = job->request;

  if (!ch_making_check_medium (tx, job->application, first->medium, error)
      || !ch_applications_add_history (tx, job->application, what, job->who, error))
    return NULL;
  return ch_applications_get (tx, job->application, ch_service_get_profile (job->service), CH_VIEW_STAFF,
                              error);
}

static gpointer
write_letter (ChDbTx *tx, gpointer data, GError **error)
{
  return write_passed (tx, data, "pin-letter", error);
}

static gpointer
write_message (ChDbTx *tx, gpointer data, GError **error)
{
  return write_passed (tx, data, "pin-message", error);
}

static gpointer
handle_letter (ChCall *call, gpointer request, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  const ChFirstPin *first = request;
  Job job = make_job (call, request, who);
  g_autoptr (ChApplication) application = ch_db_write (ch_service_get_db (job.service), write_letter, &job,
                                                       (GDestroyNotify) ch_application_free, error);

  return application != NULL ? ch_pin_letter_make (job.service, application, first->medium, first->pin, error)
                             : NULL;
}

typedef struct
{
  ChService *service;
  const char *mobile;
  const char *name;
  GError **error;
} Message;

static gboolean
send (const guint8 *pin, gsize len, gpointer user_data)
{
  const Message *message = user_data;
  char *text = g_strndup ((const char *) pin, len);
  const char *const args[] = { message->name, text, NULL };
  gboolean is_sent
      = ch_notify_sms (message->service, message->mobile, CH_SMS_TEMPLATE_FIRST_PIN, args, message->error);

  ch_secret_wipe (text, len);
  g_free (text);
  return is_sent;
}

static gpointer
handle_message (ChCall *call, gpointer request, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  const ChFirstPin *first = request;
  Job job = make_job (call, request, who);
  g_autoptr (ChApplication) application = ch_db_write (ch_service_get_db (job.service), write_message, &job,
                                                       (GDestroyNotify) ch_application_free, error);
  Message message = { job.service, NULL, NULL, error };

  if (application == NULL)
    return NULL;
  message.mobile = g_hash_table_lookup (application->answers, "handler-mobile");
  message.name = application->applicant != NULL ? application->applicant : application->id;
  if (message.mobile == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "there is no mobile of a handler");
      return NULL;
    }
  return ch_secret_with (first->pin, send, &message) ? ch_wire_new (&ChNothing_wire) : NULL;
}

const ChHandlerRow ch_handlers_making[] = {
  { &ch_route_staff_making, handle_begin, CH_HANDLER_WORKER, 0 },
  { &ch_route_making_medium, handle_medium, CH_HANDLER_WORKER, 0 },
  { &ch_route_making_letter, handle_letter, CH_HANDLER_WORKER, 0 },
  { &ch_route_making_message, handle_message, CH_HANDLER_WORKER, 0 },
  { NULL },
};
