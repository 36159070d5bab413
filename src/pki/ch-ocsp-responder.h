#pragma once

#include "pki/ch-issuer.h"
#include "pki/ch-revocation.h"

G_BEGIN_DECLS

/* What is known of a certificate. */
typedef enum
{
  CH_OCSP_GOOD,
  CH_OCSP_REVOKED, /* on hold too */
  CH_OCSP_UNKNOWN,
} ChOcspStatus;

typedef struct
{
  ChOcspStatus status;
  ChRevocation reason;
  gint64 revoked_at;
} ChOcspState;

/* Says what is known of @serial (hex as in #ChCertInfo). Returns %FALSE when it cannot be found out now. */
typedef gboolean (*ChOcspLookup) (const char *serial, ChOcspState *state, gpointer user_data);

/* Answers for one CA, from several threads. */
typedef struct _ChOcspResponder ChOcspResponder;

ChOcspResponder *ch_ocsp_responder_new (GBytes *ca_cert, ChIssuer *signer, GError **error);
void ch_ocsp_responder_free (ChOcspResponder *self);
GBytes *ch_ocsp_responder_answer (ChOcspResponder *self,
                                  GBytes *request,
                                  gint64 now,
                                  gint64 next_update,
                                  ChOcspLookup lookup,
                                  gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOcspResponder, ch_ocsp_responder_free)

G_END_DECLS
