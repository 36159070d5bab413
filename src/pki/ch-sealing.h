#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Content under a passphrase: scrypt and AES-256-GCM. What it costs is part of the version, never of the
 * file. */
GBytes *ch_sealing_seal (ChSecret *clear, GBytes *about, ChSecret *passphrase, GError **error);
ChSecret *ch_sealing_open (GBytes *sealed, GBytes *about, ChSecret *passphrase, GError **error);
gboolean ch_sealing_fill_random (guint8 *data, gsize len, GError **error);

G_END_DECLS
