#include "config.h"

#include "wire/messages-receipt.h"

CH_WIRE_DEFINE (ChReceipt, ch_receipt, CH_RECEIPT_FIELDS, "receipt")
