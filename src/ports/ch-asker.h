#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Who asks for PINs and passphrases is a GTlsInteraction: the window, the terminal, a test. */
typedef enum
{
  CH_ASK_EXISTING, /* the secret that opens something */
  CH_ASK_NEW,      /* one to be chosen: asked twice */
} ChAskKind;

ChSecret *ch_asker_ask (GTlsInteraction *asker,
                        ChAskKind kind,
                        const char *description,
                        GTlsPasswordFlags flags,
                        GCancellable *cancellable,
                        GError **error);
ChAskKind ch_asker_get_kind (GTlsPassword *password);

G_END_DECLS
