#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* WeChat Pay API v3: how requests are signed and how what comes from there is verified and deciphered */

/* Seconds a signature of theirs is good for */
#define CH_WECHAT_TOLERANCE 300

char *ch_wechat_authorize (ChKey *key,
                           const char *merchant,
                           const char *serial,
                           const char *method,
                           const char *target,
                           GBytes *body,
                           const char *nonce,
                           gint64 now,
                           GError **error);
gboolean ch_wechat_verify (GHashTable *keys, GHashTable *headers, GBytes *body, gint64 now, GError **error);
GBytes *ch_wechat_decipher (ChSecret *key, GBytes *notice, char **event, GError **error);

G_END_DECLS
