#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Content under a passphrase: scrypt and AES-256-GCM. What it costs is part of the version, never of the
 * file. */
#define CH_SEALING_SALT_SIZE  16
#define CH_SEALING_NONCE_SIZE 12
#define CH_SEALING_TAG_SIZE   16

GBytes *ch_sealing_seal (GBytes *plain, GBytes *about, ChSecret *passphrase, GError **error);
gboolean ch_sealing_fill_random (guint8 *data, gsize len, GError **error);
GBytes *ch_sealing_open (GBytes *sealed, GBytes *about, ChSecret *passphrase, GError **error);

G_END_DECLS
