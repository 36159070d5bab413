#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* WeChat Pay API v3: what we ask, and of what it answers the part we read. The length of what is shown to
 * nobody is only limited. */

#define CH_WECHAT_AMOUNT_FIELDS(F, S)                                                                        \
  F (S, total, INT, "total", REQUIRED, 100000000000, _)                                                      \
  F (S, currency, STRING, "currency", OPTIONAL, 16, _)
CH_WIRE_DECLARE (ChWechatAmount, ch_wechat_amount, CH_WECHAT_AMOUNT_FIELDS)

/* refund: how much of total goes back */
#define CH_WECHAT_PART_FIELDS(F, S)                                                                          \
  F (S, refund, INT, "refund", REQUIRED, 100000000000, _)                                                    \
  F (S, total, INT, "total", REQUIRED, 100000000000, _)                                                      \
  F (S, currency, STRING, "currency", OPTIONAL, 16, _)
CH_WIRE_DECLARE (ChWechatPart, ch_wechat_part, CH_WECHAT_PART_FIELDS)

/* times are of the form 2018-06-08T10:34:56+08:00 */
#define CH_WECHAT_ORDER_FIELDS(F, S)                                                                         \
  F (S, appid, STRING, "appid", REQUIRED, 32, _)                                                             \
  F (S, mchid, STRING, "mchid", REQUIRED, 32, _)                                                             \
  F (S, description, STRING, "description", REQUIRED, 127, _)                                                \
  F (S, out_trade_no, STRING, "out_trade_no", REQUIRED, 32, _)                                               \
  F (S, time_expire, STRING, "time_expire", REQUIRED, 64, _)                                                 \
  F (S, notify_url, STRING, "notify_url", REQUIRED, 256, _)                                                  \
  F (S, amount, OBJECT, "amount", REQUIRED, 0, ChWechatAmount)
CH_WIRE_DECLARE (ChWechatOrder, ch_wechat_order, CH_WECHAT_ORDER_FIELDS)

#define CH_WECHAT_CODE_FIELDS(F, S) F (S, code_url, STRING, "code_url", REQUIRED, 512, _)
CH_WIRE_DECLARE (ChWechatCode, ch_wechat_code, CH_WECHAT_CODE_FIELDS)

#define CH_WECHAT_CLOSE_FIELDS(F, S) F (S, mchid, STRING, "mchid", REQUIRED, 32, _)
CH_WIRE_DECLARE (ChWechatClose, ch_wechat_close, CH_WECHAT_CLOSE_FIELDS)

#define CH_WECHAT_TRADE_FIELDS(F, S)                                                                         \
  F (S, appid, STRING, "appid", REQUIRED, 64, _)                                                             \
  F (S, mchid, STRING, "mchid", REQUIRED, 64, _)                                                             \
  F (S, out_trade_no, STRING, "out_trade_no", REQUIRED, 64, _)                                               \
  F (S, transaction_id, STRING, "transaction_id", OPTIONAL, 64, _)                                           \
  F (S, trade_state, STRING, "trade_state", REQUIRED, 32, _)                                                 \
  F (S, success_time, STRING, "success_time", OPTIONAL, 64, _)                                               \
  F (S, amount, OBJECT, "amount", OPTIONAL, 0, ChWechatAmount)
CH_WIRE_DECLARE (ChWechatTrade, ch_wechat_trade, CH_WECHAT_TRADE_FIELDS)

#define CH_WECHAT_RESOURCE_FIELDS(F, S)                                                                      \
  F (S, algorithm, STRING, "algorithm", REQUIRED, 32, _)                                                     \
  F (S, ciphertext, BYTES, "ciphertext", REQUIRED, 65536, _)                                                 \
  F (S, associated_data, STRING, "associated_data", OPTIONAL, 64, _)                                         \
  F (S, nonce, STRING, "nonce", REQUIRED, 12, _)
CH_WIRE_DECLARE (ChWechatResource, ch_wechat_resource, CH_WECHAT_RESOURCE_FIELDS)

#define CH_WECHAT_NOTICE_FIELDS(F, S)                                                                        \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, event_type, STRING, "event_type", REQUIRED, 64, _)                                                   \
  F (S, resource, OBJECT, "resource", REQUIRED, 0, ChWechatResource)
CH_WIRE_DECLARE (ChWechatNotice, ch_wechat_notice, CH_WECHAT_NOTICE_FIELDS)

#define CH_WECHAT_FAILURE_FIELDS(F, S)                                                                       \
  F (S, code, STRING, "code", REQUIRED, 64, _)                                                               \
  F (S, message, STRING, "message", OPTIONAL, 1024, _)
CH_WIRE_DECLARE (ChWechatFailure, ch_wechat_failure, CH_WECHAT_FAILURE_FIELDS)

#define CH_WECHAT_PAYBACK_FIELDS(F, S)                                                                       \
  F (S, out_trade_no, STRING, "out_trade_no", REQUIRED, 32, _)                                               \
  F (S, out_refund_no, STRING, "out_refund_no", REQUIRED, 64, _)                                             \
  F (S, reason, STRING, "reason", OPTIONAL, 80, _)                                                           \
  F (S, amount, OBJECT, "amount", REQUIRED, 0, ChWechatPart)
CH_WIRE_DECLARE (ChWechatPayback, ch_wechat_payback, CH_WECHAT_PAYBACK_FIELDS)

#define CH_WECHAT_REFUND_FIELDS(F, S)                                                                        \
  F (S, refund_id, STRING, "refund_id", REQUIRED, 64, _)                                                     \
  F (S, out_refund_no, STRING, "out_refund_no", REQUIRED, 64, _)                                             \
  F (S, out_trade_no, STRING, "out_trade_no", OPTIONAL, 64, _)                                               \
  F (S, status, STRING, "status", REQUIRED, 32, _)                                                           \
  F (S, amount, OBJECT, "amount", REQUIRED, 0, ChWechatPart)
CH_WIRE_DECLARE (ChWechatRefund, ch_wechat_refund, CH_WECHAT_REFUND_FIELDS)

G_END_DECLS
