#pragma once

#include "pki/ch-signed-private.h"

G_BEGIN_DECLS

/* A holder’s certificate as CAs issue it by the thousand: views into its bytes, nothing copied. */
typedef struct
{
  ChSigned parts;
  ChDerSpan serial;           /* content */
  ChDerSpan issuer;           /* whole */
  ChDerSpan authority_key_id; /* content: which key of the issuer */
  ChDerSpan extensions;       /* content: Extension after Extension */
  gint64 not_before;
  gint64 not_after;
} ChPlainCert;

gboolean ch_plain_cert_read (const ChDerSpan *der, ChPlainCert *cert);
gboolean ch_plain_cert_knows_extensions (const ChPlainCert *cert, GHashTable *known);
gboolean ch_plain_cert_find_issuer (const ChDerSpan *der, ChDerSpan *issuer, ChDerSpan *serial);
void ch_plain_cert_learn_extensions (const ChPlainCert *cert, GHashTable *known);

G_END_DECLS
