#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* AES-GCM with a nonce of 12 bytes; the tag of 16 bytes follows what was enciphered. The key’s length says
 * whether it is AES-128 or AES-256. */
#define CH_GCM_NONCE_SIZE 12
#define CH_GCM_TAG_SIZE   16

GBytes *ch_gcm_seal (ChSecret *key, GBytes *nonce, GBytes *with, ChSecret *clear, GError **error);
ChSecret *ch_gcm_open (ChSecret *key, GBytes *nonce, GBytes *with, GBytes *sealed, GError **error);

G_END_DECLS
