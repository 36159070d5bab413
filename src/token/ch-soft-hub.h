#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

/* The software tokens in a folder, followed as files come and go. */
#define CH_TYPE_SOFT_HUB (ch_soft_hub_get_type ())
G_DECLARE_FINAL_TYPE (ChSoftHub, ch_soft_hub, CH, SOFT_HUB, GObject)

ChSoftHub *ch_soft_hub_new (const char *dir);

G_END_DECLS
