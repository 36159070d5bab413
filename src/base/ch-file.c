#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "base/ch-file.h"

/* A quota or a limit of the process is a full disk too, which GIO does not know */
static int
code_from_errno (int saved)
{
  return saved == EDQUOT || saved == EFBIG ? G_IO_ERROR_NO_SPACE : (int) g_io_error_from_errno (saved);
}

static gboolean
fail (GError **error, const char *what, const char *path, int saved)
{
  g_set_error (error, G_IO_ERROR, code_from_errno (saved), "%s %s: %s", what, path, g_strerror (saved));
  return FALSE;
}

static gboolean
sync_dir_of (const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int saved;

  if (fd < 0)
    return fail (error, "opening", dir, errno);

  saved = fsync (fd) == 0 ? 0 : errno;
  close (fd);
  return saved == 0 || saved == EINVAL ? TRUE : fail (error, "syncing", dir, saved);
}

/**
 * ch_file_write_all:
 * @fd: open for writing
 *
 * Writes all of @data, however many calls it takes; when it fails, `errno` says why.
 */
gboolean
ch_file_write_all (int fd, gconstpointer data, gsize len)
{
  const guint8 *p = data;

  while (len > 0)
    {
      gssize n = write (fd, p, len);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      p += n;
      len -= n;
    }

  return TRUE;
}

/**
 * ch_file_write_durably:
 * @path: where
 * @data: what
 * @len: bytes
 * @mode: permissions, e.g. 0600
 * @error: `G_IO_ERROR` by errno
 *
 * Replaces @path in one step: after a crash or a power cut it holds the old or the new content whole. File
 * and directory are synced before it returns.
 */
gboolean
ch_file_write_durably (const char *path, gconstpointer data, gsize len, int mode, GError **error)
{
  g_autofree char *temp = g_strdup_printf ("%s.%u.tmp", path, g_random_int ());
  int fd = open (temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  int saved;

  if (fd < 0)
    return fail (error, "creating", temp, errno);

  saved = fchmod (fd, mode) == 0 && ch_file_write_all (fd, data, len) && fsync (fd) == 0 ? 0 : errno;
  if (close (fd) != 0 && saved == 0)
    saved = errno;
  if (saved == 0 && g_rename (temp, path) != 0)
    saved = errno;
  if (saved != 0)
    {
      g_unlink (temp);
      return fail (error, "writing", path, saved);
    }

  return sync_dir_of (path, error);
}

/**
 * ch_file_remove_durably:
 * @path: a file; its absence is success
 */
gboolean
ch_file_remove_durably (const char *path, GError **error)
{
  if (g_unlink (path) != 0)
    return errno == ENOENT ? TRUE : fail (error, "removing", path, errno);

  return sync_dir_of (path, error);
}

/**
 * ch_file_make_dir:
 * @path: a directory of the user’s own
 *
 * Makes @path with its parents, 0700.
 */
gboolean
ch_file_make_dir (const char *path, GError **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 ? TRUE : fail (error, "making", path, errno);
}

/**
 * ch_file_read:
 * @path: a regular file
 * @max: most bytes that are accepted
 *
 * Reads a file that may be hostile: a device, a pipe or too large a file is refused before it is read.
 *
 * Returns: (transfer full): the content; %NULL with `G_IO_ERROR` or %CH_ERROR_TOO_LARGE
 */
GBytes *
ch_file_read (const char *path, gsize max, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat st;
  g_autofree guint8 *data = NULL;
  gsize len = 0;
  int saved = 0;

  if (fd < 0)
    {
      fail (error, "opening", path, errno);
      return NULL;
    }

  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode))
    {
      close (fd);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file", path);
      return NULL;
    }

  if ((guint64) st.st_size > max)
    {
      close (fd);
      g_set_error (error, CH_ERROR, CH_ERROR_TOO_LARGE, "%s has more than %" G_GSIZE_FORMAT " bytes", path,
                   max);
      return NULL;
    }

  data = g_malloc (st.st_size + 1);
  while (len < (gsize) st.st_size)
    {
      gssize n = read (fd, data + len, st.st_size - len);

      if (n < 0 && errno == EINTR)
        continue;
      saved = n < 0 ? errno : 0;
      if (n <= 0)
        break;
      len += n;
    }
  close (fd);

  if (saved != 0)
    {
      fail (error, "reading", path, saved);
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&data), len);
}
