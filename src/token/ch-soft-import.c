#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-pkcs12.h"
#include "pki/ch-pkcs8.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-import.h"
#include "token/ch-soft-lock.h"
#include "token/ch-soft-token-private.h"

#define MAX_TRIES      5
#define MANY_TRIES     3
#define MAX_SERIAL     32
#define SUFFIX         ".token"
#define TEST_STATEMENT "certhall-restored/1"

/* What is to become a token */
typedef struct
{
  const char *dir;
  const char *new_serial;
  GBytes *file;
  GBytes *cert_file; /* (nullable) */
  GTlsInteraction *asker;
  GCancellable *cancellable;
} Import;

typedef gpointer (*OpenFunc) (const Import *import, ChSecret *passphrase, gpointer data, GError **error);

/* Asks for the passphrase of the file until it opens. */
static gpointer
ask_and_open (const Import *import,
              const char *description,
              OpenFunc open,
              gpointer data,
              ChSecret **passphrase,
              GError **error)
{
  for (guint n = 1;; n++)
    {
      GTlsPasswordFlags flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) secret = NULL;
      g_autoptr (GError) local = NULL;
      gpointer opened;

      if (n >= MANY_TRIES)
        flags |= G_TLS_PASSWORD_MANY_TRIES;
      if (n == MAX_TRIES)
        flags |= G_TLS_PASSWORD_FINAL_TRY;
      secret = ch_asker_ask (import->asker, CH_ASK_FILE, description, flags, import->cancellable, error);
      if (secret == NULL)
        return NULL;
      opened = open (import, secret, data, &local);
      if (opened != NULL)
        {
          if (passphrase != NULL)
            *passphrase = g_steal_pointer (&secret);
          return opened;
        }
      if (n == MAX_TRIES || !g_error_matches (local, CH_ERROR, CH_ERROR_FILE_PASSPHRASE))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
}

/* No key is ever there twice: it would not be known which one is deleted. */
static gboolean
check_unknown (const Import *import, const ChSoftFile *wanted, GError **error)
{
  g_autoptr (GDir) opened = g_dir_open (import->dir, 0, NULL);
  const char *name;

  while (opened != NULL && (name = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (import->dir, name, NULL);
      g_autoptr (ChSoftFile) file
          = g_str_has_suffix (name, SUFFIX) && name[0] != '.' ? ch_soft_token_load (path, NULL) : NULL;

      for (guint i = 0; file != NULL && i < wanted->entries->len; i++)
        {
          const ChSoftEntry *entry = g_ptr_array_index (wanted->entries, i);

          if (ch_soft_file_find (file, entry->key_id) == NULL)
            continue;
          g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_EXISTS, "the key is on token %s", file->serial);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_serial (const char *serial)
{
  gsize len = strlen (serial);

  return len > 0 && len <= MAX_SERIAL && strspn (serial, "0123456789") == len;
}

/* A sound token of that serial stays what it is. A damaged one is put aside, for somebody may yet make
 * something of it. */
static gboolean
make_room (const char *path, GError **error)
{
  g_autoptr (ChSoftFile) there = NULL;
  g_autofree char *aside = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  there = ch_soft_token_load (path, NULL);
  if (there != NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_EXISTS, "token %s is here", there->serial);
      return FALSE;
    }

  aside = g_strconcat (path, ".damaged", NULL);
  if (g_rename (path, aside) == 0)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "the damaged token cannot be put aside");
  return FALSE;
}

static gboolean
write_token (const Import *import, ChSoftFile *file, GError **error)
{
  g_autofree char *name = g_strconcat (file->serial, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (import->dir, name, NULL);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (path, error);

  return lock != NULL && check_unknown (import, file, error) && make_room (path, error)
         && ch_soft_token_save (path, file, error);
}

/* -- Back-ups -- */

typedef struct
{
  GBytes *content;
  GBytes *move; /* (nullable) */
} Restored;

static gpointer
open_backup (const Import *import, ChSecret *passphrase, gpointer data, GError **error)
{
  Restored *restored = data;

  restored->content = ch_soft_backup_open (import->file, passphrase, &restored->move, error);
  return restored->content;
}

/* The passphrase opens each key, it is the one the certificate is of, and it signs. */
static gboolean
prove_key (const ChSoftEntry *entry, ChSecret *passphrase, GError **error)
{
  g_autoptr (ChKey) key = ch_pkcs8_decrypt (entry->sealed, passphrase, error);
  g_autoptr (GBytes) statement = g_bytes_new_static (TEST_STATEMENT, sizeof TEST_STATEMENT);
  g_autoptr (GBytes) signature = key != NULL ? ch_key_sign (key, statement, NULL, error) : NULL;

  return signature != NULL && ch_spki_verify (entry->spki, statement, signature, NULL, error);
}

static char *
restore (const Import *import, char **move_code, GError **error)
{
  g_autofree char *label = ch_soft_backup_get_label (import->file);
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) move = NULL;
  g_autoptr (ChSoftFile) file = NULL;
  Restored restored = { NULL, NULL };

  if (label == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "the back-up is damaged, or of a newer program");
      return NULL;
    }
  content = ask_and_open (import, *label != 0 ? label : import->new_serial, open_backup, &restored,
                          &passphrase, error);
  move = restored.move;
  file = content != NULL ? ch_soft_file_parse (content, error) : NULL;
  if (file == NULL)
    return NULL;
  if (!is_serial (file->serial))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "the token in the back-up has no serial");
      return NULL;
    }

  for (guint i = 0; i < file->entries->len; i++)
    if (g_cancellable_set_error_if_cancelled (import->cancellable, error)
        || !prove_key (g_ptr_array_index (file->entries, i), passphrase, error))
      return NULL;
  if (!write_token (import, file, error))
    return NULL;
  if (move != NULL)
    *move_code = ch_soft_backup_format_code (move);
  return g_strdup (file->serial);
}

/* -- What other programs made -- */

static gpointer
open_pkcs12 (const Import *import, ChSecret *passphrase, gpointer data, GError **error)
{
  return ch_pkcs12_import (import->file, passphrase, CH_PKCS12_MAX_COST, error);
}

/* @data: EncryptedPrivateKeyInfo */
static gpointer
open_pkcs8 (const Import *import, ChSecret *passphrase, gpointer data, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (ChKey) key = ch_pkcs8_decrypt (data, passphrase, &local);
  GPtrArray *items;

  if (key == NULL)
    {
      ChErrorCode code = g_error_matches (local, CH_ERROR, CH_ERROR_PIN_WRONG) ? CH_ERROR_FILE_PASSPHRASE
                                                                               : CH_ERROR_FILE_DAMAGED;

      g_set_error (error, CH_ERROR, code, "%s", local->message);
      return NULL;
    }

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_pkcs12_item_free);
  g_ptr_array_add (items, ch_pkcs12_item_new (key, NULL, ""));
  return items;
}

/* Puts the certificate given besides to its key. */
static gboolean
add_cert (const Import *import, GPtrArray *items, GError **error)
{
  GBytes *from = import->cert_file != NULL ? import->cert_file : import->file;
  g_autoptr (GBytes) cert = ch_cert_from_data (from, import->cert_file != NULL ? error : NULL);
  g_autoptr (GBytes) spki = cert != NULL ? ch_cert_get_spki (cert, error) : NULL;

  if (spki == NULL)
    return import->cert_file == NULL;

  for (guint i = 0; i < items->len; i++)
    {
      ChPkcs12Item *item = items->pdata[i];

      if (!g_bytes_equal (ch_key_get_spki (item->key), spki))
        continue;
      g_clear_pointer (&item->cert, g_bytes_unref);
      item->cert = g_steal_pointer (&cert);
      return TRUE;
    }
  g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISMATCH, "the certificate is of none of the keys");
  return FALSE;
}

static gboolean
check_cert (ChPkcs12Item *item, GError **error)
{
  g_autoptr (ChCertInfo) info = NULL;

  if (item->cert == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_NO_CERTIFICATE, "a key has no certificate");
      return FALSE;
    }
  info = ch_cert_info_new (item->cert, error);
  if (info == NULL)
    return FALSE;
  if (ch_clock_now () > info->not_after)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_EXPIRED, "the certificate has ended");
      return FALSE;
    }
  g_free (item->label);
  item->label = g_strdup (ch_subject_find (info->subject, "CN"));
  if (item->label == NULL)
    item->label = g_strdup (info->subject_text);
  return TRUE;
}

static gboolean
add_entries (ChSoftFile *file, GPtrArray *items, ChSecret *passphrase, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const ChPkcs12Item *item = items->pdata[i];
      g_autoptr (GBytes) sealed = ch_pkcs8_encrypt (item->key, passphrase, error);
      ChSoftEntry *entry;

      if (sealed == NULL)
        return FALSE;
      entry = ch_soft_file_add (file, item->label, sealed, ch_key_get_spki (item->key));
      entry->cert = g_bytes_ref (item->cert);
    }
  return TRUE;
}

/* So that nobody types passphrases for nothing */
static gboolean
check_items (const Import *import, GPtrArray *items, GError **error)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (ChSoftFile) wanted = ch_soft_file_new (import->new_serial, "", nothing);

  for (guint i = 0; i < items->len; i++)
    {
      ChPkcs12Item *item = items->pdata[i];

      if (!check_cert (item, error))
        return FALSE;
      ch_soft_file_add (wanted, item->label, nothing, ch_key_get_spki (item->key));
    }
  return check_unknown (import, wanted, error);
}

static char *
take_over (const Import *import, GPtrArray *items, GError **error)
{
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChKey) lock_key = NULL;
  g_autoptr (GBytes) lock = NULL;
  g_autoptr (ChSoftFile) file = NULL;
  const char *label;

  if (!add_cert (import, items, error) || !check_items (import, items, error))
    return NULL;
  label = ((ChPkcs12Item *) items->pdata[0])->label;
  passphrase = ch_soft_token_ask_new (import->asker, CH_ASK_NEW, label, import->cancellable, error);
  lock_key = passphrase != NULL ? ch_key_generate (CH_KEY_P256, error) : NULL;
  lock = lock_key != NULL ? ch_pkcs8_encrypt (lock_key, passphrase, error) : NULL;
  if (lock == NULL)
    return NULL;

  file = ch_soft_file_new (import->new_serial, label, lock);
  if (!add_entries (file, items, passphrase, error)
      || g_cancellable_set_error_if_cancelled (import->cancellable, error)
      || !write_token (import, file, error))
    return NULL;
  return g_strdup (file->serial);
}

/**
 * ch_soft_import:
 * @dir: where the tokens lie
 * @new_serial: for what is no back-up
 * @file: from outside
 * @cert_file: (nullable): the certificate of a bare key
 * @asker: is asked for passphrases
 * @move_code: (out): set when a token was moved here
 * @error: says which part of @file is wrong; nothing was changed then
 *
 * Makes a token of a file. Takes seconds, so call it in a worker.
 *
 * Returns: (transfer full): the token’s serial
 */
char *
ch_soft_import (const char *dir,
                const char *new_serial,
                GBytes *file,
                GBytes *cert_file,
                GTlsInteraction *asker,
                GCancellable *cancellable,
                char **move_code,
                GError **error)
{
  Import import = { dir, new_serial, file, cert_file, asker, cancellable };
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autoptr (GPtrArray) items = NULL;
  guint64 cost = 0;

  *move_code = NULL;
  if (ch_soft_backup_is_one (file))
    return restore (&import, move_code, error);

  if (ch_pkcs12_is_one (file))
    items = ask_and_open (&import, "PKCS #12", open_pkcs12, NULL, NULL, error);
  else
    {
      sealed = ch_pkcs8_from_data (file, NULL);
      if (sealed != NULL && ch_pkcs8_read_cost (sealed, &cost))
        items = ask_and_open (&import, "PKCS #8", open_pkcs8, sealed, NULL, error);
      else
        {
          cert = ch_cert_from_data (file, NULL);
          g_set_error (error, CH_ERROR, cert != NULL ? CH_ERROR_FILE_NO_KEY : CH_ERROR_FILE_FOREIGN,
                       "the file is no back-up, no PKCS #12 and no encrypted key");
        }
    }
  return items != NULL ? take_over (&import, items, error) : NULL;
}
