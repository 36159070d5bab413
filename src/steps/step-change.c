#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

/* What is asked where something about a certificate is changed or ended */

/* -- What stays: the server has it from the certificate */

const ChStep ch_step_subject_kept = {
  .id = "subject-kept",
  .title = N_ ("Looking up the certificate’s data"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .flags = CH_STEP_AUTO,
  .work = ch_step_refresh,
};

const ChStep ch_step_handler_kept = {
  .id = "handler-kept",
  .title = N_ ("Looking up the handler"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_HANDLER,
  .flags = CH_STEP_AUTO,
  .work = ch_step_refresh,
};

/* -- What is changed: the form begins with what holds now, and must not stay so */

static gboolean
check_changed (ChRun *run, GError **error)
{
  const ChApplication *application = ch_run_get_application (run);

  if (!ch_step_check_form (run, error))
    return FALSE;
  if (ch_form_differs (ch_run_get_step (run)->form, application->before, ch_run_get_answers (run)))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_NOTHING_CHANGED, "the form is as it was");
  return FALSE;
}

const ChStep ch_step_handler_changed = {
  .id = "handler-changed",
  .title = N_ ("Change the handler’s data"),
  .lead
  = N_ ("This is what the CA knows of the handler. Change what is no longer right. Unlocking and news go to "
        "the new mobile once the CA has agreed; the old one is told."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_HANDLER,
  .form = &ch_form_handler,
  .check = check_changed,
  .work = ch_step_send_form,
};

const ChStep ch_step_change = {
  .id = "change",
  .title = N_ ("Change the certificate data"),
  .lead
  = N_ ("This stands in the certificate now. Change what is no longer right; it must be as on the business "
        "licence."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_change,
  .applies = ch_step_for_enterprise,
  .check = check_changed,
  .work = ch_step_send_form,
};

const ChStep ch_step_change_legal_person = {
  .id = "change-legal-person",
  .title = N_ ("Change the certificate data"),
  .lead = N_ (
      "This stands in the certificate now. Change what is no longer right; unit and legal person must be as "
      "on the business licence."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_change_legal_person,
  .applies = ch_step_for_legal_person,
  .check = check_changed,
  .work = ch_step_send_form,
};

const ChStep ch_step_change_person = {
  .id = "change-person",
  .title = N_ ("Change the certificate data"),
  .lead
  = N_ ("This stands in the certificate now. Change what is no longer right; the name must be as on the "
        "identity document."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_change_person,
  .applies = ch_step_for_person,
  .check = check_changed,
  .work = ch_step_send_form,
};

/* -- What is ended: why, and whether it is the handler who wants it */

const ChStep ch_step_reason = {
  .id = "reason",
  .title = N_ ("Say why"),
  .lead
  = N_ ("The reason stands in the CA’s public list beside the number of the certificate, without a name."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_revoke,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

/* The list of what is to be handed in is offered for download; the documents are asked for by it */
const ChStep ch_step_what_happened = {
  .id = "what-happened",
  .title = N_ ("Say what happened"),
  .lead = N_ (
      "The data in the certificate and its end stay as they are; the key on the new USB key is another one."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_replace,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

static gboolean
is_unproved (ChRun *run)
{
  return (ch_run_get_facts (run) & CH_FACT_PROVED) == 0;
}

static void
on_another_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChSmsSent) sent = ch_run_call_finish (run, result, &error);

  if (sent == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_again_at (run, sent->again);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
call_for_code (ChRun *run, GTask *task, GAsyncReadyCallback callback)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };

  ch_run_set_secret (run, "sms-code", NULL);
  ch_run_call_async (run, &ch_route_application_code, args, NULL, g_task_get_cancellable (task), callback,
                     task);
}

static void
send_another (ChRun *run, GTask *task)
{
  call_for_code (run, task, on_another_sent_cb);
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChSmsSent) sent = ch_run_call_finish (run, result, &error);

  /* One that was sent a moment ago still holds */
  if (sent == NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_TOO_OFTEN))
    {
      g_task_return_error (task, error);
      return;
    }

  if (sent != NULL)
    ch_run_set_again_at (run, sent->again);
  g_clear_error (&error);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
send_code (ChRun *run, GTask *task)
{
  call_for_code (run, task, on_code_sent_cb);
}

/* Comes before its page each time that is reached: going back and on again has another one sent */
const ChStep ch_step_send_code = {
  .id = "send-code",
  .title = N_ ("Sending the code"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .flags = CH_STEP_AUTO,
  .wanted = is_unproved,
  .work = send_code,
};

static char *
explain_code (ChRun *run)
{
  const char *mobile = ch_run_get_answer (run, "handler-mobile");
  g_autofree char *masked = ch_mask_number (mobile != NULL ? mobile : "");
  int minutes = (int) (ch_run_get_profile (run)->limits->sms_valid / 60);

  /* Translators: first %s is a mobile number with stars in it, %d is minutes, at least 1 */
  return g_strdup_printf (
      ngettext ("A code was sent to the handler’s mobile, %s. It is valid for %d minute.",
                "A code was sent to the handler’s mobile, %s. It is valid for %d minutes.", (gulong) minutes),
      masked, minutes);
}

static gboolean
check_code (ChRun *run, GError **error)
{
  GError *wrong;

  if (ch_run_get_secret (run, "sms-code") != NULL)
    return TRUE;

  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, "sms-code", CH_REASON_MISSING, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static void
prove (ChRun *run, GTask *task)
{
  const ChApplication *application = ch_run_get_application (run);
  const char *const args[] = { application->id, NULL };
  const ChHandlerProof request
      = { .version = application->version, .code = ch_run_get_secret (run, "sms-code") };

  ch_run_call_async (run, &ch_route_application_proof, args, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

const ChStep ch_step_prove = {
  .id = "prove",
  .title = N_ ("Confirm by SMS"),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_PROVED,
  .form = &ch_form_prove,
  .wanted = is_unproved,
  .check = check_code,
  .explain = explain_code,
  .again = send_another,
  .work = prove,
};

/* -- How it ends where no certificate comes of it */

static char *
explain_end (ChRun *run)
{
  switch (ch_run_get_axes (run)->business)
    {
    case CH_BUSINESS_CHANGE_HANDLER:
      return g_strdup (
          _ ("The CA knows the new handler. The certificate and its key stay as they are: there is "
             "nothing to install."));
    case CH_BUSINESS_REVOKE:
      return g_strdup (
          _ ("The certificate is revoked: nobody trusts it any more, and it cannot be made valid again. "
             "Its key can still open files that were encrypted for it."));
    default:
      return NULL;
    }
}

const ChStep ch_step_carried_out = {
  .id = "carried-out",
  .title = N_ ("The CA has agreed and done it"),
  .lead = N_ ("There is nothing left to do for you."),
  .page = CH_PAGE_RESULT,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_SHOWN,
  .explain = explain_end,
};
