#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-validate.h"
#include "base/ch-worker.h"
#include "pki/ch-cert.h"
#include "pki/ch-pkcs8.h"
#include "ports/ch-asker.h"
#include "token/ch-soft-keeper.h"
#include "token/ch-soft-lock.h"
#include "token/ch-soft-token-private.h"
#include "token/ch-soft-tries.h"

/* A brake, not protection: whoever has the file tries as often as they like */
#define MAX_TRIES  5
#define MANY_TRIES 3

static void ch_soft_token_iface_init (ChTokenInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChSoftToken,
                               ch_soft_token,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN, ch_soft_token_iface_init))

/* Reads a token’s file. */
ChSoftFile *
ch_soft_token_load (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) data = ch_file_read (path, CH_SOFT_MAX_FILE, &local);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *expected = NULL;
  g_autoptr (ChSoftFile) file = NULL;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "the token file is gone");
      return NULL;
    }
  if (g_error_matches (local, CH_ERROR, CH_ERROR_TOO_LARGE))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "the token file is too large");
      return NULL;
    }
  if (data == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  file = ch_soft_file_parse (data, error);
  if (file == NULL)
    return NULL;
  expected = g_strconcat (file->serial, ".token", NULL);
  if (!g_str_equal (expected, name))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "the token file has the name of another token");
      return NULL;
    }
  return g_steal_pointer (&file);
}

/* Writes and reads back: what is not there byte for byte was not stored. */
gboolean
ch_soft_token_save (const char *path, ChSoftFile *file, GError **error)
{
  g_autoptr (GBytes) data = ch_soft_file_format (file);
  g_autoptr (GBytes) back = NULL;

  if (g_bytes_get_size (data) > CH_SOFT_MAX_FILE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE, "the token is full");
      return FALSE;
    }
  if (!ch_file_write_durably (path, g_bytes_get_data (data, NULL), g_bytes_get_size (data), 0600, error))
    return FALSE;

  back = ch_file_read (path, CH_SOFT_MAX_FILE, error);
  if (back == NULL)
    return FALSE;
  if (!g_bytes_equal (back, data))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "the token file reads back differently");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_wait (const char *path, GError **error)
{
  gint64 wait = 0;
  guint n = ch_soft_tries_get (path, &wait);
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, wait);
  GError *local;

  if (wait == 0)
    return TRUE;
  local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "the passphrase was wrong %u times", n);
  ch_error_set_detail (local, "retry-after", seconds);
  g_propagate_error (error, local);
  return FALSE;
}

/* Asks until something opens. @passphrase (out) (optional): what opened it. */
ChKey *
ch_soft_token_open_sealed (ChSoftToken *self,
                           GBytes *sealed,
                           GTlsInteraction *asker,
                           ChSecret **passphrase,
                           GCancellable *cancellable,
                           GError **error)
{
  const char *description = *self->info->label != 0 ? self->info->label : self->info->serial;

  for (guint n = 1; n <= MAX_TRIES; n++)
    {
      GTlsPasswordFlags flags = G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) secret = NULL;
      g_autoptr (ChKey) key = NULL;
      g_autoptr (GError) local = NULL;

      if (!check_wait (self->path, error))
        return NULL;
      if (n > 1)
        flags |= G_TLS_PASSWORD_RETRY;
      if (n >= MANY_TRIES)
        flags |= G_TLS_PASSWORD_MANY_TRIES;
      if (n == MAX_TRIES)
        flags |= G_TLS_PASSWORD_FINAL_TRY;
      secret = ch_asker_ask (asker, CH_ASK_EXISTING, description, flags, cancellable, error);
      if (secret == NULL)
        return NULL;

      key = ch_pkcs8_decrypt (sealed, secret, &local);
      if (key != NULL)
        {
          ch_soft_tries_forget (self->path);
          if (passphrase != NULL)
            *passphrase = g_steal_pointer (&secret);
          return g_steal_pointer (&key);
        }
      if (!g_error_matches (local, CH_ERROR, CH_ERROR_PIN_WRONG))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      ch_soft_tries_count (self->path);
    }

  g_set_error (error, CH_ERROR, CH_ERROR_PIN_WRONG, "the passphrase was wrong %d times", MAX_TRIES);
  return NULL;
}

/* Opens a key by asking, unless it was opened a short while ago. */
static ChKey *
open_entry (ChSoftToken *self,
            ChSoftEntry *entry,
            GTlsInteraction *asker,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (ChKey) key = ch_soft_keeper_recall (self->keeper, entry->key_id);

  if (key == NULL)
    key = ch_soft_token_open_sealed (self, entry->sealed, asker, NULL, cancellable, error);
  if (key == NULL)
    return NULL;
  if (!g_bytes_equal (ch_key_get_spki (key), entry->spki))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "the public key in the file is of another key");
      return NULL;
    }

  ch_soft_keeper_keep (self->keeper, entry->key_id, key);
  return g_steal_pointer (&key);
}

static ChSoftEntry *
find_entry (ChSoftFile *file, const char *key_id, GError **error)
{
  ChSoftEntry *entry = ch_soft_file_find (file, key_id);

  if (entry == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "the key is not on this token");
  return entry;
}

static const ChTokenInfo *
ch_soft_token_get_info (ChToken *token)
{
  return CH_SOFT_TOKEN (token)->info;
}

static ChWorker *
ch_soft_token_get_worker (ChToken *token)
{
  return CH_SOFT_TOKEN (token)->worker;
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

static GPtrArray *
ch_soft_token_list_objects (ChToken *token, GCancellable *cancellable, GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftFile) file = ch_soft_token_load (self->path, error);
  GPtrArray *objects;

  if (file == NULL)
    return NULL;

  objects = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_token_object_free);
  for (guint i = 0; i < file->entries->len; i++)
    {
      const ChSoftEntry *entry = g_ptr_array_index (file->entries, i);
      ChTokenObject *object = ch_token_object_new ();

      object->key_id = g_strdup (entry->key_id);
      object->label = g_strdup (entry->label);
      object->has_key = TRUE;
      object->spec = get_spec (entry->spki);
      object->spki = g_bytes_ref (entry->spki);
      object->cert = entry->cert != NULL ? g_bytes_ref (entry->cert) : NULL;
      g_ptr_array_add (objects, object);
    }
  return objects;
}

static GBytes *
ch_soft_token_generate_key (ChToken *token,
                            ChKeySpec spec,
                            const char *label,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChKey) lock_key = NULL;
  g_autoptr (ChKey) key = NULL;
  g_autoptr (GBytes) sealed = NULL;
  ChSoftEntry *entry;

  if (file == NULL)
    return NULL;
  lock_key = ch_soft_token_open_sealed (self, file->lock, asker, &passphrase, cancellable, error);
  if (lock_key == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  key = ch_key_generate (spec, error);
  sealed = key != NULL ? ch_pkcs8_encrypt (key, passphrase, error) : NULL;
  if (sealed == NULL)
    return NULL;

  entry = ch_soft_file_add (file, label, sealed, ch_key_get_spki (key));
  if (!ch_soft_token_save (self->path, file, error))
    return NULL;
  ch_soft_keeper_keep (self->keeper, entry->key_id, key);
  return g_bytes_ref (ch_key_get_spki (key));
}

static GBytes *
ch_soft_token_sign (ChToken *token,
                    const char *key_id,
                    GBytes *data,
                    const char *sm2_id,
                    GTlsInteraction *asker,
                    GCancellable *cancellable,
                    GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  ChSoftEntry *entry = file != NULL ? find_entry (file, key_id, error) : NULL;
  g_autoptr (ChKey) key = entry != NULL ? open_entry (self, entry, asker, cancellable, error) : NULL;

  return key != NULL ? ch_key_sign (key, data, sm2_id, error) : NULL;
}

static gboolean
ch_soft_token_store_cert (ChToken *token,
                          const char *key_id,
                          GBytes *der,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  ChSoftEntry *entry = file != NULL ? find_entry (file, key_id, error) : NULL;
  g_autoptr (GBytes) spki = entry != NULL ? ch_cert_get_spki (der, error) : NULL;

  if (spki == NULL)
    return FALSE;
  if (!g_bytes_equal (spki, entry->spki))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the certificate is of another key");
      return FALSE;
    }
  /* Storing again what is there is success: a run that was cut off does just that */
  if (entry->cert != NULL && g_bytes_equal (entry->cert, der))
    return TRUE;

  g_clear_pointer (&entry->cert, g_bytes_unref);
  entry->cert = g_bytes_ref (der);
  return ch_soft_token_save (self->path, file, error);
}

static gboolean
ch_soft_token_delete_object (ChToken *token,
                             const char *key_id,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  ChSoftEntry *entry = file != NULL ? find_entry (file, key_id, error) : NULL;
  g_autoptr (ChKey) key = NULL;

  if (entry == NULL)
    return FALSE;
  /* As on a medium that is logged in: whoever has just made the new key need not say once more who they are
   */
  if (!ch_soft_keeper_is_open (self->keeper))
    {
      key = ch_soft_token_open_sealed (self, entry->sealed, asker, NULL, cancellable, error);
      if (key == NULL)
        return FALSE;
    }

  ch_soft_file_remove (file, entry);
  if (!ch_soft_token_save (self->path, file, error))
    return FALSE;
  ch_soft_token_lock (self);
  return TRUE;
}

static gboolean
ch_soft_token_set_label (ChToken *token,
                         const char *key_id,
                         const char *label,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  ChSoftEntry *entry = file != NULL ? find_entry (file, key_id, error) : NULL;

  if (entry == NULL)
    return FALSE;
  if (g_str_equal (entry->label, label))
    return TRUE;

  g_free (entry->label);
  entry->label = ch_soft_file_clean_label (label);
  return ch_soft_token_save (self->path, file, error);
}

static void
ch_soft_token_iface_init (ChTokenInterface *iface)
{
  iface->get_info = ch_soft_token_get_info;
  iface->get_worker = ch_soft_token_get_worker;
  iface->list_objects = ch_soft_token_list_objects;
  iface->generate_key = ch_soft_token_generate_key;
  iface->sign = ch_soft_token_sign;
  iface->store_cert = ch_soft_token_store_cert;
  iface->delete_object = ch_soft_token_delete_object;
  iface->set_label = ch_soft_token_set_label;
  iface->get_tries = ch_soft_token_get_tries;
  iface->change_pin = ch_soft_token_change_pin;
  iface->export_bundle = ch_soft_token_export_bundle;
  iface->back_up = ch_soft_token_back_up;
  iface->remove = ch_soft_token_remove;
}

static gpointer
free_worker_thread (gpointer data)
{
  ch_worker_free (data);
  return NULL;
}

static void
ch_soft_token_finalize (GObject *object)
{
  ChSoftToken *self = CH_SOFT_TOKEN (object);
  GThread *thread;

  ch_soft_keeper_free (self->keeper);
  g_free (self->path);
  ch_token_info_free (self->info);
  /* The last reference may be dropped by the worker’s own thread, which cannot wait for itself */
  thread = g_thread_try_new ("soft-token-end", free_worker_thread, self->worker, NULL);
  g_clear_pointer (&thread, g_thread_unref);

  G_OBJECT_CLASS (ch_soft_token_parent_class)->finalize (object);
}

static void
ch_soft_token_class_init (ChSoftTokenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_soft_token_finalize;
}

static void
ch_soft_token_init (ChSoftToken *self)
{
  self->keeper = ch_soft_keeper_new ();
  self->worker = ch_worker_new ("soft-token", 1, 0);
}

/**
 * ch_soft_token_new:
 * @path: the token’s file, `SERIAL.token`
 *
 * Opens a token file. One that is damaged is a token too: it says so when something is wanted of it.
 *
 * Returns: (transfer full): the token
 */
ChSoftToken *
ch_soft_token_new (const char *path)
{
  ChSoftToken *self = g_object_new (CH_TYPE_SOFT_TOKEN, NULL);
  g_autoptr (ChSoftFile) file = ch_soft_token_load (path, NULL);
  g_autofree char *name = g_path_get_basename (path);
  ChTokenInfo *info = g_new0 (ChTokenInfo, 1);

  self->path = g_strdup (path);
  self->is_broken = file == NULL;
  self->info = info;
  info->serial = g_str_has_suffix (name, ".token") ? g_strndup (name, strlen (name) - strlen (".token"))
                                                   : g_strdup (name);
  info->label = g_strdup (file != NULL ? file->label : "");
  info->model = g_strdup ("PKCS #8");
  info->medium = g_strdup ("soft");
  info->pin_tries = -1;
  if (file != NULL)
    {
      info->abilities
          = CH_TOKEN_CAN_GENERATE | CH_TOKEN_CAN_CHANGE_PIN | CH_TOKEN_CAN_EXPORT | CH_TOKEN_CAN_BACK_UP;
      info->key_specs = (1 << CH_N_KEY_SPECS) - 1;
      info->max_keys = CH_SOFT_MAX_KEYS;
    }
  return self;
}

static gboolean
store_reason (const guint8 *data, gsize len, gpointer user_data)
{
  *(ChReason *) user_data = ch_validate_passphrase (data, len);
  return *(ChReason *) user_data == CH_REASON_OK;
}

/* Whether a passphrase may be chosen for a token, or for a file that leaves this PC. */
gboolean
ch_soft_token_check_passphrase (ChSecret *passphrase, GError **error)
{
  ChReason reason = CH_REASON_OK;

  if (ch_secret_with (passphrase, store_reason, &reason))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_PASSPHRASE_WEAK, "the passphrase is too weak: %s",
               ch_reason_get_id (reason));
  return FALSE;
}

/**
 * ch_soft_token_create:
 * @path: where, `SERIAL.token`; there must be nothing yet
 * @label: name for people
 * @passphrase: what will open its keys
 * @error: %CH_ERROR_PASSPHRASE_WEAK, %CH_ERROR_CONFLICT, or `G_IO_ERROR`
 *
 * Makes a token without keys, durably. Takes half a second, so call it in a worker.
 */
gboolean
ch_soft_token_create (const char *path, const char *label, ChSecret *passphrase, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *serial = g_strndup (name, strlen (name) - strlen (".token"));
  g_autoptr (ChSoftLock) lock = NULL;
  g_autoptr (ChSoftFile) file = NULL;
  g_autoptr (ChKey) lock_key = NULL;
  g_autoptr (GBytes) sealed = NULL;

  g_return_val_if_fail (g_str_has_suffix (name, ".token"), FALSE);

  if (!ch_soft_token_check_passphrase (passphrase, error))
    return FALSE;

  lock = ch_soft_lock_new (path, error);
  if (lock == NULL)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CONFLICT, "there is a token of that serial already");
      return FALSE;
    }

  lock_key = ch_key_generate (CH_KEY_P256, error);
  sealed = lock_key != NULL ? ch_pkcs8_encrypt (lock_key, passphrase, error) : NULL;
  if (sealed == NULL)
    return FALSE;

  file = ch_soft_file_new (serial, label, sealed);
  return ch_soft_token_save (path, file, error);
}

/**
 * ch_soft_token_is_broken:
 * @self: a token
 *
 * Returns: whether its file was damaged when it was opened
 */
gboolean
ch_soft_token_is_broken (ChSoftToken *self)
{
  return self->is_broken;
}

/**
 * ch_soft_token_lock:
 * @self: a token
 *
 * Forgets the opened key at once.
 */
void
ch_soft_token_lock (ChSoftToken *self)
{
  ch_soft_keeper_forget (self->keeper);
}
