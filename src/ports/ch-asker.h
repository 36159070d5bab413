#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Who asks for PINs and passphrases is a GTlsInteraction: the window, the terminal, a test. */
typedef enum
{
  CH_ASK_EXISTING, /* the secret that opens something */
  CH_ASK_NEW,      /* one to be chosen: asked twice */
  CH_ASK_CHANGED,  /* the one that will open instead: asked twice */
  CH_ASK_FILE_NEW, /* one to be chosen for a file that leaves this PC: asked twice */
  CH_ASK_FILE,     /* the one a file was made with */
} ChAskKind;

ChSecret *ch_asker_ask (GTlsInteraction *asker,
                        ChAskKind kind,
                        const char *description,
                        GTlsPasswordFlags flags,
                        GCancellable *cancellable,
                        GError **error);
ChAskKind ch_asker_get_kind (GTlsPassword *password);
gboolean ch_ask_kind_is_new (ChAskKind kind);

G_END_DECLS
