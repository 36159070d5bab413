#include "config.h"

#include "forgetful-vfs.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* A file system that remembers only what was synced. What is written stays in this process, which is what
 * the process itself sees; the real file gets it with the sync. When the power goes the process goes with it.
 *
 * Locks and shared memory are the real ones: nobody relies on them after a power cut. */

#define SECTOR 512

typedef struct
{
  gsize offset;
  GBytes *bytes; /* (nullable): NULL cuts the file off at @offset */
} Change;

/* What everybody who has a file open sees */
typedef struct
{
  char *path;
  int fd; /* the disk; -1 until the file is known to its folder. Never closed: locks would go with it */
  GByteArray *now;  /* (owned) */
  GArray *unsynced; /* (owned) (element-type Change) */
} Image;

typedef struct
{
  sqlite3_file base;
  Image *image;       /* (unowned) (nullable): NULL for what is temporary anyway */
  sqlite3_file *real; /* after this struct; has no methods when it is not open */
} File;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs own_vfs;
static GMutex lock;
static GHashTable *images; /* path → Image */
static ForgetMode mode;
static GRand *dice;
static guint n_steps_left; /* until the power goes; 0 for never */

/* -- The disk -- */

static void
put (Image *image, gconstpointer data, gsize len, gsize offset)
{
  if (image->fd < 0)
    image->fd = open (image->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (image->fd, >=, 0);
  g_assert_cmpint (pwrite (image->fd, data, len, offset), ==, len);
}

static void
put_change (Image *image, const Change *change)
{
  if (change->bytes != NULL)
    put (image, g_bytes_get_data (change->bytes, NULL), g_bytes_get_size (change->bytes), change->offset);
  else if (image->fd >= 0)
    g_assert_cmpint (ftruncate (image->fd, change->offset), ==, 0);
}

static void
clear_change (gpointer data)
{
  g_clear_pointer (&((Change *) data)->bytes, g_bytes_unref);
}

/* Each sector for itself: there or not there */
static void
put_torn (Image *image, const Change *change)
{
  const guint8 *data;
  gsize len;

  if (change->bytes == NULL)
    {
      if (g_rand_boolean (dice))
        put_change (image, change);
      return;
    }
  data = g_bytes_get_data (change->bytes, &len);
  for (gsize at = 0; at < len; at += SECTOR)
    if (g_rand_boolean (dice))
      put (image, data + at, MIN (SECTOR, len - at), change->offset + at);
}

/* Ways in which half of it arrives: whole writes here and there, the earlier ones, or sectors */
static void
forget_half (Image *image)
{
  guint way = g_rand_int_range (dice, 0, 3);
  guint n_kept = g_rand_int_range (dice, 0, image->unsynced->len + 1);

  for (guint i = 0; i < image->unsynced->len; i++)
    {
      const Change *change = &g_array_index (image->unsynced, Change, i);

      if (way == 0 ? g_rand_boolean (dice) : way == 1 && i < n_kept)
        put_change (image, change);
      else if (way == 2 || (way == 1 && i == n_kept))
        put_torn (image, change);
    }
}

static void
cut_power (void)
{
  GHashTableIter iter;
  gpointer image;

  g_hash_table_iter_init (&iter, images);
  while (mode == FORGET_HALF && g_hash_table_iter_next (&iter, NULL, &image))
    forget_half (image);
  kill (getpid (), SIGKILL);
  for (;;)
    pause ();
}

/* Called with the lock for whatever would reach for the disk */
static void
take_step (void)
{
  if (n_steps_left > 0 && --n_steps_left == 0)
    cut_power ();
}

static void
load (Image *image)
{
  guint8 room[65536];
  gssize len;

  image->fd = open (image->path, O_RDWR | O_CLOEXEC);
  while (image->fd >= 0 && (len = read (image->fd, room, sizeof room)) > 0)
    g_byte_array_append (image->now, room, len);
}

static Image *
find_image (const char *path)
{
  Image *image = g_hash_table_lookup (images, path);

  if (image != NULL)
    return image;
  image = g_new0 (Image, 1);
  image->path = g_strdup (path);
  image->now = g_byte_array_new ();
  image->unsynced = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (image->unsynced, clear_change);
  load (image);
  g_hash_table_insert (images, image->path, image);
  return image;
}

/* -- A file -- */

static gboolean
is_real (File *self)
{
  return self->real->pMethods != NULL;
}

static int
forget_close (sqlite3_file *file)
{
  File *self = (File *) file;

  return is_real (self) ? self->real->pMethods->xClose (self->real) : SQLITE_OK;
}

static int
forget_read (sqlite3_file *file, void *data, int len, sqlite3_int64 offset)
{
  File *self = (File *) file;
  gsize there;

  if (self->image == NULL)
    return self->real->pMethods->xRead (self->real, data, len, offset);

  g_mutex_lock (&lock);
  there = (gsize) offset < self->image->now->len ? MIN ((gsize) len, self->image->now->len - (gsize) offset)
                                                 : 0;
  if (there > 0)
    memcpy (data, self->image->now->data + offset, there);
  g_mutex_unlock (&lock);
  memset ((guint8 *) data + there, 0, len - there);
  return there == (gsize) len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
forget_write (sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
  File *self = (File *) file;
  Change change = { offset, NULL };
  gsize size;

  if (self->image == NULL)
    return self->real->pMethods->xWrite (self->real, data, len, offset);

  g_mutex_lock (&lock);
  take_step ();
  size = self->image->now->len;
  if (offset + len > (sqlite3_int64) size)
    {
      g_byte_array_set_size (self->image->now, offset + len);
      if ((gsize) offset > size)
        memset (self->image->now->data + size, 0, offset - size);
    }
  memcpy (self->image->now->data + offset, data, len);
  change.bytes = g_bytes_new (data, len);
  g_array_append_val (self->image->unsynced, change);
  g_mutex_unlock (&lock);
  return SQLITE_OK;
}

static int
forget_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  File *self = (File *) file;
  Change change = { size, NULL };

  if (self->image == NULL)
    return self->real->pMethods->xTruncate (self->real, size);

  g_mutex_lock (&lock);
  take_step ();
  if (size < self->image->now->len)
    g_byte_array_set_size (self->image->now, size);
  g_array_append_val (self->image->unsynced, change);
  g_mutex_unlock (&lock);
  return SQLITE_OK;
}

static int
forget_sync (sqlite3_file *file, int flags)
{
  File *self = (File *) file;

  if (self->image == NULL)
    return self->real->pMethods->xSync (self->real, flags);

  g_mutex_lock (&lock);
  take_step ();
  for (guint i = 0; i < self->image->unsynced->len; i++)
    put_change (self->image, &g_array_index (self->image->unsynced, Change, i));
  g_array_set_size (self->image->unsynced, 0);
  take_step (); /* all is there, and nobody was told */
  g_mutex_unlock (&lock);
  return SQLITE_OK;
}

static int
forget_size (sqlite3_file *file, sqlite3_int64 *size)
{
  File *self = (File *) file;

  if (self->image == NULL)
    return self->real->pMethods->xFileSize (self->real, size);
  g_mutex_lock (&lock);
  *size = self->image->now->len;
  g_mutex_unlock (&lock);
  return SQLITE_OK;
}

static int
forget_lock (sqlite3_file *file, int level)
{
  File *self = (File *) file;

  return is_real (self) ? self->real->pMethods->xLock (self->real, level) : SQLITE_OK;
}

static int
forget_unlock (sqlite3_file *file, int level)
{
  File *self = (File *) file;

  return is_real (self) ? self->real->pMethods->xUnlock (self->real, level) : SQLITE_OK;
}

static int
forget_check_lock (sqlite3_file *file, int *is_locked)
{
  File *self = (File *) file;

  *is_locked = FALSE;
  return is_real (self) ? self->real->pMethods->xCheckReservedLock (self->real, is_locked) : SQLITE_OK;
}

static int
forget_control (sqlite3_file *file, int what, void *data)
{
  return SQLITE_NOTFOUND;
}

static int
forget_sector_size (sqlite3_file *file)
{
  return SECTOR;
}

/* What a disk of today promises: a write that fails harms nothing beside it */
static int
forget_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
forget_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **data)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmMap (self->real, page, size, extend, data);
}

static int
forget_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmLock (self->real, offset, n, flags);
}

static void
forget_shm_barrier (sqlite3_file *file)
{
  File *self = (File *) file;

  self->real->pMethods->xShmBarrier (self->real);
}

static int
forget_shm_unmap (sqlite3_file *file, int is_deleted)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmUnmap (self->real, is_deleted);
}

/* clang-format off */
static const sqlite3_io_methods methods = {
  2, forget_close, forget_read, forget_write, forget_truncate, forget_sync, forget_size, forget_lock,
  forget_unlock, forget_check_lock, forget_control, forget_sector_size, forget_characteristics,
  forget_shm_map, forget_shm_lock, forget_shm_barrier, forget_shm_unmap, NULL, NULL,
};
/* clang-format on */

/* -- The file system -- */

static int
forget_open (sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *out_flags)
{
  File *self = (File *) file;
  gboolean is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  gboolean is_kept = is_main || (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  int result = SQLITE_OK;

  memset (self, 0, vfs->szOsFile);
  self->real = (sqlite3_file *) (self + 1);
  /* the main file for its locks; whoever makes it has synced an empty one, which is no store yet */
  if (is_main || !is_kept)
    result = real_vfs->xOpen (real_vfs, path, self->real, flags, out_flags);
  else if (out_flags != NULL)
    *out_flags = flags;
  if (result != SQLITE_OK)
    return result;

  if (is_kept)
    {
      g_mutex_lock (&lock);
      self->image = find_image (path);
      g_mutex_unlock (&lock);
    }
  self->base.pMethods = &methods;
  return SQLITE_OK;
}

static int
forget_delete (sqlite3_vfs *vfs, const char *path, int is_synced)
{
  Image *image;

  g_mutex_lock (&lock);
  take_step ();
  image = g_hash_table_lookup (images, path);
  if (image != NULL)
    {
      g_byte_array_set_size (image->now, 0);
      g_array_set_size (image->unsynced, 0);
      image->fd = -1;
    }
  g_mutex_unlock (&lock);
  return real_vfs->xDelete (real_vfs, path, is_synced);
}

static int
forget_access (sqlite3_vfs *vfs, const char *path, int flags, int *is_there)
{
  int result = real_vfs->xAccess (real_vfs, path, flags, is_there);
  Image *image;

  g_mutex_lock (&lock);
  image = g_hash_table_lookup (images, path);
  if (flags == SQLITE_ACCESS_EXISTS && image != NULL && image->now->len > 0)
    *is_there = TRUE;
  g_mutex_unlock (&lock);
  return result;
}

/* From now on every store that is opened lies here. @n_steps: how many writes and syncs until the power goes,
 * 0 for never by itself */
void
forgetful_vfs_install (ForgetMode how, guint32 seed, guint n_steps)
{
  mode = how;
  dice = g_rand_new_with_seed (seed);
  n_steps_left = n_steps;
  images = g_hash_table_new (g_str_hash, g_str_equal);

  real_vfs = sqlite3_vfs_find (NULL);
  own_vfs = *real_vfs;
  own_vfs.zName = "forgetful";
  own_vfs.szOsFile = sizeof (File) + real_vfs->szOsFile;
  own_vfs.xOpen = forget_open;
  own_vfs.xDelete = forget_delete;
  own_vfs.xAccess = forget_access;
  g_assert_cmpint (sqlite3_vfs_register (&own_vfs, TRUE), ==, SQLITE_OK);
}

/* Now */
void
forgetful_vfs_cut_power (void)
{
  g_mutex_lock (&lock);
  cut_power ();
  g_assert_not_reached ();
}
