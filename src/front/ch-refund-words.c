#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"
#include "front/ch-refund-words.h"

static const ChTone tones[CH_N_REFUND_STATES] = {
  [CH_REFUND_DUE] = CH_TONE_INFO, [CH_REFUND_APPROVED] = CH_TONE_INFO, [CH_REFUND_SENT] = CH_TONE_INFO,
  [CH_REFUND_DONE] = CH_TONE_OK,  [CH_REFUND_FAILED] = CH_TONE_WARN,
};

/**
 * ch_refund_get_tone:
 *
 * Returns: how its state is to be taken
 */
ChTone
ch_refund_get_tone (const ChRefund *refund)
{
  return tones[refund->state];
}

/**
 * ch_refund_format_when:
 *
 * Returns: (transfer full): the day that matters, of the last thing that happened to it
 */
char *
ch_refund_format_when (const ChRefund *refund)
{
  gint64 at = refund->done != 0 ? refund->done : refund->sent != 0 ? refund->sent : refund->created;
  g_autofree char *day = ch_format_iso_date (at);

  /* A gateway may pay back without telling before that it has begun */
  if (refund->done != 0)
    /* Translators: %s is a day like 2026-12-14: the money was paid back then */
    return g_strdup_printf (_ ("paid back %s"), day);
  if (refund->sent != 0)
    /* Translators: %s is a day like 2026-12-14: the money was sent back then */
    return g_strdup_printf (_ ("sent %s, the way it was paid"), day);
  /* Translators: %s is a day like 2026-12-14: the money is due to go back since then */
  return g_strdup_printf (_ ("due since %s"), day);
}

/**
 * ch_refund_format_detail:
 *
 * Returns: (transfer full): why it goes back, and when
 */
char *
ch_refund_format_detail (const ChRefund *refund)
{
  g_autofree char *when = ch_refund_format_when (refund);

  return g_strdup_printf ("%s · %s", _ (ch_refund_reason_get_title (refund->reason)), when);
}

/**
 * ch_refunds_format_short:
 * @refunds: (nullable) (element-type ChRefund): of one order
 *
 * Returns: (transfer full) (nullable): a few words for a list; %NULL when nothing goes back
 */
char *
ch_refunds_format_short (GPtrArray *refunds)
{
  gint64 fen = 0;
  gboolean is_done = TRUE;
  g_autofree char *amount = NULL;

  if (refunds == NULL || refunds->len == 0)
    return NULL;

  for (guint i = 0; i < refunds->len; i++)
    {
      const ChRefund *refund = refunds->pdata[i];

      fen += refund->fen;
      is_done = is_done && refund->state == CH_REFUND_DONE;
    }
  amount = ch_format_fen (fen);
  /* Translators: %s is an amount of money */
  return g_strdup_printf (is_done ? _ ("%s paid back") : _ ("%s goes back"), amount);
}
