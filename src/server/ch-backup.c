#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-sealed.h"
#include "server/ch-backup.h"
#include "server/ch-db-copy.h"
#include "server/ch-db.h"
#include "server/ch-offer.h"
#include "wire/ch-policy.h"

#define FORMAT       1
#define MANIFEST     "manifest.json"
#define DB_FILE      "certhall.db"
#define PROFILE_FILE "profile.json"
#define MAX_MANIFEST (1024 * 1024)
#define MAX_KEY      65536
#define PIECE        (256 * 1024)

CH_WIRE_DEFINE (ChBackupFile, ch_backup_file, CH_BACKUP_FILE_FIELDS, "backup-file")
CH_WIRE_DEFINE (ChBackupManifest, ch_backup_manifest, CH_BACKUP_MANIFEST_FIELDS, "backup")

/* What a file must be so that it may be carried off */
typedef enum
{
  IS_PUBLIC,    /* no key in the clear */
  IS_ENCRYPTED, /* a key, encrypted */
  IS_SEALED,    /* made by ch_sealed_make() */
} Nature;

/* What a store is, beside its database. The roots’ keys are elsewhere by now, and the passphrase of the
 * others must not lie beside them: neither is copied. */
static const struct
{
  const char *folder; /* NULL: one file */
  const char *name;   /* or the ending of names in the folder; NULL: all */
  Nature nature;
  gboolean may_lack; /* stores of before had none */
} parts[] = {
  { NULL, "tls-ca.pem", IS_PUBLIC, FALSE },   { "ca", NULL, IS_PUBLIC, FALSE },
  { "keys", ".key", IS_ENCRYPTED, FALSE },    { "keys", ".sealed", IS_SEALED, FALSE },
  { CH_OFFER_FOLDER, NULL, IS_PUBLIC, TRUE },
};

/* How what a store may have besides ends: what it must not carry along (its own passphrase, tokens, keys of
 * roots) is called otherwise */
static const char *const endings[] = { ".conf", ".pem", ".crt", ".cer", ".der", ".pub", ".txt" };

/* What has been written so far, to be taken away again when it fails */
typedef struct
{
  const char *from;
  const char *to;
  GPtrArray *more;            /* (nullable) (element-type filename): besides what every store has */
  ChBackupManifest *manifest; /* (owned) */
  GPtrArray *written;         /* (owned) (element-type filename) */
} Copy;

static gboolean
fail (GError **error, const char *path, int saved)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", path, g_strerror (saved));
  return FALSE;
}

/* Reads @in to its end; what is read is summed up and written to @out, if there is one. 0 or errno. */
static int
pump (int in, int out, GChecksum *sum, gint64 *size)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  gssize n;

  while ((n = read (in, piece, PIECE)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno;
      g_checksum_update (sum, piece, n);
      *size += n;
      if (out >= 0 && !ch_file_write_all (out, piece, n))
        return errno;
    }
  return out >= 0 && fsync (out) != 0 ? errno : 0;
}

/* Copies a file durably (or only reads it, when @to is NULL) and says what it was. */
static ChBackupFile *
take_file (const char *from, const char *to, int mode, const char *name, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (ChBackupFile) file = ch_wire_new (&ChBackupFile_wire);
  int in = open (from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  int out = -1, saved;
  struct stat info;

  if (in < 0)
    {
      fail (error, from, errno);
      return NULL;
    }
  if (to != NULL)
    out = open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fstat (in, &info) != 0 || (to != NULL && out < 0))
    saved = errno;
  else
    saved = S_ISREG (info.st_mode) ? pump (in, out, sum, &file->size) : EINVAL;
  if (out >= 0 && close (out) != 0 && saved == 0)
    saved = errno;
  close (in);
  if (saved != 0)
    {
      fail (error, to != NULL ? to : from, saved);
      return NULL;
    }

  file->path = g_strdup (name);
  file->sha256 = g_strdup (g_checksum_get_string (sum));
  return g_steal_pointer (&file);
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | flags);
  int saved = fd >= 0 && fsync (fd) == 0 ? 0 : errno;

  if (fd >= 0)
    close (fd);
  return saved == 0 ? TRUE : fail (error, path, saved);
}

static gboolean
sync_folder (const char *path, GError **error)
{
  return sync_path (path, O_DIRECTORY, error);
}

/* A folder of nobody’s: made, or empty */
static gboolean
claim_folder (const char *path, GError **error)
{
  g_autoptr (GDir) dir = NULL;

  if (!ch_file_make_dir (path, error))
    return FALSE;
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return FALSE;
  if (g_dir_read_name (dir) == NULL)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is not empty", path);
  return FALSE;
}

/* What was begun is not left lying about: it would be taken for something */
static void
undo (Copy *self)
{
  for (guint i = self->written->len; i > 0; i--)
    {
      g_autofree char *path = g_build_filename (self->to, self->written->pdata[i - 1], NULL);

      g_remove (path);
    }
}

static gboolean
make_folder (Copy *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->to, name, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_ptr_array_add (self->written, g_strdup (name));
  return ch_file_make_dir (path, error);
}

static gboolean
make_folder_of (Copy *self, const char *name, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (name);

  return make_folder (self, folder, error);
}

static gboolean
sync_folder_of (Copy *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->to, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  return sync_folder (folder, error);
}

/* What every store consists of, and nothing that leads elsewhere */
static gboolean
is_fixed (const char *path)
{
  const char *slash = strchr (path, '/');

  if (g_str_equal (path, DB_FILE) || g_str_equal (path, PROFILE_FILE) || g_str_equal (path, "tls-ca.pem"))
    return TRUE;
  if (slash == NULL || slash[1] == 0 || slash[1] == '.' || strchr (slash + 1, '/') != NULL)
    return FALSE;
  if (g_str_has_prefix (path, CH_OFFER_FOLDER "/"))
    return ch_file_name_is_plain (slash + 1);
  return g_str_has_prefix (path, "ca/")
         || (g_str_has_prefix (path, "keys/")
             && (g_str_has_suffix (path, ".key") || g_str_has_suffix (path, ".sealed")));
}

/**
 * ch_backup_can_hold:
 * @name: of a file, as the store names it
 *
 * Returns: whether it lies in the folder of the store, or in one below, and may be copied
 */
gboolean
ch_backup_can_hold (const char *name)
{
  g_auto (GStrv) words = g_strsplit (name, "/", -1);
  guint n = g_strv_length (words);

  if (n > 2)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (*words[i] == 0 || *words[i] == '.')
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      return TRUE;
  return FALSE;
}

/* -- Making
 * --------------------------------------------------------------------------------------------------------
 */

static gboolean
has_nature (GBytes *content, Nature nature)
{
  static const char encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  gsize len = 0;
  const char *text = g_bytes_get_data (content, &len);

  switch (nature)
    {
    case IS_ENCRYPTED:
      return text != NULL && g_strstr_len (text, len, encrypted) == text;
    case IS_SEALED:
      return ch_sealed_is_sealed (content);
    default:
      return text == NULL || g_strstr_len (text, len, "PRIVATE KEY-----") == NULL;
    }
}

static gboolean
check_nature (const char *path, Nature nature, GError **error)
{
  g_autoptr (GBytes) content = ch_file_read (path, MAX_KEY, error);

  if (content == NULL)
    return FALSE;
  if (has_nature (content, nature))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE,
               nature == IS_PUBLIC ? "%s holds a private key: it is not copied"
                                   : "%s is no encrypted key: it is not copied",
               path);
  return FALSE;
}

static gboolean
add_file (Copy *self, const char *name, Nature nature, GError **error)
{
  g_autofree char *from = g_build_filename (self->from, name, NULL);
  g_autofree char *to = g_build_filename (self->to, name, NULL);
  ChBackupFile *file;

  if (nature != IS_PUBLIC && !check_nature (from, nature, error))
    return FALSE;
  g_ptr_array_add (self->written, g_strdup (name));
  file = take_file (from, to, 0600, name, error);
  if (file == NULL)
    return FALSE;
  g_ptr_array_add (self->manifest->files, file);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_folder (Copy *self, const char *folder, const char *ending, Nature nature, GError **error)
{
  g_autofree char *path = g_build_filename (self->from, folder, NULL);
  g_autofree char *copy = g_build_filename (self->to, folder, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  if (dir == NULL || !make_folder (self, folder, error))
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    /* Half written ones end in .tmp */
    if ((ending == NULL && !g_str_has_suffix (name, ".tmp"))
        || (ending != NULL && g_str_has_suffix (name, ending)))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    if (!add_file (self, names->pdata[i], nature, error))
      return FALSE;
  return sync_folder (copy, error);
}

/* In a folder of the store perhaps, which is made first and synced afterwards */
static gboolean
add_more (Copy *self, const char *name, GError **error)
{
  g_autofree char *from = g_build_filename (self->from, name, NULL);

  if (is_fixed (name) || !ch_backup_can_hold (name))
    return TRUE;
  return check_nature (from, IS_PUBLIC, error) && make_folder_of (self, name, error)
         && add_file (self, name, IS_PUBLIC, error) && sync_folder_of (self, name, error);
}

static gboolean
add_database (Copy *self, GError **error)
{
  g_autofree char *from = g_build_filename (self->from, DB_FILE, NULL);
  g_autofree char *to = g_build_filename (self->to, DB_FILE, NULL);
  ChBackupFile *file;

  g_ptr_array_add (self->written, g_strdup (DB_FILE));
  if (!ch_db_copy (from, to, error))
    return FALSE;
  if (g_chmod (to, 0600) != 0)
    return fail (error, to, errno);

  if (!sync_path (to, 0, error))
    return FALSE;
  file = take_file (to, NULL, 0, DB_FILE, error);
  if (file == NULL)
    return FALSE;
  g_ptr_array_add (self->manifest->files, file);
  return TRUE;
}

static gboolean
is_there (Copy *self, const char *folder)
{
  g_autofree char *path = g_build_filename (self->from, folder, NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
add_parts (Copy *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if ((!parts[i].may_lack || is_there (self, parts[i].folder))
        && (parts[i].folder == NULL
                ? !add_file (self, parts[i].name, parts[i].nature, error)
                : !add_folder (self, parts[i].folder, parts[i].name, parts[i].nature, error)))
      return FALSE;
  for (guint i = 0; self->more != NULL && i < self->more->len; i++)
    if (!add_more (self, self->more->pdata[i], error))
      return FALSE;

  return add_database (self, error) && add_file (self, PROFILE_FILE, FALSE, error);
}

static gboolean
write_manifest (Copy *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->to, MANIFEST, NULL);
  g_autoptr (GBytes) json = ch_wire_encode (&ChBackupManifest_wire, self->manifest);

  return ch_file_write_durably (path, g_bytes_get_data (json, NULL), g_bytes_get_size (json), 0600, error);
}

/**
 * ch_backup_make:
 * @dir: the folder of a store; it may be served meanwhile
 * @to: a folder that is not there yet, or empty
 * @more: (nullable) (element-type filename): what this store has besides; what it cannot hold is left out
 *
 * Copies a store as it was at one moment: accounts, applications, documents, certificates, keys as they lie
 * encrypted. Neither the passphrase nor the roots’ keys are in it.
 */
gboolean
ch_backup_make (const char *dir, const char *to, GPtrArray *more, GError **error)
{
  g_autoptr (ChBackupManifest) manifest = ch_wire_new (&ChBackupManifest_wire);
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  Copy copy = { dir, to, more, manifest, written };

  if (!claim_folder (to, error))
    return FALSE;

  manifest->format = FORMAT;
  manifest->program = g_strdup (CH_VERSION);
  manifest->made = ch_clock_now ();
  manifest->files = ch_wire_list_new (&ChBackupFile_wire);
  if (add_parts (&copy, error) && sync_folder (to, error) && write_manifest (&copy, error))
    return TRUE;
  undo (&copy);
  return FALSE;
}

/* -- Restoring
 * -----------------------------------------------------------------------------------------------------
 */

static ChBackupManifest *
read_manifest (const char *from, GError **error)
{
  g_autofree char *path = g_build_filename (from, MANIFEST, NULL);
  g_autoptr (GBytes) json = ch_file_read (path, MAX_MANIFEST, error);
  g_autoptr (ChBackupManifest) manifest
      = json != NULL ? ch_wire_decode (&ChBackupManifest_wire, json, error) : NULL;

  if (manifest == NULL)
    {
      g_prefix_error (error, "%s is no whole copy of a store: ", from);
      return NULL;
    }
  if (manifest->format != FORMAT)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s was made by a newer program", from);
      return NULL;
    }
  return g_steal_pointer (&manifest);
}

static gboolean
is_named (Copy *self, const char *path)
{
  return self->more != NULL && g_ptr_array_find_with_equal_func (self->more, path, g_str_equal, NULL)
         && ch_backup_can_hold (path);
}

static gboolean
restore_file (Copy *self, const ChBackupFile *wanted, GError **error)
{
  g_autofree char *from = g_build_filename (self->from, wanted->path, NULL);
  g_autofree char *to = g_build_filename (self->to, wanted->path, NULL);
  g_autoptr (ChBackupFile) file = NULL;

  if (!make_folder_of (self, wanted->path, error))
    return FALSE;
  g_ptr_array_add (self->written, g_strdup (wanted->path));
  file = take_file (from, to, g_str_has_prefix (wanted->path, "ca/") ? 0644 : 0600, wanted->path, error);
  if (file == NULL)
    return FALSE;
  if (file->size == wanted->size && g_str_equal (file->sha256, wanted->sha256))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is not what was copied: it was changed or damaged", from);
  return FALSE;
}

/* The profile comes last: without it there is no store */
static gboolean
restore_files (Copy *self, gboolean is_last, GError **error)
{
  for (guint i = 0; i < self->manifest->files->len; i++)
    {
      const ChBackupFile *file = self->manifest->files->pdata[i];

      if (!is_fixed (file->path) && !is_named (self, file->path))
        {
          g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is no part of a store", file->path);
          return FALSE;
        }
      if (g_str_equal (file->path, PROFILE_FILE) == is_last
          && (!restore_file (self, file, error) || !sync_folder_of (self, file->path, error)))
        return FALSE;
    }
  return TRUE;
}

/* Who had logged out since must not be logged in again, a code that was spent not be good again. Lists of
 * revoked certificates that went out since had higher numbers: those to come have higher ones still. */
static gpointer
forget_moment (ChDbTx *tx, gpointer data, GError **error)
{
  static const char *const changes[] = {
    "DELETE FROM session",
    "DELETE FROM ticket",
    "DELETE FROM sms_code",
    "UPDATE crl SET number = number + 1000000, next_update = 0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (!ch_db_run (tx, changes[i], NULL, error))
      return NULL;
  return CH_DB_DONE;
}

static gboolean
renew_database (const char *path, GError **error)
{
  g_autoptr (ChDb) db = NULL;

  if (!ch_db_check (path, error))
    return FALSE;
  db = ch_db_open (path, error);
  return db != NULL && ch_db_write (db, forget_moment, NULL, NULL, error) != NULL;
}

/**
 * ch_backup_restore:
 * @from: made by ch_backup_make()
 * @dir: a folder that is not there yet, or empty
 * @more: (nullable) (element-type filename): what that store had besides
 * @error: %CH_ERROR_FILE when something is missing, changed or damaged
 *
 * Makes a store of a copy. Nobody is logged in on it.
 */
gboolean
ch_backup_restore (const char *from, const char *dir, GPtrArray *more, GError **error)
{
  g_autoptr (ChBackupManifest) manifest = read_manifest (from, error);
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *db_path = g_build_filename (dir, DB_FILE, NULL);
  Copy copy = { from, dir, more, manifest, written };

  if (manifest == NULL || !claim_folder (dir, error))
    return FALSE;

  if (restore_files (&copy, FALSE, error) && renew_database (db_path, error)
      && restore_files (&copy, TRUE, error))
    return TRUE;
  undo (&copy);
  return FALSE;
}
