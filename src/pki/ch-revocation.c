#include "config.h"

#include "pki/ch-revocation.h"

static const struct
{
  ChRevocation reason;
  const char *id;
} reasons[] = {
  { CH_REVOCATION_UNSPECIFIED, "unspecified" },
  { CH_REVOCATION_KEY_COMPROMISE, "key-compromise" },
  { CH_REVOCATION_CA_COMPROMISE, "ca-compromise" },
  { CH_REVOCATION_AFFILIATION_CHANGED, "affiliation-changed" },
  { CH_REVOCATION_SUPERSEDED, "superseded" },
  { CH_REVOCATION_CESSATION, "cessation" },
  { CH_REVOCATION_HOLD, "hold" },
  { CH_REVOCATION_PRIVILEGE_WITHDRAWN, "privilege-withdrawn" },
};

/**
 * ch_revocation_get_id:
 * @reason: why
 *
 * Returns: (transfer none): its id; `unspecified` for numbers unknown here
 */
const char *
ch_revocation_get_id (ChRevocation reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].reason == reason)
      return reasons[i].id;

  return reasons[0].id;
}

/**
 * ch_revocation_from_id:
 * @id: (nullable): an id
 * @reason: (out): why
 *
 * Returns: %FALSE when @id is unknown; @reason is then left alone
 */
gboolean
ch_revocation_from_id (const char *id, ChRevocation *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].id, id) == 0)
      {
        *reason = reasons[i].reason;
        return TRUE;
      }

  return FALSE;
}
