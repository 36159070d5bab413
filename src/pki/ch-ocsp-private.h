#pragma once

#include "pki/ch-openssl-private.h"

G_BEGIN_DECLS

/* DER contents of object identifiers both ends of OCSP need. */
#define CH_OCSP_OID_BASIC    "\x2b\x06\x01\x05\x05\x07\x30\x01\x01"
#define CH_OCSP_OID_NONCE    "\x2b\x06\x01\x05\x05\x07\x30\x01\x02"
#define CH_OCSP_OID_SIZE     9
#define CH_OCSP_DOTTED_BASIC "1.3.6.1.5.5.7.48.1.1"
#define CH_OCSP_DOTTED_NONCE "1.3.6.1.5.5.7.48.1.2"

/* RFC 8954 allows 32 bytes; some clients send more. */
#define CH_OCSP_MAX_NONCE 64

/* CertID: which certificate is asked about, by hashes of its issuer. */
typedef struct
{
  ChDerSpan whole;
  ChDerSpan digest_oid;
  ChDerSpan name_hash;
  ChDerSpan key_hash;
  ChDerSpan serial;
} ChOcspCertId;

/* The two hashes that occur. */
typedef struct
{
  guint8 name_sha1[20];
  guint8 key_sha1[20];
  guint8 name_sha256[32];
  guint8 key_sha256[32];
} ChOcspIssuerHashes;

gboolean ch_ocsp_hash_issuer (GBytes *ca_cert, ChOcspIssuerHashes *hashes, GError **error);
gboolean ch_ocsp_hash_key (GBytes *spki, guint8 sha1[20], guint8 sha256[32]);
gboolean ch_ocsp_read_cert_id (ChDerSpan *in, ChOcspCertId *id);
gboolean ch_ocsp_is_of_issuer (const ChOcspCertId *id, const ChOcspIssuerHashes *hashes);
gboolean ch_ocsp_read_nonce (ChDerSpan extensions, ChDerSpan *nonce);
gboolean ch_ocsp_read_time (ChDerSpan *in, gint64 *seconds);

G_END_DECLS
