#pragma once

#include "server/ch-db.h"
#include "server/ch-gateway.h"

G_BEGIN_DECLS

#define CH_TYPE_DEMO_GATEWAY (ch_demo_gateway_get_type ())
G_DECLARE_FINAL_TYPE (ChDemoGateway, ch_demo_gateway, CH, DEMO_GATEWAY, GObject)

ChDemoGateway *ch_demo_gateway_new (ChDb *db);
GBytes *ch_demo_gateway_pay (ChDemoGateway *self, const char *trade_no, GError **error);
gboolean ch_demo_gateway_complete (ChDemoGateway *self, const char *refund_no, GError **error);

G_END_DECLS
