#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* clang-format off */
#define CH_DELIVERY_STATES(X) \
  X (WAITING,  "waiting",  N_("Not sent yet")) \
  X (SENT,     "sent",     N_("Sent")) \
  X (READY,    "ready",    N_("Ready at the hall")) \
  X (RECEIVED, "received", N_("Received"))

#define CH_DELIVERY_WAYS(X) \
  X (COURIER, "courier", N_("By courier")) \
  X (HALL,    "hall",    N_("Collected at the hall"))
/* clang-format on */

#define X(code, id, title) CH_DELIVERY_##code,
typedef enum
{
  CH_DELIVERY_STATES (X) CH_N_DELIVERY_STATES
} ChDeliveryState;
#undef X
#define X(code, id, title) CH_DELIVERY_BY_##code,
typedef enum
{
  CH_DELIVERY_WAYS (X) CH_N_DELIVERY_WAYS
} ChDeliveryWay;
#undef X
extern const ChWireEnum ChDeliveryState_enum, ChDeliveryWay_enum;
const char *ch_delivery_state_get_title (ChDeliveryState state);
const char *ch_delivery_way_get_title (ChDeliveryWay way);

/* How a key gets to the applicant. place: address it goes to, or of the hall; courier and number: with whom,
 * and under which number it can be asked for; medium: its serial number, once it was made */
#define CH_DELIVERY_FIELDS(F, S)                                                                             \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, applicant, STRING, "applicant", OPTIONAL, 256, _)                                                    \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, state, ENUM, "state", REQUIRED, 0, ChDeliveryState)                                                  \
  F (S, way, ENUM, "way", REQUIRED, 0, ChDeliveryWay)                                                        \
  F (S, courier, STRING, "courier", OPTIONAL, 64, _)                                                         \
  F (S, number, STRING, "number", OPTIONAL, 32, _)                                                           \
  F (S, place, STRING, "place", OPTIONAL, 512, _)                                                            \
  F (S, sent, TIME, "sent", OPTIONAL, 0, _)                                                                  \
  F (S, received, TIME, "received", OPTIONAL, 0, _)                                                          \
  F (S, medium, STRING, "medium", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChDelivery, ch_delivery, CH_DELIVERY_FIELDS)

#define CH_DELIVERY_LIST_FIELDS(F, S)                                                                        \
  F (S, items, LIST, "items", REQUIRED, 1000, ChDelivery)                                                    \
  F (S, next, STRING, "next", OPTIONAL, 512, _)                                                              \
  F (S, total, INT, "total", OPTIONAL, 1000000000, _)
CH_WIRE_DECLARE (ChDeliveryList, ch_delivery_list, CH_DELIVERY_LIST_FIELDS)

/* What staff enter when it leaves: courier and number, or the hall where it lies ready */
#define CH_DELIVERY_SENT_FIELDS(F, S)                                                                        \
  F (S, way, ENUM, "way", REQUIRED, 0, ChDeliveryWay)                                                        \
  F (S, courier, STRING, "courier", OPTIONAL, 64, _)                                                         \
  F (S, number, STRING, "number", OPTIONAL, 32, _)                                                           \
  F (S, place, STRING, "place", OPTIONAL, 512, _)
CH_WIRE_DECLARE (ChDeliverySent, ch_delivery_sent, CH_DELIVERY_SENT_FIELDS)

G_END_DECLS
