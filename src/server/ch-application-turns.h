#pragma once

#include "server/ch-application-record.h"

G_BEGIN_DECLS

/* How often, and within how many days, a certificate that reached nobody is made again for nothing */
#define CH_AGAIN_MAX  3
#define CH_AGAIN_DAYS 30

/* What sends an application another way than forward. The version is compared before. */
gboolean
ch_applications_withdraw (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error);
gboolean ch_applications_discard (ChDbTx *tx, const ChApplicationRecord *record, GError **error);
gboolean ch_applications_change_flow (ChDbTx *tx,
                                      const ChApplicationRecord *record,
                                      const ChProfile *profile,
                                      const char *flow,
                                      const char *project,
                                      const char *who,
                                      GError **error);
gboolean
ch_applications_make_again (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error);
gboolean ch_applications_count_again (ChDbTx *tx, const char *application, gint64 *n_left, GError **error);
gboolean
ch_applications_set_key_place (ChDbTx *tx, const char *application, const char *place, GError **error);

G_END_DECLS
