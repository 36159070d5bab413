#include "config.h"

#include "steps/steps.h"

/* The phone does what elsewhere are five steps: it makes the key, has the certificate issued, stores and
 * proves it. Here is only waited for it; what a phone is to do is shown by the page. */

static gboolean
is_on_phone (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium == CH_MEDIUM_PHONE;
}

/* It was issued and proved; that its name cannot be shown undoes nothing */
static void
on_certificate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChCertificate *certificate = ch_run_call_finish (CH_RUN (source), result, NULL);

  if (certificate != NULL)
    ch_run_take_certificate (CH_RUN (source), certificate);
  ch_step_return (user_data, CH_STEP_DONE);
}

static void
on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (run, result, &error);
  const char *args[] = { NULL, NULL };

  if (application == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_run_take_application (run, application);
  args[0] = ch_run_get_application (run)->certificate;
  if ((ch_run_get_facts (run) & CH_FACT_INSTALLED) == 0)
    {
      ch_step_return (task, CH_STEP_REST);
      return;
    }

  /* The medium cannot be looked at from here; its signature, which the server has seen, says as much */
  ch_run_set_facts (run, CH_FACT_KEY | CH_FACT_STORED, 0);
  if (args[0] == NULL)
    ch_step_return (task, CH_STEP_DONE);
  else
    ch_run_call_async (run, &ch_route_certificate, args, NULL, g_task_get_cancellable (task),
                       on_certificate_cb, task);
}

static void
await_phone (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };

  ch_run_call_async (run, &ch_route_application, args, NULL, g_task_get_cancellable (task), on_application_cb,
                     task);
}

const ChStep ch_step_phone = {
  .id = "phone",
  .title = N_ ("Install on the phone"),
  .lead = N_ ("The key is made on the phone and never leaves it. This page goes on by itself."),
  .page = CH_PAGE_SCAN,
  .needs = CH_FACT_APPROVED | CH_FACT_SETTLED,
  .gives = CH_FACT_KEY | CH_FACT_ISSUED | CH_FACT_STORED | CH_FACT_INSTALLED,
  .flags = CH_STEP_NO_RETURN | CH_STEP_POLLS,
  .applies = is_on_phone,
  .work = await_phone,
};
