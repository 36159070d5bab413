#pragma once

#include "server/ch-caller.h"
#include "server/ch-service.h"
#include "wire/messages-care.h"

G_BEGIN_DECLS

/* What an account’s owner changes and looks at */
ChCare *ch_care_get (ChDbTx *tx, const ChCaller *caller, GError **error);
gboolean ch_care_end_other_sessions (ChDbTx *tx, const ChCaller *caller, GError **error);
gboolean ch_care_set_password (ChDbTx *tx, const ChCaller *caller, const char *hash, GError **error);
gboolean ch_care_set_mobile (ChDbTx *tx, const char *account, const char *mobile, GError **error);
gboolean ch_care_set_email (ChDbTx *tx, const char *account, const char *email, GError **error);
char *ch_care_find_owner (ChDbTx *tx, const char *mobile, const char *document_number, GError **error);
gboolean ch_care_set_once (ChDbTx *tx, const char *account, GBytes *once, gint64 expires, GError **error);

G_END_DECLS
