#include "config.h"

#include "server/pay/ch-wechat-messages.h"

CH_WIRE_DEFINE (ChWechatAmount, ch_wechat_amount, CH_WECHAT_AMOUNT_FIELDS, "wechat-amount")
CH_WIRE_DEFINE (ChWechatPart, ch_wechat_part, CH_WECHAT_PART_FIELDS, "wechat-part")
CH_WIRE_DEFINE (ChWechatOrder, ch_wechat_order, CH_WECHAT_ORDER_FIELDS, "wechat-order")
CH_WIRE_DEFINE (ChWechatCode, ch_wechat_code, CH_WECHAT_CODE_FIELDS, "wechat-code")
CH_WIRE_DEFINE (ChWechatClose, ch_wechat_close, CH_WECHAT_CLOSE_FIELDS, "wechat-close")
CH_WIRE_DEFINE (ChWechatTrade, ch_wechat_trade, CH_WECHAT_TRADE_FIELDS, "wechat-trade")
CH_WIRE_DEFINE (ChWechatResource, ch_wechat_resource, CH_WECHAT_RESOURCE_FIELDS, "wechat-resource")
CH_WIRE_DEFINE (ChWechatNotice, ch_wechat_notice, CH_WECHAT_NOTICE_FIELDS, "wechat-notice")
CH_WIRE_DEFINE (ChWechatFailure, ch_wechat_failure, CH_WECHAT_FAILURE_FIELDS, "wechat-failure")
CH_WIRE_DEFINE (ChWechatPayback, ch_wechat_payback, CH_WECHAT_PAYBACK_FIELDS, "wechat-payback")
CH_WIRE_DEFINE (ChWechatRefund, ch_wechat_refund, CH_WECHAT_REFUND_FIELDS, "wechat-refund")
