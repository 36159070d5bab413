#pragma once

#include <glib.h>

#include "base/ch-key-spec.h"

G_BEGIN_DECLS

/* What a public key is. Sizes other than those of #ChKeySpec occur in what others made. */
typedef enum
{
  CH_KEY_KIND_OTHER,
  CH_KEY_KIND_RSA,
  CH_KEY_KIND_P256,
  CH_KEY_KIND_SM2,
} ChKeyKind;

/* CKA_ID of key and certificate on every token: the first bytes of SHA-256 (SubjectPublicKeyInfo). */
#define CH_KEY_ID_SIZE 20

ChKeyKind ch_spki_get_kind (GBytes *spki, guint *bits, GError **error);
char *ch_spki_describe (GBytes *spki);
GBytes *ch_spki_get_key_id (GBytes *spki);
char *ch_spki_get_key_id_hex (GBytes *spki);
gboolean ch_spki_check_policy (GBytes *spki, guint allowed_specs, GError **error);
gboolean ch_spki_verify (GBytes *spki, GBytes *data, GBytes *signature, const char *sm2_id, GError **error);

char *ch_bytes_to_hex (GBytes *bytes);
GBytes *ch_bytes_from_hex (const char *hex);

G_END_DECLS
