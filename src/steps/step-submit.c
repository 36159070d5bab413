#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-sentences.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

static void
work (ChRun *run, GTask *task)
{
  const ChApplication *application = ch_run_get_application (run);
  const char *const args[] = { application->id, NULL };
  ChVersion request = { .version = application->version };

  ch_run_call_async (run, &ch_route_application_submit, args, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

static gboolean
is_reviewed (const ChAxes *axes, const ChProfile *profile)
{
  const ChReplacingRule *rule = ch_profile_get_replacing (profile, axes->business);

  return rule == NULL || rule->review;
}

static gboolean
is_not_reviewed (const ChAxes *axes, const ChProfile *profile)
{
  return !is_reviewed (axes, profile);
}

/* Where nothing is left to look through: what was chosen was shown before it was paid */
const ChStep ch_step_hand_in = {
  .id = "hand-in",
  .title = N_ ("Handing it in"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER | CH_FACT_SETTLED,
  .gives = CH_FACT_SUBMITTED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = is_reviewed,
  .work = work,
};

/* The same where nobody reviews it: the server approves it at once */
const ChStep ch_step_hand_in_approved = {
  .id = "hand-in-approved",
  .title = N_ ("Handing it in"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER | CH_FACT_SETTLED,
  .gives = CH_FACT_SUBMITTED | CH_FACT_APPROVED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = is_not_reviewed,
  .work = work,
};

/* What follows at once, and what will follow, is said before it is confirmed */
static char *
explain_submission (ChRun *run)
{
  ChBusiness business = ch_run_get_axes (run)->business;
  const ChReplacingRule *rule = ch_profile_get_replacing (ch_run_get_profile (run), business);

  if (business == CH_BUSINESS_REPLACE)
    return g_strdup (
        _ ("As soon as you submit it the old certificate is on hold: nobody trusts it any more. If the CA "
           "agrees, it is revoked for ever once the new one works; if it does not, or you withdraw, it is "
           "valid again."));
  if (ch_business_holds (business))
    return g_strdup (
        _ ("As soon as you submit it the certificate is on hold: nobody trusts it any more. If the CA "
           "agrees, it is revoked for ever; if it does not, or you withdraw, it is valid again."));
  if (rule != NULL && rule->notice != NULL)
    return ch_sentences_join (_ ("Look through it once more. What you submit goes to the CA for review."),
                              ch_text_get (rule->notice), NULL);
  return NULL;
}

const ChStep ch_step_submit = {
  .id = "submit",
  .title = N_ ("Submit for review"),
  .lead = N_ ("Look through it once more. What you submit goes to the CA for review."),
  .page = CH_PAGE_CONFIRM,
  .explain = explain_submission,
  .needs = CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER | CH_FACT_SETTLED,
  .gives = CH_FACT_SUBMITTED,
  .flags = CH_STEP_NO_RETURN,
  .work = work,
};

const ChStep ch_step_review = {
  .id = "review",
  .title = N_ ("Review by the CA"),
  .page = CH_PAGE_WAIT,
  .needs = CH_FACT_SUBMITTED,
  .gives = CH_FACT_APPROVED,
  .flags = CH_STEP_NO_RETURN | CH_STEP_POLLS,
  .applies = is_reviewed,
  .work = ch_step_await,
};
