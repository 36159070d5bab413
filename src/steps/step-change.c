#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
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
