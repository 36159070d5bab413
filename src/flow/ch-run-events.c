#include "config.h"

#include "flow/ch-run-private.h"

/* A run that rests learns from the server that somebody else has acted. It asks by itself all the same: often
 * while nobody tells, rarely while somebody does. */

#define POLL_SECONDS      2
#define LIVE_POLL_SECONDS 15
#define MAX_POLL_SECONDS  30

/* Also where the user asked and the server was not reached: when it is there again, that is found out */
static gboolean
is_waiting (ChRun *self)
{
  const ChStep *step = ch_run_get_step (self);

  if (step == NULL || (step->flags & CH_STEP_POLLS) == 0)
    return FALSE;
  return self->state == CH_RUN_RESTING
         || (self->state == CH_RUN_FAILED && self->error != NULL && ch_run_is_in_doubt (self->error));
}

/* Only at such a step something can happen by itself. While it asks it listens on: the line is not made anew
 * each time. */
static gboolean
wants_watch (ChRun *self)
{
  const ChStep *step = ch_run_get_step (self);

  return is_waiting (self)
         || (step != NULL && (step->flags & CH_STEP_POLLS) != 0 && self->state == CH_RUN_BUSY);
}

static void
ask_now (ChRun *self)
{
  g_clear_handle_id (&self->poll_id, g_source_remove);
  ch_run_work_quietly (self);
}

static gboolean
on_poll_cb (gpointer user_data)
{
  ChRun *self = user_data;

  self->poll_id = 0;
  if (is_waiting (self) && self->cancellable == NULL)
    ask_now (self);
  return G_SOURCE_REMOVE;
}

static void
on_changed_cb (ChServer *server, const char *application, ChRun *self)
{
  const ChApplication *own = ch_run_get_application (self);

  if (!wants_watch (self) || own == NULL || (application != NULL && !g_str_equal (application, own->id)))
    return;
  /* Its answer may be of before */
  if (self->cancellable != NULL)
    self->has_changed = TRUE;
  else if (is_waiting (self))
    ask_now (self);
}

/* The run rests, and has just asked: when to ask again */
void
ch_run_plan_poll (ChRun *self)
{
  gboolean is_live = ch_server_is_live (ch_ports_get_server (self->ports));
  guint seconds = MAX (self->poll_seconds, is_live ? LIVE_POLL_SECONDS : 0)
                  << MIN (self->n_quiet_failures, 4);

  if (!is_waiting (self) || self->poll_id != 0)
    return;

  if (self->has_changed && self->n_quiet_failures == 0)
    self->poll_id = g_idle_add (on_poll_cb, self);
  else
    self->poll_id = g_timeout_add_seconds (
        self->n_quiet_failures > 0 ? MIN (seconds, MAX_POLL_SECONDS) : seconds, on_poll_cb, self);
  self->has_changed = FALSE;
}

void
ch_run_update_watch (ChRun *self)
{
  ChServer *server = self->ports != NULL ? ch_ports_get_server (self->ports) : NULL;
  gboolean is_wanted = server != NULL && wants_watch (self);

  if (is_wanted == self->is_watching)
    return;

  self->is_watching = is_wanted;
  if (is_wanted)
    ch_server_watch (server);
  else
    ch_server_unwatch (server);
}

/**
 * ch_run_set_session:
 * @token: of a ticket
 *
 * From now on the run calls the server as whoever holds the ticket; everybody else goes on as before.
 */
void
ch_run_set_session (ChRun *self, ChSecret *token)
{
  g_autoptr (ChPorts) ports = ch_ports_new_with_session (self->ports, token);

  ch_run_stop_listening (self);
  g_set_object (&self->ports, ports);
  ch_run_listen (self);
}

void
ch_run_listen (ChRun *self)
{
  self->poll_seconds = POLL_SECONDS;
  g_signal_connect (ch_ports_get_server (self->ports), "changed", G_CALLBACK (on_changed_cb), self);
}

void
ch_run_stop_listening (ChRun *self)
{
  ChServer *server = self->ports != NULL ? ch_ports_get_server (self->ports) : NULL;

  g_clear_handle_id (&self->poll_id, g_source_remove);
  if (server == NULL)
    return;
  if (self->is_watching)
    ch_server_unwatch (server);
  self->is_watching = FALSE;
  g_signal_handlers_disconnect_by_data (server, self);
}
