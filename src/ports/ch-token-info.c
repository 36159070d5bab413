#include "config.h"

#include "ports/ch-token.h"

static const char *const pin_state_ids[] = {
  [CH_PIN_UNKNOWN] = "unknown", [CH_PIN_GOOD] = "good",     [CH_PIN_LOW] = "low",
  [CH_PIN_FINAL] = "final",     [CH_PIN_LOCKED] = "locked", [CH_PIN_NOT_SET] = "not-set",
};

G_STATIC_ASSERT (G_N_ELEMENTS (pin_state_ids) == CH_N_PIN_STATES);

/**
 * ch_token_info_free:
 * @self: (transfer full) (nullable): what a back end made by g_new0()
 */
void
ch_token_info_free (ChTokenInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->label);
  g_free (self->model);
  g_free (self->medium);
  g_free (self);
}

ChTokenObject *
ch_token_object_new (void)
{
  return g_new0 (ChTokenObject, 1);
}

void
ch_token_object_free (ChTokenObject *self)
{
  if (self == NULL)
    return;

  g_free (self->key_id);
  g_free (self->label);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_clear_pointer (&self->cert, g_bytes_unref);
  g_free (self);
}

/**
 * ch_pin_state_get_id:
 *
 * Returns: in a word, for the terminal’s JSON and for support
 */
const char *
ch_pin_state_get_id (ChPinState state)
{
  g_return_val_if_fail ((guint) state < CH_N_PIN_STATES, NULL);

  return pin_state_ids[state];
}

/**
 * ch_token_object_is_former:
 *
 * Returns: whether its certificate was replaced and the key is kept for what was encrypted with it alone
 */
gboolean
ch_token_object_is_former (const ChTokenObject *self)
{
  return self->label != NULL && g_str_has_prefix (self->label, CH_TOKEN_FORMER);
}

/**
 * ch_token_get_info:
 *
 * Returns: (transfer none): what is known of the token without asking it
 */
const ChTokenInfo *
ch_token_get_info (ChToken *self)
{
  g_return_val_if_fail (CH_IS_TOKEN (self), NULL);

  return CH_TOKEN_GET_IFACE (self)->get_info (self);
}

/**
 * ch_token_get_tries:
 *
 * Returns: how many wrong PINs may still be entered before the token locks or, being of software, makes one
 * wait; -1 when it is not known
 */
int
ch_token_get_tries (ChToken *self)
{
  g_return_val_if_fail (CH_IS_TOKEN (self), -1);

  if (CH_TOKEN_GET_IFACE (self)->get_tries != NULL)
    return CH_TOKEN_GET_IFACE (self)->get_tries (self);
  return ch_token_get_info (self)->pin_tries;
}

/**
 * ch_token_get_pin_state:
 *
 * Returns: how the PIN stands, as the medium said when it was last looked at
 */
ChPinState
ch_token_get_pin_state (ChToken *self)
{
  g_return_val_if_fail (CH_IS_TOKEN (self), CH_PIN_UNKNOWN);

  if (CH_TOKEN_GET_IFACE (self)->get_pin_state != NULL)
    return CH_TOKEN_GET_IFACE (self)->get_pin_state (self);
  return CH_PIN_UNKNOWN;
}

/**
 * ch_token_get_officer_state:
 *
 * Returns: how the PIN of the security officer stands, as the medium said when it was last looked at
 */
ChPinState
ch_token_get_officer_state (ChToken *self)
{
  g_return_val_if_fail (CH_IS_TOKEN (self), CH_PIN_UNKNOWN);

  if (CH_TOKEN_GET_IFACE (self)->get_officer_state != NULL)
    return CH_TOKEN_GET_IFACE (self)->get_officer_state (self);
  return CH_PIN_UNKNOWN;
}
