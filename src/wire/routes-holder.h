#pragma once

#include "wire/messages-holder.h"

/* clang-format off */
/*    name              id                 method    path                      request         answer        who                owned  flags */
#define CH_ROUTES_HOLDER(R) \
  R (holder_login,     "holder-login",     "POST",   "/v1/holder/sessions",    ChHolderLogin,  ChSession,    ANYBODY,           NONE,  PLAIN) \
  R (holder,           "holder",           "GET",    "/v1/holder",             ChNothing,      ChHolder,     ANY_HOLDER,        NONE,  PLAIN)
/* clang-format on */
