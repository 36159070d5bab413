#include "config.h"

#include "server/pay/ch-alipay-messages.h"

CH_WIRE_DEFINE (ChAlipayOrder, ch_alipay_order, CH_ALIPAY_ORDER_FIELDS, "alipay-order")
CH_WIRE_DEFINE (ChAlipayNumber, ch_alipay_number, CH_ALIPAY_NUMBER_FIELDS, "alipay-number")
CH_WIRE_DEFINE (ChAlipayResult, ch_alipay_result, CH_ALIPAY_RESULT_FIELDS, "alipay-result")
CH_WIRE_DEFINE (ChAlipayEnvelope, ch_alipay_envelope, CH_ALIPAY_ENVELOPE_FIELDS, "alipay-envelope")
