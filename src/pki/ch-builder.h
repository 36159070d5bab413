#pragma once

#include "pki/ch-cert.h"
#include "pki/ch-issuer.h"
#include "pki/ch-subject.h"

G_BEGIN_DECLS

/* What a certificate is for decides its basic constraints and usages. */
typedef enum
{
  CH_CERT_ROOT,
  CH_CERT_ISSUING_CA,
  CH_CERT_OCSP_SIGNER,
  CH_CERT_TLS_SERVER,
  CH_CERT_HOLDER, /* of a customer: signs, logs in */
  CH_N_CERT_KINDS,
} ChCertKind;

/* Builds what is to be signed: serial and bytes can be recorded before the CA key is used. */
typedef struct _ChBuilder ChBuilder;

ChBuilder *ch_builder_new (ChCertKind kind);
void ch_builder_free (ChBuilder *self);

void ch_builder_set_subject (ChBuilder *self, ChSubject *subject);
void ch_builder_set_spki (ChBuilder *self, GBytes *spki);
void ch_builder_set_validity (ChBuilder *self, gint64 not_before, gint64 not_after);
void ch_builder_set_usages (ChBuilder *self, guint usages);
void ch_builder_add_address (ChBuilder *self, const char *address);
gboolean ch_builder_add_policy (ChBuilder *self, const char *oid, GError **error);
gboolean ch_builder_add_extension (ChBuilder *self, const char *oid, GBytes *value, GError **error);
gboolean ch_builder_add_text_extension (ChBuilder *self, const char *oid, const char *text, GError **error);

GBytes *ch_builder_build (ChBuilder *self, ChIssuer *issuer, char **serial, GError **error);
GBytes *ch_builder_sign (ChIssuer *issuer, GBytes *tbs, GError **error);
GBytes *ch_builder_issue (ChBuilder *self, ChIssuer *issuer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChBuilder, ch_builder_free)

G_END_DECLS
