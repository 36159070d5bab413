#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#define CH_ORDER_STATES(X)                                                                                   \
  X (UNPAID, "unpaid")                                                                                       \
  X (PAID, "paid")                                                                                           \
  X (CLOSED, "closed")
#define X(code, id) CH_ORDER_##code,
typedef enum
{
  CH_ORDER_STATES (X) CH_N_ORDER_STATES
} ChOrderState;
#undef X
extern const ChWireEnum ChOrderState_enum;

/* One code to pay with. A new one is made only after the old one was closed at the gateway. */
#define CH_ATTEMPT_FIELDS(F, S)                                                                              \
  F (S, trade_no, STRING, "out-trade-no", REQUIRED, 32, _)                                                   \
  F (S, channel, STRING, "channel", REQUIRED, 16, _)                                                         \
  F (S, code, STRING, "code", REQUIRED, 512, _)                                                              \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChAttempt, ch_attempt, CH_ATTEMPT_FIELDS)

/* attempt: the open one, if there is one */
#define CH_ORDER_FIELDS(F, S)                                                                                \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, state, ENUM, "state", REQUIRED, 0, ChOrderState)                                                     \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, attempt, OBJECT, "attempt", OPTIONAL, 0, ChAttempt)                                                  \
  F (S, paid, TIME, "paid", OPTIONAL, 0, _)                                                                  \
  F (S, created, TIME, "created", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChOrder, ch_order, CH_ORDER_FIELDS)

#define CH_ATTEMPT_NEW_FIELDS(F, S) F (S, channel, STRING, "channel", REQUIRED, 16, _)
CH_WIRE_DECLARE (ChAttemptNew, ch_attempt_new, CH_ATTEMPT_NEW_FIELDS)

G_END_DECLS
