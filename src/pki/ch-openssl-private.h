#pragma once

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/ch-error.h"
#include "pki/ch-der.h"
#include "pki/ch-key.h"
#include "pki/ch-spki.h"

G_BEGIN_DECLS

/* Inside pki only: OpenSSL’s types with our clean-up. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_NAME, X509_NAME_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_SIG, X509_SIG_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

gboolean ch_openssl_fail (GError **error, int code, const char *what);
GBytes *ch_openssl_take_der (guint8 *der, int len);

ChKey *ch_key_new_take (EVP_PKEY *pkey, GError **error);
EVP_PKEY *ch_key_get_pkey (ChKey *self);
ChKeyKind ch_pkey_get_kind (EVP_PKEY *pkey);
X509 *ch_cert_load (GBytes *der, GError **error);
GBytes *ch_cert_dump (X509 *cert);
EVP_PKEY *ch_spki_load (GBytes *spki, GError **error);
gboolean ch_pkey_verify (EVP_PKEY *pkey,
                         const EVP_MD *md,
                         const ChDerSpan *data,
                         const ChDerSpan *signature,
                         const char *sm2_id);

gboolean ch_pbe_read_cost (const X509_ALGOR *algorithm, guint64 *cost);
gboolean ch_asn1_time_get (const ASN1_TIME *time, gint64 *seconds);

G_END_DECLS
