#pragma once

#include "server/ch-stmt.h"
#include "wire/messages-delivery.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* Keys on their way: sent by the staff, received by the applicant. @who is what ch_caller_get_id() says. */

ChDelivery *ch_deliveries_get (ChDbTx *tx, const char *application, GError **error);
ChDeliveryList *
ch_deliveries_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error);

gboolean ch_deliveries_send (ChDbTx *tx,
                             const char *application,
                             const ChDeliverySent *sent,
                             const char *who,
                             GError **error);
gboolean ch_deliveries_receive (ChDbTx *tx, const char *application, const char *who, GError **error);

G_END_DECLS
