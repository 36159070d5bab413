#include "config.h"

#include "base/ch-error.h"
#include "steps/steps.h"

static gboolean
fail_project (GError **error, ChReason reason)
{
  GError *wrong = ch_error_new_fields ();

  ch_error_add_field (wrong, "project", reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

/* The project decides medium and settlement: nobody asks the user for them. A single project needs no choice.
 */
static gboolean
check (ChRun *run, GError **error)
{
  const ChProfile *profile = ch_run_get_profile (run);
  ChAxes axes = *ch_run_get_axes (run);
  const ChProject *project;
  const ChFlow *flow;

  if (g_strcmp0 (ch_run_get_answer (run, "project"), "") <= 0)
    {
      g_autoptr (GPtrArray) choices = ch_run_list_choices (run, ch_field_lookup ("project"));

      if (choices->len != 1)
        return fail_project (error, CH_REASON_MISSING);
      ch_run_set_answer (run, "project", ((const ChChoice *) choices->pdata[0])->id);
    }

  project = ch_profile_get_project (profile, ch_run_get_answer (run, "project"));
  if (project == NULL)
    return fail_project (error, CH_REASON_CHOICE);

  axes.medium = project->medium;
  axes.settlement = project->settlement;
  flow = ch_run_find_flow (run, &axes);
  if (flow == NULL || !ch_project_fits (project, &axes))
    return fail_project (error, CH_REASON_CHOICE);
  if (flow == ch_run_get_flow (run) || ch_run_set_flow (run, flow))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "flow %s does not begin here", flow->id);
  return FALSE;
}

static void
work (ChRun *run, GTask *task)
{
  ChApplicationNew request = {
    .flow = (char *) ch_run_get_flow (run)->id,
    .project = (char *) ch_run_get_answer (run, "project"),
  };

  ch_run_call_async (run, &ch_route_application_new, NULL, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

const ChStep ch_step_choose = {
  .id = "choose",
  .title = N_ ("Choose the type of certificate"),
  .lead = N_ ("The project decides where the key is kept and who pays."),
  .page = CH_PAGE_PICK,
  .gives = CH_FACT_APPLICATION,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_choose,
  .check = check,
  .work = work,
};
