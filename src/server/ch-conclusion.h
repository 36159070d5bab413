#pragma once

#include "server/ch-application-record.h"

G_BEGIN_DECLS

/* What an application does to the certificate it is about, besides putting another in its place: holding it
 * while it is looked at, revoking it, giving it another handler. Each runs within a transaction; where the
 * lists change the caller renews them afterwards. */
gboolean ch_conclusion_hold (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error);
gboolean ch_conclusion_lift (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error);
gboolean ch_conclusion_reach (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error);

G_END_DECLS
