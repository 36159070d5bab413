#pragma once

#include "server/ch-caller.h"
#include "server/ch-service.h"

G_BEGIN_DECLS

ChCaller *ch_access_check (ChDbTx *tx,
                           ChService *service,
                           const ChRoute *route,
                           GBytes *token_sha256,
                           const char *const *args,
                           GError **error);
gboolean ch_access_still_holds (ChDbTx *tx, ChService *service, const ChRoute *route, GBytes *token_sha256);

G_END_DECLS
