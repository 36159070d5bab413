#pragma once

#include "pki/ch-ocsp-responder.h"

G_BEGIN_DECLS

/* A question about one certificate, and what its answer must fit. */
typedef struct _ChOcspRequest ChOcspRequest;

ChOcspRequest *ch_ocsp_request_new (GBytes *cert, GBytes *ca_cert, GError **error);
void ch_ocsp_request_free (ChOcspRequest *self);
GBytes *ch_ocsp_request_get_der (ChOcspRequest *self);
gboolean ch_ocsp_request_verify (ChOcspRequest *self,
                                 GBytes *response,
                                 gint64 when,
                                 const char *sm2_id,
                                 ChOcspState *state,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOcspRequest, ch_ocsp_request_free)

G_END_DECLS
