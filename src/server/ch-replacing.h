#pragma once

#include "server/ch-application-record.h"
#include "server/ch-caller.h"
#include "server/ch-store-certificates.h"

G_BEGIN_DECLS

/* Businesses that put a new certificate in the place of an old one: who may begin one, what the new one takes
 * over, and what becomes of the old one. Each runs within a transaction. */

ChCertificateRecord *ch_replacing_check_new (ChDbTx *tx,
                                             const ChProfile *profile,
                                             const ChCaller *caller,
                                             const ChAxes *axes,
                                             const ChApplicationNew *request,
                                             GError **error);
gboolean
ch_replacing_take_over (ChDbTx *tx, const char *application, const ChCertificateRecord *base, GError **error);
gboolean
ch_replacing_check (ChDbTx *tx, const ChProfile *profile, const ChApplicationRecord *record, GError **error);
gboolean ch_replacing_finish (ChDbTx *tx,
                              const ChProfile *profile,
                              const char *application,
                              const char *who,
                              gboolean *has_revoked,
                              GError **error);

G_END_DECLS
