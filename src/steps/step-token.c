#include "config.h"

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "steps/ch-key-search.h"
#include "steps/ch-media.h"
#include "steps/steps.h"

static void
take_found (ChRun *run, const ChKeyFound *found)
{
  ch_run_set_token (run, found->token, found->key_id);
  ch_run_set_facts (run, CH_FACT_TOKEN | CH_FACT_KEY | (found->cert != NULL ? CH_FACT_STORED : 0), 0);
}

static void
on_found_inside_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, &error);

  if (found == NULL && error == NULL)
    error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING,
                         "the key of this application was made on another PC or token");
  if (found == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  take_found (run, found);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, NULL);
  ChFact facts = ch_run_get_facts (run);

  /* It was made, so it must be somewhere: a certificate that was broken off while it was written may hide it.
   * Of a medium the staff make nobody knows the PIN until it has another one. */
  if (found == NULL && (facts & CH_FACT_ISSUED) != 0 && (facts & CH_FACT_INSTALLED) == 0
      && ch_run_get_axes (run)->business != CH_BUSINESS_MAKE)
    {
      ch_key_search_inside_async (run, ch_key_belongs_to, g_task_get_cancellable (task), on_found_inside_cb,
                                  task);
      return;
    }

  if (found != NULL)
    take_found (run, found);
  /* It is still to be made, and must get onto the right one */
  if (found == NULL && g_ptr_array_find (ch_run_get_steps (run), &ch_step_choose_medium, NULL))
    ch_media_look (run, task);
  else
    ch_step_return (task, CH_STEP_DONE);
}

static void
find_key (ChRun *run, GTask *task)
{
  ch_key_search_async (run, ch_key_belongs_to, g_task_get_cancellable (task), on_found_cb, task);
}

const ChStep ch_step_find_key = {
  .id = "find-key",
  .title = N_ ("Looking for the key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .flags = CH_STEP_AUTO,
  .applies = ch_step_is_made_there,
  .work = find_key,
};

static gboolean
on_ukey (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium == CH_MEDIUM_UKEY && ch_step_is_made_there (axes, profile);
}

static void
on_plugged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (ChToken) token = NULL;

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  token = ch_media_take (run, &error);
  if (token == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_token (run, token, NULL);
  g_task_return_int (task, CH_STEP_DONE);
}

/* The medium the user has in hand */
static void
take_medium (ChRun *run, GTask *task)
{
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_plugged_cb, task);
}

const ChStep ch_step_plug_in = {
  .id = "plug-in",
  .title = N_ ("Looking for the USB key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO,
  .applies = on_ukey,
  .work = take_medium,
};

static gboolean
on_soft (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium == CH_MEDIUM_SOFT;
}

static gboolean
check_bytes (const guint8 *data, gsize len, gpointer user_data)
{
  *(ChReason *) user_data = ch_validate_passphrase (data, len);
  return TRUE;
}

static gboolean
check_passphrase (ChRun *run, GError **error)
{
  ChSecret *secret = ch_run_get_secret (run, "passphrase");
  ChReason reason = CH_REASON_MISSING;
  GError *wrong;

  if (secret != NULL)
    ch_secret_with (secret, check_bytes, &reason);
  if (reason == CH_REASON_OK)
    return TRUE;

  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, "passphrase", reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ChToken) token = ch_token_hub_create_finish (CH_TOKEN_HUB (source), result, &error);

  if (token == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_set_token (g_task_get_source_object (task), token, NULL);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
create_token (ChRun *run, GTask *task)
{
  const char *label = ch_run_get_answer (run, ch_forms_get_name_field (ch_run_get_axes (run)));

  /* The token of an earlier try, which the key did not get onto */
  if (ch_run_get_token (run) != NULL)
    {
      ch_step_return (task, CH_STEP_DONE);
      return;
    }

  ch_token_hub_create_async (ch_ports_get_hub (ch_run_get_ports (run)), "soft", label != NULL ? label : "",
                             ch_run_get_asker (run), g_task_get_cancellable (task), on_created_cb, task);
}

const ChStep ch_step_passphrase = {
  .id = "passphrase",
  .title = N_ ("Choose a passphrase"),
  .lead = N_ ("It protects the key of the certificate on this PC and is asked for whenever you sign."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_passphrase,
  .applies = on_soft,
  .check = check_passphrase,
  .work = create_token,
};
