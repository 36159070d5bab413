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
