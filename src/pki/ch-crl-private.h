#pragma once

#include "pki/ch-crl.h"
#include "pki/ch-der.h"

G_BEGIN_DECLS

/* Inside pki only: without copying what the certificate says */
gboolean ch_crl_find_number (ChCrl *self, const ChDerSpan *serial, ChRevocation *reason, gint64 *revoked_at);
gboolean ch_crl_is_of_name (ChCrl *self, const ChDerSpan *name);

G_END_DECLS
