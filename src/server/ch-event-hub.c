#include "config.h"

#include "base/ch-error.h"
#include "server/ch-access.h"
#include "server/ch-event-hub.h"
#include "wire/ch-route.h"

/* Windows and terminals of one account at a time; and what of all connections may listen */
#define MAX_PER_OWNER 10
#define MAX_SOCKETS   2000

/* Seconds between two pings: well below the silence after which a connection is cut */
#define PING_EVERY 5
/* Seconds after which sessions that have ended are noticed though nothing happens */
#define LOOK_EVERY 10
/* Events that may wait for one whose line takes no more */
#define MAX_WAITING 100
/* Nobody sends anything but pongs and a goodbye */
#define MAX_INCOMING 1024

typedef struct
{
  ChEventHub *hub;                     /* (unowned) */
  SoupWebsocketConnection *connection; /* (owned) */
  GBytes *token;                       /* (owned): SHA-256 of the session’s */
  char *whose;                         /* (owned): account, or a holder’s application */
  guint n_waiting;                     /* events since its line took no more */
  gboolean is_ending;                  /* told so; waits for the other side’s goodbye */
  gboolean is_gone;
} Listener;

struct _ChEventHub
{
  ChService *service;   /* (unowned) */
  GHashTable *by_owner; /* (owned): whose → GPtrArray of Listener */
  GSource *wake;        /* (owned): made ready by any thread */
  guint look_id;        /* source */
  guint n_sockets;
  gint64 last; /* number of the last event that was looked at */
};

typedef struct
{
  GSource parent;
  ChEventHub *hub;
} WakeSource;

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  /* what was not read is thrown away, and the line cut */
  g_signal_handlers_disconnect_by_data (listener->connection, listener);
  g_object_unref (listener->connection);
  g_bytes_unref (listener->token);
  g_free (listener->whose);
  g_free (listener);
}

static void
wake (gpointer hub)
{
  g_source_set_ready_time (((ChEventHub *) hub)->wake, 0);
}

/* Only marked: the lists may just be walked through */
static void
leave (Listener *listener)
{
  listener->is_gone = TRUE;
  wake (listener->hub);
}

static void
forget_gone (ChEventHub *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_owner);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GPtrArray *listeners = value;

      for (guint i = listeners->len; i > 0; i--)
        if (((Listener *) listeners->pdata[i - 1])->is_gone)
          {
            g_ptr_array_remove_index_fast (listeners, i - 1);
            self->n_sockets--;
          }
      if (listeners->len == 0)
        g_hash_table_iter_remove (&iter);
    }
}

/* The session is looked at anew each time: what has ended is told nothing more. */
static gboolean
still_holds (ChEventHub *self, ChDbTx *tx, Listener *listener)
{
  if (listener->is_ending || listener->is_gone)
    return FALSE;
  if (ch_access_still_holds (tx, self->service, &ch_route_events, listener->token))
    return TRUE;

  if (soup_websocket_connection_get_state (listener->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (listener->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
  listener->is_ending = TRUE;
  return FALSE;
}

static gboolean
takes_more (Listener *listener)
{
  GIOStream *stream = soup_websocket_connection_get_io_stream (listener->connection);

  return g_pollable_output_stream_is_writable (
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream)));
}

static void
tell (Listener *listener, const char *text)
{
  if (soup_websocket_connection_get_state (listener->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  /* Nobody waits for one who does not read: it is cut, and asks for everything when it comes back */
  listener->n_waiting = takes_more (listener) ? 0 : listener->n_waiting + 1;
  if (listener->n_waiting > MAX_WAITING)
    leave (listener);
  else
    soup_websocket_connection_send_text (listener->connection, text);
}

static void
tell_owner (ChEventHub *self, ChDbTx *tx, const char *whose, const char *text)
{
  GPtrArray *listeners = g_hash_table_lookup (self->by_owner, whose);

  for (guint i = 0; listeners != NULL && i < listeners->len; i++)
    if (still_holds (self, tx, listeners->pdata[i]))
      tell (listeners->pdata[i], text);
}

/* One word about each application, however often it has changed */
static gpointer
read_events (ChDbTx *tx, gpointer data, GError **error)
{
  ChEventHub *self = data;
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT e.account, a.id, a.state, a.version, MAX (e.n) FROM event AS e "
                     "JOIN application AS a ON a.id = e.application WHERE e.n > $1 "
                     "GROUP BY e.account, a.id, a.state, a.version ORDER BY 5",
                     CH_BIND (CH_INT (self->last)), error);
  ChStep step = CH_STEP_FAILED;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      g_autoptr (ChEvent) event = ch_wire_new (&ChEvent_wire);
      g_autoptr (GBytes) json = NULL;
      g_autofree char *text = NULL;
      int state = 0;

      ch_wire_enum_from_id (&ChApplicationState_enum, ch_stmt_get_text (stmt, 2), &state);
      event->application = ch_stmt_dup_text (stmt, 1);
      event->state = state;
      event->version = ch_stmt_get_int (stmt, 3);
      json = ch_wire_encode (&ChEvent_wire, event);
      text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
      tell_owner (self, tx, ch_stmt_get_text (stmt, 0), text);
      tell_owner (self, tx, event->application, text);
      self->last = ch_stmt_get_int (stmt, 4);
    }
  return step == CH_STEP_DONE ? CH_DB_DONE : NULL;
}

static gpointer
read_last (ChDbTx *tx, gpointer data, GError **error)
{
  ChEventHub *self = data;

  return ch_db_query_int (tx, "SELECT COALESCE (MAX (n), 0) FROM event", NULL, &self->last, error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
read_sessions (ChDbTx *tx, gpointer data, GError **error)
{
  ChEventHub *self = data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_owner);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (guint i = 0; i < ((GPtrArray *) value)->len; i++)
      still_holds (self, tx, ((GPtrArray *) value)->pdata[i]);
  return CH_DB_DONE;
}

static void
read_store (ChEventHub *self, ChDbFunc func)
{
  g_autoptr (GError) error = NULL;

  if (ch_db_read (ch_service_get_db (self->service), func, self, &error) == NULL)
    g_warning ("events cannot be read: %s", error->message);
}

static gboolean
on_wake (GSource *source, GSourceFunc callback, gpointer user_data)
{
  ChEventHub *self = ((WakeSource *) source)->hub;

  g_source_set_ready_time (source, -1);
  forget_gone (self);
  if (self->n_sockets > 0)
    read_store (self, read_events);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs wake_funcs = { .dispatch = on_wake };

static gboolean
on_look_cb (gpointer user_data)
{
  ch_event_hub_check_sessions (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_message_cb (SoupWebsocketConnection *connection, int kind, GBytes *payload, Listener *listener)
{
  leave (listener);
}

static void
on_closed_cb (SoupWebsocketConnection *connection, Listener *listener)
{
  leave (listener);
}

/**
 * ch_event_hub_new:
 * @service: outlives it
 *
 * Lives in the thread that makes it.
 *
 * Returns: (transfer full): the hub; nobody listens yet
 */
ChEventHub *
ch_event_hub_new (ChService *service)
{
  ChEventHub *self = g_new0 (ChEventHub, 1);

  self->service = service;
  self->by_owner
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->wake = g_source_new (&wake_funcs, sizeof (WakeSource));
  ((WakeSource *) self->wake)->hub = self;
  g_source_set_name (self->wake, "events");
  g_source_attach (self->wake, g_main_context_get_thread_default ());
  self->look_id = g_timeout_add_seconds (LOOK_EVERY, on_look_cb, self);
  ch_db_set_watch (ch_service_get_db (service), wake, self);
  return self;
}

/**
 * ch_event_hub_free:
 *
 * Cuts all who listen.
 */
void
ch_event_hub_free (ChEventHub *self)
{
  if (self == NULL)
    return;

  ch_db_set_watch (ch_service_get_db (self->service), NULL, NULL);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_hash_table_unref (self->by_owner);
  g_source_destroy (self->wake);
  g_source_unref (self->wake);
  g_free (self);
}

/**
 * ch_event_hub_check_room:
 * @whose: account, or application of a holder
 * @error: %CH_ERROR_TOO_OFTEN or %CH_ERROR_BUSY; who is refused asks again and again, as without events
 *
 * Returns: whether one more may listen
 */
gboolean
ch_event_hub_check_room (ChEventHub *self, const char *whose, GError **error)
{
  GPtrArray *listeners;

  forget_gone (self);
  listeners = g_hash_table_lookup (self->by_owner, whose);
  if (listeners != NULL && listeners->len >= MAX_PER_OWNER)
    g_set_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN, "so many listen for this one already");
  else if (self->n_sockets >= MAX_SOCKETS)
    g_set_error (error, CH_ERROR, CH_ERROR_BUSY, "so many listen already");
  else
    return TRUE;
  return FALSE;
}

/**
 * ch_event_hub_take:
 * @stream: a connection that has become a WebSocket
 * @uri: for which it was asked
 * @whose: account, or application of a holder
 * @token_sha256: of the session that asked
 *
 * From now on its owner’s changes are told there.
 */
void
ch_event_hub_take (ChEventHub *self, GIOStream *stream, GUri *uri, const char *whose, GBytes *token_sha256)
{
  Listener *listener = g_new0 (Listener, 1);
  GPtrArray *listeners = g_hash_table_lookup (self->by_owner, whose);

  /* what happened while nobody listened is told to nobody */
  if (self->n_sockets == 0)
    read_store (self, read_last);
  listener->hub = self;
  listener->whose = g_strdup (whose);
  listener->token = g_bytes_ref (token_sha256);
  listener->connection
      = soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (listener->connection, MAX_INCOMING);
  soup_websocket_connection_set_keepalive_interval (listener->connection, PING_EVERY);
  g_signal_connect (listener->connection, "message", G_CALLBACK (on_message_cb), listener);
  g_signal_connect (listener->connection, "closed", G_CALLBACK (on_closed_cb), listener);

  if (listeners == NULL)
    {
      listeners = g_ptr_array_new_with_free_func (listener_free);
      g_hash_table_insert (self->by_owner, g_strdup (whose), listeners);
    }
  g_ptr_array_add (listeners, listener);
  self->n_sockets++;
}

/**
 * ch_event_hub_get_n_sockets:
 *
 * Returns: how many listen now
 */
guint
ch_event_hub_get_n_sockets (ChEventHub *self)
{
  forget_gone (self);
  return self->n_sockets;
}

/**
 * ch_event_hub_check_sessions:
 *
 * Lets go of those whose session has ended. It does so now and then by itself.
 */
void
ch_event_hub_check_sessions (ChEventHub *self)
{
  read_store (self, read_sessions);
}
