#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "pki/ch-cert.h"
#include "steps/ch-media.h"
#include "steps/ch-work.h"
#include "steps/steps.h"

/* Who may have a USB key unlocked: the key that is plugged in, and a code to the handler’s mobile. What
 * follows stands in step-unlock-open.c. */

typedef struct
{
  GTask *task;           /* (owned) */
  ChSmsRequest *request; /* (owned) */
} Sending;

static void
sending_free (Sending *self)
{
  g_object_unref (self->task);
  ch_sms_request_free (self->request);
  g_free (self);
}

/* -- The key -- */

/* The certificate of the medium: the newest one that has its key */
static const ChTokenObject *
find_newest (GPtrArray *objects, char **name)
{
  const ChTokenObject *newest = NULL;
  gint64 from = G_MININT64;

  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      g_autoptr (ChCertInfo) info = object->cert != NULL ? ch_cert_info_new (object->cert, NULL) : NULL;

      if (info == NULL || info->not_before <= from || ch_token_object_is_former (object))
        continue;
      newest = object;
      from = info->not_before;
      g_free (*name);
      *name = g_strdup (ch_subject_find (info->subject, "CN"));
    }
  return newest;
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  ChToken *token = CH_TOKEN (source);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (token, result, &error);
  g_autofree char *name = NULL;
  const ChTokenObject *object = objects != NULL ? find_newest (objects, &name) : NULL;

  if (object == NULL && error == NULL)
    error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING, "no certificate on %s",
                         ch_token_get_info (token)->serial);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_token (run, token, object->key_id);
  g_object_set_data_full (G_OBJECT (run), "unlock-name", g_steal_pointer (&name), g_free);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ChToken) token = NULL;

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  token = ch_media_take (g_task_get_source_object (task), &error);
  if (token == NULL)
    g_task_return_error (task, error);
  else
    {
      GCancellable *cancellable = g_task_get_cancellable (task);

      ch_token_list_objects_async (token, cancellable, on_listed_cb, g_steal_pointer (&task));
    }
}

static void
find_key (ChRun *run, GTask *task)
{
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

const ChStep ch_step_unlock_key = {
  .id = "unlock-key",
  .title = N_ ("Reading the USB key"),
  .page = CH_PAGE_WORK,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO,
  .work = find_key,
};

/* -- The code -- */

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sending *sending = user_data;
  GError *error = NULL;
  g_autoptr (ChSmsSent) sent = ch_run_call_finish (CH_RUN (source), result, &error);

  if (sent != NULL)
    {
      ch_run_set_again_at (CH_RUN (source), sent->again);
      g_task_return_int (sending->task, CH_STEP_DONE);
    }
  else
    g_task_return_error (sending->task, error);
  sending_free (sending);
}

static void
on_worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sending *sending = user_data;
  GError *error = NULL;
  g_autoptr (ChWork) work = ch_work_finish (CH_SERVER (source), result, &error);

  if (work == NULL)
    {
      g_task_return_error (sending->task, error);
      sending_free (sending);
      return;
    }

  sending->request->challenge = g_steal_pointer (&work->challenge);
  sending->request->work = g_steal_pointer (&work->work);
  ch_run_call_async (g_task_get_source_object (sending->task), &ch_route_sms, NULL, sending->request,
                     g_task_get_cancellable (sending->task), on_sent_cb, sending);
}

/* Instead of a picture the program proves some work, so that a screen reader passes */
static void
send_code (ChRun *run, GTask *task)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->task = task;
  sending->request = ch_wire_new (&ChSmsRequest_wire);
  sending->request->mobile = g_strdup (ch_run_get_answer (run, "unlock-mobile"));
  sending->request->purpose = CH_SMS_UNLOCK;
  sending->request->token_serial = g_strdup (ch_token_get_info (ch_run_get_token (run))->serial);
  ch_run_set_secret (run, "unlock-code", NULL);
  ch_work_async (ch_ports_get_server (ch_run_get_ports (run)), g_task_get_cancellable (task), on_worked_cb,
                 sending);
}

static char *
name_certificate (ChRun *run)
{
  const char *name = g_object_get_data (G_OBJECT (run), "unlock-name");

  /* Translators: %s is the name in a certificate */
  return name != NULL
             ? g_strdup_printf (_ ("The certificate on the USB key: %s. Only its handler can have the "
                                   "USB key unlocked: the code goes to the mobile that was given for "
                                   "it."),
                                name)
             : NULL;
}

const ChStep ch_step_unlock_mobile = {
  .id = "unlock-mobile",
  .title = N_ ("Send a code to the handler"),
  .lead = N_ ("Only who was named as handler of the certificate can have its USB key unlocked."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_TOKEN,
  .form = &ch_form_unlock_mobile,
  .check = ch_step_check_form,
  .work = send_code,
  .explain = name_certificate,
};

static gboolean
is_code (const guint8 *data, gsize len, gpointer user_data)
{
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isdigit (data[i]))
      return FALSE;
  return len == 6;
}

static gboolean
check_code (ChRun *run, GError **error)
{
  ChSecret *code = ch_run_get_secret (run, "unlock-code");
  GError *wrong;

  if (code != NULL && ch_secret_with (code, is_code, NULL))
    return TRUE;

  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, "unlock-code", code == NULL ? CH_REASON_MISSING : CH_REASON_CODE, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static void
on_ticket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChUnlockTicket) ticket = ch_run_call_finish (run, result, &error);

  ch_run_set_secret (run, "unlock-code", NULL);
  if (ticket == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_session (run, ticket->token);
  g_object_set_data (G_OBJECT (run), "unlock-proof", GINT_TO_POINTER (ticket->proof));
  g_task_return_int (task, CH_STEP_DONE);
}

static void
show_code (ChRun *run, GTask *task)
{
  const ChUnlockRequest request = {
    .token_serial = ch_token_get_info (ch_run_get_token (run))->serial,
    .mobile = (char *) ch_run_get_answer (run, "unlock-mobile"),
    .code = ch_run_get_secret (run, "unlock-code"),
  };

  ch_run_call_async (run, &ch_route_unlock_ticket, NULL, &request, g_task_get_cancellable (task),
                     on_ticket_cb, task);
}

const ChStep ch_step_unlock_code = {
  .id = "unlock-code",
  .title = N_ ("Enter the code"),
  .lead = N_ ("If the number is the handler’s, a code is on its way to it."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_TOKEN,
  .gives = CH_FACT_TICKET,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_unlock_code,
  .check = check_code,
  .again = send_code,
  .work = show_code,
};

/* -- The proof -- */

static gboolean
wants_proof (ChRun *run)
{
  return g_object_get_data (G_OBJECT (run), "unlock-proof") != NULL;
}

/* Where the CA wants to know who it is before the first time. No CA has told yet how its proof is given, so
 * what can be done is to say where to turn to: a proof that proves nothing would be worse. */
static void
prove (ChRun *run, GTask *task)
{
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_PROOF_MISSING, "no way of proving who one is is set up");
  g_object_unref (task);
}

const ChStep ch_step_unlock_proof = {
  .id = "unlock-proof",
  .title = N_ ("Proof of identity"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_TICKET,
  .flags = CH_STEP_AUTO,
  .wanted = wants_proof,
  .work = prove,
};
