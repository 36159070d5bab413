#include "config.h"

#include "steps/steps.h"

/* Ends the work of a step: (transfer full) task */
void
ch_step_return (GTask *task, ChStepOutcome outcome)
{
  g_task_return_int (task, outcome);
  g_object_unref (task);
}

/* For calls that answer with the application: takes it over, the step is done */
void
ch_step_on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (CH_RUN (source), result, &error);

  if (application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_take_application (CH_RUN (source), application);
  g_task_return_int (task, CH_STEP_DONE);
}

/* Asks the server for the application; (transfer full) task, which is done when it has come */
void
ch_step_refresh (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };

  ch_run_call_async (run, &ch_route_application, args, NULL, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

static void
on_awaited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  ChFact gives = ch_run_get_step (run)->gives;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (run, result, &error);

  if (application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_take_application (run, application);
  g_task_return_int (task, (ch_run_get_facts (run) & gives) == gives ? CH_STEP_DONE : CH_STEP_REST);
}

/* Asks the server whether somebody else has done what the step is about, and rests until then; (transfer
 * full) task */
void
ch_step_await (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };

  ch_run_call_async (run, &ch_route_application, args, NULL, g_task_get_cancellable (task), on_awaited_cb,
                     task);
}

/* Label of a key in the making: the token tells on any PC what it belongs to */
char *
ch_step_key_label (ChRun *run)
{
  return g_strdup_printf ("certhall:%s", ch_run_get_application (run)->id);
}
