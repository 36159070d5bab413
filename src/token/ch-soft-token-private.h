#pragma once

#include "base/ch-worker.h"
#include "pki/ch-key.h"
#include "ports/ch-asker.h"
#include "token/ch-soft-file.h"
#include "token/ch-soft-keeper.h"
#include "token/ch-soft-token.h"

G_BEGIN_DECLS

#define CH_SOFT_MAX_FILE (1024 * 1024)

struct _ChSoftToken
{
  GObject parent_instance;

  char *path;        /* (owned) */
  ChTokenInfo *info; /* (owned) */
  ChWorker *worker;  /* (owned) */
  gboolean is_broken;

  ChSoftKeeper *keeper; /* (owned) */
};

/* ch-soft-token.c */
ChSoftFile *ch_soft_token_load (const char *path, GError **error);
gboolean ch_soft_token_save (const char *path, ChSoftFile *file, GError **error);
gboolean ch_soft_token_check_passphrase (ChSecret *passphrase, GError **error);
ChKey *ch_soft_token_open_sealed (ChSoftToken *self,
                                  GBytes *sealed,
                                  GTlsInteraction *asker,
                                  ChSecret **passphrase,
                                  GCancellable *cancellable,
                                  GError **error);

/* ch-soft-token-care.c: what is done to a token as a whole */
int ch_soft_token_get_tries (ChToken *token);
gboolean
ch_soft_token_change_pin (ChToken *token, GTlsInteraction *asker, GCancellable *cancellable, GError **error);
GBytes *ch_soft_token_export_bundle (ChToken *token,
                                     const char *key_id,
                                     GTlsInteraction *asker,
                                     GCancellable *cancellable,
                                     GError **error);
GBytes *ch_soft_token_back_up (ChToken *token,
                               gboolean to_move,
                               GTlsInteraction *asker,
                               GCancellable *cancellable,
                               GError **error);
gboolean ch_soft_token_remove (ChToken *token,
                               const char *move_code,
                               GTlsInteraction *asker,
                               GCancellable *cancellable,
                               GError **error);
ChSecret *ch_soft_token_ask_new (GTlsInteraction *asker,
                                 ChAskKind kind,
                                 const char *description,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
