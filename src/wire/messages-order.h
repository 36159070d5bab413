#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* clang-format off */
#define CH_ORDER_STATES(X) \
  X (UNPAID, "unpaid", N_("To be paid")) \
  X (PAID,   "paid",   N_("Paid")) \
  X (CLOSED, "closed", N_("Closed"))
/* clang-format on */

#define X(code, id, title) CH_ORDER_##code,
typedef enum
{
  CH_ORDER_STATES (X) CH_N_ORDER_STATES
} ChOrderState;
#undef X
extern const ChWireEnum ChOrderState_enum;
const char *ch_order_state_get_title (ChOrderState state);

/* One code to pay with. A new one is made only after the old one was closed at the gateway. */
#define CH_ATTEMPT_FIELDS(F, S)                                                                              \
  F (S, trade_no, STRING, "out-trade-no", REQUIRED, 32, _)                                                   \
  F (S, channel, STRING, "channel", REQUIRED, 16, _)                                                         \
  F (S, code, STRING, "code", REQUIRED, 512, _)                                                              \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChAttempt, ch_attempt, CH_ATTEMPT_FIELDS)

/* Why money goes back */
/* clang-format off */
#define CH_REFUND_REASONS(X) \
  X (SURPLUS,   "surplus",   N_("The order was paid twice")) \
  X (LATE,      "late",      N_("The payment came after its code was closed")) \
  X (PRICE,     "price",     N_("The price had changed")) \
  X (WITHDRAWN, "withdrawn", N_("The application was withdrawn")) \
  X (REFUSED,   "refused",   N_("The application was refused for good"))

/* failed: the gateway would not; somebody of the staff looks after it */
#define CH_REFUND_STATES(X) \
  X (DUE,      "due",      N_("Being checked")) \
  X (APPROVED, "approved", N_("Approved, about to be sent")) \
  X (SENT,     "sent",     N_("On its way")) \
  X (DONE,     "done",     N_("Paid back")) \
  X (FAILED,   "failed",   N_("Support looks after it"))
/* clang-format on */

#define X(code, id, title) CH_REFUND_REASON_##code,
typedef enum
{
  CH_REFUND_REASONS (X) CH_N_REFUND_REASONS
} ChRefundReason;
#undef X
#define X(code, id, title) CH_REFUND_##code,
typedef enum
{
  CH_REFUND_STATES (X) CH_N_REFUND_STATES
} ChRefundState;
#undef X
extern const ChWireEnum ChRefundReason_enum, ChRefundState_enum;
const char *ch_refund_reason_get_title (ChRefundReason reason);
const char *ch_refund_state_get_title (ChRefundState state);

/* Money that goes back, all of what one attempt brought. Of the people of the CA the applicant learns
 * nothing: asked-by, checked-by, approved-by, failure and note are for the staff. */
#define CH_REFUND_FIELDS(F, S)                                                                               \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, order, STRING, "order", REQUIRED, 64, _)                                                             \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, trade_no, STRING, "out-trade-no", REQUIRED, 32, _)                                                   \
  F (S, channel, STRING, "channel", REQUIRED, 16, _)                                                         \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, reason, ENUM, "reason", REQUIRED, 0, ChRefundReason)                                                 \
  F (S, state, ENUM, "state", REQUIRED, 0, ChRefundState)                                                    \
  F (S, created, TIME, "created", REQUIRED, 0, _)                                                            \
  F (S, sent, TIME, "sent", OPTIONAL, 0, _)                                                                  \
  F (S, done, TIME, "done", OPTIONAL, 0, _)                                                                  \
  F (S, asked_by, STRING, "asked-by", OPTIONAL, 128, _)                                                      \
  F (S, checked_by, STRING, "checked-by", OPTIONAL, 128, _)                                                  \
  F (S, approved_by, STRING, "approved-by", OPTIONAL, 128, _)                                                \
  F (S, failure, STRING, "failure", OPTIONAL, 1024, _)                                                       \
  F (S, note, STRING, "note", OPTIONAL, 1024, _)
CH_WIRE_DECLARE (ChRefund, ch_refund, CH_REFUND_FIELDS)

#define CH_REFUND_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChRefund)
CH_WIRE_DECLARE (ChRefundList, ch_refund_list, CH_REFUND_LIST_FIELDS)

/* note: how it was paid back by hand, e.g. the number of the transfer */
#define CH_REFUND_NOTE_FIELDS(F, S) F (S, note, STRING, "note", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChRefundNote, ch_refund_note, CH_REFUND_NOTE_FIELDS)

/* attempt: the open one, if there is one; channel: by which it was paid */
#define CH_ORDER_FIELDS(F, S)                                                                                \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, state, ENUM, "state", REQUIRED, 0, ChOrderState)                                                     \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, attempt, OBJECT, "attempt", OPTIONAL, 0, ChAttempt)                                                  \
  F (S, channel, STRING, "channel", OPTIONAL, 16, _)                                                         \
  F (S, paid, TIME, "paid", OPTIONAL, 0, _)                                                                  \
  F (S, refunds, LIST, "refunds", OPTIONAL, 100, ChRefund)                                                   \
  F (S, created, TIME, "created", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChOrder, ch_order, CH_ORDER_FIELDS)

#define CH_ORDER_LIST_FIELDS(F, S)                                                                           \
  F (S, items, LIST, "items", REQUIRED, 1000, ChOrder)                                                       \
  F (S, next, STRING, "next", OPTIONAL, 512, _)                                                              \
  F (S, total, INT, "total", OPTIONAL, 1000000000, _)
CH_WIRE_DECLARE (ChOrderList, ch_order_list, CH_ORDER_LIST_FIELDS)

#define CH_ATTEMPT_NEW_FIELDS(F, S) F (S, channel, STRING, "channel", REQUIRED, 16, _)
CH_WIRE_DECLARE (ChAttemptNew, ch_attempt_new, CH_ATTEMPT_NEW_FIELDS)

G_END_DECLS
