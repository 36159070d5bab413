#pragma once

#include "base/ch-secret.h"
#include "ports/ch-token.h"

G_BEGIN_DECLS

#define CH_TYPE_SOFT_TOKEN (ch_soft_token_get_type ())
G_DECLARE_FINAL_TYPE (ChSoftToken, ch_soft_token, CH, SOFT_TOKEN, GObject)

ChSoftToken *ch_soft_token_new (const char *path);
gboolean ch_soft_token_create (const char *path, const char *label, ChSecret *passphrase, GError **error);
gboolean ch_soft_token_is_broken (ChSoftToken *self);
void ch_soft_token_lock (ChSoftToken *self);

G_END_DECLS
