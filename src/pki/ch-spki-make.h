#pragma once

#include "pki/ch-spki.h"

G_BEGIN_DECLS

/* Public keys and signatures in the pieces a token gives them in, made into what the rest of the world
 * writes. */
GBytes *ch_spki_from_rsa (GBytes *modulus, GBytes *exponent);
GBytes *ch_spki_from_point (GBytes *params, GBytes *point);
GBytes *ch_spki_join_signature (GBytes *raw);
GBytes *ch_spki_make_digest_info (GBytes *data);

G_END_DECLS
