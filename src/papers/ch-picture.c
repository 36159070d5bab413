#include "config.h"

#include "papers/ch-picture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-paths.h"
#include "papers/ch-document-check.h"

/* So many children at a time: each may need a few hundred MB for a large photograph */
#define MAX_CHILDREN 2
#define LOOK_EVERY   50 /* milliseconds */

static const char *const jobs[] = { "show", "page", "stack" };

G_STATIC_ASSERT (G_N_ELEMENTS (jobs) == CH_N_PICTURE_JOBS);

static guint patience = 40000; /* milliseconds; the child gives itself half of it */
static GMutex lock;
static GCond ended;
static guint n_children;

/* One child at work. It reads from one anonymous file and writes to another, so that neither waits for the
 * other; on the third, a pipe, its end is seen. */
typedef struct
{
  GPid pid;
  int in;
  int out;
  int life;
} Child;

static void
child_clear (Child *self)
{
  if (self->pid > 0)
    {
      kill (self->pid, SIGKILL);
      while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    }
  if (self->in >= 0)
    close (self->in);
  if (self->out >= 0)
    close (self->out);
  if (self->life >= 0)
    close (self->life);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Child, child_clear)

static GError *
fail (ChReason reason, const char *why)
{
  return ch_document_refuse ("picture", reason, NULL, why);
}

static gboolean
fail_here (GError **error, const char *what)
{
  g_set_error (error, CH_ERROR, errno == ENOSPC || errno == ENOMEM ? CH_ERROR_NO_SPACE : CH_ERROR_INTERNAL,
               "%s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
write_inputs (int fd, const ChPictureInput *inputs, gsize n_inputs)
{
  for (gsize i = 0; i < n_inputs; i++)
    {
      gsize len;
      const void *data = g_bytes_get_data (inputs[i].bytes, &len);
      const guint32 head[2] = { GUINT32_TO_LE (inputs[i].turns), GUINT32_TO_LE (len) };

      if (!ch_file_write_all (fd, head, sizeof head) || !ch_file_write_all (fd, data, len))
        return FALSE;
    }
  return lseek (fd, 0, SEEK_SET) == 0;
}

static gboolean
spawn (Child *child, const ChPictureOrder *order, GError **error)
{
  g_autofree char *path = ch_paths_find_helper (CH_PICTURE_HELPER);
  g_autofree char *edge = g_strdup_printf ("%u", order->edge);
  g_autofree char *max = g_strdup_printf ("%" G_GSIZE_FORMAT, order->max_bytes);
  g_autofree char *formats = g_strdup_printf ("%u", order->formats);
  g_autofree char *seconds = g_strdup_printf ("%u", MAX (patience / 2000, 1));
  const char *argv[] = { path, jobs[order->job], edge, max, formats, seconds, NULL };
  int life[2];
  gboolean is_spawned;

  if (pipe2 (life, O_CLOEXEC) != 0)
    return fail_here (error, "making a pipe");

  is_spawned = g_spawn_async_with_fds (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                       &child->pid, child->in, child->out, life[1], error);
  close (life[1]);
  child->life = life[0];
  return is_spawned;
}

/* Until it has ended, or may no longer go on. Returns: whether it ended by itself, with its status */
static gboolean
wait_for_end (Child *child, GCancellable *cancellable, int *status)
{
  gint64 end = g_get_monotonic_time () + (gint64) patience * 1000;
  gboolean is_open = TRUE;

  while (g_get_monotonic_time () < end && !g_cancellable_is_cancelled (cancellable))
    {
      struct pollfd waited = { .fd = child->life, .events = POLLIN };
      char said[512];

      /* What it says is of no interest; that it has nothing to say any more is */
      if (poll (&waited, is_open ? 1 : 0, is_open ? LOOK_EVERY : 1) > 0)
        is_open = read (child->life, said, sizeof said) > 0;
      if (waitpid (child->pid, status, WNOHANG) == child->pid)
        {
          child->pid = 0;
          return TRUE;
        }
    }
  return FALSE;
}

static ChPictureOutput *
read_output (const ChPictureOrder *order, int fd, GError **error)
{
  gsize max = CH_PICTURE_OUT_SIZE
              + (order->job == CH_PICTURE_SHOW ? (gsize) order->edge * order->edge * 4 : order->max_bytes);
  gint64 len = lseek (fd, 0, SEEK_END);
  g_autofree guint8 *data = NULL;
  ChPictureOutput *output;
  guint32 head[4];

  if (len < CH_PICTURE_OUT_SIZE || (gsize) len > max)
    {
      g_propagate_error (error, fail (CH_REASON_FILE_BROKEN, "the picture’s child made too much or nothing"));
      return NULL;
    }

  data = g_malloc (len);
  for (gint64 done = 0; done < len;)
    {
      gssize n = pread (fd, data + done, len - done, done);

      if (n <= 0)
        {
          fail_here (error, "reading a picture");
          return NULL;
        }
      done += n;
    }

  memcpy (head, data + 4, sizeof head);
  output = g_new0 (ChPictureOutput, 1);
  output->width = GUINT32_FROM_LE (head[0]);
  output->height = GUINT32_FROM_LE (head[1]);
  output->n_channels = GUINT32_FROM_LE (head[2]);
  output->changes = GUINT32_FROM_LE (head[3]);
  output->bytes = g_bytes_new (data + CH_PICTURE_OUT_SIZE, len - CH_PICTURE_OUT_SIZE);

  /* It may have been taken over by the picture: nothing it says is believed that anything depends on */
  if (memcmp (data, CH_PICTURE_MAGIC, 4) != 0 || output->width == 0 || output->height == 0
      || (guint64) output->width * output->height > CH_DOCUMENT_MAX_PIXELS
      || (order->job == CH_PICTURE_SHOW
          && g_bytes_get_size (output->bytes) != (gsize) output->width * output->height * 4)
      || (order->job != CH_PICTURE_SHOW
          && !ch_content_is_picture (ch_sniff (data + CH_PICTURE_OUT_SIZE, len - CH_PICTURE_OUT_SIZE))))
    {
      ch_picture_output_free (output);
      g_propagate_error (error, fail (CH_REASON_FILE_BROKEN, "the picture’s child made nonsense"));
      return NULL;
    }
  return output;
}

static GError *
judge_status (int status)
{
  static const ChReason reasons[] = {
    [CH_PICTURE_EXIT_BROKEN] = CH_REASON_FILE_BROKEN,
    [CH_PICTURE_EXIT_PIXELS] = CH_REASON_FILE_PIXELS,
    [CH_PICTURE_EXIT_SIZE] = CH_REASON_FILE_TOO_LARGE,
    [CH_PICTURE_EXIT_UNREADABLE] = CH_REASON_FILE_UNREADABLE,
  };
  guint code = WIFEXITED (status) ? WEXITSTATUS (status) : 0;

  if (code >= CH_PICTURE_EXIT_BROKEN && code <= CH_PICTURE_EXIT_UNREADABLE)
    return fail (reasons[code], "the picture cannot be used");
  return fail (CH_REASON_FILE_BROKEN, "the picture’s child came to an untimely end");
}

static ChPictureOutput *
work (const ChPictureOrder *order,
      const ChPictureInput *inputs,
      gsize n_inputs,
      GCancellable *cancellable,
      GError **error)
{
  g_auto (Child) child = { .in = -1, .out = -1, .life = -1 };
  int status = 0;

  child.in = memfd_create ("picture-in", MFD_CLOEXEC);
  child.out = memfd_create ("picture-out", MFD_CLOEXEC);
  if (child.in < 0 || child.out < 0 || !write_inputs (child.in, inputs, n_inputs))
    {
      fail_here (error, "handing over a picture");
      return NULL;
    }
  if (!spawn (&child, order, error))
    return NULL;

  if (!wait_for_end (&child, cancellable, &status))
    {
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_propagate_error (error, fail (CH_REASON_FILE_BROKEN, "the picture’s child took too long"));
      return NULL;
    }
  if (status != 0)
    {
      g_propagate_error (error, judge_status (status));
      return NULL;
    }
  return read_output (order, child.out, error);
}

/**
 * ch_picture_run:
 * @order: what is to be made
 * @inputs: (array length=n_inputs): pictures from wherever
 * @cancellable: (nullable): kills the child
 * @error: %CH_ERROR_DOCUMENT_TYPE with a reason for a document called `picture`
 *
 * Has pictures decoded in a child. Blocks: for a thread.
 *
 * Returns: (transfer full): what it made
 */
ChPictureOutput *
ch_picture_run (const ChPictureOrder *order,
                const ChPictureInput *inputs,
                gsize n_inputs,
                GCancellable *cancellable,
                GError **error)
{
  ChPictureOutput *output;

  g_mutex_lock (&lock);
  while (n_children >= MAX_CHILDREN)
    g_cond_wait (&ended, &lock);
  n_children++;
  g_mutex_unlock (&lock);

  output = work (order, inputs, n_inputs, cancellable, error);

  g_mutex_lock (&lock);
  n_children--;
  g_cond_signal (&ended);
  g_mutex_unlock (&lock);
  return output;
}

void
ch_picture_output_free (ChPictureOutput *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * ch_picture_set_patience:
 *
 * How long a child may take; tests of what hangs have less of it.
 */
void
ch_picture_set_patience (guint milliseconds)
{
  patience = milliseconds;
}
