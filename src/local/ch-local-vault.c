#include "config.h"

#include "local/ch-local-vault.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-worker.h"

#define CONTENT_LIMIT (34 * 1024 * 1024)
#define SESSION_LIMIT 4096
/* Seconds after which what a killed program left half written is nobody’s any more */
#define LEFTOVER_AGE 3600
#define N_KINDS      4

static const char *const folders[] = { [CH_VAULT_DRAFT] = "drafts",
                                       [CH_VAULT_JOURNAL] = "journal",
                                       [CH_VAULT_DOCUMENT] = "documents",
                                       [CH_VAULT_KNOWN] = "known" };

G_STATIC_ASSERT (G_N_ELEMENTS (folders) == N_KINDS);

/* What was put last and is not on the disk yet */
typedef struct
{
  GBytes *content; /* (owned) (nullable): taken away */
  guint64 number;  /* of the put */
} Pending;

typedef struct
{
  ChVaultKind kind;
  char *id;
  GBytes *content; /* (owned) (nullable) */
  guint64 number;
} Put;

struct _ChLocalVault
{
  GObject parent_instance;

  char *dirs[N_KINDS]; /* (nullable): nothing is written */
  char *session_path;  /* (nullable): nothing is written */
  char *server_url;
  ChSecret *session; /* (owned) (nullable): only when nothing is written */
  ChWorker *worker;  /* (owned): one thread, so that puts take effect in their order */

  GMutex lock;
  GCond idle;                   /* unwritten has become 0 */
  GHashTable *pending[N_KINDS]; /* id → Pending; under the lock */
  guint64 n_puts;               /* under the lock */
  guint unwritten;              /* puts on their way; under the lock */
};

static void ch_local_vault_init_vault (ChVaultInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChLocalVault,
                               ch_local_vault,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_VAULT, ch_local_vault_init_vault))

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_clear_pointer (&pending->content, g_bytes_unref);
  g_free (pending);
}

static void
put_free (gpointer data)
{
  Put *put = data;

  g_free (put->id);
  g_clear_pointer (&put->content, g_bytes_unref);
  g_free (put);
}

/* One file name for each id, whatever is in it. It never has a dot: what has one is half written. */
static char *
escape (const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  GString *name = g_string_new (escaped);

  g_string_replace (name, ".", "%2E", 0);
  return g_string_free (name, FALSE);
}

static char *
build_path (ChLocalVault *self, ChVaultKind kind, const char *id)
{
  g_autofree char *name = escape (id);

  return g_build_filename (self->dirs[kind], name, NULL);
}

static gboolean
write_put (ChLocalVault *self, const Put *put, GError **error)
{
  g_autofree char *path = NULL;
  gconstpointer data;
  gsize len = 0;

  if (self->dirs[put->kind] == NULL)
    return TRUE;

  path = build_path (self, put->kind, put->id);
  if (put->content == NULL)
    return ch_file_remove_durably (path, error);

  data = g_bytes_get_data (put->content, &len);
  return ch_file_make_dir (self->dirs[put->kind], error)
         && ch_file_write_durably (path, data, len, 0600, error);
}

static void
put_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ChLocalVault *self = source;
  Put *put = data;
  GError *error = NULL;
  gboolean is_written = write_put (self, put, &error);
  Pending *pending;

  g_mutex_lock (&self->lock);
  /* What is kept in memory only stays there. What could not be written is given back to who put it. */
  pending = g_hash_table_lookup (self->pending[put->kind], put->id);
  if (pending != NULL && pending->number == put->number
      && (self->dirs[put->kind] != NULL || put->content == NULL))
    g_hash_table_remove (self->pending[put->kind], put->id);
  if (--self->unwritten == 0)
    g_cond_broadcast (&self->idle);
  g_mutex_unlock (&self->lock);

  if (is_written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
ch_local_vault_put_async (ChVault *vault,
                          ChVaultKind kind,
                          const char *id,
                          GBytes *content,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ChLocalVault *self = CH_LOCAL_VAULT (vault);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Pending *pending = g_new0 (Pending, 1);
  Put *put = g_new0 (Put, 1);
  g_autoptr (GError) error = NULL;

  put->kind = kind;
  put->id = g_strdup (id);
  put->content = content != NULL ? g_bytes_ref (content) : NULL;
  pending->content = content != NULL ? g_bytes_ref (content) : NULL;

  g_mutex_lock (&self->lock);
  put->number = pending->number = ++self->n_puts;
  self->unwritten++;
  g_hash_table_replace (self->pending[kind], g_strdup (id), pending);
  g_mutex_unlock (&self->lock);

  g_task_set_source_tag (task, ch_local_vault_put_async);
  g_task_set_task_data (task, put, put_free);
  /* Without a limit of the queue this fails only when no thread can be had, and then it waits for one */
  if (!ch_worker_push (self->worker, task, put_thread, &error))
    g_warning ("the vault waits for a thread: %s", error->message);
}

static gboolean
ch_local_vault_put_finish (ChVault *vault, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, vault), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static GBytes *
ch_local_vault_get (ChVault *vault, ChVaultKind kind, const char *id)
{
  ChLocalVault *self = CH_LOCAL_VAULT (vault);
  g_autoptr (GBytes) content = NULL;
  g_autofree char *path = NULL;
  Pending *pending;

  g_mutex_lock (&self->lock);
  pending = g_hash_table_lookup (self->pending[kind], id);
  if (pending != NULL && pending->content != NULL)
    content = g_bytes_ref (pending->content);
  g_mutex_unlock (&self->lock);

  if (pending != NULL || self->dirs[kind] == NULL)
    return g_steal_pointer (&content);

  path = build_path (self, kind, id);
  return ch_file_read (path, CONTENT_LIMIT, NULL);
}

static void
add_written (ChLocalVault *self, ChVaultKind kind, GHashTable *ids)
{
  g_autoptr (GDir) dir = self->dirs[kind] != NULL ? g_dir_open (self->dirs[kind], 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      char *id = strchr (name, '.') == NULL ? g_uri_unescape_string (name, NULL) : NULL;

      if (id != NULL)
        g_hash_table_add (ids, id);
    }
}

static void
apply_pending (ChLocalVault *self, ChVaultKind kind, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer id, value;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->pending[kind]);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const Pending *pending = value;

      if (pending->content != NULL)
        g_hash_table_add (ids, g_strdup (id));
      else
        g_hash_table_remove (ids, id);
    }
  g_mutex_unlock (&self->lock);
}

static GStrv
ch_local_vault_list (ChVault *vault, ChVaultKind kind)
{
  ChLocalVault *self = CH_LOCAL_VAULT (vault);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GList) sorted = NULL;

  add_written (self, kind, ids);
  apply_pending (self, kind, ids);
  sorted = g_list_sort (g_hash_table_get_keys (ids), (GCompareFunc) strcmp);
  for (GList *l = sorted; l != NULL; l = l->next)
    g_strv_builder_add (builder, l->data);
  return g_strv_builder_end (builder);
}

/* -- The session
 * ---------------------------------------------------------------------------------------------- */

typedef struct
{
  ChLocalVault *self;
  GError **error;
} SessionWrite;

/* `URL\nTOKEN`: a file of another server is none of ours */
static gboolean
write_session (const guint8 *data, gsize len, gpointer user_data)
{
  SessionWrite *job = user_data;
  gsize head = strlen (job->self->server_url) + 1;
  g_autofree char *text = g_malloc (head + len);
  gboolean is_written;

  memcpy (text, job->self->server_url, head - 1);
  text[head - 1] = '\n';
  memcpy (text + head, data, len);
  is_written = ch_file_write_durably (job->self->session_path, text, head + len, 0600, job->error);
  ch_secret_wipe (text, head + len);
  return is_written;
}

static gboolean
ch_local_vault_put_session (ChVault *vault, ChSecret *token, GError **error)
{
  ChLocalVault *self = CH_LOCAL_VAULT (vault);
  SessionWrite job = { self, error };
  g_autofree char *dir = NULL;

  if (self->session_path == NULL)
    {
      if (token != NULL)
        ch_secret_ref (token);
      g_clear_pointer (&self->session, ch_secret_unref);
      self->session = token;
      return TRUE;
    }

  if (token == NULL)
    return ch_file_remove_durably (self->session_path, error);
  dir = g_path_get_dirname (self->session_path);
  return ch_file_make_dir (dir, error) && ch_secret_with (token, write_session, &job);
}

/* Somebody else’s file, or one others could read, is no session of ours */
static gboolean
is_own_file (const char *path)
{
  struct stat st;

  return lstat (path, &st) == 0 && S_ISREG (st.st_mode) && st.st_uid == geteuid () && (st.st_mode & 077) == 0;
}

static ChSecret *
ch_local_vault_get_session (ChVault *vault)
{
  ChLocalVault *self = CH_LOCAL_VAULT (vault);
  g_autoptr (GBytes) bytes = NULL;
  ChSecret *token = NULL;
  const char *text;
  gsize len = 0;
  gsize head = strlen (self->server_url) + 1;

  if (self->session_path == NULL)
    return self->session != NULL ? ch_secret_ref (self->session) : NULL;
  if (!is_own_file (self->session_path))
    return NULL;
  bytes = ch_file_read (self->session_path, SESSION_LIMIT, NULL);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &len);
  if (len > head && memcmp (text, self->server_url, head - 1) == 0 && text[head - 1] == '\n')
    token = ch_secret_new (text + head, len - head);
  /* Read for us alone: nobody else holds these bytes */
  ch_secret_wipe ((gpointer) text, len);
  return token;
}

static void
ch_local_vault_init_vault (ChVaultInterface *iface)
{
  iface->put_async = ch_local_vault_put_async;
  iface->put_finish = ch_local_vault_put_finish;
  iface->get = ch_local_vault_get;
  iface->list = ch_local_vault_list;
  iface->put_session = ch_local_vault_put_session;
  iface->get_session = ch_local_vault_get_session;
}

static void
ch_local_vault_finalize (GObject *object)
{
  ChLocalVault *self = CH_LOCAL_VAULT (object);

  g_clear_pointer (&self->worker, ch_worker_free);
  for (guint i = 0; i < N_KINDS; i++)
    {
      g_free (self->dirs[i]);
      g_clear_pointer (&self->pending[i], g_hash_table_unref);
    }
  g_free (self->session_path);
  g_free (self->server_url);
  g_clear_pointer (&self->session, ch_secret_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->idle);

  G_OBJECT_CLASS (ch_local_vault_parent_class)->finalize (object);
}

static void
ch_local_vault_class_init (ChLocalVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_local_vault_finalize;
}

static void
ch_local_vault_init (ChLocalVault *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->idle);
  self->worker = ch_worker_new ("vault", 1, 0);
  for (guint i = 0; i < N_KINDS; i++)
    self->pending[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pending_free);
}

/* A program that was killed while writing left a file with a dot; a young one may be another’s in the writing
 */
static void
remove_leftovers (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      struct stat st;

      if (strchr (name, '.') != NULL && lstat (file, &st) == 0 && now - st.st_mtime > LEFTOVER_AGE)
        g_unlink (file);
    }
}

/**
 * ch_local_vault_new:
 * @state_dir: (nullable): where drafts and journal lie; %NULL writes nothing (shared PCs)
 * @runtime_dir: (nullable): where the session lies; %NULL writes nothing
 * @server_url: whose they are; each server has its own
 *
 * Returns: (transfer full): the vault; %NULL with @error set when the folders cannot be made
 */
ChLocalVault *
ch_local_vault_new (const char *state_dir, const char *runtime_dir, const char *server_url, GError **error)
{
  g_autoptr (ChLocalVault) self = g_object_new (CH_TYPE_LOCAL_VAULT, NULL);
  g_autofree char *name = escape (server_url);

  self->server_url = g_strdup (server_url);
  for (guint i = 0; state_dir != NULL && i < N_KINDS; i++)
    {
      self->dirs[i] = g_build_filename (state_dir, name, folders[i], NULL);
      if (!ch_file_make_dir (self->dirs[i], error))
        return NULL;
      remove_leftovers (self->dirs[i]);
    }

  if (runtime_dir != NULL)
    {
      g_autofree char *file = g_strconcat ("session-", name, NULL);

      self->session_path = g_build_filename (runtime_dir, file, NULL);
    }

  return g_steal_pointer (&self);
}

/**
 * ch_local_vault_flush:
 *
 * Waits until everything that was put is on the disk, or has failed: before a program ends.
 */
void
ch_local_vault_flush (ChLocalVault *self)
{
  g_mutex_lock (&self->lock);
  while (self->unwritten > 0)
    g_cond_wait (&self->idle, &self->lock);
  g_mutex_unlock (&self->lock);
}
