#include "config.h"

#include <openssl/pkcs12.h>

#include "pki/ch-openssl-private.h"
#include "pki/ch-pkcs12.h"

#define ITERATIONS 600000

typedef struct
{
  GPtrArray *items;
  PKCS12 *made; /* what came out */
} Export;

/**
 * ch_pkcs12_item_new:
 * @key: a key
 * @cert: (nullable): its certificate
 * @label: what other programs show
 *
 * Returns: (transfer full): the two together
 */
ChPkcs12Item *
ch_pkcs12_item_new (ChKey *key, GBytes *cert, const char *label)
{
  ChPkcs12Item *self = g_new0 (ChPkcs12Item, 1);

  self->key = ch_key_ref (key);
  self->cert = cert != NULL ? g_bytes_ref (cert) : NULL;
  self->label = g_strdup (label);
  return self;
}

void
ch_pkcs12_item_free (ChPkcs12Item *self)
{
  if (self == NULL)
    return;

  ch_key_unref (self->key);
  g_clear_pointer (&self->cert, g_bytes_unref);
  g_free (self->label);
  g_free (self);
}

static gboolean
add_key (STACK_OF (PKCS12_SAFEBAG) * *bags, const ChPkcs12Item *item, GBytes *id, const char *passphrase)
{
  PKCS12_SAFEBAG *bag
      = PKCS12_add_key (bags, ch_key_get_pkey (item->key), 0, ITERATIONS, NID_aes_256_cbc, passphrase);

  return bag != NULL && PKCS12_add_friendlyname_utf8 (bag, item->label, -1) == 1
         && PKCS12_add_localkeyid (bag, (guint8 *) g_bytes_get_data (id, NULL), g_bytes_get_size (id)) == 1;
}

static gboolean
add_cert (STACK_OF (PKCS12_SAFEBAG) * *bags, const ChPkcs12Item *item, GBytes *id)
{
  g_autoptr (X509) cert = ch_cert_load (item->cert, NULL);
  PKCS12_SAFEBAG *bag = cert != NULL ? PKCS12_add_cert (bags, cert) : NULL;

  return bag != NULL && PKCS12_add_friendlyname_utf8 (bag, item->label, -1) == 1
         && PKCS12_add_localkeyid (bag, (guint8 *) g_bytes_get_data (id, NULL), g_bytes_get_size (id)) == 1;
}

static gboolean
add_items (GPtrArray *items,
           STACK_OF (PKCS12_SAFEBAG) * *keys,
           STACK_OF (PKCS12_SAFEBAG) * *certs,
           const char *passphrase)
{
  for (guint i = 0; i < items->len; i++)
    {
      const ChPkcs12Item *item = g_ptr_array_index (items, i);
      g_autoptr (GBytes) id = ch_spki_get_key_id (ch_key_get_spki (item->key));

      if (!add_key (keys, item, id, passphrase) || (item->cert != NULL && !add_cert (certs, item, id)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
make (const guint8 *data, gsize len, gpointer user_data)
{
  Export *export = user_data;
  const char *passphrase = (const char *) data;
  STACK_OF (PKCS12_SAFEBAG) *keys = NULL;
  STACK_OF (PKCS12_SAFEBAG) *certs = NULL;
  STACK_OF (PKCS7) *safes = NULL;
  gboolean is_made = add_items (export->items, &keys, &certs, passphrase);

  if (is_made && certs != NULL)
    is_made = PKCS12_add_safe (&safes, certs, NID_aes_256_cbc, ITERATIONS, passphrase) == 1;
  if (is_made && keys != NULL)
    is_made = PKCS12_add_safe (&safes, keys, -1, 0, NULL) == 1;
  if (is_made && safes != NULL)
    export->made = PKCS12_add_safes (safes, 0);
  is_made = export->made != NULL
            && PKCS12_set_mac (export->made, passphrase, len, NULL, 0, ITERATIONS, EVP_sha256 ()) == 1;

  sk_PKCS12_SAFEBAG_pop_free (keys, PKCS12_SAFEBAG_free);
  sk_PKCS12_SAFEBAG_pop_free (certs, PKCS12_SAFEBAG_free);
  sk_PKCS7_pop_free (safes, PKCS7_free);
  return is_made;
}

/**
 * ch_pkcs12_export:
 * @items: (element-type ChPkcs12Item): at least one
 * @passphrase: what will open it; without NUL bytes
 *
 * Makes a PKCS #12 file for other programs: AES-256-CBC under PBKDF2 with 600,000 rounds. Takes seconds, so
 * call it in a worker.
 *
 * Returns: (transfer full): PFX in DER
 */
GBytes *
ch_pkcs12_export (GPtrArray *items, ChSecret *passphrase, GError **error)
{
  Export export = { items, NULL };
  gboolean is_made = ch_secret_with (passphrase, make, &export);
  guint8 *der = NULL;
  int len = is_made ? i2d_PKCS12 (export.made, &der) : -1;

  PKCS12_free (export.made);
  if (len <= 0)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "making a PKCS #12 file");
      return NULL;
    }

  return ch_openssl_take_der (der, len);
}
