#include "config.h"

#include "server/demo/ch-demo-messages.h"

CH_WIRE_DEFINE (ChDemoMessage, ch_demo_message, CH_DEMO_MESSAGE_FIELDS, "message")
CH_WIRE_DEFINE (ChDemoSmsQuery, ch_demo_sms_query, CH_DEMO_SMS_QUERY_FIELDS, "sms-query")
CH_WIRE_DEFINE (ChDemoOutbox, ch_demo_outbox, CH_DEMO_OUTBOX_FIELDS, "outbox")
CH_WIRE_DEFINE (ChDemoClock, ch_demo_clock, CH_DEMO_CLOCK_FIELDS, "clock")
CH_WIRE_DEFINE (ChDemoNotice, ch_demo_notice, CH_DEMO_NOTICE_FIELDS, "notice")
CH_WIRE_DEFINE (ChDemoOrders, ch_demo_orders, CH_DEMO_ORDERS_FIELDS, "orders")
CH_WIRE_DEFINE (ChDemoReview, ch_demo_review, CH_DEMO_REVIEW_FIELDS, "review")
CH_WIRE_DEFINE (ChDemoVerdict, ch_demo_verdict, CH_DEMO_VERDICT_FIELDS, "verdict")
