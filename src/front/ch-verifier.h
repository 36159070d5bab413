#pragma once

#include "front/ch-verify-report.h"
#include "ports/ch-fetcher.h"

G_BEGIN_DECLS

typedef enum
{
  CH_VERIFY_ALONE = 0,
  CH_VERIFY_ASK_CA = 1 << 0, /* by OCSP, which answers for this moment */
} ChVerifyFlags;

/* What a file is used for */
typedef enum
{
  CH_VERIFY_ANCHORS,   /* trusted */
  CH_VERIFY_UNTRUSTED, /* may lead to one that is trusted */
  CH_VERIFY_CRLS,      /* lists of revoked certificates */
} ChVerifyRole;

/* Looks at certificates, one or many: who issued them, whether they are valid now, what they are for, and
 * whether they were revoked. What lies elsewhere is fetched once for all of them. */
#define CH_TYPE_VERIFIER (ch_verifier_get_type ())
G_DECLARE_FINAL_TYPE (ChVerifier, ch_verifier, CH, VERIFIER, GObject)

ChVerifier *ch_verifier_new (ChFetcher *fetcher);
void ch_verifier_add_trusted (ChVerifier *self, GBytes *der);
void ch_verifier_add_helper (ChVerifier *self, GBytes *der);
gboolean ch_verifier_add_crl (ChVerifier *self, GBytes *der, GError **error);
void ch_verifier_set_time (ChVerifier *self, gint64 when);
void ch_verifier_set_no_revocation (ChVerifier *self);
gboolean ch_verifier_set_policy (ChVerifier *self,
                                 const char *const *policies,
                                 gboolean is_explicit,
                                 gboolean inhibits_mapping,
                                 gboolean inhibits_any,
                                 GError **error);
gboolean ch_verifier_add_file (ChVerifier *self, ChVerifyRole role, const char *path, GError **error);
guint ch_verifier_get_n_left_out (ChVerifier *self);
ChVerifyReport *ch_verifier_check (ChVerifier *self,
                                   GBytes *cert,
                                   ChVerifyFlags flags,
                                   GCancellable *cancellable,
                                   GError **error);
GPtrArray *ch_verifier_read_certs (const char *path, GError **error);

G_END_DECLS
