#include "config.h"

#include "base/ch-key-spec.h"

static const char *const ids[] = {
  [CH_KEY_RSA_2048] = "rsa-2048",
  [CH_KEY_RSA_3072] = "rsa-3072",
  [CH_KEY_P256] = "p256",
  [CH_KEY_SM2] = "sm2",
};

G_STATIC_ASSERT (G_N_ELEMENTS (ids) == CH_N_KEY_SPECS);

/**
 * ch_key_spec_get_id:
 * @spec: a kind of key
 *
 * Returns: (transfer none): its id on the wire
 */
const char *
ch_key_spec_get_id (ChKeySpec spec)
{
  g_return_val_if_fail ((guint) spec < CH_N_KEY_SPECS, NULL);

  return ids[spec];
}

/**
 * ch_key_spec_from_id:
 * @id: (nullable): an id of the wire
 * @spec: (out): the kind of key
 *
 * Returns: %FALSE when @id is unknown; @spec is then left alone
 */
gboolean
ch_key_spec_from_id (const char *id, ChKeySpec *spec)
{
  for (guint i = 0; i < CH_N_KEY_SPECS; i++)
    if (g_strcmp0 (ids[i], id) == 0)
      {
        *spec = i;
        return TRUE;
      }

  return FALSE;
}
