#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* Most that is derived for a file from outside; one unit is about one round of PBKDF2. Ours cost a quarter of
 * it. */
#define CH_PKCS8_MAX_COST 5242880

GBytes *ch_pkcs8_encrypt (ChKey *key, ChSecret *passphrase, GError **error);
ChKey *ch_pkcs8_decrypt (GBytes *der, ChSecret *passphrase, GError **error);
ChKey *ch_pkcs8_decrypt_within (GBytes *der, ChSecret *passphrase, guint64 max_cost, GError **error);
gboolean ch_pkcs8_read_cost (GBytes *der, guint64 *cost);
char *ch_pkcs8_to_pem (GBytes *der);
GBytes *ch_pkcs8_from_data (GBytes *data, GError **error);

G_END_DECLS
