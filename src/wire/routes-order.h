#pragma once

#include "wire/messages-list.h"
#include "wire/messages-order.h"

/* clang-format off */
/*    name              id                 method  path                                    request        answer    who     owned        flags */
#define CH_ROUTES_ORDER(R) \
  R (order_new,        "order-new",        "POST", "/v1/applications/{application}/order", ChVersion,     ChOrder,  MEMBER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (order_list,       "order-list",       "GET",  "/v1/orders",                           ChListQuery,   ChOrderList, MEMBER, NONE,     PLAIN) \
  R (order,            "order",            "GET",  "/v1/orders/{order}",                   ChNothing,     ChOrder,  MEMBER_OR_ANY_HOLDER, ORDER,       PLAIN) \
  R (attempt_new,      "attempt-new",      "POST", "/v1/orders/{order}/attempts",          ChAttemptNew,  ChOrder,  MEMBER_OR_ANY_HOLDER, ORDER,       CHANGES) \
  R (order_query,      "order-query",      "POST", "/v1/orders/{order}/query",             ChNothing,     ChOrder,  MEMBER_OR_ANY_HOLDER, ORDER,       PLAIN) \
  R (notify_wechat,    "notify-wechat",    "POST", "/v1/notify/wechat",                    ChNothing,     ChNothing, ANYBODY, NONE,      RAW) \
  R (notify_alipay,    "notify-alipay",    "POST", "/v1/notify/alipay",                    ChNothing,     ChNothing, ANYBODY, NONE,      RAW)
/* clang-format on */
