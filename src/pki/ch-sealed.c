#include "config.h"

#include <openssl/rand.h>
#include <string.h>

#include "pki/ch-gcm.h"
#include "pki/ch-openssl-private.h"
#include "pki/ch-sealed.h"

/* Label (authenticated as well), salt, nonce, what was enciphered */
#define LABEL     "certhall-sealed/1\n"
#define LABEL_LEN (sizeof LABEL - 1)
#define SALT_SIZE 16
#define HEAD_SIZE (LABEL_LEN + SALT_SIZE + CH_GCM_NONCE_SIZE)
#define KEY_SIZE  32

/* OpenSSL 3.0 refuses a larger N with its default of memory */
#define SCRYPT_N 16384
#define SCRYPT_R 8
#define SCRYPT_P 10

typedef struct
{
  const guint8 *salt;
  guint8 key[KEY_SIZE];
} Derivation;

static gboolean
derive (const guint8 *passphrase, gsize len, gpointer data)
{
  Derivation *self = data;

  return EVP_PBE_scrypt ((const char *) passphrase, len, self->salt, SALT_SIZE, SCRYPT_N, SCRYPT_R, SCRYPT_P,
                         0, self->key, KEY_SIZE)
         == 1;
}

static ChSecret *
derive_key (ChSecret *passphrase, const guint8 *salt, GError **error)
{
  Derivation self = { .salt = salt };
  ChSecret *key = NULL;

  if (ch_secret_with (passphrase, derive, &self))
    key = ch_secret_new (self.key, KEY_SIZE);
  else
    ch_openssl_fail (error, CH_ERROR_INTERNAL, "deriving a key");
  ch_secret_wipe (self.key, KEY_SIZE);
  return key;
}

/**
 * ch_sealed_make:
 *
 * Returns: (transfer full): what may lie in a file
 */
GBytes *
ch_sealed_make (ChSecret *clear, ChSecret *passphrase, GError **error)
{
  guint8 head[HEAD_SIZE];
  g_autoptr (ChSecret) key = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) with = NULL;
  g_autoptr (GBytes) sealed = NULL;
  GByteArray *file;

  memcpy (head, LABEL, LABEL_LEN);
  if (RAND_bytes (head + LABEL_LEN, HEAD_SIZE - LABEL_LEN) != 1)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "making a salt");
      return NULL;
    }
  key = derive_key (passphrase, head + LABEL_LEN, error);
  if (key == NULL)
    return NULL;

  with = g_bytes_new (head, LABEL_LEN);
  nonce = g_bytes_new (head + LABEL_LEN + SALT_SIZE, CH_GCM_NONCE_SIZE);
  sealed = ch_gcm_seal (key, nonce, with, clear, error);
  if (sealed == NULL)
    return NULL;

  file = g_byte_array_new ();
  g_byte_array_append (file, head, HEAD_SIZE);
  g_byte_array_append (file, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (file);
}

/**
 * ch_sealed_open:
 * @file: made by ch_sealed_make()
 * @error: %CH_ERROR_FILE when it is none, %CH_ERROR_PIN_WRONG when @passphrase is not the right one
 *
 * Returns: (transfer full): what was sealed
 */
ChSecret *
ch_sealed_open (GBytes *file, ChSecret *passphrase, GError **error)
{
  ChDerSpan in = ch_der_span (file);
  g_autoptr (ChSecret) key = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) with = NULL;
  g_autoptr (GBytes) sealed = NULL;
  ChSecret *clear;

  if (in.len < HEAD_SIZE + CH_GCM_TAG_SIZE || memcmp (in.data, LABEL, LABEL_LEN) != 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "this is no sealed file");
      return NULL;
    }

  key = derive_key (passphrase, in.data + LABEL_LEN, error);
  if (key == NULL)
    return NULL;
  with = g_bytes_new (in.data, LABEL_LEN);
  nonce = g_bytes_new (in.data + LABEL_LEN + SALT_SIZE, CH_GCM_NONCE_SIZE);
  sealed = g_bytes_new_from_bytes (file, HEAD_SIZE, in.len - HEAD_SIZE);
  clear = ch_gcm_open (key, nonce, with, sealed, NULL);
  if (clear == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_PIN_WRONG, "the passphrase is not the one it was sealed with");
  return clear;
}
