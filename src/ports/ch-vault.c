#include "config.h"

#include "ports/ch-vault.h"

G_DEFINE_INTERFACE (ChVault, ch_vault, G_TYPE_OBJECT)

static void
ch_vault_default_init (ChVaultInterface *iface)
{
}

/**
 * ch_vault_put_async:
 * @kind: what it is
 * @id: which one
 * @content: (nullable): what to keep; %NULL takes it away
 * @callback: (nullable): called when it is on the disk
 *
 * Keeps @content durably. Calls for the same vault take effect in their order.
 */
void
ch_vault_put_async (ChVault *self,
                    ChVaultKind kind,
                    const char *id,
                    GBytes *content,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (CH_IS_VAULT (self));
  g_return_if_fail (id != NULL);

  CH_VAULT_GET_IFACE (self)->put_async (self, kind, id, content, callback, user_data);
}

gboolean
ch_vault_put_finish (ChVault *self, GAsyncResult *result, GError **error)
{
  return CH_VAULT_GET_IFACE (self)->put_finish (self, result, error);
}

/**
 * ch_vault_remove:
 *
 * Takes away what is no longer needed, without waiting.
 */
void
ch_vault_remove (ChVault *self, ChVaultKind kind, const char *id)
{
  ch_vault_put_async (self, kind, id, NULL, NULL, NULL);
}

/**
 * ch_vault_get:
 *
 * Returns: (transfer full) (nullable): what was kept last, also when it is not on the disk yet
 */
GBytes *
ch_vault_get (ChVault *self, ChVaultKind kind, const char *id)
{
  g_return_val_if_fail (CH_IS_VAULT (self), NULL);

  return CH_VAULT_GET_IFACE (self)->get (self, kind, id);
}

/**
 * ch_vault_list:
 *
 * Returns: (transfer full): the ids of all that is kept of @kind
 */
GStrv
ch_vault_list (ChVault *self, ChVaultKind kind)
{
  g_return_val_if_fail (CH_IS_VAULT (self), NULL);

  return CH_VAULT_GET_IFACE (self)->list (self, kind);
}

/**
 * ch_vault_put_session:
 * @token: (nullable): the session’s token; %NULL forgets it
 *
 * Keeps the session until the user logs out of the desktop: for the terminal, whose commands are processes of
 * their own.
 */
gboolean
ch_vault_put_session (ChVault *self, ChSecret *token, GError **error)
{
  g_return_val_if_fail (CH_IS_VAULT (self), FALSE);

  return CH_VAULT_GET_IFACE (self)->put_session (self, token, error);
}

/**
 * ch_vault_get_session:
 *
 * Returns: (transfer full) (nullable): the session’s token
 */
ChSecret *
ch_vault_get_session (ChVault *self)
{
  g_return_val_if_fail (CH_IS_VAULT (self), NULL);

  return CH_VAULT_GET_IFACE (self)->get_session (self);
}
