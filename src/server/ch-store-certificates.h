#pragma once

#include "pki/ch-revocation.h"
#include "server/ch-ca.h"
#include "server/ch-stmt.h"
#include "wire/messages-certificate.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* A certificate, recorded before it is signed */
typedef struct
{
  char *serial; /* upper-case hex, also the id */
  char *application;
  ChHierarchy hierarchy;
  ChCertificateState state;
  char *name;
  GBytes *spki_sha256;
  GBytes *tbs;
  GBytes *der; /* (nullable): not signed yet */
  gint64 not_before;
  gint64 not_after;
  gint64 revoked; /* 0 while it is not */
  ChRevocation reason;
  char *account; /* (nullable): of one that was just made, as what follows */
  char *flow;    /* (nullable): it was issued in, as the project */
  char *project;
  char *open; /* (nullable): application that is about it and not over */
} ChCertificateRecord;

ChCertificateRecord *ch_certificate_record_load (ChDbTx *tx, const char *serial, GError **error);
void ch_certificate_record_free (ChCertificateRecord *self);
ChCertificate *ch_certificate_record_format (const ChCertificateRecord *self, ChCa *ca);

gboolean
ch_certificates_find_live (ChDbTx *tx, const char *application, ChCertificateRecord **record, GError **error);
gboolean ch_certificates_add (ChDbTx *tx, const ChCertificateRecord *record, GError **error);
gboolean ch_certificates_set_signed (ChDbTx *tx, const char *serial, GBytes *der, GError **error);
gboolean ch_certificates_set_installed (ChDbTx *tx, const char *serial, GError **error);
gboolean
ch_certificates_revoke (ChDbTx *tx, const char *serial, ChRevocation reason, gint64 since, GError **error);
gboolean ch_certificates_release (ChDbTx *tx, const char *serial, GError **error);
GPtrArray *ch_certificates_list_unsigned (ChDbTx *tx, GError **error);
GPtrArray *ch_certificates_list_revoked (ChDbTx *tx, ChHierarchy hierarchy, GError **error);
ChCertificateList *ch_certificates_list_held (ChDbTx *tx, ChCa *ca, const char *serial, GError **error);
ChCertificateList *
ch_certificates_list (ChDbTx *tx, ChCa *ca, const char *account, const ChListQuery *query, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCertificateRecord, ch_certificate_record_free)

G_END_DECLS
