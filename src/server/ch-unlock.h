#pragma once

#include "server/ch-caller.h"
#include "server/ch-service.h"
#include "wire/messages-unlock.h"

G_BEGIN_DECLS

/* Unlocking a medium without an account: who may, what is told them, and what makes it count */

gboolean
ch_unlock_knows (ChDbTx *tx, const char *serial, const char *mobile, gboolean *is_known, GError **error);
ChUnlockTicket *
ch_unlock_start (ChDbTx *tx, ChService *service, const char *serial, const char *mobile, GError **error);
ChUnlockPins *ch_unlock_release (ChDbTx *tx,
                                 ChService *service,
                                 const ChCaller *caller,
                                 const ChUnlockRelease *request,
                                 char **mobile,
                                 GError **error);
gboolean ch_unlock_confirm (ChDbTx *tx,
                            ChService *service,
                            const ChCaller *caller,
                            const ChUnlockConfirm *request,
                            GError **error);

G_END_DECLS
