#pragma once

#include <gio/gio.h>

#include "base/ch-secret.h"
#include "pki/ch-issuer.h"
#include "pki/ch-ocsp-responder.h"
#include "server/ch-server-types.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* The keys of a CA: per algorithm a root (off-line), an issuing CA that signs certificates and CRLs, and a
 * signer of OCSP answers; besides a certificate for the server’s own TLS. */
typedef enum
{
  CH_HIERARCHY_RSA,
  CH_HIERARCHY_SM2,
  CH_N_HIERARCHIES,
} ChHierarchy;

gboolean ch_ca_init (const char *dir,
                     const ChProfile *profile,
                     ChSecret *passphrase,
                     const char *suffix,
                     GError **error);
ChCa *ch_ca_load (const char *dir, ChSecret *passphrase, const char *entry, GError **error);
ChCa *ch_ca_ref (ChCa *self);
void ch_ca_unref (ChCa *self);

const char *ch_hierarchy_get_id (ChHierarchy hierarchy);
ChIssuer *ch_ca_get_issuing (ChCa *self, ChHierarchy hierarchy);
ChIssuer *ch_ca_get_ocsp_signer (ChCa *self, ChHierarchy hierarchy);
ChOcspResponder *ch_ca_get_responder (ChCa *self, ChHierarchy hierarchy);
GBytes *ch_ca_get_root (ChCa *self, ChHierarchy hierarchy);
GBytes *ch_ca_get_file (ChCa *self, const char *name);
GTlsCertificate *ch_ca_get_tls (ChCa *self);
GBytes *ch_ca_get_tls_der (ChCa *self);
char *ch_ca_get_path (ChCa *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCa, ch_ca_unref)

G_END_DECLS
