#pragma once

#include "server/ch-service.h"
#include "wire/messages-care.h"

G_BEGIN_DECLS

/* Everything the store has of an account, for its owner */
char *ch_export_write_json (ChDbTx *tx, const char *account, GError **error);
GBytes *ch_export_pack (const char *json, GError **error);

G_END_DECLS
