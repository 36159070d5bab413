#pragma once

#include "pki/ch-crl-scope-private.h"
#include "pki/ch-crl.h"
#include "pki/ch-der.h"

G_BEGIN_DECLS

/* How a certificate stands on a list */
typedef enum
{
  CH_CRL_ABSENT,
  CH_CRL_LISTED,
  CH_CRL_REMOVED, /* it was on the list before and is not any more */
} ChCrlEntry;

ChCrlEntry ch_crl_find_cert (ChCrl *self, X509 *cert, ChRevocation *reason, gint64 *revoked_at);
gboolean ch_crl_is_whole (ChCrl *self);
guint ch_crl_get_covered (ChCrl *self, X509 *cert);
gboolean ch_crl_is_delta_of (ChCrl *self, ChCrl *base);
gboolean ch_crl_is_newer (ChCrl *self, ChCrl *other);
gboolean ch_crl_is_of_like_name (ChCrl *self, ChCrl *other);
gboolean ch_crl_is_of_subject (ChCrl *self, X509 *cert);

/* Inside pki only: without copying what the certificate says */
gboolean ch_crl_find_number (ChCrl *self, const ChDerSpan *serial, ChRevocation *reason, gint64 *revoked_at);
gboolean ch_crl_is_of_name (ChCrl *self, const ChDerSpan *name);

G_END_DECLS
