#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-csr.h"
#include "pki/ch-spki.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) spki = ch_token_generate_key_finish (CH_TOKEN (source), result, &error);
  g_autofree char *key_id = NULL;

  if (spki == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  key_id = ch_spki_get_key_id_hex (spki);
  ch_run_set_token (run, CH_TOKEN (source), key_id);
  g_task_return_int (task, CH_STEP_DONE);
}

/* The first kind of key the CA asks for that the token makes */
static gboolean
choose_spec (ChRun *run, ChKeySpec *spec)
{
  GStrv keys = ch_run_get_profile (run)->issue->keys;
  guint able = ch_token_get_info (ch_run_get_token (run))->key_specs;

  for (gsize i = 0; keys[i] != NULL; i++)
    if (ch_key_spec_from_id (keys[i], spec) && (able & (1u << *spec)) != 0)
      return TRUE;
  return FALSE;
}

/**
 * ch_step_make_key:
 * @task: (transfer full):
 *
 * Makes the key of the application on the token of the run, labelled as such.
 */
void
ch_step_make_key (ChRun *run, GTask *task)
{
  g_autofree char *label = ch_step_key_label (run);
  ChKeySpec spec;

  if (!choose_spec (run, &spec))
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_UNABLE,
                               "no kind of key fits both token and CA");
      g_object_unref (task);
      return;
    }

  ch_token_generate_key_async (ch_run_get_token (run), spec, label, ch_run_get_asker (run),
                               g_task_get_cancellable (task), on_made_cb, task);
}

const ChStep ch_step_key = {
  .id = "key",
  .title = N_ ("Making the key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED | CH_FACT_SETTLED | CH_FACT_TOKEN,
  .gives = CH_FACT_KEY,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_made_there,
  .work = ch_step_make_key,
};

static void
on_issued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChCertificate *certificate = ch_run_call_finish (run, result, &error);

  if (certificate == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_run_take_certificate (run, certificate);
  ch_step_refresh (run, task);
}

static void
on_request_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = g_task_get_source_object (task);
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  g_autoptr (GBytes) der = NULL;
  ChCsr *csr = g_object_get_data (G_OBJECT (task), "csr");
  ChCsrMessage request;

  if (signature != NULL)
    der = ch_csr_close (csr, signature, ch_profile_get_sm2_id (ch_run_get_profile (run)), &error);
  if (der == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  request = (ChCsrMessage){ .csr = der };
  ch_run_call_async (run, &ch_route_issue, args, &request, g_task_get_cancellable (task), on_issued_cb, task);
}

static void
on_keys_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = g_task_get_source_object (task);
  const char *name = ch_run_get_answer (run, ch_forms_get_name_field (ch_run_get_axes (run)));
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);
  g_autoptr (ChSubject) subject = ch_subject_new ();
  ChCsr *csr = NULL;

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      /* The name is for people who look at the request: the CA takes the approved data instead */
      if (g_strcmp0 (object->key_id, ch_run_get_key_id (run)) == 0 && object->spki != NULL
          && ch_subject_add (subject, "CN", name != NULL ? name : "-", &error))
        csr = ch_csr_begin (object->spki, subject, &error);
    }

  if (csr == NULL)
    {
      if (error == NULL)
        error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING, "the key is no longer on the token");
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  g_object_set_data_full (G_OBJECT (task), "csr", csr, (GDestroyNotify) ch_csr_free);
  ch_token_sign_as_async (CH_TOKEN (source), ch_run_get_key_id (run), ch_csr_get_tbs (csr),
                          ch_profile_get_sm2_id (ch_run_get_profile (run)), ch_run_get_asker (run),
                          g_task_get_cancellable (task), on_request_signed_cb, task);
}

static void
issue (ChRun *run, GTask *task)
{
  ch_token_list_objects_async (ch_run_get_token (run), g_task_get_cancellable (task), on_keys_listed_cb,
                               task);
}

const ChStep ch_step_issue = {
  .id = "issue",
  .title = N_ ("The CA signs the certificate"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_KEY | CH_FACT_APPROVED,
  .gives = CH_FACT_ISSUED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_made_there,
  .work = issue,
};
