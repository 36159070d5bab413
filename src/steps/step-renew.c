#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-sentences.h"
#include "ports/ch-server-list.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

/* What is asked before something is done about a certificate, and before it is renewed */

/* -- Which one */

static void
on_certificates_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  ChCertificateList *list = ch_server_list_finish (CH_SERVER (source), result, &error);

  if (list == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_take_certificates (run, list);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
list_certificates (ChRun *run, GTask *task)
{
  ch_server_list_async (ch_ports_get_server (ch_run_get_ports (run)), &ch_route_certificate_list, NULL,
                        g_task_get_cancellable (task), on_certificates_cb, task);
}

static gboolean
is_to_be_chosen (ChRun *run)
{
  return ch_run_get_application (run) == NULL;
}

const ChStep ch_step_list_certificates = {
  .id = "list-certificates",
  .title = N_ ("Looking up your certificates"),
  .page = CH_PAGE_WORK,
  .flags = CH_STEP_AUTO,
  .wanted = is_to_be_chosen,
  .work = list_certificates,
};

/* The project it was issued in; where there is none of that name any more, the first that makes such */
static const ChProject *
find_project (ChRun *run, const ChCertificate *certificate, const ChAxes *axes)
{
  const ChProfile *profile = ch_run_get_profile (run);
  const ChProject *project = ch_profile_get_project (profile, certificate->project);

  for (guint i = 0; project == NULL && i < profile->projects->len; i++)
    {
      const ChProject *other = profile->projects->pdata[i];
      ChAxes wanted = *axes;

      wanted.settlement = other->settlement;
      if (ch_project_fits (other, &wanted) && ch_profile_offers (profile, &wanted))
        project = other;
    }
  return project;
}

static gboolean
fail_missing (GError **error)
{
  GError *wrong = ch_error_new_fields ();

  ch_error_add_field (wrong, "certificate", CH_REASON_MISSING, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

/* The certificate decides everything else: subject and medium, and by its project who pays */
static gboolean
check_certificate (ChRun *run, GError **error)
{
  const char *serial = ch_run_get_answer (run, "certificate");
  const ChCertificate *certificate = ch_run_find_certificate (run, serial);
  const ChProject *project;
  const ChFlow *flow;
  ChAxes axes;

  if (serial == NULL || *serial == 0)
    return fail_missing (error);
  if (certificate == NULL || certificate->flow == NULL || !ch_axes_parse (certificate->flow, &axes))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no certificate %s among yours", serial);
      return FALSE;
    }

  axes.business = ch_run_get_axes (run)->business;
  project = find_project (run, certificate, &axes);
  axes.settlement = project != NULL ? project->settlement : axes.settlement;
  flow = project != NULL ? ch_run_find_flow (run, &axes) : NULL;
  if (flow == NULL || (flow != ch_run_get_flow (run) && !ch_run_set_flow (run, flow)))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "the certificate was issued in %s",
                   certificate->flow);
      return FALSE;
    }

  ch_run_set_answer (run, "project", project->id);
  return TRUE;
}

/* What choosing one means; an empty page would say nothing */
static char *
explain_choice (ChRun *run)
{
  g_autoptr (GPtrArray) choices = ch_run_list_choices (run, ch_field_lookup ("certificate"));

  if (choices->len == 0)
    return g_strdup (_ ("You have no certificate yet. Apply for a new one."));

  switch (ch_run_get_axes (run)->business)
    {
    case CH_BUSINESS_RENEW:
      return g_strdup (
          _ ("Only certificates that end soon can be renewed. The key medium with the certificate "
             "must be on this PC, and you need its PIN or passphrase."));
    case CH_BUSINESS_CHANGE:
      return g_strdup (
          _ ("Whose data changed? A new certificate with the new data takes the place of this one and "
             "ends on the same day. The key medium with it must be on this PC."));
    case CH_BUSINESS_REVOKE:
      return g_strdup (_ ("Which one is it? The key medium is not needed for it: it may be lost."));
    case CH_BUSINESS_REPLACE:
      return g_strdup (
          _ ("Which USB key is lost or broken? A new one is made in its place. What is to be handed in is "
             "listed under Downloads; prepare it first."));
    case CH_BUSINESS_CHANGE_HANDLER:
      return g_strdup (_ ("Whose handler is it that changes? The key medium is not needed for it."));
    default:
      return NULL;
    }
}

static void
begin (ChRun *run, GTask *task)
{
  const ChCertificate *certificate = ch_run_find_certificate (run, ch_run_get_answer (run, "certificate"));
  ChApplicationNew request = {
    .flow = (char *) ch_run_get_flow (run)->id,
    .project = (char *) ch_run_get_answer (run, "project"),
    .certificate = certificate->serial,
  };

  ch_run_call_async (run, &ch_route_application_new, NULL, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

const ChStep ch_step_choose_certificate = {
  .id = "choose-certificate",
  .title = N_ ("Choose the certificate"),
  .lead = N_ ("Where it cannot be done now it is said why."),
  .page = CH_PAGE_PICK,
  .gives = CH_FACT_APPLICATION,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_about,
  .check = check_certificate,
  .explain = explain_choice,
  .work = begin,
};

/* -- For how long */

static char *
format_day (gint64 seconds)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (day, "%Y-%m-%d");
}

static const char *
explain_end (const ChReplacingRule *rule)
{
  switch (rule->new_end)
    {
    case CH_NEW_END_ADDED:
      return _ ("What is left of it is not lost: the new certificate goes on from that day.");
    case CH_NEW_END_FRESH:
      return _ ("The new certificate begins when it is installed; what is left of the old one is not added.");
    case CH_NEW_END_KEPT:
    default:
      return _ ("The new certificate ends on the same day.");
    }
}

/* Before anything is paid it is said what becomes of both */
static char *
explain (ChRun *run)
{
  const ChApplication *application = ch_run_get_application (run);
  const ChReplacingRule *rule
      = ch_profile_get_replacing (ch_run_get_profile (run), ch_run_get_axes (run)->business);
  g_autofree char *day = NULL;
  g_autofree char *ends = NULL;

  if (application == NULL || application->base == NULL || rule == NULL)
    return NULL;

  day = format_day (application->base_end);
  /* Translators: %s is a date */
  ends = g_strdup_printf (_ ("Your certificate ends on %s."), day);
  return ch_sentences_join (
      ends, explain_end (rule),
      rule->old == CH_OLD_FATE_SUPERSEDED
          ? _ ("Once the new one is installed and was tried, the old one is no longer valid.")
          : _ ("The old one stays valid until its end."),
      _ ("The data in it stay as they are. You need the key medium with the old certificate."), NULL);
}

const ChStep ch_step_term = {
  .id = "term",
  .title = N_ ("Choose the validity"),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_term,
  .check = ch_step_check_form,
  .explain = explain,
  .work = ch_step_send_form,
};
