#pragma once

#include "pki/ch-key.h"
#include "pki/ch-subject.h"

G_BEGIN_DECLS

/* A PKCS#10 request in the making: the bytes to be signed go to the token, its signature closes the request.
 */
typedef struct _ChCsr ChCsr;

ChCsr *ch_csr_begin (GBytes *spki, ChSubject *subject, GError **error);
GBytes *ch_csr_get_tbs (ChCsr *self);
GBytes *ch_csr_close (ChCsr *self, GBytes *signature, const char *sm2_id, GError **error);
void ch_csr_free (ChCsr *self);

GBytes *ch_csr_make (ChKey *key, ChSubject *subject, const char *sm2_id, GError **error);
GBytes *ch_csr_verify (GBytes *der, const char *sm2_id, ChSubject **subject, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCsr, ch_csr_free)

G_END_DECLS
