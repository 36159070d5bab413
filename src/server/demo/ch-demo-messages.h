#pragma once

#include "wire/messages-application.h"
#include "wire/messages-order.h"

G_BEGIN_DECLS

/* A message as it arrives on a phone, or in a mailbox: then mobile is its address; code: only where there is
 * one in it */
#define CH_DEMO_MESSAGE_FIELDS(F, S)                                                                         \
  F (S, mobile, STRING, "mobile", REQUIRED, 254, _)                                                          \
  F (S, text, STRING, "text", REQUIRED, 1024, _)                                                             \
  F (S, code, STRING, "code", OPTIONAL, 16, _)                                                               \
  F (S, at, TIME, "at", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChDemoMessage, ch_demo_message, CH_DEMO_MESSAGE_FIELDS)

#define CH_DEMO_SMS_QUERY_FIELDS(F, S) F (S, mobile, STRING, "mobile", OPTIONAL, 20, _)
CH_WIRE_DECLARE (ChDemoSmsQuery, ch_demo_sms_query, CH_DEMO_SMS_QUERY_FIELDS)

/* code: the newest */
#define CH_DEMO_OUTBOX_FIELDS(F, S)                                                                          \
  F (S, messages, LIST, "messages", REQUIRED, 1000, ChDemoMessage)                                           \
  F (S, code, STRING, "code", OPTIONAL, 16, _)
CH_WIRE_DECLARE (ChDemoOutbox, ch_demo_outbox, CH_DEMO_OUTBOX_FIELDS)

/* One of them: now sets the time, advance moves it on, offset says how far it is from this machine’s */
#define CH_DEMO_CLOCK_FIELDS(F, S)                                                                           \
  F (S, offset, INT, "offset", OPTIONAL, 3153600000, _)                                                      \
  F (S, advance, INT, "advance", OPTIONAL, 3153600000, _)                                                    \
  F (S, now, TIME, "now", OPTIONAL, 0, _)
CH_WIRE_DECLARE (ChDemoClock, ch_demo_clock, CH_DEMO_CLOCK_FIELDS)

#define CH_DEMO_ORDERS_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChOrder)
CH_WIRE_DECLARE (ChDemoOrders, ch_demo_orders, CH_DEMO_ORDERS_FIELDS)

/* Nothing at all approves; decision: "approve" or "refuse" */
#define CH_DEMO_REVIEW_FIELDS(F, S)                                                                          \
  F (S, approve, BOOL, "approve", OPTIONAL, 0, _)                                                            \
  F (S, decision, STRING, "decision", OPTIONAL, 16, _)                                                       \
  F (S, reasons, LIST, "reasons", OPTIONAL, 100, ChFieldReason)
CH_WIRE_DECLARE (ChDemoReview, ch_demo_review, CH_DEMO_REVIEW_FIELDS)

/* The same where it says yes or no, to tell “no” from silence */
#define CH_DEMO_VERDICT_FIELDS(F, S) F (S, approve, BOOL, "approve", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChDemoVerdict, ch_demo_verdict, CH_DEMO_VERDICT_FIELDS)

/* What a gateway tells of a payment */
#define CH_DEMO_NOTICE_FIELDS(F, S)                                                                          \
  F (S, merchant, STRING, "merchant", REQUIRED, 32, _)                                                       \
  F (S, trade_no, STRING, "out-trade-no", REQUIRED, 32, _)                                                   \
  F (S, channel, STRING, "channel", REQUIRED, 16, _)                                                         \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, currency, STRING, "currency", REQUIRED, 3, _)                                                        \
  F (S, transaction, STRING, "transaction", REQUIRED, 64, _)                                                 \
  F (S, paid, TIME, "paid", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChDemoNotice, ch_demo_notice, CH_DEMO_NOTICE_FIELDS)

G_END_DECLS
