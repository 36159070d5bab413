#pragma once

#include "server/ch-service.h"
#include "wire/messages-care.h"

G_BEGIN_DECLS

/* The end of an account: what goes at once, what the law keeps, and until when */
ChClosing *ch_erase_foresee (ChDbTx *tx, ChService *service, const char *account, GError **error);
gboolean ch_erase_account (ChDbTx *tx, ChService *service, const char *account, GError **error);
gboolean ch_erase_expired (ChDbTx *tx, ChService *service, GError **error);

G_END_DECLS
