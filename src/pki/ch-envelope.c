#include "config.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <string.h>

#include "pki/ch-envelope.h"
#include "pki/ch-gcm.h"
#include "pki/ch-openssl-private.h"

/* SubjectPublicKeyInfo of a P-256 key with its point written out: always as long */
#define SPKI_SIZE   91
#define KEY_SIZE    32
#define SHARED_SIZE 32

static const char label[] = "certhall-envelope/1";

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)

/* Both public keys go into the salt: a secret sealed for one is not opened as one for another */
static gboolean
stretch (const guint8 *shared, GBytes *sender, GBytes *receiver, guint8 *out, gsize len)
{
  g_autoptr (EVP_KDF) kdf = EVP_KDF_fetch (NULL, OSSL_KDF_NAME_HKDF, NULL);
  g_autoptr (EVP_KDF_CTX) context = kdf != NULL ? EVP_KDF_CTX_new (kdf) : NULL;
  guint8 salt[2 * SPKI_SIZE];
  char digest[] = "SHA256";
  OSSL_PARAM parameters[5];

  memcpy (salt, g_bytes_get_data (sender, NULL), SPKI_SIZE);
  memcpy (salt + SPKI_SIZE, g_bytes_get_data (receiver, NULL), SPKI_SIZE);
  parameters[0] = OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, digest, 0);
  parameters[1] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (gpointer) shared, SHARED_SIZE);
  parameters[2] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, salt, sizeof salt);
  parameters[3] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, (gpointer) label, sizeof label);
  parameters[4] = OSSL_PARAM_construct_end ();
  return context != NULL && EVP_KDF_derive (context, out, len, parameters) == 1;
}

static gboolean
is_p256 (GBytes *spki)
{
  return g_bytes_get_size (spki) == SPKI_SIZE && ch_spki_get_kind (spki, NULL, NULL) == CH_KEY_KIND_P256;
}

/* The key of one envelope, and its nonce. @own is the private half, @other the public one. */
static ChSecret *
agree (ChKey *own, GBytes *other, gboolean is_sender, GBytes **nonce, GError **error)
{
  GBytes *own_spki = ch_key_get_spki (own);
  g_autoptr (EVP_PKEY) peer = is_p256 (own_spki) && is_p256 (other) ? ch_spki_load (other, NULL) : NULL;
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (ch_key_get_pkey (own), NULL);
  guint8 shared[SHARED_SIZE] = { 0 }, out[KEY_SIZE + CH_GCM_NONCE_SIZE] = { 0 };
  size_t len = sizeof shared;
  ChSecret *key = NULL;

  if (peer != NULL && context != NULL && EVP_PKEY_derive_init (context) == 1
      && EVP_PKEY_derive_set_peer (context, peer) == 1 && EVP_PKEY_derive (context, shared, &len) == 1
      && len == sizeof shared
      && stretch (shared, is_sender ? own_spki : other, is_sender ? other : own_spki, out, sizeof out))
    {
      key = ch_secret_new (out, KEY_SIZE);
      *nonce = g_bytes_new (out + KEY_SIZE, CH_GCM_NONCE_SIZE);
    }
  else
    ch_openssl_fail (error, CH_ERROR_INVALID_INPUT, "agreeing on a key");
  ch_secret_wipe (shared, sizeof shared);
  ch_secret_wipe (out, sizeof out);
  return key;
}

/**
 * ch_envelope_seal:
 * @receiver_spki: a P-256 key
 * @about: what it is and whose; must be said again to open it
 * @clear: what only the receiver may see
 * @error: %CH_ERROR_INVALID_INPUT when @receiver_spki is no such key
 *
 * Returns: (transfer full): the public key it was made with, the hidden content, its tag
 */
GBytes *
ch_envelope_seal (GBytes *receiver_spki, const char *about, ChSecret *clear, GError **error)
{
  g_autoptr (ChKey) sender = ch_key_generate (CH_KEY_P256, error);
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (ChSecret) key = sender != NULL ? agree (sender, receiver_spki, TRUE, &nonce, error) : NULL;
  g_autoptr (GBytes) with = g_bytes_new (about, strlen (about));
  g_autoptr (GBytes) hidden = key != NULL ? ch_gcm_seal (key, nonce, with, clear, error) : NULL;
  GByteArray *out;

  if (hidden == NULL)
    return NULL;

  out = g_byte_array_new ();
  g_byte_array_append (out, g_bytes_get_data (ch_key_get_spki (sender), NULL), SPKI_SIZE);
  g_byte_array_append (out, g_bytes_get_data (hidden, NULL), g_bytes_get_size (hidden));
  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_envelope_open:
 * @receiver: the key it was sealed for
 * @about: as it was said when it was sealed
 * @error: %CH_ERROR_FORBIDDEN when it is for another, about something else, or was changed
 *
 * Returns: (transfer full): what was hidden
 */
ChSecret *
ch_envelope_open (ChKey *receiver, const char *about, GBytes *sealed, GError **error)
{
  gsize size = g_bytes_get_size (sealed);
  g_autoptr (GBytes) sender = NULL;
  g_autoptr (GBytes) hidden = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) with = g_bytes_new (about, strlen (about));
  g_autoptr (ChSecret) key = NULL;

  if (size > SPKI_SIZE)
    {
      sender = g_bytes_new_from_bytes (sealed, 0, SPKI_SIZE);
      hidden = g_bytes_new_from_bytes (sealed, SPKI_SIZE, size - SPKI_SIZE);
      key = agree (receiver, sender, FALSE, &nonce, NULL);
    }
  if (key == NULL)
    {
      ERR_clear_error ();
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "it is no envelope");
      return NULL;
    }
  return ch_gcm_open (key, nonce, with, hidden, error);
}
