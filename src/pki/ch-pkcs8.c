#include "config.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "pki/ch-openssl-private.h"
#include "pki/ch-pem.h"
#include "pki/ch-pkcs8.h"

/* OpenSSL 3.0 refuses a larger N: it caps the memory of scrypt at 32 MiB */
#define SCRYPT_N          16384
#define SCRYPT_R          8
#define SCRYPT_P          10
#define SALT_SIZE         16
#define IV_SIZE           16
#define MAX_SCRYPT_MEMORY (32 * 1024 * 1024)
#define MAX_SIZE          (64 * 1024)

static const guint8 oid_pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d };
static const guint8 oid_pbkdf2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c };
static const guint8 oid_scrypt[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b };

typedef struct
{
  X509_SIG *sealed;          /* (owned by the caller) */
  PKCS8_PRIV_KEY_INFO *info; /* what came out */
} Opening;

typedef struct
{
  PKCS8_PRIV_KEY_INFO *info;
  X509_ALGOR *algorithm; /* taken */
  X509_SIG *sealed;      /* what came out */
} Sealing;

static gboolean
seal (const guint8 *data, gsize len, gpointer user_data)
{
  Sealing *sealing = user_data;

  sealing->sealed = PKCS8_set0_pbe ((const char *) data, len, sealing->info, sealing->algorithm);
  return sealing->sealed != NULL;
}

/**
 * ch_pkcs8_encrypt:
 * @key: a key
 * @passphrase: what will open it
 *
 * Encrypts a key by AES-256-CBC under scrypt (N = 16384, r = 8, p = 10); takes half a second, so call it in a
 * worker.
 *
 * Returns: (transfer full): EncryptedPrivateKeyInfo in DER
 */
GBytes *
ch_pkcs8_encrypt (ChKey *key, ChSecret *passphrase, GError **error)
{
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = EVP_PKEY2PKCS8 (ch_key_get_pkey (key));
  g_autoptr (X509_SIG) sealed = NULL;
  g_autoptr (GBytes) result = NULL;
  guint8 salt[SALT_SIZE], iv[IV_SIZE];
  Sealing sealing = { info, NULL, NULL };
  guint8 *der = NULL;

  if (info != NULL && RAND_bytes (salt, sizeof salt) == 1 && RAND_bytes (iv, sizeof iv) == 1)
    sealing.algorithm
        = PKCS5_pbe2_set_scrypt (EVP_aes_256_cbc (), salt, sizeof salt, iv, SCRYPT_N, SCRYPT_R, SCRYPT_P);
  if (sealing.algorithm == NULL)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "preparing to encrypt a key");
      return NULL;
    }

  if (!ch_secret_with (passphrase, seal, &sealing))
    {
      X509_ALGOR_free (sealing.algorithm);
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "encrypting a key");
      return NULL;
    }

  sealed = sealing.sealed;
  result = ch_openssl_take_der (der, i2d_X509_SIG (sealed, &der));
  if (result == NULL)
    ch_openssl_fail (error, CH_ERROR_INTERNAL, "encoding an encrypted key");
  return g_steal_pointer (&result);
}

static gboolean
read_scrypt_cost (ChDerSpan in, guint64 *cost)
{
  guint64 n, r, p;

  if (!ch_der_read (&in, CH_DER_OCTET_STRING, NULL, NULL) || !ch_der_read_small (&in, CH_DER_INTEGER, &n)
      || !ch_der_read_small (&in, CH_DER_INTEGER, &r) || !ch_der_read_small (&in, CH_DER_INTEGER, &p))
    return FALSE;
  if (n < 2 || n > G_MAXUINT32 || r < 1 || r > 1024 || p < 1 || p > G_MAXUINT16
      || 128 * n * r > MAX_SCRYPT_MEMORY)
    return FALSE;

  *cost = n * r * p;
  return TRUE;
}

static gboolean
read_pbkdf2_cost (ChDerSpan in, guint64 *cost)
{
  return ch_der_read (&in, CH_DER_OCTET_STRING, NULL, NULL) && ch_der_read_small (&in, CH_DER_INTEGER, cost)
         && *cost > 0;
}

/* @in: what follows the OID of PBES2 */
static gboolean
read_pbes2_cost (ChDerSpan in, guint64 *cost)
{
  ChDerSpan parameters, kdf, oid, kdf_parameters;

  if (!ch_der_read (&in, CH_DER_SEQUENCE, &parameters, NULL)
      || !ch_der_read (&parameters, CH_DER_SEQUENCE, &kdf, NULL)
      || !ch_der_read (&kdf, CH_DER_OID, &oid, NULL)
      || !ch_der_read (&kdf, CH_DER_SEQUENCE, &kdf_parameters, NULL))
    return FALSE;

  if (ch_der_span_equal (&oid, oid_scrypt, sizeof oid_scrypt))
    return read_scrypt_cost (kdf_parameters, cost);
  if (ch_der_span_equal (&oid, oid_pbkdf2, sizeof oid_pbkdf2))
    return read_pbkdf2_cost (kdf_parameters, cost);
  return FALSE;
}

/* What deriving a key by @algorithm costs, as ch_pkcs8_read_cost(), but for the old kinds too, which name
 * their rounds after the salt. */
gboolean
ch_pbe_read_cost (const X509_ALGOR *algorithm, guint64 *cost)
{
  guint8 *der = NULL;
  g_autoptr (GBytes) bytes = ch_openssl_take_der (der, i2d_X509_ALGOR (algorithm, &der));
  ChDerSpan in, whole, oid, parameters;

  if (bytes == NULL)
    return FALSE;
  in = ch_der_span (bytes);
  if (!ch_der_read (&in, CH_DER_SEQUENCE, &whole, NULL) || !ch_der_read (&whole, CH_DER_OID, &oid, NULL))
    return FALSE;
  if (ch_der_span_equal (&oid, oid_pbes2, sizeof oid_pbes2))
    return read_pbes2_cost (whole, cost);
  return ch_der_read (&whole, CH_DER_SEQUENCE, &parameters, NULL) && read_pbkdf2_cost (parameters, cost);
}

/**
 * ch_pkcs8_read_cost:
 * @der: EncryptedPrivateKeyInfo from outside
 * @cost: (out): how much work deriving its key is
 *
 * Reads what opening a file would cost before anything is derived: a hostile one can ask for hours or for all
 * memory.
 *
 * Returns: %FALSE when it is damaged, of an old kind (PBES1, PKCS#12), or asks for more memory than is given
 */
gboolean
ch_pkcs8_read_cost (GBytes *der, guint64 *cost)
{
  ChDerSpan in = ch_der_span (der);
  ChDerSpan whole, algorithm, oid;

  if (in.len > MAX_SIZE || !ch_der_read (&in, CH_DER_SEQUENCE, &whole, NULL) || in.len != 0)
    return FALSE;
  if (!ch_der_read (&whole, CH_DER_SEQUENCE, &algorithm, NULL)
      || !ch_der_read (&algorithm, CH_DER_OID, &oid, NULL)
      || !ch_der_span_equal (&oid, oid_pbes2, sizeof oid_pbes2)
      || !ch_der_read (&whole, CH_DER_OCTET_STRING, NULL, NULL) || whole.len != 0)
    return FALSE;
  return read_pbes2_cost (algorithm, cost);
}

static gboolean
open_sealed (const guint8 *data, gsize len, gpointer user_data)
{
  Opening *opening = user_data;

  opening->info = PKCS8_decrypt (opening->sealed, (const char *) data, len);
  return opening->info != NULL;
}

/**
 * ch_pkcs8_decrypt_within:
 * @der: EncryptedPrivateKeyInfo from outside
 * @passphrase: what should open it
 * @max_cost: most that is derived, in units of ch_pkcs8_read_cost()
 * @error: as ch_pkcs8_decrypt()
 *
 * Opens a key when deriving costs no more than @max_cost.
 *
 * Returns: (transfer full): the key
 */
ChKey *
ch_pkcs8_decrypt_within (GBytes *der, ChSecret *passphrase, guint64 max_cost, GError **error)
{
  ChDerSpan in = ch_der_span (der);
  const guint8 *p = in.data;
  g_autoptr (X509_SIG) sealed = NULL;
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = NULL;
  g_autoptr (EVP_PKEY) pkey = NULL;
  Opening opening = { NULL, NULL };
  guint64 cost = 0;

  if (!ch_pkcs8_read_cost (der, &cost) || cost > max_cost)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN,
                   "this is not an encrypted key, or it costs too much to open");
      return NULL;
    }

  sealed = d2i_X509_SIG (NULL, &p, in.len);
  if (sealed == NULL || p != in.data + in.len)
    {
      ch_openssl_fail (error, CH_ERROR_TOKEN_BROKEN, "reading an encrypted key");
      return NULL;
    }

  opening.sealed = sealed;
  if (!ch_secret_with (passphrase, open_sealed, &opening))
    {
      ch_openssl_fail (error, CH_ERROR_PIN_WRONG, "opening an encrypted key");
      return NULL;
    }

  info = opening.info;
  pkey = EVP_PKCS82PKEY (info);
  if (pkey == NULL || ch_pkey_get_kind (pkey) == CH_KEY_KIND_OTHER)
    {
      ch_openssl_fail (error, CH_ERROR_TOKEN_BROKEN, "reading a private key");
      return NULL;
    }

  return ch_key_new_take (g_steal_pointer (&pkey), error);
}

/**
 * ch_pkcs8_decrypt:
 * @der: EncryptedPrivateKeyInfo from outside
 * @passphrase: what should open it
 * @error: %CH_ERROR_TOKEN_BROKEN when it is damaged or would cost more than %CH_PKCS8_MAX_COST,
 * %CH_ERROR_PIN_WRONG when @passphrase does not open it
 *
 * Opens a key; takes as long as ch_pkcs8_encrypt().
 *
 * Returns: (transfer full): the key
 */
ChKey *
ch_pkcs8_decrypt (GBytes *der, ChSecret *passphrase, GError **error)
{
  return ch_pkcs8_decrypt_within (der, passphrase, CH_PKCS8_MAX_COST, error);
}

/**
 * ch_pkcs8_to_pem:
 * @der: EncryptedPrivateKeyInfo
 *
 * Returns: (transfer full): the same as text, for `openssl pkey`
 */
char *
ch_pkcs8_to_pem (GBytes *der)
{
  return ch_pem_encode ("ENCRYPTED PRIVATE KEY", der);
}

/**
 * ch_pkcs8_from_data:
 * @data: a file from outside, text or DER
 * @error: %CH_ERROR_TOKEN_BROKEN
 *
 * Returns: (transfer full): EncryptedPrivateKeyInfo in DER, not yet checked
 */
GBytes *
ch_pkcs8_from_data (GBytes *data, GError **error)
{
  ChDerSpan in = ch_der_span (data);
  g_autoptr (GBytes) der = NULL;

  if (ch_der_peek (&in) == CH_DER_SEQUENCE)
    return g_bytes_ref (data);

  der = ch_pem_decode ("ENCRYPTED PRIVATE KEY", (const char *) in.data, in.len, NULL);
  if (der == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "there is no encrypted key in it");
  return g_steal_pointer (&der);
}
