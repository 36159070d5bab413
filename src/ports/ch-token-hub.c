#include "config.h"

#include "base/ch-error.h"
#include "ports/ch-token-hub.h"

G_DEFINE_INTERFACE (ChTokenHub, ch_token_hub, G_TYPE_LIST_MODEL)

static void
ch_token_hub_default_init (ChTokenHubInterface *iface)
{
}

/**
 * ch_token_hub_can_create:
 * @medium: id of the axis
 *
 * Returns: whether tokens of @medium are made by the program, as files are
 */
gboolean
ch_token_hub_can_create (ChTokenHub *self, const char *medium)
{
  g_return_val_if_fail (CH_IS_TOKEN_HUB (self), FALSE);

  return CH_TOKEN_HUB_GET_IFACE (self)->can_create (self, medium);
}

/**
 * ch_token_hub_create_async:
 * @medium: one that can be created
 * @label: name for people
 * @asker: is asked for the new passphrase
 *
 * Makes an empty token, durably. It is in the list when the call is finished.
 */
void
ch_token_hub_create_async (ChTokenHub *self,
                           const char *medium,
                           const char *label,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN_HUB (self));

  CH_TOKEN_HUB_GET_IFACE (self)->create_async (self, medium, label, asker, cancellable, callback, user_data);
}

/**
 * ch_token_hub_create_finish:
 *
 * Returns: (transfer full): the token; %NULL with @error set on failure
 */
ChToken *
ch_token_hub_create_finish (ChTokenHub *self, GAsyncResult *result, GError **error)
{
  return CH_TOKEN_HUB_GET_IFACE (self)->create_finish (self, result, error);
}

/**
 * ch_token_hub_settle_async:
 * @callback: (nullable): told when the list holds what is there
 *
 * Begins to look for tokens, the first time it is called. The list follows what is plugged in and out from
 * then on; who wants to look at it once, waits for this first.
 */
void
ch_token_hub_settle_async (ChTokenHub *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CH_IS_TOKEN_HUB (self));

  if (CH_TOKEN_HUB_GET_IFACE (self)->settle_async != NULL)
    {
      CH_TOKEN_HUB_GET_IFACE (self)->settle_async (self, callback, user_data);
      return;
    }

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, ch_token_hub_settle_async);
  g_task_return_boolean (task, TRUE);
}

/**
 * ch_token_hub_settle_finish:
 *
 * A module that does not work is no failure: it has no tokens.
 */
void
ch_token_hub_settle_finish (ChTokenHub *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

/**
 * ch_token_hub_find:
 * @serial: of a token
 *
 * Returns: (transfer full) (nullable): the token, if it is there now
 */
ChToken *
ch_token_hub_find (ChTokenHub *self, const char *serial)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (G_LIST_MODEL (self), i);

      if (g_strcmp0 (ch_token_get_info (token)->serial, serial) == 0)
        return g_steal_pointer (&token);
    }

  return NULL;
}

/**
 * ch_token_hub_import_async:
 * @file: from outside: a back-up, a PKCS #12 file, or an encrypted key (PKCS #8, perhaps with its
 * certificate)
 * @cert_file: (nullable): from outside: the certificate of such a key
 * @asker: is asked for the passphrase of the file and, unless it is a back-up, for a new one of the token
 *
 * Takes a key over that was made or kept elsewhere, durably. Nothing is changed when it fails, and no key is
 * ever there twice. The token is in the list when the call is finished.
 */
void
ch_token_hub_import_async (ChTokenHub *self,
                           GBytes *file,
                           GBytes *cert_file,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN_HUB (self));
  g_return_if_fail (file != NULL);

  if (CH_TOKEN_HUB_GET_IFACE (self)->import_async == NULL)
    {
      g_task_report_new_error (self, callback, user_data, ch_token_hub_import_async, CH_ERROR,
                               CH_ERROR_TOKEN_UNABLE, "nothing is kept on this PC");
      return;
    }
  CH_TOKEN_HUB_GET_IFACE (self)->import_async (self, file, cert_file, asker, cancellable, callback,
                                               user_data);
}

/**
 * ch_token_hub_import_finish:
 * @move_code: (out) (optional) (nullable): when the token was moved here and works: what is to be entered on
 * the PC it comes from, to remove it there
 *
 * Returns: (transfer full): the token; %NULL with @error set on failure
 */
ChToken *
ch_token_hub_import_finish (ChTokenHub *self, GAsyncResult *result, char **move_code, GError **error)
{
  if (CH_TOKEN_HUB_GET_IFACE (self)->import_finish == NULL)
    return g_task_propagate_pointer (G_TASK (result), error);
  return CH_TOKEN_HUB_GET_IFACE (self)->import_finish (self, result, move_code, error);
}
