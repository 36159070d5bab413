#pragma once

#include <gio/gio.h>

#include "pki/ch-revocation.h"

G_BEGIN_DECLS

/* A CRL from outside. */
typedef struct _ChCrl ChCrl;

ChCrl *ch_crl_new (GBytes *der, GError **error);
void ch_crl_free (ChCrl *self);
gboolean ch_crl_verify (ChCrl *self, GBytes *issuer_cert, const char *sm2_id, GError **error);
gboolean ch_crl_is_of_issuer (ChCrl *self, GBytes *issuer_name);
gboolean ch_crl_find (ChCrl *self, const char *serial, ChRevocation *reason, gint64 *revoked_at);
guint ch_crl_get_n_revoked (ChCrl *self);
guint64 ch_crl_get_number (ChCrl *self);
gint64 ch_crl_get_this_update (ChCrl *self);
gint64 ch_crl_get_next_update (ChCrl *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCrl, ch_crl_free)

G_END_DECLS
