#pragma once

#include "pki/ch-builder.h"

G_BEGIN_DECLS

/* The certificates a CA itself lives on. Each is made once and lies in a file afterwards. */
GBytes *ch_authority_make_root (ChKey *key,
                                ChSubject *name,
                                gint64 not_before,
                                gint64 not_after,
                                const char *sm2_id,
                                GError **error);
GBytes *ch_authority_make_issuing_ca (ChIssuer *root,
                                      GBytes *spki,
                                      ChSubject *name,
                                      gint64 not_before,
                                      gint64 not_after,
                                      GError **error);
GBytes *ch_authority_make_ocsp_signer (ChIssuer *ca,
                                       GBytes *spki,
                                       ChSubject *name,
                                       gint64 not_before,
                                       gint64 not_after,
                                       GError **error);
GBytes *ch_authority_make_tls_server (ChIssuer *ca,
                                      GBytes *spki,
                                      const char *const *addresses,
                                      gint64 not_before,
                                      gint64 not_after,
                                      GError **error);

G_END_DECLS
