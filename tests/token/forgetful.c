#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "token/forgetful.h"

/* The calls of ch-file.c come here by the linker’s --wrap */
int __real_open64 (const char *path, int flags, ...);
ssize_t __real_write (int fd, const void *data, size_t len);
int __real_fsync (int fd);
int __real_rename (const char *from, const char *to);
int __real_g_unlink (const char *path);
int __wrap_open64 (const char *path, int flags, ...);
ssize_t __wrap_write (int fd, const void *data, size_t len);
int __wrap_fsync (int fd);
int __wrap_rename (const char *from, const char *to);
int __wrap_g_unlink (const char *path);

#define MAX_FDS 1024

typedef struct
{
  GByteArray *content; /* as programs see it */
  gsize n_synced;      /* how much of it the disk has: files here are only appended to */
} Inode;

/* A change of the folder on its way to the disk */
typedef struct
{
  char *name;
  Inode *inode; /* (unowned) (nullable): NULL when the name goes */
} Change;

static struct
{
  GMutex lock;
  char *dir;
  GPtrArray *inodes;  /* (owned) (element-type Inode) */
  GHashTable *now;    /* name → Inode */
  GHashTable *disk;   /* name → Inode */
  GPtrArray *changes; /* (owned) (element-type Change) */
  Inode *open[MAX_FDS];
  gboolean is_dir[MAX_FDS];
  guint n_calls;
  guint fails_at;
  gboolean has_failed;
  gboolean is_half;
} fs = { .fails_at = G_MAXUINT };

static void
inode_free (gpointer data)
{
  Inode *inode = data;

  g_byte_array_unref (inode->content);
  g_free (inode);
}

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->name);
  g_free (change);
}

static Inode *
make_inode (void)
{
  Inode *inode = g_new0 (Inode, 1);

  inode->content = g_byte_array_new ();
  g_ptr_array_add (fs.inodes, inode);
  return inode;
}

/* Lock files and counters beside are of no matter: what is told apart are names without a dot before them */
static const char *
get_name (const char *path)
{
  const char *slash = strrchr (path, '/');

  if (fs.dir == NULL || slash == NULL || (gsize) (slash - path) != strlen (fs.dir)
      || strncmp (path, fs.dir, slash - path) != 0 || slash[1] == '.')
    return NULL;
  return slash + 1;
}

static gboolean
fail_now (void)
{
  if (!fs.has_failed && fs.n_calls++ == fs.fails_at)
    fs.has_failed = TRUE;
  if (fs.has_failed)
    errno = EIO;
  return fs.has_failed;
}

static void
set_name (GHashTable *names, const char *name, Inode *inode)
{
  if (inode != NULL)
    g_hash_table_replace (names, g_strdup (name), inode);
  else
    g_hash_table_remove (names, name);
}

static void
change_name (const char *name, Inode *inode)
{
  Change *change = g_new0 (Change, 1);

  change->name = g_strdup (name);
  change->inode = inode;
  g_ptr_array_add (fs.changes, change);
  set_name (fs.now, name, inode);
}

int
__wrap_open64 (const char *path, int flags, ...)
{
  const char *name = get_name (path);
  gboolean is_dir = fs.dir != NULL && g_str_equal (path, fs.dir);
  va_list args;
  int mode, fd;

  va_start (args, flags);
  mode = (flags & O_CREAT) != 0 ? va_arg (args, int) : 0;
  va_end (args);

  g_mutex_lock (&fs.lock);
  if (name != NULL && (flags & O_CREAT) != 0 && fail_now ())
    fd = -1;
  else
    fd = __real_open64 (path, flags, mode);
  if (fd >= 0 && fd < MAX_FDS)
    {
      fs.is_dir[fd] = is_dir;
      fs.open[fd] = NULL;
      if (name != NULL && (flags & O_CREAT) != 0)
        {
          fs.open[fd] = make_inode ();
          change_name (name, fs.open[fd]);
        }
    }
  g_mutex_unlock (&fs.lock);
  return fd;
}

ssize_t
__wrap_write (int fd, const void *data, size_t len)
{
  Inode *inode = fd >= 0 && fd < MAX_FDS ? fs.open[fd] : NULL;
  gssize result = -1;

  if (inode == NULL)
    return __real_write (fd, data, len);

  g_mutex_lock (&fs.lock);
  if (!fail_now ())
    {
      g_byte_array_append (inode->content, data, len);
      result = __real_write (fd, data, len);
    }
  g_mutex_unlock (&fs.lock);
  return result;
}

int
__wrap_fsync (int fd)
{
  int result = 0;

  if (fd < 0 || fd >= MAX_FDS || (fs.open[fd] == NULL && !fs.is_dir[fd]))
    return __real_fsync (fd);

  g_mutex_lock (&fs.lock);
  if (fail_now ())
    result = -1;
  else if (fs.is_dir[fd])
    {
      for (guint i = 0; i < fs.changes->len; i++)
        set_name (fs.disk, ((Change *) fs.changes->pdata[i])->name, ((Change *) fs.changes->pdata[i])->inode);
      g_ptr_array_set_size (fs.changes, 0);
    }
  else
    fs.open[fd]->n_synced = fs.open[fd]->content->len;
  g_mutex_unlock (&fs.lock);
  return result;
}

int
__wrap_rename (const char *from, const char *to)
{
  const char *name = get_name (from);
  const char *new_name = get_name (to);
  int result = -1;

  g_mutex_lock (&fs.lock);
  if (name == NULL || new_name == NULL)
    result = __real_rename (from, to);
  else if (!fail_now () && __real_rename (from, to) == 0)
    {
      Inode *inode = g_hash_table_lookup (fs.now, name);

      change_name (new_name, inode);
      change_name (name, NULL);
      result = 0;
    }
  g_mutex_unlock (&fs.lock);
  return result;
}

int
__wrap_g_unlink (const char *path)
{
  const char *name = get_name (path);
  int result = -1;

  g_mutex_lock (&fs.lock);
  if (name == NULL)
    result = __real_g_unlink (path);
  else if (!fail_now ())
    {
      result = __real_g_unlink (path);
      if (result == 0)
        change_name (name, NULL);
    }
  g_mutex_unlock (&fs.lock);
  return result;
}

/* What is in @dir now counts as synced */
void
forgetful_watch (const char *dir)
{
  g_autoptr (GDir) opened = g_dir_open (dir, 0, NULL);
  const char *name;

  g_free (fs.dir);
  fs.dir = g_strdup (dir);
  g_clear_pointer (&fs.now, g_hash_table_unref);
  g_clear_pointer (&fs.disk, g_hash_table_unref);
  g_clear_pointer (&fs.changes, g_ptr_array_unref);
  g_clear_pointer (&fs.inodes, g_ptr_array_unref);
  fs.inodes = g_ptr_array_new_with_free_func (inode_free);
  fs.changes = g_ptr_array_new_with_free_func (change_free);
  fs.now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fs.disk = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  memset (fs.open, 0, sizeof fs.open);
  memset (fs.is_dir, 0, sizeof fs.is_dir);
  fs.fails_at = G_MAXUINT;
  fs.has_failed = FALSE;

  while (opened != NULL && (name = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *data = NULL;
      gsize len = 0;
      Inode *inode;

      if (name[0] == '.' || !g_file_get_contents (path, &data, &len, NULL))
        continue;
      inode = make_inode ();
      g_byte_array_append (inode->content, (guint8 *) data, len);
      inode->n_synced = len;
      set_name (fs.now, name, inode);
      set_name (fs.disk, name, inode);
    }
}

void
forgetful_fail_at (guint call, gboolean half)
{
  fs.n_calls = 0;
  fs.fails_at = call;
  fs.is_half = half;
  fs.has_failed = FALSE;
}

gboolean
forgetful_has_failed (void)
{
  return fs.has_failed;
}

/* The power is back: the folder is what the disk had */
void
forgetful_wake_up (void)
{
  g_autoptr (GDir) opened = g_dir_open (fs.dir, 0, NULL);
  g_autofree char *dir = g_strdup (fs.dir);
  GHashTableIter iter;
  gpointer name, value;
  const char *old;

  while ((old = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, old, NULL);

      if (old[0] != '.')
        __real_g_unlink (path);
    }

  for (guint i = 0; fs.is_half && i < (fs.changes->len + 1) / 2; i++)
    set_name (fs.disk, ((Change *) fs.changes->pdata[i])->name, ((Change *) fs.changes->pdata[i])->inode);
  g_hash_table_iter_init (&iter, fs.disk);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Inode *inode = value;
      g_autofree char *path = g_build_filename (dir, name, NULL);
      gsize len = inode->n_synced;

      if (fs.is_half)
        len += (inode->content->len - len) / 2;
      g_assert_true (g_file_set_contents_full (path, (char *) inode->content->data, len,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
  forgetful_watch (dir);
}
