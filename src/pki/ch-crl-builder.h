#pragma once

#include "pki/ch-issuer.h"
#include "pki/ch-revocation.h"

G_BEGIN_DECLS

/* A list of revoked certificates in the making. */
typedef struct _ChCrlBuilder ChCrlBuilder;

ChCrlBuilder *ch_crl_builder_new (void);
void ch_crl_builder_free (ChCrlBuilder *self);
gboolean ch_crl_builder_add (ChCrlBuilder *self,
                             const char *serial,
                             gint64 revoked_at,
                             ChRevocation reason,
                             GError **error);
GBytes *ch_crl_builder_sign (ChCrlBuilder *self,
                             ChIssuer *issuer,
                             guint64 number,
                             gint64 this_update,
                             gint64 next_update,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCrlBuilder, ch_crl_builder_free)

G_END_DECLS
