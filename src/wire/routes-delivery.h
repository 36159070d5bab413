#pragma once

#include "wire/messages-delivery.h"
#include "wire/messages-list.h"

/* clang-format off */
/*    name                  id                     method  path                                                request         answer          who     owned        flags */
#define CH_ROUTES_DELIVERY(R) \
  R (delivery_list,        "delivery-list",        "GET",  "/v1/deliveries",                                   ChListQuery,    ChDeliveryList, MEMBER, NONE,        PLAIN) \
  R (delivery,             "delivery",             "GET",  "/v1/applications/{application}/delivery",          ChNothing,      ChDelivery,     MEMBER_OR_HOLDER, APPLICATION, PLAIN) \
  R (delivery_received,    "delivery-received",    "POST", "/v1/applications/{application}/delivery/received", ChNothing,      ChDelivery,     MEMBER_OR_HOLDER, APPLICATION, CHANGES) \
  R (staff_delivery_list,  "staff-delivery-list",  "GET",  "/v1/staff/deliveries",                             ChListQuery,    ChDeliveryList, MAKER,  NONE,        PLAIN) \
  R (staff_delivery_sent,  "staff-delivery-sent",  "POST", "/v1/staff/applications/{application}/delivery",    ChDeliverySent, ChDelivery,     MAKER_OR_MAKING_TICKET, APPLICATION, CHANGES)
/* clang-format on */
