#include "config.h"

#include "steps/steps.h"

/* Checks the form on which the run stands */
gboolean
ch_step_check_form (ChRun *run, GError **error)
{
  return ch_form_check (ch_run_get_step (run)->form, ch_run_get_profile (run), ch_run_get_axes (run),
                        ch_run_get_answers (run), error);
}

/* Sends the answers of the form on which the run stands */
void
ch_step_send_form (ChRun *run, GTask *task)
{
  const ChForm *form = ch_run_get_step (run)->form;
  const ChApplication *application = ch_run_get_application (run);
  const char *const args[] = { application->id, NULL };
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  ChAnswers request = { .version = application->version, .answers = answers };

  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const char *value = ch_run_get_answer (run, form->fields[i]->id);

      if (value != NULL)
        g_hash_table_insert (answers, g_strdup (form->fields[i]->id), g_strdup (value));
    }

  ch_run_call_async (run, &ch_route_application_answers, args, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

gboolean
ch_step_for_enterprise (const ChAxes *axes, const ChProfile *profile)
{
  return axes->subject == CH_SUBJECT_ENTERPRISE;
}

gboolean
ch_step_for_legal_person (const ChAxes *axes, const ChProfile *profile)
{
  return axes->subject == CH_SUBJECT_LEGAL_PERSON;
}

gboolean
ch_step_for_person (const ChAxes *axes, const ChProfile *profile)
{
  return axes->subject == CH_SUBJECT_PERSON;
}

const ChStep ch_step_subject = {
  .id = "subject",
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("This is written into the certificate. It must be as on the business licence."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_subject,
  .applies = ch_step_for_enterprise,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

const ChStep ch_step_subject_legal_person = {
  .id = "subject-legal-person",
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("Unit and legal person as on the business licence; both are written into the certificate."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_subject_legal_person,
  .applies = ch_step_for_legal_person,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

const ChStep ch_step_subject_person = {
  .id = "subject-person",
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("The name is written into the certificate. It must be as on the identity document."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_SUBJECT,
  .form = &ch_form_subject_person,
  .applies = ch_step_for_person,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

const ChStep ch_step_handler = {
  .id = "handler",
  .title = N_ ("Fill in the handler’s data"),
  .lead = N_ ("The handler is who acts for the applicant and is told the result."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_HANDLER,
  .form = &ch_form_handler,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};
