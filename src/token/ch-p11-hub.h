#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

/* The tokens of one PKCS#11 module, which runs in a child. */
#define CH_TYPE_P11_HUB (ch_p11_hub_get_type ())
G_DECLARE_FINAL_TYPE (ChP11Hub, ch_p11_hub, CH, P11_HUB, GObject)

ChP11Hub *ch_p11_hub_new (const char *program, const char *module, guint limit_ms, const char *lock_dir);

G_END_DECLS
