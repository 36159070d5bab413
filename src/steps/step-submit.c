#include "config.h"

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

const ChStep ch_step_submit = {
  .id = "submit",
  .title = N_ ("Submit for review"),
  .lead = N_ ("Look through it once more. What you submit goes to the CA for review."),
  .page = CH_PAGE_CONFIRM,
  .needs = CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER | CH_FACT_SETTLED,
  .gives = CH_FACT_SUBMITTED,
  .flags = CH_STEP_NO_RETURN,
  .work = work,
};

static void
on_reviewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (run, result, &error);

  if (application == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_run_take_application (run, application);
  ch_step_return (task, (ch_run_get_facts (run) & CH_FACT_APPROVED) != 0 ? CH_STEP_DONE : CH_STEP_REST);
}

static void
look (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };

  ch_run_call_async (run, &ch_route_application, args, NULL, g_task_get_cancellable (task), on_reviewed_cb,
                     task);
}

const ChStep ch_step_review = {
  .id = "review",
  .title = N_ ("Review by the CA"),
  .page = CH_PAGE_WAIT,
  .needs = CH_FACT_SUBMITTED,
  .gives = CH_FACT_APPROVED,
  .flags = CH_STEP_NO_RETURN | CH_STEP_POLLS,
  .applies = is_reviewed,
  .work = look,
};
