#include "config.h"

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "pki/ch-cert.h"
#include "steps/steps.h"

/* The token is the journal: the key of this application may be there already, made before a crash */
typedef struct
{
  GTask *task;       /* (owned) */
  GPtrArray *tokens; /* (owned) (element-type ChToken): still to be looked at */
} Search;

static void look_at_next (Search *self);

static void
search_free (Search *self)
{
  g_object_unref (self->task);
  g_ptr_array_unref (self->tokens);
  g_free (self);
}

static gboolean
belongs_to (const ChTokenObject *object, ChRun *run)
{
  g_autofree char *label = ch_step_key_label (run);
  const ChApplication *application = ch_run_get_application (run);
  g_autoptr (ChCertInfo) info = NULL;

  if (!object->has_key)
    return FALSE;
  if (g_strcmp0 (object->label, label) == 0)
    return TRUE;
  if (object->cert == NULL || application->certificate == NULL)
    return FALSE;

  info = ch_cert_info_new (object->cert, NULL);
  return info != NULL && g_str_equal (info->serial, application->certificate);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *self = user_data;
  ChRun *run = g_task_get_source_object (self->task);
  ChToken *token = CH_TOKEN (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (token, result, &error);

  /* A damaged token is no reason not to look at the others */
  if (objects == NULL)
    g_message ("token %s cannot be read: %s", ch_token_get_info (token)->serial, error->message);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (!belongs_to (object, run))
        continue;
      ch_run_set_token (run, token, object->key_id);
      ch_run_set_facts (run, CH_FACT_TOKEN | CH_FACT_KEY | (object->cert != NULL ? CH_FACT_STORED : 0), 0);
      g_task_return_int (self->task, CH_STEP_DONE);
      search_free (self);
      return;
    }

  look_at_next (self);
}

static void
look_at_next (Search *self)
{
  ChRun *run = g_task_get_source_object (self->task);
  g_autoptr (ChToken) token = NULL;

  if (self->tokens->len > 0)
    {
      token = g_object_ref (self->tokens->pdata[0]);
      g_ptr_array_remove_index (self->tokens, 0);
      ch_token_list_objects_async (token, NULL, on_listed_cb, self);
      return;
    }

  if ((ch_run_get_facts (run) & CH_FACT_ISSUED) != 0 && (ch_run_get_facts (run) & CH_FACT_INSTALLED) == 0)
    g_task_return_new_error (self->task, CH_ERROR, CH_ERROR_KEY_MISSING,
                             "the key of this application was made on another PC or token");
  else
    g_task_return_int (self->task, CH_STEP_DONE);
  search_free (self);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GListModel *hub = G_LIST_MODEL (source);
  const char *medium
      = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (g_task_get_source_object (task))->medium);
  Search *search = g_new0 (Search, 1);

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  search->task = task;
  search->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      if (g_strcmp0 (ch_token_get_info (token)->medium, medium) == 0)
        g_ptr_array_add (search->tokens, g_steal_pointer (&token));
    }

  look_at_next (search);
}

static void
find_key (ChRun *run, GTask *task)
{
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

const ChStep ch_step_find_key = {
  .id = "find-key",
  .title = N_ ("Looking for the key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .flags = CH_STEP_AUTO,
  .work = find_key,
};

static gboolean
on_ukey (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium == CH_MEDIUM_UKEY;
}

/* The medium the user has in hand: with two of them plugged in a key would end up on the wrong one */
static void
on_plugged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GListModel *hub = G_LIST_MODEL (source);
  const char *medium = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (run)->medium);
  g_autoptr (ChToken) found = NULL;
  guint n = 0;

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);
      const ChTokenInfo *info = ch_token_get_info (token);

      if (g_strcmp0 (info->medium, medium) != 0 || (info->abilities & CH_TOKEN_CAN_GENERATE) == 0)
        continue;
      g_set_object (&found, token);
      n++;
    }

  if (n == 1)
    {
      ch_run_set_token (run, found, NULL);
      g_task_return_int (task, CH_STEP_DONE);
    }
  else if (n == 0)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_NONE, "no medium that makes keys");
  else
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_SEVERAL, "%u media that make keys", n);
}

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
