#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "token/ch-soft-lock.h"

struct _ChSoftLock
{
  int fd; /* closing it gives the lock back, so does the end of the process */
};

/**
 * ch_soft_lock_new:
 * @token_path: the token’s file
 * @error: %CH_ERROR_TOKEN_BUSY when somebody else works with it
 *
 * Takes the lock of a token, or fails at once. The lock file beside the token stays: removing it would let
 * two in.
 *
 * Returns: (transfer full): the lock
 */
ChSoftLock *
ch_soft_lock_new (const char *token_path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (token_path);
  g_autofree char *base = g_path_get_basename (token_path);
  g_autofree char *path = g_strdup_printf ("%s/.%s.lock", dir, base);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  ChSoftLock *self;
  int result, saved;

  if (fd < 0)
    {
      saved = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "opening %s: %s", path,
                   g_strerror (saved));
      return NULL;
    }

  do
    result = flock (fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result != 0)
    {
      saved = errno;
      close (fd);
      if (saved == EWOULDBLOCK)
        g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BUSY, "somebody else works with the token");
      else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "locking %s: %s", path,
                     g_strerror (saved));
      return NULL;
    }

  self = g_new0 (ChSoftLock, 1);
  self->fd = fd;
  return self;
}

void
ch_soft_lock_free (ChSoftLock *self)
{
  if (self == NULL)
    return;

  /* A child that was forked this moment and has not begun its program yet holds the descriptor too */
  flock (self->fd, LOCK_UN);
  close (self->fd);
  g_free (self);
}
