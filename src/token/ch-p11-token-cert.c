#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-der.h"
#include "token/ch-p11-token-private.h"
#include "token/ch-soft-lock.h"

static GBytes *
make_serial_number (const ChCertInfo *info)
{
  g_autoptr (GBytes) serial = ch_bytes_from_hex (info->serial);
  GByteArray *out = g_byte_array_new ();

  if (serial != NULL && g_bytes_get_size (serial) > 0)
    ch_der_add_unsigned (out, CH_DER_INTEGER, g_bytes_get_data (serial, NULL), g_bytes_get_size (serial));
  return ch_der_finish (out);
}

#define BYTES(bytes) (void *) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)

static gboolean
write_cert (ChP11Token *self, GBytes *id, ChCertInfo *info, GError **error)
{
  CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  const char *name = ch_subject_find (info->subject, "CN");
  g_autoptr (GBytes) serial = make_serial_number (info);
  const CK_ATTRIBUTE template[] = {
    { CKA_CLASS, &kind, sizeof kind },
    { CKA_CERTIFICATE_TYPE, &type, sizeof type },
    { CKA_TOKEN, &yes, sizeof yes },
    { CKA_PRIVATE, &no, sizeof no },
    { CKA_LABEL, (void *) (name != NULL ? name : ""), name != NULL ? strlen (name) : 0 },
    { CKA_ID, BYTES (id) },
    { CKA_SUBJECT, BYTES (info->subject_der) },
    { CKA_ISSUER, BYTES (info->issuer_der) },
    { CKA_SERIAL_NUMBER, BYTES (serial) },
    { CKA_VALUE, BYTES (info->der) },
  };
  CK_OBJECT_HANDLE object;

  return ch_p11_create (self->host, &self->session, template, G_N_ELEMENTS (template), &object, error);
}

/* Whether that certificate lies on the medium, byte for byte */
static gboolean
session_has_cert (ChP11Host *host, ChP11Session *session, GBytes *der, gboolean *found, GError **error)
{
  g_autoptr (GPtrArray) objects = ch_p11_objects_load (host, session, error);

  *found = FALSE;
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChP11Object *object = objects->pdata[i];

      if (object->kind == CKO_CERTIFICATE && object->value != NULL && g_bytes_equal (object->value, der))
        *found = TRUE;
    }
  return objects != NULL;
}

static gboolean
has_cert (ChP11Token *self, GBytes *der, gboolean *found, GError **error)
{
  return session_has_cert (self->host, &self->session, der, found, error);
}

/* The slot of this medium in another child of its module */
static gboolean
find_slot (ChP11Token *self, ChP11Host *host, CK_SLOT_ID *slot)
{
  g_autoptr (GArray) slots = ch_p11_get_slots (host, NULL);

  for (guint i = 0; slots != NULL && i < slots->len; i++)
    {
      g_autoptr (ChP11TokenInfo) info = ch_p11_get_token_info (host, g_array_index (slots, gulong, i), NULL);
      g_autofree char *serial = info != NULL ? ch_p11_token_make_serial (info) : NULL;

      *slot = g_array_index (slots, gulong, i);
      if (g_strcmp0 (serial, self->info->serial) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A module that wrote a certificate says what it wrote, whatever became of it on the medium. One that is
 * loaded anew has to look. Returns: whether it sees the medium, and not the certificate. */
static gboolean
was_lost (ChP11Token *self, GBytes *der)
{
  g_autoptr (ChP11Host) twin = ch_p11_host_new_twin (self->host);
  ChP11Session session = { 0 };
  CK_SLOT_ID slot = 0;
  gboolean found = FALSE;
  gboolean has_looked = find_slot (self, twin, &slot) && ch_p11_open_session (twin, slot, &session, NULL)
                        && session_has_cert (twin, &session, der, &found, NULL);

  ch_p11_host_stop (twin);
  return has_looked && !found;
}

/* The id of a key while what is left of a certificate has its own: as long as that one, and nearly the same
 */
static GBytes *
make_other_id (GBytes *id)
{
  GByteArray *other = g_byte_array_new ();

  g_byte_array_append (other, g_bytes_get_data (id, NULL), g_bytes_get_size (id));
  other->data[other->len - 1] ^= 1;
  return g_byte_array_free_to_bytes (other);
}

/* OpenSC does not show what is left of a certificate that was broken off while it was written, and lets no
 * other one have its id: so key and certificate get another. */
static gboolean
write_past_rest (ChP11Token *self, const ChP11Entry *entry, ChCertInfo *info, GError **error)
{
  g_autoptr (GBytes) id = ch_spki_get_key_id (info->spki);
  g_autoptr (GBytes) other
      = entry->id == NULL || !g_bytes_equal (entry->id, id) ? g_bytes_ref (id) : make_other_id (id);
  const CK_ATTRIBUTE template[] = { { CKA_ID, BYTES (other) } };

  if (!ch_p11_write (self->host, &self->session, entry->private_key, template, G_N_ELEMENTS (template), error)
      || !write_cert (self, other, info, error))
    return FALSE;
  if (!g_bytes_equal (id, other))
    ch_p11_token_write_id (self, entry->private_key, id);
  return TRUE;
}

/* A key that was cut off before it had its id gets it now; where the medium refuses, the certificate gets the
 * id of the key. */
static GBytes *
settle_id (ChP11Token *self, const ChP11Entry *entry, ChCertInfo *info)
{
  g_autoptr (GBytes) own = ch_spki_get_key_id (info->spki);
  gboolean has_id = entry->id != NULL && g_bytes_get_size (entry->id) > 0;

  if (!has_id || g_bytes_equal (entry->id, own) || entry->object->spki == NULL)
    return g_bytes_ref (has_id ? entry->id : own);
  if (!ch_p11_token_write_id (self, entry->private_key, own))
    return g_bytes_ref (entry->id);
  if (entry->public_key != 0)
    ch_p11_token_write_id (self, entry->public_key, own);
  return g_steal_pointer (&own);
}

static gboolean
write_new_cert (ChP11Token *self, const ChP11Entry *entry, ChCertInfo *info, GError **error)
{
  g_autoptr (GBytes) id = settle_id (self, entry, info);
  g_autoptr (GError) local = NULL;

  if (write_cert (self, id, info, &local))
    return TRUE;
  if (entry->object->spki == NULL && entry->private_key != 0
      && g_error_matches (local, CH_ERROR, CH_ERROR_TOKEN_FAILED))
    return write_past_rest (self, entry, info, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* A certificate that was broken off while it was written covers the public key on some cards: then the id,
 * which is made of the public key, says whose it is */
static gboolean
is_of_key (GBytes *spki, const ChP11Entry *entry)
{
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);

  if (entry->object->spki != NULL)
    return g_bytes_equal (entry->object->spki, spki);
  /* But for its end: see make_other_id() */
  return entry->private_key != 0
         && g_ascii_strncasecmp (entry->object->key_id, key_id, 2 * (CH_KEY_ID_SIZE - 1)) == 0;
}

gboolean
ch_p11_token_store_cert (ChToken *token,
                         const char *key_id,
                         GBytes *der,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  g_autoptr (ChCertInfo) info = lock != NULL ? ch_cert_info_new (der, error) : NULL;
  g_autoptr (GPtrArray) entries = NULL;
  ChP11Entry *entry;
  gboolean found = FALSE;

  if (info == NULL)
    return FALSE;
  entry = ch_p11_token_open_entry (self, key_id, asker, &entries, cancellable, error);
  if (entry == NULL)
    return FALSE;
  if (!is_of_key (info->spki, entry))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the certificate is of another key");
      return FALSE;
    }

  /* Storing again what is there is success: a run that was cut off does just that */
  if (!has_cert (self, der, &found, error))
    return ch_p11_token_explain (self, NULL, error) != NULL;
  if (found)
    return TRUE;
  if (!write_new_cert (self, entry, info, error) || !has_cert (self, der, &found, error))
    return ch_p11_token_explain (self, NULL, error) != NULL;
  if (found && !was_lost (self, der))
    return TRUE;
  /* Who tries again is to see what is there, not what should be */
  ch_p11_host_give_up (self->host);
  return ch_p11_fail (error, CKR_DEVICE_ERROR, "the certificate reads back differently");
}
