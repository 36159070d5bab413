#pragma once

#include "wire/messages-receipt.h"

/* clang-format off */
/*    name                  id                     method path                                          request    answer     who                      owned        flags */
#define CH_ROUTES_RECEIPT(R) \
  R (application_receipt,  "application-receipt", "GET", "/v1/applications/{application}/receipt",     ChNothing, ChReceipt, MEMBER_HOLDER_OR_COUNTER, APPLICATION, PLAIN)
/* clang-format on */
