#include "config.h"

#include <openssl/rand.h>

#include "pki/ch-gcm.h"
#include "pki/ch-openssl-private.h"
#include "pki/ch-sealing.h"

/* As the keys of a software token: ch-pkcs8.c. OpenSSL 3.0 refuses a larger N with its default of memory. */
#define SCRYPT_N  16384
#define SCRYPT_R  8
#define SCRYPT_P  10
#define KEY_SIZE  32
#define SALT_SIZE 16
#define HEAD_SIZE (SALT_SIZE + CH_GCM_NONCE_SIZE)

typedef struct
{
  const guint8 *salt;
  guint8 key[KEY_SIZE]; /* what came out */
} Derivation;

static gboolean
derive (const guint8 *data, gsize len, gpointer user_data)
{
  Derivation *derivation = user_data;

  return EVP_PBE_scrypt ((const char *) data, len, derivation->salt, SALT_SIZE, SCRYPT_N, SCRYPT_R, SCRYPT_P,
                         0, derivation->key, KEY_SIZE)
         == 1;
}

static ChSecret *
derive_key (ChSecret *passphrase, const guint8 *salt, GError **error)
{
  Derivation derivation = { .salt = salt };
  ChSecret *key = NULL;

  if (ch_secret_with (passphrase, derive, &derivation))
    key = ch_secret_new (derivation.key, KEY_SIZE);
  else
    ch_openssl_fail (error, CH_ERROR_INTERNAL, "deriving a key");
  ch_secret_wipe (derivation.key, KEY_SIZE);
  return key;
}

/**
 * ch_sealing_seal:
 * @clear: what is to be hidden
 * @about: what stands beside it in clear and may not be changed either
 * @passphrase: what will open it
 *
 * Takes half a second, so call it in a worker.
 *
 * Returns: (transfer full): salt, nonce, hidden content, tag
 */
GBytes *
ch_sealing_seal (ChSecret *clear, GBytes *about, ChSecret *passphrase, GError **error)
{
  guint8 head[HEAD_SIZE];
  g_autoptr (ChSecret) key = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) hidden = NULL;
  GByteArray *out;

  if (!ch_sealing_fill_random (head, HEAD_SIZE, error))
    return NULL;
  key = derive_key (passphrase, head, error);
  nonce = g_bytes_new (head + SALT_SIZE, CH_GCM_NONCE_SIZE);
  hidden = key != NULL ? ch_gcm_seal (key, nonce, about, clear, error) : NULL;
  if (hidden == NULL)
    return NULL;

  out = g_byte_array_new ();
  g_byte_array_append (out, head, HEAD_SIZE);
  g_byte_array_append (out, g_bytes_get_data (hidden, NULL), g_bytes_get_size (hidden));
  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_sealing_open:
 * @sealed: from outside
 * @about: what stood beside it
 * @passphrase: what should open it
 * @error: %CH_ERROR_FILE_DAMAGED, %CH_ERROR_FILE_PASSPHRASE; what was changed looks like a wrong passphrase
 *
 * Takes as long as sealing, whatever @sealed says.
 *
 * Returns: (transfer full): what was hidden
 */
ChSecret *
ch_sealing_open (GBytes *sealed, GBytes *about, ChSecret *passphrase, GError **error)
{
  ChDerSpan in = ch_der_span (sealed);
  g_autoptr (ChSecret) key = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) hidden = NULL;
  ChSecret *clear;

  if (in.len < HEAD_SIZE + CH_GCM_TAG_SIZE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "there is too little of it");
      return NULL;
    }

  key = derive_key (passphrase, in.data, error);
  if (key == NULL)
    return NULL;
  nonce = g_bytes_new (in.data + SALT_SIZE, CH_GCM_NONCE_SIZE);
  hidden = g_bytes_new_from_bytes (sealed, HEAD_SIZE, in.len - HEAD_SIZE);
  clear = ch_gcm_open (key, nonce, about, hidden, NULL);
  if (clear == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_FILE_PASSPHRASE,
                 "the passphrase is not the one it was sealed with");
  return clear;
}

/**
 * ch_sealing_fill_random:
 *
 * Fills @data with bytes nobody can foresee.
 */
gboolean
ch_sealing_fill_random (guint8 *data, gsize len, GError **error)
{
  return RAND_bytes (data, len) == 1 || ch_openssl_fail (error, CH_ERROR_INTERNAL, "making random bytes");
}
