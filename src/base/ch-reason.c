#include "config.h"

#include "base/ch-reason.h"

static const struct
{
  const char *id;
  const char *text;
} reasons[] = {
#define R(code, id, text) [CH_REASON_##code] = { id, text },
  CH_REASONS (R)
#undef R
};

G_STATIC_ASSERT (G_N_ELEMENTS (reasons) == CH_N_REASONS);

/**
 * ch_reason_get_id:
 *
 * Returns: (transfer none): the stable kebab-case id
 */
const char *
ch_reason_get_id (ChReason reason)
{
  g_return_val_if_fail ((guint) reason < CH_N_REASONS, "review");

  return reasons[reason].id;
}

/**
 * ch_reason_get_text:
 *
 * Returns: (transfer none) (nullable): untranslated, for gettext; %NULL for %CH_REASON_OK
 */
const char *
ch_reason_get_text (ChReason reason)
{
  g_return_val_if_fail ((guint) reason < CH_N_REASONS, NULL);

  return reasons[reason].text;
}

/**
 * ch_reason_from_id:
 * @id: (nullable): an id from outside
 *
 * Returns: the reason; %CH_REASON_REVIEW when a newer server names one we do not know
 */
ChReason
ch_reason_from_id (const char *id)
{
  for (guint i = 0; i < CH_N_REASONS; i++)
    if (g_strcmp0 (reasons[i].id, id) == 0)
      return i;

  return CH_REASON_REVIEW;
}
