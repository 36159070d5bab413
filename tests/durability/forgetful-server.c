#include "config.h"

#include "forgetful-server.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pki/ch-builder.h"
#include "pki/ch-spki.h"
#include "server-world.h"

/* Three kinds of process: the test with the clients; a nursery, which starts once and never has a second
 * thread; and the lives, which it forks. Orders to the nursery are lines: MODE SEED STEPS. It answers "url …"
 * and, when the life has ended, "dead STATUS". */

struct _ForgetfulServer
{
  GPid nursery;
  GIOChannel *orders;
  GIOChannel *answers;
  pid_t life; /* to be told to die */
};

/* -- What the CA signs is written down where the store cannot forget it -- */

static int signatures = -1;

GBytes *__real_ch_builder_sign (ChIssuer *issuer, GBytes *tbs, GError **error);
GBytes *__wrap_ch_builder_sign (ChIssuer *issuer, GBytes *tbs, GError **error);

GBytes *
__wrap_ch_builder_sign (ChIssuer *issuer, GBytes *tbs, GError **error)
{
  if (signatures >= 0)
    {
      g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, tbs);
      g_autofree char *line = g_strconcat (sum, "\n", NULL);

      g_assert_cmpint (write (signatures, line, strlen (line)), ==, strlen (line));
    }
  return __real_ch_builder_sign (issuer, tbs, error);
}

/* -- One life -- */

static int
overrule (void *data, int action, const char *what, const char *value, const char *db, const char *trigger)
{
  return action == SQLITE_PRAGMA && sqlite3_stricmp (what, "synchronous") == 0 && value != NULL
             ? SQLITE_IGNORE
             : SQLITE_OK;
}

/* Every connection from now on: synced less than the store wants */
static int
make_careless (sqlite3 *handle, const char **message, const void *api)
{
  int result = sqlite3_exec (handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);

  return result == SQLITE_OK ? sqlite3_set_authorizer (handle, overrule, NULL) : result;
}

static gboolean
on_signal_cb (gpointer data)
{
  forgetful_vfs_cut_power ();
  return G_SOURCE_REMOVE;
}

static gpointer
wait_for_order (gpointer data)
{
  int number;
  sigset_t *set = data;

  sigwait (set, &number);
  on_signal_cb (NULL);
  return NULL;
}

static void
live (const char *dir, gboolean is_careless, const ForgetfulLife *life)
{
  g_autofree char *path = g_build_filename (dir, FORGETFUL_SIGNATURES, NULL);
  ServerWorld *world;
  sigset_t set;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  signatures = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  forgetful_vfs_install (life->mode, life->seed, life->n_steps);
  if (is_careless)
    sqlite3_auto_extension ((void (*) (void)) make_careless);

  /* A thread waits for the order, so that it comes whatever the others are doing */
  sigemptyset (&set);
  sigaddset (&set, SIGUSR1);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  g_thread_unref (g_thread_new ("order", wait_for_order, &set));

  world = server_world_new_in (dir);
  server_world_start (world);
  g_print ("url %s %d\n", world->url, getpid ());
  fflush (stdout);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

/* The nursery: what the test program is when it is called with FORGETFUL_SERVE. */
int
forgetful_serve (const char *dir, gboolean is_careless)
{
  char line[64];

  /* A test that falls leaves nobody behind */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  ch_listener_set_tls_floor ();
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      ForgetfulLife life;
      unsigned mode, seed, n_steps;
      int status;
      pid_t pid;

      g_assert_cmpint (sscanf (line, "%u %u %u", &mode, &seed, &n_steps), ==, 3);
      life = (ForgetfulLife){ mode, seed, n_steps };
      pid = fork ();
      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        live (dir, is_careless, &life);
      while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
        ;
      g_print ("dead %d\n", WIFSIGNALED (status) ? WTERMSIG (status) : -1);
      fflush (stdout);
    }
  return 0;
}

/* -- The test’s side -- */

ForgetfulServer *
forgetful_server_new (const char *dir, gboolean is_careless)
{
  ForgetfulServer *self = g_new0 (ForgetfulServer, 1);
  const char *argv[] = { "/proc/self/exe", FORGETFUL_SERVE, dir, is_careless ? "careless" : "careful", NULL };
  g_autoptr (GError) error = NULL;
  int in, out;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->nursery,
                            &in, &out, NULL, &error);
  g_assert_no_error (error);
  self->orders = g_io_channel_unix_new (in);
  self->answers = g_io_channel_unix_new (out);
  g_io_channel_set_close_on_unref (self->orders, TRUE);
  g_io_channel_set_close_on_unref (self->answers, TRUE);
  return self;
}

static char *
read_answer (ForgetfulServer *self, const char *what)
{
  g_autofree char *line = NULL;
  gsize end = 0;

  g_assert_cmpint (g_io_channel_read_line (self->answers, &line, NULL, &end, NULL), ==, G_IO_STATUS_NORMAL);
  line[end] = 0;
  if (!g_str_has_prefix (line, what))
    g_test_message ("the server said: %s", line);
  g_assert_true (g_str_has_prefix (line, what));
  return g_strdup (line + strlen (what));
}

/* Returns where it listens, NULL if the power went before it did */
char *
forgetful_server_start (ForgetfulServer *self, const ForgetfulLife *life)
{
  g_autofree char *order = g_strdup_printf ("%u %u %u\n", life->mode, life->seed, life->n_steps);
  g_autofree char *answer = NULL;
  char *blank;

  g_assert_cmpint (g_io_channel_write_chars (self->orders, order, -1, NULL, NULL), ==, G_IO_STATUS_NORMAL);
  g_io_channel_flush (self->orders, NULL);
  answer = read_answer (self, "");
  if (!g_str_has_prefix (answer, "url "))
    {
      g_assert_cmpstr (answer, ==, "dead 9");
      return NULL;
    }
  blank = strrchr (answer, ' ');
  *blank = 0;
  self->life = atoi (blank + 1);
  return g_strdup (answer + strlen ("url "));
}

void
forgetful_server_cut_power (ForgetfulServer *self)
{
  kill (self->life, SIGUSR1);
}

/* Waits until the power is gone; returns the signal the server died of. */
int
forgetful_server_wait (ForgetfulServer *self)
{
  g_autofree char *answer = read_answer (self, "dead ");

  return atoi (answer);
}

void
forgetful_server_free (ForgetfulServer *self)
{
  int status = -1;

  g_io_channel_unref (self->orders);
  waitpid (self->nursery, &status, 0);
  g_io_channel_unref (self->answers);
  g_assert_cmpint (status, ==, 0);
  g_free (self);
}
