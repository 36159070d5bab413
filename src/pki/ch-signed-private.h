#pragma once

#include "pki/ch-openssl-private.h"

G_BEGIN_DECLS

/* SIGNED { … }: what certificates, requests, CRLs and OCSP answers have in common. */
typedef struct
{
  ChDerSpan tbs;       /* whole */
  ChDerSpan algorithm; /* whole */
  ChDerSpan signature; /* the bits */
} ChSigned;

GBytes *ch_signed_get_algorithm (ChKeyKind kind);
gboolean ch_signed_split (const ChDerSpan *der, ChSigned *parts, ChDerSpan *rest);
GBytes *ch_signed_join (GBytes *tbs, ChKeyKind kind, GBytes *signature);
const EVP_MD *ch_signed_find_digest (const ChDerSpan *algorithm, EVP_PKEY *pkey);
gboolean ch_signed_is_right (const ChSigned *parts, EVP_PKEY *pkey, const char *sm2_id);

G_END_DECLS
