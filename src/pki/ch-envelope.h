#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* A small secret for one receiver: ECDH on P-256 with a key made for it alone, HKDF-SHA256, AES-256-GCM.
 * Who carries it learns nothing and can change nothing, even where TLS ends before the server. */
GBytes *ch_envelope_seal (GBytes *receiver_spki, const char *about, ChSecret *clear, GError **error);
ChSecret *ch_envelope_open (ChKey *receiver, const char *about, GBytes *sealed, GError **error);

G_END_DECLS
