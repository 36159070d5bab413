#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* A small secret that lies in a file, under a passphrase: scrypt, then AES-256-GCM */
gboolean ch_sealed_is_sealed (GBytes *file);
GBytes *ch_sealed_make (ChSecret *clear, ChSecret *passphrase, GError **error);
ChSecret *ch_sealed_open (GBytes *file, ChSecret *passphrase, GError **error);

G_END_DECLS
