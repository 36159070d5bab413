#include "config.h"

#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-spki-make.h"
#include "token/ch-p11-objects.h"

#define MAX_LABEL 256

static const CK_ATTRIBUTE_TYPE cert_types[] = { CKA_ID, CKA_LABEL, CKA_VALUE };
static const CK_ATTRIBUTE_TYPE key_types[]
    = { CKA_ID,        CKA_LABEL,    CKA_KEY_TYPE,           CKA_MODULUS, CKA_PUBLIC_EXPONENT,
        CKA_EC_PARAMS, CKA_EC_POINT, CKA_ALWAYS_AUTHENTICATE };

ChP11Object *
ch_p11_object_new (CK_OBJECT_CLASS kind, CK_OBJECT_HANDLE handle)
{
  ChP11Object *self = g_new0 (ChP11Object, 1);

  self->kind = kind;
  self->handle = handle;
  return self;
}

void
ch_p11_object_free (ChP11Object *self)
{
  g_clear_pointer (&self->id, g_bytes_unref);
  g_clear_pointer (&self->label, g_bytes_unref);
  g_clear_pointer (&self->value, g_bytes_unref);
  g_clear_pointer (&self->type, g_bytes_unref);
  g_clear_pointer (&self->modulus, g_bytes_unref);
  g_clear_pointer (&self->exponent, g_bytes_unref);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_clear_pointer (&self->point, g_bytes_unref);
  g_free (self);
}

static void
entry_free (gpointer data)
{
  ChP11Entry *entry = data;

  ch_token_object_free (entry->object);
  g_clear_pointer (&entry->id, g_bytes_unref);
  g_array_unref (entry->certs);
  g_free (entry);
}

static gboolean
is_true (GBytes *value)
{
  gsize len = 0;
  const CK_BBOOL *data = value != NULL ? g_bytes_get_data (value, &len) : NULL;

  return len == sizeof (CK_BBOOL) && *data != CK_FALSE;
}

static ChP11Object *
read_object (ChP11Host *host,
             ChP11Session *session,
             CK_OBJECT_CLASS kind,
             CK_OBJECT_HANDLE handle,
             GError **error)
{
  gboolean is_cert = kind == CKO_CERTIFICATE;
  g_autoptr (GPtrArray) values
      = ch_p11_read (host, session, handle, is_cert ? cert_types : key_types,
                     is_cert ? G_N_ELEMENTS (cert_types) : G_N_ELEMENTS (key_types), error);
  ChP11Object *object;

  if (values == NULL)
    return NULL;

  object = ch_p11_object_new (kind, handle);
  object->id = g_steal_pointer (&values->pdata[0]);
  object->label = g_steal_pointer (&values->pdata[1]);
  if (is_cert)
    {
      object->value = g_steal_pointer (&values->pdata[2]);
      return object;
    }
  object->type = g_steal_pointer (&values->pdata[2]);
  object->modulus = g_steal_pointer (&values->pdata[3]);
  object->exponent = g_steal_pointer (&values->pdata[4]);
  object->params = g_steal_pointer (&values->pdata[5]);
  object->point = g_steal_pointer (&values->pdata[6]);
  object->has_own_pin = is_true (values->pdata[7]);
  return object;
}

static gboolean
load_kind (ChP11Host *host, ChP11Session *session, CK_OBJECT_CLASS kind, GPtrArray *objects, GError **error)
{
  CK_BBOOL yes = CK_TRUE;
  const CK_ATTRIBUTE template[] = { { CKA_CLASS, &kind, sizeof kind }, { CKA_TOKEN, &yes, sizeof yes } };
  g_autoptr (GArray) handles = ch_p11_find (host, session, template, G_N_ELEMENTS (template), error);

  for (guint i = 0; handles != NULL && i < handles->len; i++)
    {
      ChP11Object *object = read_object (host, session, kind, g_array_index (handles, gulong, i), error);

      if (object == NULL)
        return FALSE;
      g_ptr_array_add (objects, object);
    }
  return handles != NULL;
}

/**
 * ch_p11_objects_load:
 * @session: private keys are seen by who is logged in, and by nobody else
 *
 * Returns: (transfer full) (element-type ChP11Object): keys and certificates as the token describes them
 */
GPtrArray *
ch_p11_objects_load (ChP11Host *host, ChP11Session *session, GError **error)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_p11_object_free);

  if (load_kind (host, session, CKO_PUBLIC_KEY, objects, error)
      && load_kind (host, session, CKO_CERTIFICATE, objects, error)
      && load_kind (host, session, CKO_PRIVATE_KEY, objects, error))
    return g_steal_pointer (&objects);
  return NULL;
}

/* Text of a token for people: valid, without what moves the cursor, not too long */
static char *
read_label (GBytes *label)
{
  gsize len = 0;
  const char *data = label != NULL ? g_bytes_get_data (label, &len) : NULL;
  g_autofree char *text = g_strndup (data != NULL ? data : "", MIN (len, MAX_LABEL));
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) shown = g_string_new (NULL);

  for (const char *p = valid; *p != 0; p = g_utf8_next_char (p))
    if (g_unichar_isprint (g_utf8_get_char (p)))
      g_string_append_unichar (shown, g_utf8_get_char (p));
  return g_strdup (g_strstrip (shown->str));
}

static gboolean
read_type (GBytes *type, CK_KEY_TYPE *key_type)
{
  gsize len = 0;
  gconstpointer data = type != NULL ? g_bytes_get_data (type, &len) : NULL;

  if (len != sizeof *key_type)
    return FALSE;
  memcpy (key_type, data, sizeof *key_type);
  return TRUE;
}

static GBytes *
make_spki (const ChP11Object *object)
{
  CK_KEY_TYPE type;

  if (!read_type (object->type, &type))
    return NULL;
  if (type == CKK_RSA)
    return ch_spki_from_rsa (object->modulus, object->exponent);
  return type == CKK_EC ? ch_spki_from_point (object->params, object->point) : NULL;
}

static ChKeySpec
get_spec (GBytes *spki)
{
  guint bits = 0;

  switch (ch_spki_get_kind (spki, &bits, NULL))
    {
    case CH_KEY_KIND_P256:
      return CH_KEY_P256;
    case CH_KEY_KIND_SM2:
      return CH_KEY_SM2;
    case CH_KEY_KIND_RSA:
    case CH_KEY_KIND_OTHER:
    default:
      return bits > 2048 ? CH_KEY_RSA_3072 : CH_KEY_RSA_2048;
    }
}

static ChP11Entry *
add_entry (GPtrArray *entries, char *key_id, GBytes *spki)
{
  ChP11Entry *entry = g_new0 (ChP11Entry, 1);

  entry->object = ch_token_object_new ();
  entry->object->key_id = key_id;
  entry->object->spki = spki != NULL ? g_bytes_ref (spki) : NULL;
  entry->object->spec = spki != NULL ? get_spec (spki) : CH_KEY_P256;
  entry->certs = g_array_new (FALSE, FALSE, sizeof (gulong));
  g_ptr_array_add (entries, entry);
  return entry;
}

/* The entry of a public key: two objects with the same one belong together, whatever else they say */
static ChP11Entry *
get_entry (GPtrArray *entries, GBytes *spki)
{
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  ChP11Entry *entry = ch_p11_objects_find (entries, key_id);

  return entry != NULL ? entry : add_entry (entries, g_steal_pointer (&key_id), spki);
}

static void
take_id (ChP11Entry *entry, const ChP11Object *object, gboolean is_best)
{
  g_autofree char *label = read_label (object->label);

  if (object->id != NULL && (entry->id == NULL || is_best))
    {
      g_clear_pointer (&entry->id, g_bytes_unref);
      entry->id = g_bytes_ref (object->id);
    }
  if (*label != 0 && (entry->object->label == NULL || is_best))
    {
      g_free (entry->object->label);
      entry->object->label = g_steal_pointer (&label);
    }
}

static void
join_public (GPtrArray *entries, const ChP11Object *object)
{
  g_autoptr (GBytes) spki = make_spki (object);
  ChP11Entry *entry = spki != NULL ? get_entry (entries, spki) : NULL;

  if (entry == NULL)
    return;
  entry->public_key = object->handle;
  take_id (entry, object, FALSE);
}

/* Of two certificates of one key the newer one is shown. Those of CAs, which many media carry, are nobody's
 * own.
 */
static void
join_cert (GPtrArray *entries, const ChP11Object *object)
{
  g_autoptr (ChCertInfo) info = object->value != NULL ? ch_cert_info_new (object->value, NULL) : NULL;
  ChP11Entry *entry;

  if (info == NULL || info->is_ca)
    return;
  entry = get_entry (entries, info->spki);
  g_array_append_val (entry->certs, object->handle);
  take_id (entry, object, FALSE);
  if (entry->object->cert != NULL && entry->not_before > info->not_before)
    return;
  g_clear_pointer (&entry->object->cert, g_bytes_unref);
  entry->object->cert = g_bytes_ref (info->der);
  entry->not_before = info->not_before;
}

/* The key id an id of ours begins with; what is behind it does not count */
static char *
read_own_id (GBytes *id)
{
  g_autoptr (GBytes) own = NULL;

  if (g_bytes_get_size (id) < CH_KEY_ID_SIZE)
    return NULL;
  own = g_bytes_new_from_bytes (id, 0, CH_KEY_ID_SIZE);
  return ch_bytes_to_hex (own);
}

/* A private key of a curve does not say which: its CKA_ID does, which is that of its public key or our own */
static ChP11Entry *
find_by_id (GPtrArray *entries, GBytes *id, const ChP11Object *object)
{
  g_autofree char *own_id = read_own_id (id);
  ChP11Entry *found = own_id != NULL ? ch_p11_objects_find (entries, own_id) : NULL;
  gboolean is_rsa;
  CK_KEY_TYPE type;

  for (guint i = 0; i < entries->len && found == NULL; i++)
    {
      ChP11Entry *entry = entries->pdata[i];

      if (entry->id != NULL && g_bytes_equal (entry->id, id))
        found = entry;
    }
  /* With nothing public beside it, only an id of ours says which key it is */
  if (found == NULL)
    return own_id != NULL ? add_entry (entries, g_steal_pointer (&own_id), NULL) : NULL;

  is_rsa = found->object->spec == CH_KEY_RSA_2048 || found->object->spec == CH_KEY_RSA_3072;
  return read_type (object->type, &type) && found->private_key == 0 && is_rsa == (type == CKK_RSA) ? found
                                                                                                   : NULL;
}

static void
join_private (GPtrArray *entries, const ChP11Object *object)
{
  g_autoptr (GBytes) spki = make_spki (object);
  ChP11Entry *entry = NULL;

  if (spki != NULL)
    entry = get_entry (entries, spki);
  else if (object->id != NULL && g_bytes_get_size (object->id) > 0)
    entry = find_by_id (entries, object->id, object);
  if (entry == NULL)
    return;
  entry->private_key = object->handle;
  entry->has_own_pin = object->has_own_pin;
  entry->object->has_key = TRUE;
  take_id (entry, object, TRUE);
}

/**
 * ch_p11_objects_join:
 * @objects: (element-type ChP11Object): as the token describes them
 * @sees_private: whether private keys would be among them
 *
 * Joins what belongs together and leaves out what makes no sense. Where private keys are not seen, a public
 * key stands for one; so does a certificate on a medium that keeps no public keys.
 *
 * Returns: (transfer full) (element-type ChP11Entry): keys and certificates
 */
GPtrArray *
ch_p11_objects_join (GPtrArray *objects, gboolean sees_private)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  gboolean has_public = FALSE;

  for (guint i = 0; i < objects->len; i++)
    {
      const ChP11Object *object = objects->pdata[i];

      if (object->kind == CKO_PUBLIC_KEY)
        join_public (entries, object);
      else if (object->kind == CKO_CERTIFICATE)
        join_cert (entries, object);
      has_public = has_public || object->kind == CKO_PUBLIC_KEY;
    }
  for (guint i = 0; i < objects->len; i++)
    if (((ChP11Object *) objects->pdata[i])->kind == CKO_PRIVATE_KEY)
      join_private (entries, objects->pdata[i]);

  for (guint i = 0; i < entries->len && !sees_private; i++)
    {
      ChP11Entry *entry = entries->pdata[i];

      if (entry->public_key != 0 || !has_public)
        entry->object->has_key = TRUE;
    }
  /* A public key alone, of somebody else: nothing to be done with it */
  for (guint i = entries->len; i > 0; i--)
    {
      const ChP11Entry *entry = entries->pdata[i - 1];

      if (!entry->object->has_key && entry->object->cert == NULL)
        g_ptr_array_remove_index (entries, i - 1);
    }
  return entries;
}

/**
 * ch_p11_objects_find:
 *
 * Returns: (transfer none) (nullable): the entry of that key
 */
ChP11Entry *
ch_p11_objects_find (GPtrArray *entries, const char *key_id)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_ascii_strcasecmp (((ChP11Entry *) entries->pdata[i])->object->key_id, key_id) == 0)
      return entries->pdata[i];
  return NULL;
}
