#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* The receipt of what was handed in, as it stands now. check-code: the same for the same hand-in, and only
 * the server can make it: who is shown a receipt fetches it too and compares. bytes: a PDF */
#define CH_RECEIPT_FIELDS(F, S)                                                                              \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, check_code, STRING, "check-code", REQUIRED, 32, _)                                                   \
  F (S, bytes, BYTES, "bytes", REQUIRED, 2097152, _)
CH_WIRE_DECLARE (ChReceipt, ch_receipt, CH_RECEIPT_FIELDS)

G_END_DECLS
