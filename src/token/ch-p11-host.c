#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <p11-kit/pkcs11.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "token/ch-p11-host.h"

/* After the first failure at once, then 1, 2, 4 … seconds */
#define MAX_PAUSE 60
/* A child that was let go of ends itself, else it is ended */
#define END_STEP_US 5000
#define END_N_STEPS 800
/* How many slot events are read at once; more say the same */
#define EVENT_ROOM 64

struct _ChP11Host
{
  gatomicrefcount refs;
  char *program; /* (owned) */
  char *module;  /* (owned) */
  guint limit_ms;
  GMainContext *context; /* (owned): where events are told */

  /* Only in that context */
  ChP11EventFunc func;
  gpointer user_data;

  GMutex end_mutex; /* guards the change of call_fd, against who ends a call from another thread */
  GMutex mutex;     /* guards what follows; held during a call */
  GPid pid;         /* 0: not running */
  int call_fd;      /* -1: not running */
  GSource *events;  /* (owned) (nullable): holds a reference to us */
  guint generation; /* of the child: what was open in an earlier one is not in this one */
  guint64 n_calls;
  guint n_failures; /* in a row */
  gint64 next_start;
  gboolean has_hung;
  gboolean is_stopped;
};

typedef struct
{
  ChP11Host *host; /* (owned) */
  int fd;          /* (owned) */
} Events;

static void
events_free (gpointer data)
{
  Events *events = data;

  close (events->fd);
  ch_p11_host_unref (events->host);
  g_free (events);
}

static gboolean
on_event_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Events *events = user_data;
  ChP11Host *self = events->host;
  char said[EVENT_ROOM];
  gssize n = read (fd, said, sizeof said);
  gboolean goes_on = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));

  for (gssize i = 0; self->func != NULL && i < n; i++)
    if (i == 0 || said[i] != said[i - 1])
      self->func (said[i], self->user_data);
  /* The child is gone: whoever looks finds out what became of it */
  if (self->func != NULL && !goes_on)
    self->func (CH_P11_EVENT_GONE, self->user_data);
  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Takes @fd over */
static void
watch_events (ChP11Host *self, int fd)
{
  Events *events = g_new0 (Events, 1);

  events->host = ch_p11_host_ref (self);
  events->fd = fd;
  self->events = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->events, G_SOURCE_FUNC (on_event_cb), events, events_free);
  g_source_attach (self->events, self->context);
}

static gboolean
spawn (ChP11Host *self, int call_fd, int event_fd, GError **error)
{
  const char *const argv[] = { self->program, self->module, NULL };
  const int sources[] = { call_fd, event_fd };
  const int targets[] = { CH_P11_CALL_FD, CH_P11_EVENT_FD };
  gboolean is_loud = g_getenv ("CERTHALL_MODULE_LOG") != NULL;
  GSpawnFlags flags
      = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | (is_loud ? 0 : G_SPAWN_STDERR_TO_DEV_NULL);

  return g_spawn_async_with_pipes_and_fds (NULL, argv, NULL, flags, NULL, NULL, -1, -1, -1, sources, targets,
                                           G_N_ELEMENTS (sources), &self->pid, NULL, NULL, NULL, error);
}

/* With the mutex held. @is_kind: whether the module may log out and let go of the cards. If not, whoever
 * follows the events is still told that the child is gone, and looks what became of the media. */
static int
end_child (ChP11Host *self, gboolean is_kind)
{
  int status = 0;
  pid_t pid = 0;

  if (self->events != NULL)
    {
      if (is_kind)
        g_source_destroy (self->events);
      g_clear_pointer (&self->events, g_source_unref);
    }
  g_mutex_lock (&self->end_mutex);
  if (self->call_fd >= 0)
    close (self->call_fd);
  self->call_fd = -1;
  g_mutex_unlock (&self->end_mutex);
  if (self->pid == 0)
    return 0;

  for (guint i = 0; is_kind && pid == 0 && i < END_N_STEPS; i++)
    {
      pid = waitpid (self->pid, &status, WNOHANG);
      if (pid == 0)
        g_usleep (END_STEP_US);
    }
  if (pid == 0)
    {
      kill (self->pid, SIGKILL);
      while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
        ;
    }
  self->pid = 0;
  return status;
}

/* With the mutex held: the child is ended, and not started again for a while. */
static void
note_failure (ChP11Host *self, ChP11Passage passage, GError **error)
{
  gboolean is_late = passage == CH_P11_LATE;
  int status = end_child (self, FALSE);
  g_autofree char *detail = NULL;
  GError *local;

  self->n_failures++;
  self->has_hung = self->has_hung || is_late;
  self->next_start
      = g_get_monotonic_time ()
        + (self->n_failures < 2 ? 0 : MIN (MAX_PAUSE, 1 << MIN (self->n_failures - 2, 10))) * G_USEC_PER_SEC;

  if (is_late)
    detail = g_strdup_printf ("%s does not answer", self->module);
  else if (WIFSIGNALED (status) && WTERMSIG (status) != SIGKILL)
    detail = g_strdup_printf ("%s crashed with signal %d", self->module, WTERMSIG (status));
  else
    detail = g_strdup_printf ("%s ended with status %d", self->module,
                              WIFEXITED (status) ? WEXITSTATUS (status) : -1);
  local = g_error_new (CH_ERROR, is_late ? CH_ERROR_MODULE_HANGS : CH_ERROR_TOKEN_GONE, "%s", detail);
  ch_error_set_detail (local, "module", detail);
  g_propagate_error (error, local);
}

/* With the mutex held: sends, waits, receives. Takes @request. */
static GByteArray *
exchange (ChP11Host *self, GByteArray *request, ChP11Cost cost, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) self->limit_ms * 1000 * cost;
  GByteArray *answer = NULL;
  ChP11Passage passage = ch_p11_frame_send (request, self->call_fd, deadline);

  ch_p11_frame_free (request);
  if (passage == CH_P11_PASSED)
    passage = ch_p11_frame_receive (self->call_fd, deadline, &answer);
  if (passage == CH_P11_PASSED)
    return answer;
  note_failure (self, passage, error);
  return NULL;
}

static gboolean
load_module (ChP11Host *self, GError **error)
{
  GByteArray *request = ch_p11_frame_new ();
  GByteArray *answer;
  ChP11Reader in;
  guint64 status;

  ch_p11_frame_add_number (request, CH_P11_CALL_START);
  /* A module that hung may have done so because it was waiting for events */
  ch_p11_frame_add_number (request, !self->has_hung);
  answer = exchange (self, request, CH_P11_COST_CARD, error);
  if (answer == NULL)
    return FALSE;

  in = ch_p11_reader (answer);
  status = ch_p11_read_number (&in, G_MAXUINT64);
  ch_p11_frame_free (answer);
  if (!in.is_bad && status == CKR_OK)
    return TRUE;

  note_failure (self, CH_P11_CLOSED, NULL);
  g_set_error (error, CH_ERROR, CH_ERROR_MODULE_FAILED, "%s does not start: 0x%" G_GINT64_MODIFIER "x",
               self->module, status);
  return FALSE;
}

/* With the mutex held */
static gboolean
start_child (ChP11Host *self, GError **error)
{
  int calls[2] = { -1, -1 }, events[2] = { -1, -1 };
  gboolean is_running;

  if (self->pid != 0)
    return TRUE;
  if (self->is_stopped || g_get_monotonic_time () < self->next_start)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_MODULE_FAILED, "%s has failed and is not started yet",
                   self->module);
      return FALSE;
    }

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, calls) != 0
      || !g_unix_open_pipe (events, FD_CLOEXEC, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, CH_ERROR, CH_ERROR_MODULE_FAILED, "no sockets: %s", g_strerror (errno));
      if (calls[0] >= 0)
        {
          close (calls[0]);
          close (calls[1]);
        }
      return FALSE;
    }

  g_unix_set_fd_nonblocking (events[0], TRUE, NULL);
  is_running = spawn (self, calls[1], events[1], error);
  close (calls[1]);
  close (events[1]);
  g_mutex_lock (&self->end_mutex);
  self->call_fd = calls[0];
  g_mutex_unlock (&self->end_mutex);
  watch_events (self, events[0]);
  self->generation++;
  if (is_running)
    return load_module (self, error);

  self->pid = 0;
  note_failure (self, CH_P11_CLOSED, NULL);
  g_prefix_error (error, "starting %s: ", self->program);
  return FALSE;
}

/**
 * ch_p11_host_new:
 * @program: certhall-module
 * @module: the PKCS#11 library, which that program loads
 * @limit_ms: how long a usual call may take
 *
 * The child is started with the first call. Events are told in the caller’s main context.
 *
 * Returns: (transfer full): the host
 */
ChP11Host *
ch_p11_host_new (const char *program, const char *module, guint limit_ms)
{
  ChP11Host *self = g_new0 (ChP11Host, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->end_mutex);
  self->program = g_strdup (program);
  self->module = g_strdup (module);
  self->limit_ms = limit_ms;
  self->context = g_main_context_ref_thread_default ();
  self->call_fd = -1;
  return self;
}

/**
 * ch_p11_host_new_twin:
 *
 * Returns: (transfer full): the same module once more, in a child of its own, to be ended by
 * ch_p11_host_stop()
 */
ChP11Host *
ch_p11_host_new_twin (ChP11Host *self)
{
  return ch_p11_host_new (self->program, self->module, self->limit_ms);
}

ChP11Host *
ch_p11_host_ref (ChP11Host *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_p11_host_unref (ChP11Host *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  end_child (self, TRUE);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->end_mutex);
  g_free (self->program);
  g_free (self->module);
  g_free (self);
}

/**
 * ch_p11_host_watch:
 * @func: (nullable): is told what the child says by itself, and that it is gone; %NULL to tell nobody
 *
 * Only in the thread of the main context of ch_p11_host_new().
 */
void
ch_p11_host_watch (ChP11Host *self, ChP11EventFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
}

static gboolean
on_poked_cb (gpointer user_data)
{
  ChP11Host *self = user_data;

  if (self->func != NULL)
    self->func (CH_P11_EVENT_SLOTS, self->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * ch_p11_host_poke:
 *
 * Something about a token was changed here, of which modules do not tell. May be called in any thread.
 */
void
ch_p11_host_poke (ChP11Host *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_poked_cb, ch_p11_host_ref (self), (GDestroyNotify) ch_p11_host_unref);
  g_source_attach (source, self->context);
}

/**
 * ch_p11_host_stop:
 *
 * Ends the child for good, when the call it is in has ended.
 */
void
ch_p11_host_stop (ChP11Host *self)
{
  g_mutex_lock (&self->mutex);
  self->is_stopped = TRUE;
  end_child (self, TRUE);
  g_mutex_unlock (&self->mutex);
}

/**
 * ch_p11_host_give_up:
 *
 * Ends the call that is being made, and the child with it: for one that waits for a person who no longer
 * wants to. May be called in any thread.
 */
void
ch_p11_host_give_up (ChP11Host *self)
{
  g_mutex_lock (&self->end_mutex);
  if (self->call_fd >= 0)
    shutdown (self->call_fd, SHUT_RDWR);
  g_mutex_unlock (&self->end_mutex);
}

/**
 * ch_p11_host_call:
 * @request: (transfer full): a frame that begins with a #ChP11Call
 * @cost: how long it may take
 * @generation: (inout) (optional): of the child in which what the request names was opened, 0 for any; that
 * in which it was made
 * @in: (out): where the results are read from, in what is returned
 * @status: (out): what the module returned
 * @error: %CH_ERROR_TOKEN_GONE when the module crashed or is another one by now, %CH_ERROR_MODULE_HANGS,
 * %CH_ERROR_MODULE_FAILED
 *
 * Has the module do something.
 *
 * Returns: (transfer full) (nullable): the answer, to be freed by ch_p11_frame_free()
 */
GByteArray *
ch_p11_host_call (ChP11Host *self,
                  GByteArray *request,
                  ChP11Cost cost,
                  guint *generation,
                  ChP11Reader *in,
                  gulong *status,
                  GError **error)
{
  GByteArray *answer = NULL;
  guint64 stamp;

  g_mutex_lock (&self->mutex);
  stamp = ++self->n_calls;
  if (generation != NULL && *generation != 0 && (self->pid == 0 || *generation != self->generation))
    {
      ch_p11_frame_free (request);
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "%s was started again", self->module);
    }
  else if (!start_child (self, error))
    ch_p11_frame_free (request);
  else
    answer = exchange (self, request, cost, error);
  if (generation != NULL)
    *generation = self->generation;
  g_mutex_unlock (&self->mutex);

  if (answer == NULL)
    return NULL;
  *in = ch_p11_reader (answer);
  in->stamp = stamp;
  *status = ch_p11_read_number (in, G_MAXULONG);
  return answer;
}

/**
 * ch_p11_host_get_pause:
 *
 * Returns: milliseconds until the module is started again after it failed; 0 when it may be now
 */
guint
ch_p11_host_get_pause (ChP11Host *self)
{
  gint64 left;

  g_mutex_lock (&self->mutex);
  left = self->pid == 0 ? self->next_start - g_get_monotonic_time () : 0;
  g_mutex_unlock (&self->mutex);
  return left > 0 ? left / 1000 + 1 : 0;
}

/**
 * ch_p11_host_forgive:
 *
 * The module works: its next failure is its first. Not one that has just ended.
 */
void
ch_p11_host_forgive (ChP11Host *self)
{
  g_mutex_lock (&self->mutex);
  if (self->pid != 0)
    self->n_failures = 0;
  g_mutex_unlock (&self->mutex);
}

const char *
ch_p11_host_get_module (ChP11Host *self)
{
  return self->module;
}
