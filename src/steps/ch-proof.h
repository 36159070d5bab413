#pragma once

#include "flow/ch-run.h"
#include "wire/messages-account.h"

G_BEGIN_DECLS

/* That the key of the run’s token signs, by the certificate that lies there beside it */
typedef struct
{
  ChNonce *nonce;    /* (owned) */
  char *serial;      /* (owned): of the certificate */
  GBytes *signature; /* (owned) */
} ChProof;

void ch_proof_async (ChRun *run,
                     const char *label,
                     GBytes *digest,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
ChProof *ch_proof_finish (ChRun *run, GAsyncResult *result, GError **error);
void ch_proof_free (ChProof *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChProof, ch_proof_free)

G_END_DECLS
