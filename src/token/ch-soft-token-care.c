#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-pkcs12.h"
#include "pki/ch-pkcs8.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-lock.h"
#include "token/ch-soft-token-private.h"
#include "token/ch-soft-tries.h"

/* How often a new passphrase that is too weak is asked for again */
#define MAX_TRIES    5
#define MAX_CODE     128
#define MOVE_PURPOSE "certhall-moved"

/* Beside a token that is being moved: what the code of the other PC must come to */
static char *
get_move_path (ChSoftToken *self)
{
  g_autofree char *dir = g_path_get_dirname (self->path);

  return g_strdup_printf ("%s/.%s.token.moving", dir, self->info->serial);
}

static char *
hash_code (const char *code)
{
  g_autofree char *text = g_strdup_printf (MOVE_PURPOSE ":%s\n", code);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

int
ch_soft_token_get_tries (ChToken *token)
{
  gint64 wait = 0;
  guint n = ch_soft_tries_get (CH_SOFT_TOKEN (token)->path, &wait);

  return n >= CH_SOFT_FREE_TRIES ? (wait > 0 ? 0 : 1) : (int) (CH_SOFT_FREE_TRIES - n);
}

/* Asks for a passphrase that is to be chosen; one that is too weak is asked for again. */
ChSecret *
ch_soft_token_ask_new (GTlsInteraction *asker,
                       ChAskKind kind,
                       const char *description,
                       GCancellable *cancellable,
                       GError **error)
{
  for (guint n = 1;; n++)
    {
      GTlsPasswordFlags flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) secret = ch_asker_ask (asker, kind, description, flags, cancellable, error);
      g_autoptr (GError) local = NULL;

      if (secret == NULL)
        return NULL;
      if (ch_soft_token_check_passphrase (secret, &local))
        return g_steal_pointer (&secret);
      if (n == MAX_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
}

static const char *
get_description (ChSoftToken *self)
{
  return *self->info->label != 0 ? self->info->label : self->info->serial;
}

static gboolean
seal_again (GBytes **sealed, ChSecret *old, ChSecret *new, GError **error)
{
  g_autoptr (ChKey) key = ch_pkcs8_decrypt (*sealed, old, error);
  GBytes *again = key != NULL ? ch_pkcs8_encrypt (key, new, error) : NULL;

  if (again == NULL)
    return FALSE;
  g_bytes_unref (*sealed);
  *sealed = again;
  return TRUE;
}

/* All keys are sealed again in memory, then the file is replaced in one step. */
gboolean
ch_soft_token_change_pin (ChToken *token, GTlsInteraction *asker, GCancellable *cancellable, GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  g_autoptr (ChSecret) old = NULL;
  g_autoptr (ChSecret) new = NULL;
  g_autoptr (ChKey) lock_key = NULL;

  if (file == NULL)
    return FALSE;
  lock_key = ch_soft_token_open_sealed (self, file->lock, asker, &old, cancellable, error);
  if (lock_key == NULL)
    return FALSE;
  new = ch_soft_token_ask_new (asker, CH_ASK_CHANGED, get_description (self), cancellable, error);
  if (new == NULL)
    return FALSE;

  for (guint i = 0; i < file->entries->len; i++)
    {
      ChSoftEntry *entry = g_ptr_array_index (file->entries, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !seal_again (&entry->sealed, old, new, error))
        return FALSE;
    }
  if (!seal_again (&file->lock, old, new, error) || !ch_soft_token_save (self->path, file, error))
    return FALSE;
  ch_soft_token_lock (self);
  return TRUE;
}

static gboolean
add_item (GPtrArray *items, const ChSoftEntry *entry, ChSecret *passphrase, GError **error)
{
  g_autoptr (ChKey) key = ch_pkcs8_decrypt (entry->sealed, passphrase, error);

  if (key == NULL)
    return FALSE;
  g_ptr_array_add (items, ch_pkcs12_item_new (key, entry->cert, entry->label));
  return TRUE;
}

GBytes *
ch_soft_token_export_bundle (ChToken *token,
                             const char *key_id,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftFile) file = ch_soft_token_load (self->path, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_pkcs12_item_free);
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChSecret) of_file = NULL;
  g_autoptr (ChKey) lock_key = NULL;

  if (file == NULL)
    return NULL;
  if (file->entries->len == 0 || (key_id != NULL && ch_soft_file_find (file, key_id) == NULL))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "there is no such key on the token");
      return NULL;
    }

  lock_key = ch_soft_token_open_sealed (self, file->lock, asker, &passphrase, cancellable, error);
  if (lock_key == NULL)
    return NULL;
  of_file = ch_soft_token_ask_new (asker, CH_ASK_FILE_NEW, get_description (self), cancellable, error);
  if (of_file == NULL)
    return NULL;
  for (guint i = 0; i < file->entries->len; i++)
    {
      const ChSoftEntry *entry = g_ptr_array_index (file->entries, i);

      if (key_id != NULL && g_ascii_strcasecmp (entry->key_id, key_id) != 0)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !add_item (items, entry, passphrase, error))
        return NULL;
    }
  return ch_pkcs12_export (items, of_file, error);
}

/* From now on the code of the other PC removes this token. */
static gboolean
begin_move (ChSoftToken *self, GBytes *move, GError **error)
{
  g_autofree char *path = get_move_path (self);
  g_autofree char *code = ch_soft_backup_format_code (move);
  g_autofree char *hash = hash_code (code);

  return ch_file_write_durably (path, hash, strlen (hash), 0600, error);
}

GBytes *
ch_soft_token_back_up (ChToken *token,
                       gboolean to_move,
                       GTlsInteraction *asker,
                       GCancellable *cancellable,
                       GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChKey) lock_key = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) move = NULL;

  if (file == NULL)
    return NULL;
  if (file->entries->len == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "there is nothing on the token");
      return NULL;
    }
  lock_key = ch_soft_token_open_sealed (self, file->lock, asker, &passphrase, cancellable, error);
  if (lock_key == NULL)
    return NULL;

  if (to_move)
    {
      move = ch_soft_backup_make_move (error);
      if (move == NULL || !begin_move (self, move, error))
        return NULL;
    }
  content = ch_soft_file_format (file);
  return ch_soft_backup_make (file->serial, file->label, content, move, passphrase, error);
}

static gboolean
check_code (ChSoftToken *self, const char *code, GError **error)
{
  g_autofree char *path = get_move_path (self);
  g_autoptr (GBytes) expected = ch_file_read (path, MAX_CODE, NULL);
  g_autoptr (GString) digits = g_string_new (NULL);
  g_autofree char *hash = NULL;

  /* People write codes in groups */
  for (const char *p = code; *p != 0; p++)
    if (*p != ' ' && *p != '-')
      g_string_append_c (digits, *p);
  hash = hash_code (digits->str);
  if (expected != NULL && g_bytes_get_size (expected) == strlen (hash)
      && memcmp (g_bytes_get_data (expected, NULL), hash, strlen (hash)) == 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_MOVE_CODE, "the code is not that of the back-up made last");
  return FALSE;
}

gboolean
ch_soft_token_remove (ChToken *token,
                      const char *move_code,
                      GTlsInteraction *asker,
                      GCancellable *cancellable,
                      GError **error)
{
  ChSoftToken *self = CH_SOFT_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->path, error);
  g_autoptr (ChSoftFile) file = lock != NULL ? ch_soft_token_load (self->path, error) : NULL;
  g_autofree char *move_path = get_move_path (self);
  g_autoptr (ChKey) lock_key = NULL;

  if (file == NULL || (move_code != NULL && !check_code (self, move_code, error)))
    return FALSE;
  lock_key = ch_soft_token_open_sealed (self, file->lock, asker, NULL, cancellable, error);
  if (lock_key == NULL || !ch_file_remove_durably (self->path, error))
    return FALSE;

  ch_file_remove_durably (move_path, NULL);
  ch_soft_tries_forget (self->path);
  ch_soft_token_lock (self);
  return TRUE;
}
