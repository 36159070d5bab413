#pragma once

#include "server/ch-gateway.h"

G_BEGIN_DECLS

/* Several gateways as one: each channel has its own */
#define CH_TYPE_GATEWAY_SET (ch_gateway_set_get_type ())
G_DECLARE_FINAL_TYPE (ChGatewaySet, ch_gateway_set, CH, GATEWAY_SET, GObject)

ChGatewaySet *ch_gateway_set_new (void);
void ch_gateway_set_add (ChGatewaySet *self, const char *channel, ChGateway *gateway);
guint ch_gateway_set_get_n_channels (ChGatewaySet *self);

G_END_DECLS
