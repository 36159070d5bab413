#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "steps/steps.h"

/* The code is a secret: it is neither in a draft nor in the journal */
static gboolean
check_code (ChRun *run, GError **error)
{
  GError *wrong;

  if (ch_run_get_secret (run, "download-code") != NULL)
    return TRUE;

  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, "download-code", CH_REASON_MISSING, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static void
put (ChRun *run, const char *field, const char *value)
{
  if (value != NULL)
    g_hash_table_replace (ch_run_get_answers (run), g_strdup (field), g_strdup (value));
}

static void
put_day (ChRun *run, const char *field, gint64 seconds)
{
  g_autofree char *text = seconds > 0 ? ch_clock_format (seconds) : NULL;
  g_autofree char *day = text != NULL ? g_strndup (text, 10) : NULL;

  put (run, field, day);
}

/* What the manual shows of a certificate before it is downloaded */
static void
show_certificate (ChRun *run, const ChInstallTicket *download)
{
  put (run, "download-name", download->name);
  put_day (run, "download-from", download->not_before);
  put_day (run, "download-until", download->not_after);
  put (run, "download-trust-id", download->trust_id);
  put (run, "download-serial", download->serial);
  put (run, "download-subject", download->subject);
}

/* The application says which flow it is; from here on the run is whom the ticket says */
static gboolean
take_over (ChRun *run, ChInstallTicket *download, GError **error)
{
  ChAxes axes = { 0 };
  const ChFlow *flow = NULL;

  if (ch_axes_parse (download->application->flow, &axes))
    {
      axes.business = CH_BUSINESS_DOWNLOAD;
      axes.settlement = CH_SETTLEMENT_ENTERPRISE_PAY;
      flow = ch_run_find_flow (run, &axes);
    }
  if (flow == NULL || !ch_run_set_flow (run, flow))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "%s is not downloaded here",
                   download->application->flow);
      return FALSE;
    }

  ch_run_set_session (run, download->token);
  show_certificate (run, download);
  ch_run_take_application (run, g_steal_pointer (&download->application));
  return TRUE;
}

static void
on_redeemed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChInstallTicket) download = ch_run_call_finish (run, result, &error);

  if (download == NULL || !take_over (run, download, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_secret (run, "download-code", NULL);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
redeem (ChRun *run, GTask *task)
{
  const ChDownloadRequest request = { .code = ch_run_get_secret (run, "download-code") };

  ch_run_call_async (run, &ch_route_download_ticket, NULL, &request, g_task_get_cancellable (task),
                     on_redeemed_cb, task);
}

const ChStep ch_step_download_code = {
  .id = "download-code",
  .title = N_ ("Enter the download code"),
  .lead = N_ ("Support gives it to you: 19 letters and digits. It serves once."),
  .page = CH_PAGE_FORM,
  .gives = CH_FACT_APPLICATION | CH_FACT_SETTLED | CH_FACT_APPROVED,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_download_code,
  .check = check_code,
  .work = redeem,
};

const ChStep ch_step_download_check = {
  .id = "download-check",
  .title = N_ ("Check the certificate"),
  .lead = N_ ("Is it the one you were told of? Nothing has been written yet."),
  .deed = N_ ("Download the certificate"),
  .page = CH_PAGE_CONFIRM,
  .needs = CH_FACT_APPROVED,
  .form = &ch_form_download,
};
