#include "config.h"

#include "pki/ch-cert.h"
#include "steps/ch-key-search.h"
#include "steps/steps.h"

#define CERTIFIED "certhall-certified-key"
#define FORMER    "certhall-former-keys"

typedef struct
{
  ChKeyFits fits;
  GPtrArray *tokens;  /* (owned) (element-type ChToken): still to be looked at */
  gboolean is_inside; /* what only the holder sees too */
  GError *error;      /* (owned) (nullable): why the first one that could not be looked into could not */
} Search;

static void look_at_next (GTask *task);

static void
search_free (gpointer data)
{
  Search *self = data;

  g_ptr_array_unref (self->tokens);
  g_clear_error (&self->error);
  g_free (self);
}

void
ch_key_found_free (ChKeyFound *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->token);
  g_free (self->key_id);
  g_clear_pointer (&self->cert, g_bytes_unref);
  g_free (self);
}

/**
 * ch_key_has_serial:
 * @serial: (nullable): of a certificate
 *
 * Returns: whether that certificate is on the token, with its key
 */
gboolean
ch_key_has_serial (const ChTokenObject *object, const char *serial)
{
  g_autoptr (ChCertInfo) info = serial != NULL && object->has_key && object->cert != NULL
                                    ? ch_cert_info_new (object->cert, NULL)
                                    : NULL;

  return info != NULL && g_str_equal (info->serial, serial);
}

/**
 * ch_key_set_known:
 * @certified: (nullable): id of the key that has the certificate
 * @former: (transfer full) (nullable): ids of keys whose certificates were revoked before they were installed
 *
 * Several keys may be labelled with one application: made again, or by two people at once. They may lie
 * anywhere, and only one of them is taken for its key.
 */
void
ch_key_set_known (ChRun *run, const char *certified, GStrv former)
{
  g_object_set_data_full (G_OBJECT (run), CERTIFIED, g_strdup (certified), g_free);
  g_object_set_data_full (G_OBJECT (run), FORMER, former, (GDestroyNotify) g_strfreev);
}

static gboolean
is_another (ChRun *run, const ChTokenObject *object)
{
  const char *certified = g_object_get_data (G_OBJECT (run), CERTIFIED);
  const char *const *former = g_object_get_data (G_OBJECT (run), FORMER);

  /* Without anything public its id says nothing */
  if (object->spki == NULL || object->key_id == NULL)
    return FALSE;
  return (certified != NULL && !g_str_equal (certified, object->key_id))
         || (former != NULL && g_strv_contains (former, object->key_id));
}

/**
 * ch_key_belongs_to:
 *
 * The token is the journal: the key of an application may be there already, made before a crash.
 *
 * Returns: whether it is that of the application of @run
 */
gboolean
ch_key_belongs_to (const ChTokenObject *object, ChRun *run)
{
  g_autofree char *label = ch_step_key_label (run);

  if (!object->has_key || is_another (run, object))
    return FALSE;
  /* One without anything public was broken off while it was made, unless it was certified already */
  if (g_strcmp0 (object->label, label) == 0
      && (object->spki != NULL || (ch_run_get_facts (run) & CH_FACT_ISSUED) != 0))
    return TRUE;
  return ch_key_has_serial (object, ch_run_get_application (run)->certificate);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Search *self = g_task_get_task_data (task);
  ChRun *run = g_task_get_source_object (task);
  ChToken *token = CH_TOKEN (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (token, result, &error);

  /* A damaged token is no reason not to look at the others */
  if (objects == NULL)
    g_message ("token %s cannot be read: %s", ch_token_get_info (token)->serial, error->message);
  if (self->is_inside && self->error == NULL)
    self->error = g_steal_pointer (&error);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      ChKeyFound *found;

      if (!self->fits (object, run))
        continue;

      found = g_new0 (ChKeyFound, 1);
      found->token = g_object_ref (token);
      found->key_id = g_strdup (object->key_id);
      found->cert = object->cert != NULL ? g_bytes_ref (object->cert) : NULL;
      found->n_keys = objects->len;
      g_task_return_pointer (task, found, (GDestroyNotify) ch_key_found_free);
      g_object_unref (task);
      return;
    }

  look_at_next (task);
}

static void
look_at_next (GTask *task)
{
  Search *self = g_task_get_task_data (task);
  g_autoptr (ChToken) token = NULL;

  if (self->tokens->len == 0)
    {
      if (self->error != NULL)
        g_task_return_error (task, g_steal_pointer (&self->error));
      else
        g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
      return;
    }

  token = g_object_ref (self->tokens->pdata[0]);
  g_ptr_array_remove_index (self->tokens, 0);
  if (self->is_inside)
    ch_token_list_all_async (token, ch_run_get_asker (g_task_get_source_object (task)),
                             g_task_get_cancellable (task), on_listed_cb, task);
  else
    ch_token_list_objects_async (token, NULL, on_listed_cb, task);
}

/* What was plugged in just now is there by then */
static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Search *self = g_task_get_task_data (task);
  GListModel *hub = G_LIST_MODEL (source);
  const char *medium
      = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (g_task_get_source_object (task))->medium);

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      if (g_strcmp0 (ch_token_get_info (token)->medium, medium) == 0)
        g_ptr_array_add (self->tokens, g_steal_pointer (&token));
    }

  look_at_next (task);
}

static void
search (ChRun *run,
        ChKeyFits fits,
        gboolean is_inside,
        GCancellable *cancellable,
        GAsyncReadyCallback callback,
        gpointer user_data)
{
  GTask *task = g_task_new (run, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, ch_key_search_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, search, search_free);
  search->fits = fits;
  search->is_inside = is_inside;
  search->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

/**
 * ch_key_search_async:
 * @run: on whose medium
 * @fits: which key
 *
 * Looks for a key on all tokens that are here.
 */
void
ch_key_search_async (ChRun *run,
                     ChKeyFits fits,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  search (run, fits, FALSE, cancellable, callback, user_data);
}

/**
 * ch_key_search_inside_async:
 *
 * The same, among what only the holder sees too, who is asked for the PIN of each medium: for a key that must
 * be there and is not seen. Where one could not be looked into and it is on no other, that is the error.
 */
void
ch_key_search_inside_async (ChRun *run,
                            ChKeyFits fits,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  search (run, fits, TRUE, cancellable, callback, user_data);
}

/**
 * ch_key_search_finish:
 *
 * Returns: (transfer full) (nullable): where it is; %NULL when it is on none of the tokens here
 */
ChKeyFound *
ch_key_search_finish (ChRun *run, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, run), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
