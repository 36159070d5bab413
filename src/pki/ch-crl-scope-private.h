#pragma once

#include "pki/ch-openssl-private.h"

G_BEGIN_DECLS

/* Bits 1 to 8 of ReasonFlags (RFC 5280 4.2.1.13) */
#define CH_CRL_ALL_REASONS 0x1fe

/* Which certificates and reasons a CRL is about, and whether it is a whole one. Inside pki only. */
typedef struct _ChCrlScope ChCrlScope;

ChCrlScope *ch_crl_scope_new (X509_CRL *crl);
void ch_crl_scope_free (ChCrlScope *self);
gboolean ch_crl_scope_is_whole (const ChCrlScope *self);
gboolean ch_crl_scope_is_delta_of (const ChCrlScope *self, const ChCrlScope *base);
gboolean ch_crl_scope_is_newer (const ChCrlScope *self, const ChCrlScope *other);
guint ch_crl_scope_get_covered (const ChCrlScope *self, X509_CRL *crl, X509 *cert);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCrlScope, ch_crl_scope_free)

G_END_DECLS
