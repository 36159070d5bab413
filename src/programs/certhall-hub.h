#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

ChTokenHub *certhall_make_hub (gboolean is_shared);

G_END_DECLS
