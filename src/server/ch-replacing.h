#pragma once

#include "server/ch-application-record.h"
#include "server/ch-caller.h"
#include "server/ch-store-certificates.h"

G_BEGIN_DECLS

/* Businesses that are about a certificate: who may begin one and when, what it takes over, and, where a new
 * certificate is put in the place of the old one, what becomes of that. Each runs within a transaction. */

ChCertificateRecord *ch_replacing_check_new (ChDbTx *tx,
                                             const ChProfile *profile,
                                             const ChCaller *caller,
                                             const ChAxes *axes,
                                             const ChApplicationNew *request,
                                             GError **error);
gboolean ch_replacing_take_over (ChDbTx *tx,
                                 const char *application,
                                 const ChAxes *axes,
                                 const ChCertificateRecord *base,
                                 GError **error);
gboolean
ch_replacing_check (ChDbTx *tx, const ChProfile *profile, const ChApplicationRecord *record, GError **error);
gboolean ch_replacing_finish (ChDbTx *tx,
                              const ChProfile *profile,
                              const char *application,
                              const char *who,
                              gboolean *has_revoked,
                              GError **error);

G_END_DECLS
