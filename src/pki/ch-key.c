#include "config.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

#include "pki/ch-key.h"
#include "pki/ch-openssl-private.h"

struct _ChKey
{
  gatomicrefcount refs;
  EVP_PKEY *pkey; /* (owned) */
  GBytes *spki;   /* (owned) */
  ChKeyKind kind;
};

/* Takes @pkey, also when it fails. */
ChKey *
ch_key_new_take (EVP_PKEY *pkey, GError **error)
{
  g_autoptr (EVP_PKEY) owned = pkey;
  g_autoptr (GBytes) spki = NULL;
  guint8 *der = NULL;
  ChKey *self;

  spki = ch_openssl_take_der (der, i2d_PUBKEY (pkey, &der));
  if (spki == NULL)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "encoding a public key");
      return NULL;
    }

  self = g_new0 (ChKey, 1);
  g_atomic_ref_count_init (&self->refs);
  self->pkey = g_steal_pointer (&owned);
  self->spki = g_steal_pointer (&spki);
  self->kind = ch_pkey_get_kind (self->pkey);
  return self;
}

EVP_PKEY *
ch_key_get_pkey (ChKey *self)
{
  return self->pkey;
}

static EVP_PKEY *
generate_pkey (ChKeySpec spec)
{
  switch (spec)
    {
    case CH_KEY_RSA_2048:
      return EVP_RSA_gen (2048);
    case CH_KEY_RSA_3072:
      return EVP_RSA_gen (3072);
    case CH_KEY_P256:
      return EVP_EC_gen ("P-256");
    case CH_KEY_SM2:
      return EVP_PKEY_Q_keygen (NULL, NULL, "SM2");
    case CH_N_KEY_SPECS:
    default:
      return NULL;
    }
}

/**
 * ch_key_generate:
 * @spec: what kind of key
 *
 * Makes a new key pair; RSA takes up to seconds, so call it in a worker.
 *
 * Returns: (transfer full): the key
 */
ChKey *
ch_key_generate (ChKeySpec spec, GError **error)
{
  EVP_PKEY *pkey = generate_pkey (spec);

  if (pkey == NULL)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "generating a key");
      return NULL;
    }

  return ch_key_new_take (pkey, error);
}

static gboolean
parse_pkcs8 (const guint8 *data, gsize len, gpointer user_data)
{
  const guint8 *p = data;
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &p, len);
  EVP_PKEY **pkey = user_data;

  if (info != NULL && p == data + len)
    *pkey = EVP_PKCS82PKEY (info);
  return *pkey != NULL;
}

/**
 * ch_key_from_pkcs8:
 * @der: PrivateKeyInfo, not encrypted
 *
 * Returns: (transfer full): the key; %NULL with %CH_ERROR_TOKEN_BROKEN when @der is none, or of a kind we do
 * not use
 */
ChKey *
ch_key_from_pkcs8 (ChSecret *der, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = NULL;

  if (!ch_secret_with (der, parse_pkcs8, &pkey) || ch_pkey_get_kind (pkey) == CH_KEY_KIND_OTHER)
    {
      ch_openssl_fail (error, CH_ERROR_TOKEN_BROKEN, "reading a private key");
      return NULL;
    }

  return ch_key_new_take (g_steal_pointer (&pkey), error);
}

/**
 * ch_key_to_pkcs8:
 * @self: a key
 *
 * Returns: (transfer full): PrivateKeyInfo in DER, not encrypted
 */
ChSecret *
ch_key_to_pkcs8 (ChKey *self, GError **error)
{
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = EVP_PKEY2PKCS8 (self->pkey);
  guint8 *der = NULL;
  int len = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO (info, &der) : -1;
  ChSecret *secret;

  if (len <= 0)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "encoding a private key");
      return NULL;
    }

  secret = ch_secret_new (der, len);
  OPENSSL_clear_free (der, len);
  return secret;
}

ChKey *
ch_key_ref (ChKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_key_unref (ChKey *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  /* OpenSSL clears the private numbers when it frees them */
  EVP_PKEY_free (self->pkey);
  g_bytes_unref (self->spki);
  g_free (self);
}

/**
 * ch_key_get_spki:
 * @self: a key
 *
 * Returns: (transfer none): SubjectPublicKeyInfo in DER
 */
GBytes *
ch_key_get_spki (ChKey *self)
{
  return self->spki;
}

/**
 * ch_key_sign:
 * @self: a key
 * @data: what to sign
 * @sm2_id: (nullable): the distinguishing id for SM2, %CH_SM2_DEFAULT_ID when %NULL; ignored for other keys
 *
 * Signs @data by RSA PKCS#1 v1.5 with SHA-256, ECDSA with SHA-256, or SM2 with SM3, whichever fits the key.
 *
 * Returns: (transfer full): the signature as certificates carry it (ECDSA and SM2: DER)
 */
GBytes *
ch_key_sign (ChKey *self, GBytes *data, const char *sm2_id, GError **error)
{
  const EVP_MD *md = self->kind == CH_KEY_KIND_SM2 ? EVP_sm3 () : EVP_sha256 ();
  const char *id = sm2_id != NULL ? sm2_id : CH_SM2_DEFAULT_ID;
  /* The digest context only borrows the key context: it must go first, so it is declared last */
  g_autoptr (EVP_PKEY_CTX) key_context = EVP_PKEY_CTX_new (self->pkey, NULL);
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  ChDerSpan in = ch_der_span (data);
  guint8 signature[1024];
  size_t len = sizeof signature;
  gboolean is_ready = key_context != NULL && context != NULL;

  if (is_ready && self->kind == CH_KEY_KIND_SM2)
    {
      is_ready = EVP_PKEY_CTX_set1_id (key_context, id, strlen (id)) == 1;
      EVP_MD_CTX_set_pkey_ctx (context, key_context);
    }
  if (!is_ready || EVP_DigestSignInit (context, NULL, md, NULL, self->pkey) != 1
      || EVP_DigestSign (context, signature, &len, in.data, in.len) != 1)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "signing");
      return NULL;
    }

  return g_bytes_new (signature, len);
}
