#pragma once

#include "server/ch-service.h"
#include "wire/messages-account.h"

G_BEGIN_DECLS

/* Numbers this server made and recognises again; nothing is stored until one is used */
ChNonce *ch_nonce_make (ChService *service, const char *label, GError **error);
gboolean ch_nonce_spend (ChDbTx *tx, ChService *service, const char *label, GBytes *nonce, GError **error);

ChChallenge *ch_challenge_make (ChService *service);
gboolean
ch_challenge_spend (ChDbTx *tx, ChService *service, const char *id, const char *work, GError **error);

G_END_DECLS
