#include "config.h"

#include <glib/gi18n-lib.h>

#include "wire/messages-order.h"

#define X(code, id, title) title,
static const char *const refund_reasons[] = { CH_REFUND_REASONS (X) };
static const char *const refund_states[] = { CH_REFUND_STATES (X) };
#undef X

CH_WIRE_DEFINE_ENUM (ChOrderState, CH_ORDER_STATES, "order-state")

CH_WIRE_DEFINE_ENUM (ChRefundReason, CH_REFUND_REASONS, "refund-reason")
CH_WIRE_DEFINE_ENUM (ChRefundState, CH_REFUND_STATES, "refund-state")

CH_WIRE_DEFINE (ChAttempt, ch_attempt, CH_ATTEMPT_FIELDS, "attempt")
CH_WIRE_DEFINE (ChRefund, ch_refund, CH_REFUND_FIELDS, "refund")
CH_WIRE_DEFINE (ChRefundList, ch_refund_list, CH_REFUND_LIST_FIELDS, "refund-list")
CH_WIRE_DEFINE (ChRefundNote, ch_refund_note, CH_REFUND_NOTE_FIELDS, "refund-note")
CH_WIRE_DEFINE (ChOrder, ch_order, CH_ORDER_FIELDS, "order")
CH_WIRE_DEFINE (ChOrderList, ch_order_list, CH_ORDER_LIST_FIELDS, "order-list")
CH_WIRE_DEFINE (ChAttemptNew, ch_attempt_new, CH_ATTEMPT_NEW_FIELDS, "attempt-new")

/**
 * ch_refund_reason_get_title:
 *
 * Returns: (transfer none): why money goes back, untranslated
 */
const char *
ch_refund_reason_get_title (ChRefundReason reason)
{
  return refund_reasons[reason];
}

/**
 * ch_refund_state_get_title:
 *
 * Returns: (transfer none): how far it has got, untranslated
 */
const char *
ch_refund_state_get_title (ChRefundState state)
{
  return refund_states[state];
}

/**
 * ch_order_state_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_order_state_get_title (ChOrderState state)
{
#define STATE_TITLE(code, id, title) title,
  static const char *const titles[] = { CH_ORDER_STATES (STATE_TITLE) };

  g_return_val_if_fail ((guint) state < CH_N_ORDER_STATES, "");

  return titles[state];
}
