#pragma once

#include "pki/ch-key.h"
#include "pki/ch-spki.h"
#include "pki/ch-subject.h"

G_BEGIN_DECLS

/* Where those who check a certificate find more; each may be missing. */
typedef struct
{
  const char *ocsp;       /* (nullable) */
  const char *ca_issuers; /* (nullable): the issuer’s certificate in DER */
  const char *crl;        /* (nullable) */
} ChIssuerUrls;

/* A CA key with its name, prepared once: it signs from several threads and reads nothing anew per
 * certificate. */
typedef struct _ChIssuer ChIssuer;

ChIssuer *
ch_issuer_new (ChKey *key, GBytes *cert, const ChIssuerUrls *urls, const char *sm2_id, GError **error);
ChIssuer *ch_issuer_new_self (ChKey *key, ChSubject *name, const char *sm2_id);
ChIssuer *ch_issuer_ref (ChIssuer *self);
void ch_issuer_unref (ChIssuer *self);

GBytes *ch_issuer_get_cert (ChIssuer *self);
GBytes *ch_issuer_get_spki (ChIssuer *self);
ChKeyKind ch_issuer_get_kind (ChIssuer *self);
GBytes *ch_issuer_get_name (ChIssuer *self);
GBytes *ch_issuer_get_key_id (ChIssuer *self);
GBytes *ch_issuer_get_algorithm (ChIssuer *self);
GBytes *ch_issuer_get_pointers (ChIssuer *self);
GBytes *ch_issuer_sign (ChIssuer *self, GBytes *tbs, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChIssuer, ch_issuer_unref)

G_END_DECLS
