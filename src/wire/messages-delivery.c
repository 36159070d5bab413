#include "config.h"

#include "wire/messages-delivery.h"

CH_WIRE_DEFINE_ENUM (ChDeliveryState, CH_DELIVERY_STATES, "delivery-state")
CH_WIRE_DEFINE_ENUM (ChDeliveryWay, CH_DELIVERY_WAYS, "delivery-way")

CH_WIRE_DEFINE (ChDelivery, ch_delivery, CH_DELIVERY_FIELDS, "delivery")
CH_WIRE_DEFINE (ChDeliveryList, ch_delivery_list, CH_DELIVERY_LIST_FIELDS, "delivery-list")
CH_WIRE_DEFINE (ChDeliverySent, ch_delivery_sent, CH_DELIVERY_SENT_FIELDS, "delivery-sent")

#define TITLE(code, id, title) title,

/**
 * ch_delivery_state_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_delivery_state_get_title (ChDeliveryState state)
{
  static const char *const titles[] = { CH_DELIVERY_STATES (TITLE) };

  g_return_val_if_fail ((guint) state < CH_N_DELIVERY_STATES, "");

  return titles[state];
}

const char *
ch_delivery_way_get_title (ChDeliveryWay way)
{
  static const char *const titles[] = { CH_DELIVERY_WAYS (TITLE) };

  g_return_val_if_fail ((guint) way < CH_N_DELIVERY_WAYS, "");

  return titles[way];
}
