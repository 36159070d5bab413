#include "config.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-openssl-private.h"
#include "pki/ch-pkcs12.h"

#define MAX_SIZE  (256 * 1024)
#define MAX_BAGS  64
#define MAX_DEPTH 4

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS12, PKCS12_free)

/* A file on its way in */
typedef struct
{
  PKCS12 *file;
  guint64 cost; /* derived so far */
  guint64 max_cost;
  guint n_bags;
  GPtrArray *keys;   /* (element-type ChPkcs12Item): with the label, without certificate */
  GPtrArray *certs;  /* (element-type GBytes) */
  ChErrorCode error; /* why it went wrong */
} Import;

static gboolean
fail (Import *import, ChErrorCode code)
{
  import->error = code;
  return FALSE;
}

/* Counts before it is derived: a hostile file asks for hours */
static gboolean
afford (Import *import, const X509_ALGOR *algorithm)
{
  guint64 cost = 0;

  if (!ch_pbe_read_cost (algorithm, &cost) || cost > import->max_cost - import->cost)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  import->cost += cost;
  return TRUE;
}

static gboolean
afford_mac (Import *import)
{
  const ASN1_INTEGER *rounds = NULL;
  gint64 n = 1;

  PKCS12_get0_mac (NULL, NULL, NULL, &rounds, import->file);
  if (rounds != NULL && ASN1_INTEGER_get_int64 (&n, rounds) != 1)
    n = 0;
  if (n < 1 || (guint64) n > import->max_cost - import->cost)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  import->cost += n;
  return TRUE;
}

static gboolean
take_key (Import *import, PKCS12_SAFEBAG *bag, const PKCS8_PRIV_KEY_INFO *info)
{
  EVP_PKEY *pkey = info != NULL ? EVP_PKCS82PKEY (info) : NULL;
  char *label = PKCS12_get_friendlyname (bag);
  g_autofree char *name = g_utf8_make_valid (label != NULL ? label : "", -1);
  g_autoptr (ChKey) key = NULL;

  OPENSSL_free (label);
  if (pkey == NULL)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  if (ch_pkey_get_kind (pkey) == CH_KEY_KIND_OTHER)
    {
      EVP_PKEY_free (pkey);
      return fail (import, CH_ERROR_TOKEN_UNABLE);
    }

  key = ch_key_new_take (pkey, NULL);
  if (key == NULL)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  g_ptr_array_add (import->keys, ch_pkcs12_item_new (key, NULL, name));
  return TRUE;
}

static gboolean
take_shrouded (Import *import, PKCS12_SAFEBAG *bag, const char *passphrase, gsize len)
{
  const X509_SIG *sealed = PKCS12_SAFEBAG_get0_pkcs8 (bag);
  const X509_ALGOR *algorithm = NULL;
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = NULL;

  if (sealed == NULL)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  X509_SIG_get0 (sealed, &algorithm, NULL);
  if (!afford (import, algorithm))
    return FALSE;
  info = PKCS12_decrypt_skey (bag, passphrase, len);
  return take_key (import, bag, info);
}

static gboolean
take_cert (Import *import, PKCS12_SAFEBAG *bag)
{
  g_autoptr (X509) cert = PKCS12_SAFEBAG_get1_cert (bag);
  guint8 *der = NULL;
  GBytes *bytes = cert != NULL ? ch_openssl_take_der (der, i2d_X509 (cert, &der)) : NULL;

  /* What is no X.509 certificate is not what we look for */
  if (bytes != NULL)
    g_ptr_array_add (import->certs, bytes);
  return TRUE;
}

static gboolean
take_bags (Import *import,
           const STACK_OF (PKCS12_SAFEBAG) * bags,
           const char *passphrase,
           gsize len,
           guint depth)
{
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num (bags); i++)
    {
      PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value (bags, i);
      gboolean is_taken = TRUE;

      if (++import->n_bags > MAX_BAGS || depth > MAX_DEPTH)
        return fail (import, CH_ERROR_FILE_DAMAGED);
      switch (PKCS12_SAFEBAG_get_nid (bag))
        {
        case NID_keyBag:
          is_taken = take_key (import, bag, PKCS12_SAFEBAG_get0_p8inf (bag));
          break;
        case NID_pkcs8ShroudedKeyBag:
          is_taken = take_shrouded (import, bag, passphrase, len);
          break;
        case NID_certBag:
          is_taken = PKCS12_SAFEBAG_get_bag_nid (bag) != NID_x509Certificate || take_cert (import, bag);
          break;
        case NID_safeContentsBag:
          is_taken = take_bags (import, PKCS12_SAFEBAG_get0_safes (bag), passphrase, len, depth + 1);
          break;
        default:
          break;
        }
      if (!is_taken)
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_safe (Import *import, PKCS7 *safe, const char *passphrase, gsize len)
{
  STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
  gboolean is_taken;

  if (PKCS7_type_is_data (safe))
    bags = PKCS12_unpack_p7data (safe);
  else if (PKCS7_type_is_encrypted (safe) && safe->d.encrypted != NULL && safe->d.encrypted->enc_data != NULL
           && safe->d.encrypted->enc_data->algorithm != NULL)
    {
      if (!afford (import, safe->d.encrypted->enc_data->algorithm))
        return FALSE;
      bags = PKCS12_unpack_p7encdata (safe, passphrase, len);
    }
  if (bags == NULL)
    return fail (import, CH_ERROR_FILE_DAMAGED);

  is_taken = take_bags (import, bags, passphrase, len, 0);
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
  return is_taken;
}

static gboolean
open_file (const guint8 *data, gsize len, gpointer user_data)
{
  Import *import = user_data;
  STACK_OF (PKCS7) *safes = NULL;
  gboolean is_taken = TRUE;

  if (!PKCS12_mac_present (import->file) || !afford_mac (import))
    return fail (import, CH_ERROR_FILE_DAMAGED);
  if (PKCS12_verify_mac (import->file, (const char *) data, len) != 1)
    return fail (import, CH_ERROR_FILE_PASSPHRASE);

  safes = PKCS12_unpack_authsafes (import->file);
  if (safes == NULL)
    return fail (import, CH_ERROR_FILE_DAMAGED);
  for (int i = 0; is_taken && i < sk_PKCS7_num (safes); i++)
    is_taken = take_safe (import, sk_PKCS7_value (safes, i), (const char *) data, len);
  sk_PKCS7_pop_free (safes, PKCS7_free);
  return is_taken;
}

static PKCS12 *
load (GBytes *data)
{
  gsize len = 0;
  const guint8 *start = g_bytes_get_data (data, &len);
  const guint8 *p = start;
  PKCS12 *file = len > 0 && len <= MAX_SIZE ? d2i_PKCS12 (NULL, &p, len) : NULL;

  ERR_clear_error ();
  return file;
}

/**
 * ch_pkcs12_is_one:
 * @data: a file from outside
 *
 * Returns: whether it looks like a PKCS #12 file, damaged or not
 */
gboolean
ch_pkcs12_is_one (GBytes *data)
{
  ChDerSpan in = ch_der_span (data);
  ChDerSpan whole, type, oid;
  guint64 version = 0;
  static const guint8 pkcs7[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07 };

  /* version 3, then a PKCS #7 of some kind; other programs write lengths of every form, so what follows is
   * not looked at */
  if (!ch_der_read (&in, CH_DER_SEQUENCE, &whole, NULL))
    {
      g_autoptr (PKCS12) file = load (data);

      return file != NULL;
    }
  return ch_der_read_small (&whole, CH_DER_INTEGER, &version) && version == 3
         && ch_der_read (&whole, CH_DER_SEQUENCE, &type, NULL) && ch_der_read (&type, CH_DER_OID, &oid, NULL)
         && oid.len == sizeof pkcs7 + 1 && memcmp (oid.data, pkcs7, sizeof pkcs7) == 0;
}

/* The certificate of a key is the one with its public key; what else is there is the chain */
static void
join (Import *import)
{
  for (guint i = 0; i < import->keys->len; i++)
    {
      ChPkcs12Item *item = import->keys->pdata[i];

      for (guint j = 0; item->cert == NULL && j < import->certs->len; j++)
        {
          g_autoptr (GBytes) spki = ch_cert_get_spki (import->certs->pdata[j], NULL);

          if (spki != NULL && g_bytes_equal (spki, ch_key_get_spki (item->key)))
            item->cert = g_bytes_ref (import->certs->pdata[j]);
        }
    }
}

/**
 * ch_pkcs12_import:
 * @data: a file from outside
 * @passphrase: what should open it; without NUL bytes
 * @max_cost: most that is derived, e.g. %CH_PKCS12_MAX_COST
 * @error: %CH_ERROR_FILE_DAMAGED, also when it would cost more than @max_cost; %CH_ERROR_FILE_PASSPHRASE;
 * %CH_ERROR_FILE_NO_KEY; %CH_ERROR_TOKEN_UNABLE for a kind of key that is not used here
 *
 * Opens a PKCS #12 file of whatever program. Takes seconds, so call it in a worker.
 *
 * Returns: (transfer full) (element-type ChPkcs12Item): its keys, each with its certificate if that is there
 */
GPtrArray *
ch_pkcs12_import (GBytes *data, ChSecret *passphrase, guint64 max_cost, GError **error)
{
  g_autoptr (PKCS12) file = load (data);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_pkcs12_item_free);
  g_autoptr (GPtrArray) certs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Import import = { file, 0, max_cost, 0, keys, certs, CH_ERROR_FILE_DAMAGED };

  if (file == NULL || !ch_secret_with (passphrase, open_file, &import))
    {
      ch_openssl_fail (error, import.error, "opening a PKCS #12 file");
      return NULL;
    }
  if (keys->len == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_NO_KEY, "there is no key in the PKCS #12 file");
      return NULL;
    }

  join (&import);
  return g_steal_pointer (&keys);
}
