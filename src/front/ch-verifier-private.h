#pragma once

#include "front/ch-verifier.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain-store.h"

G_BEGIN_DECLS

/* Inside the verifier only */
struct _ChVerifier
{
  GObject parent_instance;

  GMutex mutex;        /* over what follows: one certificate at a time */
  ChFetcher *fetcher;  /* (owned) (nullable) */
  ChChainStore *store; /* (owned) */
  GHashTable *fetched; /* (owned): address → Fetched */
  gboolean has_time;   /* it is about @at, not about now */
  gint64 at;
  gboolean no_revocation; /* whether something was revoked is of no interest */
  guint n_left_out;       /* lists that are of no use */
};

/* One certificate that is looked at */
typedef struct
{
  ChVerifier *verifier;
  ChVerifyReport *report;
  GBytes *cert;
  ChCertInfo *info;
  ChChainResult *path; /* (owned) (nullable): when the chain is good */
  GCancellable *cancellable;
} ChVerifyLook;

gint64 ch_verifier_get_time (ChVerifier *self);
GBytes *ch_verifier_fetch_once (ChVerifyLook *look, const char *url, gsize limit, GError **error);
void ch_verifier_fetched_free (gpointer data);
void ch_verify_look_fail (ChVerifyLook *look, ChChainReason reason);
void ch_verify_look_at_revocation (ChVerifyLook *look, ChVerifyFlags flags);

G_END_DECLS
