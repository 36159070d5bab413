#pragma once

#include "wire/messages-event.h"

/* clang-format off */
/*    name    id        method path          request    answer   who               owned flags */
#define CH_ROUTES_EVENT(R) \
  R (events, "events", "GET", "/v1/events", ChNothing, ChEvent, MEMBER_OR_HOLDER, NONE, SOCKET)
/* clang-format on */
