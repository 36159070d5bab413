#include "config.h"

#include "bench-clients.h"

typedef struct
{
  BenchRound *round;
  SoupSession *session;
  guint next;
  guint n_running;
  gint64 begin; /* monotonic: when the clients were connected */
  double rate;
  gint is_done; /* atomic */
} Run;

static void start_one (Run *self);

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  SoupSession *session = SOUP_SESSION (source);
  guint status = soup_message_get_status (soup_session_get_async_result_message (session, result));
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (session, result, NULL);

  if (body == NULL || status != SOUP_STATUS_OK)
    self->round->n_failed++;
  self->n_running--;
  start_one (self);
}

static void
start_one (Run *self)
{
  g_autoptr (SoupMessage) message = NULL;

  if (self->next == self->round->n_calls)
    return;

  message = self->round->make (self->round->first + self->next, self->round->data);
  /* libsoup takes a new connection for each POST otherwise; our calls may be repeated */
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  self->next++;
  self->n_running++;
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_answered_cb, self);
}

/* Calls per second since @begin, monotonic */
double
bench_get_rate (guint n_calls, gint64 begin)
{
  return n_calls * (double) G_USEC_PER_SEC / (g_get_monotonic_time () - begin);
}

static void
on_warm_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  self->n_running--;
}

static void
connect_clients (Run *self, GMainContext *context)
{
  for (guint i = 0; i < self->round->n_clients; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", self->round->warm_url);

      self->n_running++;
      soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_warm_cb, self);
    }
  while (self->n_running > 0)
    g_main_context_iteration (context, TRUE);
}

static gpointer
run_clients (gpointer data)
{
  Run *self = data;
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  self->session = soup_session_new_with_options ("tls-database", self->round->trust, "max-conns",
                                                 self->round->n_clients, "max-conns-per-host",
                                                 self->round->n_clients, NULL);
  connect_clients (self, context);

  self->begin = g_get_monotonic_time ();
  for (guint i = 0; i < self->round->n_clients; i++)
    start_one (self);
  while (self->n_running > 0)
    g_main_context_iteration (context, TRUE);
  self->rate = bench_get_rate (self->round->n_calls, self->begin);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  g_atomic_int_set (&self->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* Calls a server that lives in the main thread from clients in another one; returns calls per second */
double
bench_run (BenchRound *round)
{
  Run run = { .round = round };
  GThread *thread = g_thread_new ("clients", run_clients, &run);

  while (!g_atomic_int_get (&run.is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  return run.rate;
}

static void
drop_log (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

/* A line in the log for each call is not what is measured */
void
bench_be_quiet (void)
{
  g_log_set_handler ("certhall", G_LOG_LEVEL_DEBUG, drop_log, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, drop_log, NULL);
}
