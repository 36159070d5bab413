#include "config.h"

#include "server/ch-handler.h"

/* One table per topic, each ended by a route of NULL; joined here */
static const ChHandlerRow *const topics[] = {
  ch_handlers_account,    ch_handlers_care,    ch_handlers_application, ch_handlers_document,
  ch_handlers_order,      ch_handlers_notify,  ch_handlers_refund,      ch_handlers_certificate,
  ch_handlers_ca,         ch_handlers_staff,   ch_handlers_holder,      ch_handlers_afterwards,
  ch_handlers_event,      ch_handlers_receipt, ch_handlers_download,    ch_handlers_ticket,
  ch_handlers_unlock,     ch_handlers_batch,   ch_handlers_scan,        ch_handlers_phone,
  ch_handlers_phone_page, ch_handlers_making,  ch_handlers_proof,
};

/**
 * ch_handlers_find:
 *
 * Returns: (transfer none) (nullable): who answers @route
 */
const ChHandlerRow *
ch_handlers_find (const ChRoute *route)
{
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    for (const ChHandlerRow *row = topics[i]; row->route != NULL; row++)
      if (row->route == route)
        return row;
  return NULL;
}
