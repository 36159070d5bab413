#pragma once

#include "pki/ch-subject.h"
#include "server/ch-application-record.h"
#include "server/ch-service.h"
#include "server/ch-store-certificates.h"

G_BEGIN_DECLS

/* What else must hold, looked at with everything else where nobody can come in between */
typedef gboolean (*ChIssuingCheck) (ChDbTx *tx, gpointer user_data, GError **error);

/* From a request to a certificate. What is to be signed is on the disk before the CA’s key is used, so that
 * after a crash every signature is accounted for. */
ChSubject *
ch_issuing_make_subject (const ChProfile *profile, const ChApplicationRecord *record, GError **error);
ChCertificateRecord *ch_issuing_record (ChService *service,
                                        const char *application,
                                        GBytes *csr,
                                        ChIssuingCheck check,
                                        gpointer user_data,
                                        GError **error);
gboolean ch_issuing_sign (ChService *service, ChCertificateRecord *record, GError **error);
gboolean ch_issuing_complete (ChDbTx *tx, const ChCertificateRecord *record, const char *who, GError **error);
gboolean ch_issuing_start (ChService *service, GError **error);

G_END_DECLS
