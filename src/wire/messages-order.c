#include "config.h"

#include "wire/messages-order.h"

CH_WIRE_DEFINE_ENUM (ChOrderState, CH_ORDER_STATES, "order-state")

CH_WIRE_DEFINE (ChAttempt, ch_attempt, CH_ATTEMPT_FIELDS, "attempt")
CH_WIRE_DEFINE (ChOrder, ch_order, CH_ORDER_FIELDS, "order")
CH_WIRE_DEFINE (ChAttemptNew, ch_attempt_new, CH_ATTEMPT_NEW_FIELDS, "attempt-new")
