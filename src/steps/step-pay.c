#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

static gboolean
by_self_pay (const ChAxes *axes, const ChProfile *profile)
{
  return axes->settlement == CH_SETTLEMENT_SELF_PAY && ch_profile_charges (profile, axes->business);
}

/* The channel asked for, else the CA’s first */
static const char *
get_channel (ChRun *run)
{
  const char *asked = ch_run_get_answer (run, "channel");
  GStrv offered = ch_run_get_profile (run)->channels;

  return asked != NULL && g_strv_contains ((const char *const *) offered, asked) ? asked : offered[0];
}

static gboolean
needs_code (ChRun *run)
{
  const ChOrder *order = ch_run_get_order (run);

  if (order == NULL || order->state != CH_ORDER_UNPAID)
    return FALSE;
  return order->attempt == NULL || order->attempt->expires <= ch_clock_now ()
         || g_strcmp0 (order->attempt->channel, get_channel (run)) != 0;
}

static void on_order_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
ask_for_code (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->order, NULL };
  ChAttemptNew request = { .channel = (char *) get_channel (run) };

  ch_run_call_async (run, &ch_route_attempt_new, args, &request, g_task_get_cancellable (task), on_order_cb,
                     task);
}

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
  /* Paid, or ended meanwhile by another window */
  if (order->state != CH_ORDER_UNPAID)
    ch_step_refresh (run, task);
  else if (needs_code (run))
    ask_for_code (run, task);
  else
    ch_step_return (task, CH_STEP_REST);
}

/* Asks the server whether it is paid; gets a code where there is none, another way was chosen, or it has
 * expired */
static void
work (ChRun *run, GTask *task)
{
  const ChApplication *application = ch_run_get_application (run);
  const char *const args[] = { application->order, NULL };

  if (application->order == NULL)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_BAD_ANSWER, "the application has no order");
      g_object_unref (task);
      return;
    }

  ch_run_call_async (run, &ch_route_order_query, args, NULL, g_task_get_cancellable (task), on_order_cb,
                     task);
}

const ChStep ch_step_pay = {
  .id = "pay",
  .title = N_ ("Pay by QR code"),
  .page = CH_PAGE_PAY,
  .needs = CH_FACT_ORDER,
  .gives = CH_FACT_SETTLED,
  .flags = CH_STEP_NO_RETURN | CH_STEP_POLLS,
  .applies = by_self_pay,
  .work = work,
};
