#include "config.h"

#include <openssl/err.h>

#include "pki/ch-gcm.h"
#include "pki/ch-openssl-private.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

typedef struct
{
  EVP_CIPHER_CTX *context;
  ChDerSpan nonce;
  ChDerSpan with;
  gboolean is_sealing;
  guint8 *out; /* (nullable) */
  int n_out;
} Work;

/* With the key at hand: sets up and takes in what is authenticated only */
static gboolean
start (const guint8 *key, gsize len, gpointer data)
{
  Work *work = data;
  const EVP_CIPHER *cipher = len == 32 ? EVP_aes_256_gcm () : len == 16 ? EVP_aes_128_gcm () : NULL;
  int n = 0;

  return cipher != NULL && work->nonce.len == CH_GCM_NONCE_SIZE
         && EVP_CipherInit_ex (work->context, cipher, NULL, key, work->nonce.data, work->is_sealing) == 1
         && (work->with.len == 0
             || EVP_CipherUpdate (work->context, NULL, &n, work->with.data, work->with.len) == 1);
}

/* With the clear text at hand: enciphers it */
static gboolean
encipher (const guint8 *clear, gsize len, gpointer data)
{
  Work *work = data;
  int n_last = 0;

  return (len == 0 || EVP_CipherUpdate (work->context, work->out, &work->n_out, clear, len) == 1)
         && EVP_CipherFinal_ex (work->context, work->out + work->n_out, &n_last) == 1
         && EVP_CIPHER_CTX_ctrl (work->context, EVP_CTRL_AEAD_GET_TAG, CH_GCM_TAG_SIZE, work->out + len) == 1;
}

/**
 * ch_gcm_seal:
 * @key: 16 or 32 bytes
 * @nonce: 12 bytes, never twice with the same key
 * @with: (nullable): what is authenticated as well, but not enciphered
 * @clear: what is to be enciphered
 *
 * Returns: (transfer full): the enciphered text and its tag
 */
GBytes *
ch_gcm_seal (ChSecret *key, GBytes *nonce, GBytes *with, ChSecret *clear, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size = ch_secret_get_size (clear) + CH_GCM_TAG_SIZE;
  g_autofree guint8 *out = g_malloc (size);
  Work work = { .context = context, .nonce = ch_der_span (nonce), .is_sealing = TRUE, .out = out };

  if (with != NULL)
    work.with = ch_der_span (with);
  if (context == NULL || !ch_secret_with (key, start, &work) || !ch_secret_with (clear, encipher, &work))
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "enciphering");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&out), size);
}

/**
 * ch_gcm_open:
 * @key: 16 or 32 bytes
 * @nonce: 12 bytes
 * @with: (nullable): what was authenticated as well
 * @sealed: the enciphered text and its tag
 * @error: %CH_ERROR_FORBIDDEN when it was not made with this key, or was changed since
 *
 * Returns: (transfer full): the clear text
 */
ChSecret *
ch_gcm_open (ChSecret *key, GBytes *nonce, GBytes *with, GBytes *sealed, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  ChDerSpan in = ch_der_span (sealed);
  Work work = { .context = context, .nonce = ch_der_span (nonce) };
  gsize len = in.len > CH_GCM_TAG_SIZE ? in.len - CH_GCM_TAG_SIZE : 0;
  guint8 *out = g_malloc (len + 1);
  int n_last = 0;
  gboolean is_right;

  if (with != NULL)
    work.with = ch_der_span (with);
  is_right
      = context != NULL && in.len >= CH_GCM_TAG_SIZE && ch_secret_with (key, start, &work)
        && (len == 0 || EVP_CipherUpdate (context, out, &work.n_out, in.data, len) == 1)
        && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, CH_GCM_TAG_SIZE, (gpointer) (in.data + len))
               == 1
        && EVP_CipherFinal_ex (context, out + work.n_out, &n_last) == 1;
  if (is_right)
    return ch_secret_take_bytes (out, len);

  ch_secret_wipe (out, len);
  g_free (out);
  ERR_clear_error ();
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "it was not enciphered with this key, or was changed");
  return NULL;
}
