#pragma once

#include "base/ch-key-spec.h"
#include "base/ch-secret.h"

G_BEGIN_DECLS

/* The distinguishing id of GM/T 0009 when the profile names no other. */
#define CH_SM2_DEFAULT_ID "1234567812345678"

/* A private key in memory. It may be used from several threads at once. */
typedef struct _ChKey ChKey;

ChKey *ch_key_generate (ChKeySpec spec, GError **error);
ChKey *ch_key_from_pkcs8 (ChSecret *der, GError **error);
ChSecret *ch_key_to_pkcs8 (ChKey *self, GError **error);
ChKey *ch_key_ref (ChKey *self);
void ch_key_unref (ChKey *self);

GBytes *ch_key_get_spki (ChKey *self);
GBytes *ch_key_sign (ChKey *self, GBytes *data, const char *sm2_id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChKey, ch_key_unref)

G_END_DECLS
