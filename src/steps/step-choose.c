#include "config.h"

#include "base/ch-error.h"
#include "steps/steps.h"

static gboolean
fail_field (GError **error, const char *field, ChReason reason)
{
  GError *wrong = ch_error_new_fields ();

  ch_error_add_field (wrong, field, reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

/* Where there is a single choice nobody is asked */
static gboolean
settle_choice (ChRun *run, const char *field, GError **error)
{
  g_autoptr (GPtrArray) choices = ch_run_list_choices (run, ch_field_lookup (field));
  const char *answer = ch_run_get_answer (run, field);

  if (choices->len == 1)
    ch_run_set_answer (run, field, ((const ChChoice *) choices->pdata[0])->id);
  if (choices->len == 1)
    return TRUE;
  if (g_strcmp0 (answer, "") <= 0)
    return fail_field (error, field, CH_REASON_MISSING);

  for (guint i = 0; i < choices->len; i++)
    if (g_str_equal (((const ChChoice *) choices->pdata[i])->id, answer))
      return TRUE;
  return fail_field (error, field, CH_REASON_CHOICE);
}

/* The project decides medium and settlement: nobody asks the user for them. It may offer several types. */
static gboolean
check (ChRun *run, GError **error)
{
  ChAxes axes = *ch_run_get_axes (run);
  const ChProject *project;
  const ChFlow *flow;
  int subject = 0;

  if (!settle_choice (run, "project", error) || !settle_choice (run, "certificate-type", error))
    return FALSE;

  project = ch_profile_get_project (ch_run_get_profile (run), ch_run_get_answer (run, "project"));
  if (!ch_wire_enum_from_id (&ChSubjectKind_enum, ch_run_get_answer (run, "certificate-type"), &subject))
    return fail_field (error, "certificate-type", CH_REASON_CHOICE);

  axes.medium = project->medium;
  axes.settlement = project->settlement;
  axes.subject = subject;
  flow = ch_run_find_flow (run, &axes);
  if (flow == NULL)
    return fail_field (error, "certificate-type", CH_REASON_CHOICE);
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
