#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

/* Where no token is kept: on PCs that many people use. What would be made there is refused. */
#define CH_TYPE_EMPTY_HUB (ch_empty_hub_get_type ())
G_DECLARE_FINAL_TYPE (ChEmptyHub, ch_empty_hub, CH, EMPTY_HUB, GObject)

ChEmptyHub *ch_empty_hub_new (void);

G_END_DECLS
