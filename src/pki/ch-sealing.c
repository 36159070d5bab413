#include "config.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

#include "pki/ch-openssl-private.h"
#include "pki/ch-sealing.h"

/* As the keys of a software token: ch-pkcs8.c */
#define SCRYPT_N          16384
#define SCRYPT_R          8
#define SCRYPT_P          10
#define MAX_SCRYPT_MEMORY (64 * 1024 * 1024)
#define KEY_SIZE          32
#define HEAD_SIZE         (CH_SEALING_SALT_SIZE + CH_SEALING_NONCE_SIZE)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

typedef struct
{
  const guint8 *salt;
  guint8 key[KEY_SIZE]; /* what came out */
} Derivation;

static gboolean
derive (const guint8 *data, gsize len, gpointer user_data)
{
  Derivation *derivation = user_data;

  return EVP_PBE_scrypt ((const char *) data, len, derivation->salt, CH_SEALING_SALT_SIZE, SCRYPT_N, SCRYPT_R,
                         SCRYPT_P, MAX_SCRYPT_MEMORY, derivation->key, KEY_SIZE)
         == 1;
}

static gboolean
begin (EVP_CIPHER_CTX *cipher, const guint8 *head, GBytes *about, ChSecret *passphrase, gboolean to_seal)
{
  Derivation derivation = { head, { 0 } };
  gsize n_about = 0;
  const guint8 *data = g_bytes_get_data (about, &n_about);
  int n = 0;
  gboolean is_begun = ch_secret_with (passphrase, derive, &derivation)
                      && EVP_CipherInit_ex (cipher, EVP_aes_256_gcm (), NULL, derivation.key,
                                            head + CH_SEALING_SALT_SIZE, to_seal)
                             == 1
                      && EVP_CipherUpdate (cipher, NULL, &n, data, n_about) == 1;

  ch_secret_wipe (derivation.key, sizeof derivation.key);
  return is_begun;
}

/**
 * ch_sealing_seal:
 * @plain: what is to be hidden
 * @about: what stands beside it in clear and may not be changed either
 * @passphrase: what will open it
 *
 * Takes half a second, so call it in a worker.
 *
 * Returns: (transfer full): salt, nonce, hidden content, tag
 */
GBytes *
ch_sealing_seal (GBytes *plain, GBytes *about, ChSecret *passphrase, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (plain, &len);
  g_autofree guint8 *out = g_malloc0 (HEAD_SIZE + len + CH_SEALING_TAG_SIZE);
  guint8 *body = out + HEAD_SIZE;
  int n = 0, rest = 0;

  if (cipher == NULL || len > G_MAXINT / 2 || RAND_bytes (out, HEAD_SIZE) != 1
      || !begin (cipher, out, about, passphrase, TRUE) || EVP_CipherUpdate (cipher, body, &n, data, len) != 1
      || EVP_CipherFinal_ex (cipher, body + n, &rest) != 1
      || EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_AEAD_GET_TAG, CH_SEALING_TAG_SIZE, body + len) != 1)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "encrypting");
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&out), HEAD_SIZE + len + CH_SEALING_TAG_SIZE);
}

/**
 * ch_sealing_open:
 * @sealed: from outside
 * @about: what stood beside it
 * @passphrase: what should open it
 * @error: %CH_ERROR_FILE_PASSPHRASE; what was changed looks like a wrong passphrase
 *
 * Takes as long as sealing, whatever @sealed says.
 *
 * Returns: (transfer full): what was hidden
 */
GBytes *
ch_sealing_open (GBytes *sealed, GBytes *about, ChSecret *passphrase, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (sealed, &len);
  gsize n_plain = len - HEAD_SIZE - CH_SEALING_TAG_SIZE;
  g_autofree guint8 *out = NULL;
  int n = 0, rest = 0;

  if (len < HEAD_SIZE + CH_SEALING_TAG_SIZE || len > G_MAXINT / 2 || cipher == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "there is too little of it");
      return NULL;
    }

  out = g_malloc0 (n_plain + 1);
  if (!begin (cipher, data, about, passphrase, FALSE)
      || EVP_CipherUpdate (cipher, out, &n, data + HEAD_SIZE, n_plain) != 1
      || EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_AEAD_SET_TAG, CH_SEALING_TAG_SIZE,
                              (gpointer) (data + HEAD_SIZE + n_plain))
             != 1
      || EVP_CipherFinal_ex (cipher, out + n, &rest) != 1)
    {
      ch_secret_wipe (out, n_plain);
      ch_openssl_fail (error, CH_ERROR_FILE_PASSPHRASE, "opening what is encrypted");
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&out), n_plain);
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
