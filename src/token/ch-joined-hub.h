#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

/* The tokens of several hubs in their order; one that two of them find is there once. */
#define CH_TYPE_JOINED_HUB (ch_joined_hub_get_type ())
G_DECLARE_FINAL_TYPE (ChJoinedHub, ch_joined_hub, CH, JOINED_HUB, GObject)

ChJoinedHub *ch_joined_hub_new (GPtrArray *hubs);

G_END_DECLS
