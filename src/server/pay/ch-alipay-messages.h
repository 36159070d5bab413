#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* Alipay: what we ask in biz_content, and of what it answers to any of our calls the part we read. Amounts
 * are in yuan, `300.00`; times `2018-06-08 10:34:56`, in China. */

#define CH_ALIPAY_ORDER_FIELDS(F, S)                                                                         \
  F (S, out_trade_no, STRING, "out_trade_no", REQUIRED, 64, _)                                               \
  F (S, total_amount, STRING, "total_amount", REQUIRED, 16, _)                                               \
  F (S, subject, STRING, "subject", REQUIRED, 256, _)                                                        \
  F (S, seller_id, STRING, "seller_id", OPTIONAL, 32, _)                                                     \
  F (S, time_expire, STRING, "time_expire", REQUIRED, 32, _)
CH_WIRE_DECLARE (ChAlipayOrder, ch_alipay_order, CH_ALIPAY_ORDER_FIELDS)

#define CH_ALIPAY_NUMBER_FIELDS(F, S)                                                                        \
  F (S, out_trade_no, STRING, "out_trade_no", REQUIRED, 64, _)                                               \
  F (S, out_request_no, STRING, "out_request_no", OPTIONAL, 64, _)                                           \
  F (S, refund_amount, STRING, "refund_amount", OPTIONAL, 16, _)                                             \
  F (S, refund_reason, STRING, "refund_reason", OPTIONAL, 256, _)
CH_WIRE_DECLARE (ChAlipayNumber, ch_alipay_number, CH_ALIPAY_NUMBER_FIELDS)

#define CH_ALIPAY_RESULT_FIELDS(F, S)                                                                        \
  F (S, code, STRING, "code", REQUIRED, 16, _)                                                               \
  F (S, msg, STRING, "msg", OPTIONAL, 256, _)                                                                \
  F (S, sub_code, STRING, "sub_code", OPTIONAL, 128, _)                                                      \
  F (S, sub_msg, STRING, "sub_msg", OPTIONAL, 1024, _)                                                       \
  F (S, out_trade_no, STRING, "out_trade_no", OPTIONAL, 64, _)                                               \
  F (S, trade_no, STRING, "trade_no", OPTIONAL, 64, _)                                                       \
  F (S, qr_code, STRING, "qr_code", OPTIONAL, 512, _)                                                        \
  F (S, trade_status, STRING, "trade_status", OPTIONAL, 32, _)                                               \
  F (S, total_amount, STRING, "total_amount", OPTIONAL, 16, _)                                               \
  F (S, trans_currency, STRING, "trans_currency", OPTIONAL, 8, _)                                            \
  F (S, send_pay_date, STRING, "send_pay_date", OPTIONAL, 32, _)                                             \
  F (S, fund_change, STRING, "fund_change", OPTIONAL, 8, _)                                                  \
  F (S, out_request_no, STRING, "out_request_no", OPTIONAL, 64, _)                                           \
  F (S, refund_amount, STRING, "refund_amount", OPTIONAL, 16, _)                                             \
  F (S, refund_status, STRING, "refund_status", OPTIONAL, 32, _)
CH_WIRE_DECLARE (ChAlipayResult, ch_alipay_result, CH_ALIPAY_RESULT_FIELDS)

/* An answer without the part that is signed; sign is over that part */
#define CH_ALIPAY_ENVELOPE_FIELDS(F, S) F (S, sign, STRING, "sign", OPTIONAL, 1024, _)
CH_WIRE_DECLARE (ChAlipayEnvelope, ch_alipay_envelope, CH_ALIPAY_ENVELOPE_FIELDS)

G_END_DECLS
