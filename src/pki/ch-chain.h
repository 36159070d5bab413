#pragma once

#include <gio/gio.h>

#include "pki/ch-revocation.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* What is wrong with a certificate, in words for people. Ids are stable for ever. */
/* clang-format off */
#define CH_CHAIN_REASONS(R) \
  R (OK,             "ok",             N_("The certificate is valid.")) \
  R (DAMAGED,        "damaged",        N_("The file is no certificate, or damaged.")) \
  R (UNKNOWN_ISSUER, "unknown-issuer", N_("It was issued by a CA that is not trusted here.")) \
  R (BAD_SIGNATURE,  "bad-signature",  N_("It was altered: its signature is wrong.")) \
  R (EXPIRED,        "expired",        N_("Its validity has ended.")) \
  R (NOT_YET_VALID,  "not-yet-valid",  N_("It is not valid yet. Check the date of this PC.")) \
  R (REVOKED,        "revoked",        N_("It was revoked.")) \
  R (ON_HOLD,        "on-hold",        N_("It is on hold while an application about it is open.")) \
  R (CA_NOT_ALLOWED, "ca-not-allowed", N_("It was issued by somebody who may not issue certificates.")) \
  R (NAME_NOT_ALLOWED, "name-not-allowed", N_("Its CA may not issue certificates for this name.")) \
  R (POLICY,         "policy",         N_("It was not issued under a policy that is asked for.")) \
  R (NOT_UNDERSTOOD, "not-understood", N_("It contains a condition that is not understood here.")) \
  R (WEAK,           "weak",           N_("Its key or signature is too weak by today’s standards.")) \
  R (CRL_MISSING,    "crl-missing",    N_("Whether it was revoked could not be found out.")) \
  R (CRL_EXPIRED,    "crl-expired",    N_("The list of revoked certificates is out of date.")) \
  R (CRL_WRONG,      "crl-wrong",      N_("The list of revoked certificates is not of the CA.")) \
  R (OTHER,          "other",          N_("It is not valid."))
/* clang-format on */

typedef enum
{
#define R(code, id, text) CH_CHAIN_##code,
  CH_CHAIN_REASONS (R)
#undef R
      CH_N_CHAIN_REASONS
} ChChainReason;

typedef struct
{
  ChChainReason reason;
  guint depth;             /* which certificate it is about: 0 is the one asked for */
  char *subject_text;      /* (owned) (nullable): of that certificate, when it is a CA’s */
  GPtrArray *path;         /* (owned) (element-type GBytes): as far as it was found, the anchor last */
  ChRevocation revocation; /* with REVOKED and ON_HOLD */
  gint64 revoked_at;
  gint64 list_made; /* when the CRL on which the certificate itself was looked for was made; 0: on none */
} ChChainResult;

ChChainResult *ch_chain_verify (GBytes *cert,
                                GPtrArray *intermediates,
                                GPtrArray *anchors,
                                gint64 when,
                                GPtrArray *crls,
                                const char *sm2_id);
void ch_chain_result_free (ChChainResult *self);

const char *ch_chain_reason_get_id (ChChainReason reason);
const char *ch_chain_reason_get_text (ChChainReason reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChainResult, ch_chain_result_free)

G_END_DECLS
