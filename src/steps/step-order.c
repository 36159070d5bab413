#include "config.h"

#include "steps/steps.h"
#include "wire/ch-policy.h"

static void
on_order_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChOrder *order = ch_run_call_finish (run, result, &error);

  if (order == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_run_take_order (run, order);
  ch_step_refresh (run, task);
}

static void
work (ChRun *run, GTask *task)
{
  const ChApplication *application = ch_run_get_application (run);
  const char *const args[] = { application->id, NULL };
  ChVersion request = { .version = application->version };

  ch_run_call_async (run, &ch_route_order_new, args, &request, g_task_get_cancellable (task), on_order_cb,
                     task);
}

static void
lost (ChRun *run)
{
  ch_run_take_order (run, NULL);
}

static gboolean
costs_something (const ChAxes *axes, const ChProfile *profile)
{
  return ch_profile_charges (profile, axes->business);
}

const ChStep ch_step_order = {
  .id = "order",
  .title = N_ ("Fixing the price"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER,
  .gives = CH_FACT_ORDER,
  .flags = CH_STEP_AUTO,
  .applies = costs_something,
  .work = work,
  .lost = lost,
};

static gboolean
costs_nothing (const ChAxes *axes, const ChProfile *profile)
{
  return !costs_something (axes, profile);
}

/* Neither the applicant nor the enterprise pays: the server says so */
const ChStep ch_step_free = {
  .id = "free",
  .title = N_ ("Nothing to pay"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_ORDER | CH_FACT_SETTLED,
  .flags = CH_STEP_AUTO,
  .applies = costs_nothing,
  .work = ch_step_refresh,
};

static gboolean
by_enterprise_pay (const ChAxes *axes, const ChProfile *profile)
{
  return axes->settlement == CH_SETTLEMENT_ENTERPRISE_PAY && costs_something (axes, profile);
}

/* Nobody pays here: the server says that the enterprise’s account settles it */
const ChStep ch_step_settle = {
  .id = "settle",
  .title = N_ ("Settled by the enterprise"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_ORDER,
  .gives = CH_FACT_SETTLED,
  .flags = CH_STEP_AUTO,
  .applies = by_enterprise_pay,
  .work = ch_step_refresh,
};
