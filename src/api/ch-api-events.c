#include "config.h"

#include "api/ch-api-events.h"
#include "wire/messages-event.h"

/* Milliseconds before the next try: doubled each time, and never quite the same, so that not everybody comes
 * at once after the server was away */
#define FIRST_PAUSE 1000
#define MAX_DOUBLED 6

/* What stood so long, seconds, was no failure */
#define GOOD_AFTER 30

#define MAX_INCOMING 4096

struct _ChApiEvents
{
  SoupSession *session; /* (owned) */
  ChApiEventsFuncs funcs;
  gpointer data;   /* for funcs */
  ChSecret *token; /* (owned) (nullable): of the session of the user */
  guint n_watchers;
  GCancellable *connecting;            /* (owned) (nullable): set while a connection is being made */
  SoupWebsocketConnection *connection; /* (owned) (nullable) */
  gint64 since;                        /* monotonic, of connection */
  guint retry_id;                      /* source, 0 when none */
  guint n_failures;
  gboolean is_refused; /* the session is no good: nothing is tried with it any more */
};

/* One try; outlives who began it */
typedef struct
{
  ChApiEvents *events; /* (unowned): looked at only when it was not cancelled */
  SoupMessage *message;
  GCancellable *cancellable;
} Try;

static void update (ChApiEvents *self);

static void
try_free (Try *attempt)
{
  g_object_unref (attempt->message);
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

static gboolean
on_retry_cb (gpointer user_data)
{
  ChApiEvents *self = user_data;

  self->retry_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (ChApiEvents *self)
{
  guint pause = FIRST_PAUSE << MIN (self->n_failures, MAX_DOUBLED);

  self->n_failures++;
  self->retry_id = g_timeout_add (g_random_int_range (pause / 2, pause), on_retry_cb, self);
}

static void
on_message_cb (SoupWebsocketConnection *connection, int kind, GBytes *json, ChApiEvents *self)
{
  g_autoptr (ChEvent) event = ch_wire_decode (&ChEvent_wire, json, NULL);

  /* A newer server may say more than is understood here: that something has changed it says anyhow */
  self->funcs.changed (event != NULL ? event->application : NULL, self->data);
}

static void
drop (ChApiEvents *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
}

static void
on_closed_cb (SoupWebsocketConnection *connection, ChApiEvents *self)
{
  drop (self);
  if (g_get_monotonic_time () - self->since > GOOD_AFTER * G_USEC_PER_SEC)
    self->n_failures = 0;
  try_later (self);
  self->funcs.changed (NULL, self->data);
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Try *attempt = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection
      = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  ChApiEvents *self = g_cancellable_is_cancelled (attempt->cancellable) ? NULL : attempt->events;
  guint status = soup_message_get_status (attempt->message);

  try_free (attempt);
  if (self == NULL)
    return;

  g_clear_object (&self->connecting);
  if (connection == NULL)
    {
      g_debug ("no events: %u %s", status, error->message);
      self->is_refused = status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN;
      if (!self->is_refused)
        try_later (self);
      return;
    }

  self->connection = g_steal_pointer (&connection);
  self->since = g_get_monotonic_time ();
  soup_websocket_connection_set_max_incoming_payload_size (self->connection, MAX_INCOMING);
  g_signal_connect (self->connection, "message", G_CALLBACK (on_message_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed_cb), self);
  /* nobody told what happened before */
  self->funcs.changed (NULL, self->data);
}

static void
begin (ChApiEvents *self)
{
  Try *attempt = g_new0 (Try, 1);

  self->connecting = g_cancellable_new ();
  attempt->events = self;
  attempt->message = self->funcs.build (self->data);
  attempt->cancellable = g_object_ref (self->connecting);
  soup_session_websocket_connect_async (self->session, attempt->message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        self->connecting, on_connected_cb, attempt);
}

static void
stop (ChApiEvents *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->connecting != NULL)
    g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connecting);
  if (self->connection == NULL)
    return;

  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  drop (self);
}

/* Makes it so as it should be now */
static void
update (ChApiEvents *self)
{
  gboolean is_wanted = self->n_watchers > 0 && self->token != NULL && !self->is_refused;

  if (!is_wanted)
    stop (self);
  else if (self->connection == NULL && self->connecting == NULL && self->retry_id == 0)
    begin (self);
}

/**
 * ch_api_events_new:
 * @session: over which is listened
 * @funcs: (transfer none): copied
 * @data: for @funcs; outlives it
 *
 * Returns: (transfer full): what listens once it is to watch and there is a session
 */
ChApiEvents *
ch_api_events_new (SoupSession *session, const ChApiEventsFuncs *funcs, gpointer data)
{
  ChApiEvents *self = g_new0 (ChApiEvents, 1);

  self->session = g_object_ref (session);
  self->funcs = *funcs;
  self->data = data;
  return self;
}

void
ch_api_events_free (ChApiEvents *self)
{
  if (self == NULL)
    return;

  stop (self);
  g_clear_pointer (&self->token, ch_secret_unref);
  g_object_unref (self->session);
  g_free (self);
}

/**
 * ch_api_events_set_token:
 * @token: (nullable): of the session that now is; what was listened to with another one ends
 */
void
ch_api_events_set_token (ChApiEvents *self, ChSecret *token)
{
  if (self->token == token)
    return;

  stop (self);
  g_clear_pointer (&self->token, ch_secret_unref);
  self->token = token != NULL ? ch_secret_ref (token) : NULL;
  self->is_refused = FALSE;
  self->n_failures = 0;
  update (self);
}

/**
 * ch_api_events_watch:
 *
 * One more wants to be told.
 */
void
ch_api_events_watch (ChApiEvents *self)
{
  self->n_watchers++;
  update (self);
}

/**
 * ch_api_events_unwatch:
 *
 * One less wants to be told; with the last one the connection ends.
 */
void
ch_api_events_unwatch (ChApiEvents *self)
{
  g_return_if_fail (self->n_watchers > 0);

  self->n_watchers--;
  update (self);
}

/**
 * ch_api_events_is_live:
 *
 * Returns: whether changes are told now
 */
gboolean
ch_api_events_is_live (ChApiEvents *self)
{
  return self->connection != NULL;
}
