#include "config.h"

#include "api/ch-api-server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "api/ch-api-answer.h"
#include "api/ch-api-error.h"
#include "api/ch-api-events.h"
#include "api/ch-api-measure.h"
#include "api/ch-api-session.h"
#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "wire/messages-account.h"

/* Seconds without a byte in either direction */
#define SILENCE_LIMIT 30
/* Seconds for a call in all: a server that dribbles does not hold a step for ever */
#define CALL_LIMIT 120
/* Milliseconds until a connection stands, where there is another entry to try */
#define CONNECT_LIMIT 5000
#define ANSWER_LIMIT  (8 * 1024 * 1024)
/* A document of 32 MiB in base64 and what is around it */
#define DOCUMENT_LIMIT (48 * 1024 * 1024)
/* A list of a million revoked certificates */
#define LIST_LIMIT (64 * 1024 * 1024)
/* Seconds this PC’s clock may be wrong before it is worth a word */
#define CLOCK_TOLERANCE 300

struct _ChApiServer
{
  GObject parent_instance;

  ChEntries *entries;   /* (owned): shared by all sessions of the program */
  GTlsDatabase *anchor; /* (owned): nothing else is trusted */
  SoupSession *session; /* (owned) */
  ChApiEvents *events;  /* (owned) */
  ChSecret *token;      /* (owned) (nullable): of the session of the user */
  GBytes *peer;         /* (owned) (nullable): certificate last shown, DER */
  guint time_limit;     /* seconds for a call */
  guint connect_limit;  /* milliseconds for a connection, where there is another entry to try */
  gboolean knows_time;  /* the server has told its own time; Date headers are no news then */
  gboolean clock_told;  /* that this PC’s clock is wrong was logged */
};

/* One call on its way, perhaps to one entry after another */
typedef struct
{
  const ChRoute *route;
  GStrv args;           /* (owned) (nullable) */
  GBytes *body;         /* (owned) (nullable) */
  char *key;            /* (owned) (nullable) */
  ChSecret *token;      /* (owned) (nullable): what it is sent with */
  GPtrArray *tried;     /* (owned) (element-type utf8): addresses, the last is tried now */
  SoupMessage *message; /* (owned): to the last of them */
  GCancellable *stop;   /* (owned): the caller’s cancelling and the limits */
  GCancellable *caller; /* (owned) (nullable) */
  gulong caller_id;     /* handler on caller */
  guint limit_id;       /* source, 0 when none */
  guint connect_id;     /* source, 0 when none */
  gboolean has_left;    /* a server may have got it */
  gboolean is_late;     /* the limit was reached */
  gboolean is_stuck;    /* the connection did not come about in time */
} Call;

static void ch_api_server_init_server (ChServerInterface *iface);
static void send_on (GTask *task, const char *url);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChApiServer,
                               ch_api_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, ch_api_server_init_server))

/* -- Helpers ------------------------------------------------------------------------------------------------
 */

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_handle_id (&call->limit_id, g_source_remove);
  g_clear_handle_id (&call->connect_id, g_source_remove);
  if (call->caller != NULL)
    g_cancellable_disconnect (call->caller, call->caller_id);
  g_clear_object (&call->caller);
  g_clear_object (&call->message);
  g_clear_object (&call->stop);
  g_clear_pointer (&call->token, ch_secret_unref);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_ptr_array_unref (call->tried);
  g_strfreev (call->args);
  g_free (call->key);
  g_free (call);
}

static const char *
get_tried (const Call *call)
{
  return call->tried->pdata[call->tried->len - 1];
}

static gsize
get_limit (const ChRoute *route)
{
  if (route == &ch_route_crl)
    return LIST_LIMIT;
  return route == &ch_route_document ? DOCUMENT_LIMIT : ANSWER_LIMIT;
}

/* Server time is gone by throughout; a wrong clock of this PC is told, and locks nobody out */
static void
learn_time (ChApiServer *self, gint64 server_now)
{
  gint64 offset = server_now - g_get_real_time () / G_USEC_PER_SEC;

  /* Dates have whole seconds and took a while to arrive */
  if (ABS (offset - ch_clock_get_offset ()) > 2)
    ch_clock_set_offset (ABS (offset) > 2 ? offset : 0);

  if (ABS (offset) > CLOCK_TOLERANCE && !self->clock_told)
    {
      self->clock_told = TRUE;
      g_info ("this PC’s clock is wrong by %" G_GINT64_FORMAT " s; the server’s time is used", -offset);
    }
}

static void
learn_from_answer (ChApiServer *self, Call *call, GBytes *body)
{
  if (call->route == &ch_route_time)
    {
      g_autoptr (ChTime) answer = ch_wire_decode (&ChTime_wire, body, NULL);

      if (answer == NULL)
        return;
      self->knows_time = TRUE;
      learn_time (self, answer->now);
    }
  else if (!self->knows_time)
    {
      const char *text
          = soup_message_headers_get_one (soup_message_get_response_headers (call->message), "Date");
      g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

      if (date != NULL)
        learn_time (self, g_date_time_to_unix (date));
    }
}

static void
keep_peer (ChApiServer *self, SoupMessage *message)
{
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (message);
  g_autoptr (GByteArray) der = NULL;

  if (certificate == NULL)
    return;

  g_object_get (certificate, "certificate", &der, NULL);
  g_clear_pointer (&self->peer, g_bytes_unref);
  self->peer = g_byte_array_free_to_bytes (g_steal_pointer (&der));
}

/* -- A call
 * -------------------------------------------------------------------------------------------------- */

/* What says nothing about the entry but that it is no good now */
static gboolean
is_of_entry (const Call *call, const GError *error)
{
  if (call->is_stuck)
    return TRUE;
  return error->code == CH_ERROR_SERVER_UNREACHABLE || error->code == CH_ERROR_TIMED_OUT
         || error->code == CH_ERROR_SERVER_IDENTITY || error->code == CH_ERROR_BUSY;
}

/* No reading, and yet nothing is done twice: a second one is another of the same kind */
static const ChRoute *const harmless[]
    = { &ch_route_nonce, &ch_route_challenge, &ch_route_picture, &ch_route_order_query, &ch_route_ocsp };

/* Sent a second time nothing is done twice: it never left, it only reads, or the server knows it by its key
 */
static gboolean
may_repeat (const Call *call)
{
  if (!call->has_left || call->key != NULL || g_str_equal (call->route->method, SOUP_METHOD_GET))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (harmless[i] == call->route)
      return TRUE;
  return FALSE;
}

/* Another entry of the same service leads to the same accounts. Takes the task if there is one to try. */
static gboolean
try_elsewhere (GTask *task, const GError *error)
{
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autofree char *next = NULL;

  if (call->is_late || (call->caller != NULL && g_cancellable_is_cancelled (call->caller))
      || !is_of_entry (call, error))
    return FALSE;
  ch_entries_set_silent (self->entries, get_tried (call));
  next = may_repeat (call) ? g_strdup (ch_entries_find_next (self->entries, call->tried)) : NULL;
  if (next == NULL)
    return FALSE;

  g_info ("%s does not answer (%s): %s is tried", get_tried (call), error->message, next);
  send_on (task, next);
  return TRUE;
}

/* Takes the task and @error: a late answer is told as such, not as the cancelling by which it was ended */
static void
fail (GTask *task, GError *error)
{
  g_autoptr (GTask) owned = task;
  Call *call = g_task_get_task_data (task);
  GError *mapped;

  g_clear_handle_id (&call->connect_id, g_source_remove);
  if ((call->is_late || call->is_stuck) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      error = g_error_new_literal (CH_ERROR, CH_ERROR_TIMED_OUT, "no whole answer within the time limit");
    }
  mapped = ch_api_error_from_network (error);
  if (try_elsewhere (task, mapped))
    {
      g_steal_pointer (&owned);
      g_error_free (mapped);
      return;
    }
  g_task_return_error (task, mapped);
}

/* It answers: if that is because the one in use did not, it is in use from now on */
static void
learn_entry (ChApiServer *self, Call *call)
{
  const char *current = ch_entries_get_current (self->entries)->url;

  ch_entries_set_answered (self->entries, get_tried (call), 0);
  if (g_ptr_array_find_with_equal_func (call->tried, current, g_str_equal, NULL))
    ch_entries_move (self->entries, get_tried (call));
}

/* Takes the task */
static void
finish_call (GTask *task, GBytes *body)
{
  g_autoptr (GTask) owned = task;
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  guint status = soup_message_get_status (call->message);
  GError *error;

  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      learn_entry (self, call);
      learn_from_answer (self, call, body);
      g_task_return_pointer (task, g_bytes_ref (body), (GDestroyNotify) g_bytes_unref);
      return;
    }

  error = ch_api_error_from_answer (
      status, body,
      soup_message_headers_get_one (soup_message_get_response_headers (call->message), "Retry-After"));
  /* Something before the server, that cannot reach it */
  if (ch_api_error_is_of_gateway (status, body) && try_elsewhere (task, error))
    {
      g_steal_pointer (&owned);
      g_error_free (error);
      return;
    }
  if (!ch_api_error_is_of_gateway (status, body))
    learn_entry (self, call);
  /* The session has ended there: it ends here, unless another has begun meanwhile */
  if (error->code == CH_ERROR_NOT_LOGGED_IN && call->token != NULL && call->token == self->token)
    ch_server_set_session (CH_SERVER (self), NULL);
  g_task_return_error (task, error);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) body = ch_api_answer_read_finish (G_INPUT_STREAM (source), result, &error);

  if (body == NULL)
    fail (task, error);
  else
    finish_call (task, body);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      fail (task, error);
      return;
    }

  keep_peer (self, call->message);
  ch_api_answer_read_async (
      stream, soup_message_headers_get_content_length (soup_message_get_response_headers (call->message)),
      get_limit (call->route), call->stop, on_read_cb, task);
}

static gboolean
on_limit_cb (gpointer user_data)
{
  Call *call = g_task_get_task_data (user_data);

  call->limit_id = 0;
  call->is_late = TRUE;
  g_cancellable_cancel (call->stop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_connect_limit_cb (gpointer user_data)
{
  Call *call = g_task_get_task_data (user_data);

  call->connect_id = 0;
  call->is_stuck = TRUE;
  g_cancellable_cancel (call->stop);
  return G_SOURCE_REMOVE;
}

/* A connection is being made for it. Where there is another entry nobody waits until the system gives up. */
static void
on_network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, GTask *task)
{
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (call->message != message || call->has_left || call->connect_id != 0 || !may_repeat (call)
      || ch_entries_find_next (self->entries, call->tried) == NULL)
    return;
  call->connect_id = g_timeout_add (self->connect_limit, on_connect_limit_cb, task);
}

/* The connection stands, the request leaves */
static void
on_starting_cb (SoupMessage *message, GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->message != message)
    return;
  call->has_left = TRUE;
  g_clear_handle_id (&call->connect_id, g_source_remove);
}

static void
on_caller_cancelled_cb (GCancellable *caller, GCancellable *stop)
{
  g_cancellable_cancel (stop);
}

/* Sends the call to the entry at @url; takes the task */
static void
send_on (GTask *task, const char *url)
{
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (call->stop != NULL && call->caller != NULL)
    g_cancellable_disconnect (call->caller, call->caller_id);
  g_clear_object (&call->stop);
  g_clear_object (&call->message);
  call->is_stuck = FALSE;

  g_ptr_array_add (call->tried, g_strdup (url));
  call->message = ch_api_session_build (url, call->route, (const char *const *) call->args, call->body,
                                        call->key, call->token);
  g_signal_connect_object (call->message, "network-event", G_CALLBACK (on_network_event_cb), task, 0);
  g_signal_connect_object (call->message, "starting", G_CALLBACK (on_starting_cb), task, 0);
  call->stop = g_cancellable_new ();
  if (call->caller != NULL)
    call->caller_id = g_cancellable_connect (call->caller, G_CALLBACK (on_caller_cancelled_cb),
                                             g_object_ref (call->stop), g_object_unref);
  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop, on_sent_cb, task);
}

static void
ch_api_server_call_async (ChServer *server,
                          const ChRoute *route,
                          const char *const *args,
                          GBytes *body,
                          const char *key,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ChApiServer *self = CH_API_SERVER (server);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, ch_api_server_call_async);
  /* An answer that has come is given, whether or not it is still waited for */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, call_free);

  call->route = route;
  call->args = g_strdupv ((GStrv) args);
  call->body = body != NULL ? g_bytes_ref (body) : NULL;
  call->key = g_strdup (key);
  call->token = self->token != NULL ? ch_secret_ref (self->token) : NULL;
  call->tried = g_ptr_array_new_with_free_func (g_free);
  call->limit_id = g_timeout_add_seconds (self->time_limit, on_limit_cb, task);
  if (cancellable != NULL)
    call->caller = g_object_ref (cancellable);
  send_on (task, ch_entries_get_current (self->entries)->url);
}

static GBytes *
ch_api_server_call_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, server), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ch_api_server_set_session (ChServer *server, ChSecret *token)
{
  ChApiServer *self = CH_API_SERVER (server);

  if (token != NULL)
    ch_secret_ref (token);
  g_clear_pointer (&self->token, ch_secret_unref);
  self->token = token;
  ch_api_events_set_token (self->events, token);
}

static gboolean
ch_api_server_has_session (ChServer *server)
{
  return CH_API_SERVER (server)->token != NULL;
}

static GBytes *
ch_api_server_get_peer_certificate (ChServer *server)
{
  ChApiServer *self = CH_API_SERVER (server);

  return self->peer != NULL ? g_bytes_ref (self->peer) : NULL;
}

static void
ch_api_server_watch (ChServer *server)
{
  ch_api_events_watch (CH_API_SERVER (server)->events);
}

static void
ch_api_server_unwatch (ChServer *server)
{
  ch_api_events_unwatch (CH_API_SERVER (server)->events);
}

static gboolean
ch_api_server_is_live (ChServer *server)
{
  return ch_api_events_is_live (CH_API_SERVER (server)->events);
}

static SoupMessage *
build_listening (gpointer data)
{
  ChApiServer *self = data;

  return ch_api_session_build (ch_entries_get_current (self->entries)->url, &ch_route_events, NULL, NULL,
                               NULL, self->token);
}

static void
on_changed (const char *application, gpointer self)
{
  ch_server_tell_changed (self, application);
}

static const ChApiEventsFuncs events_funcs = { build_listening, on_changed };

/* The connections are shared: what is proved of the server once needs not be proved again */
static ChServer *
ch_api_server_new_with_session (ChServer *server, ChSecret *token)
{
  ChApiServer *self = CH_API_SERVER (server);
  ChApiServer *other = g_object_new (CH_TYPE_API_SERVER, NULL);

  other->entries = g_object_ref (self->entries);
  other->anchor = g_object_ref (self->anchor);
  other->session = g_object_ref (self->session);
  other->events = ch_api_events_new (other->session, &events_funcs, other);
  other->peer = self->peer != NULL ? g_bytes_ref (self->peer) : NULL;
  other->time_limit = self->time_limit;
  other->connect_limit = self->connect_limit;
  other->knows_time = self->knows_time;
  other->clock_told = self->clock_told;
  ch_server_set_session (CH_SERVER (other), token);
  return CH_SERVER (other);
}

static ChEntries *
ch_api_server_get_entries (ChServer *server)
{
  return CH_API_SERVER (server)->entries;
}

static void
on_measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (ch_api_measure_finish (CH_ENTRIES (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
ch_api_server_measure_async (ChServer *server,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ChApiServer *self = CH_API_SERVER (server);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_api_server_measure_async);
  ch_api_measure_async (self->entries, self->anchor, cancellable, on_measured_cb, task);
}

static gboolean
ch_api_server_measure_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ch_api_server_init_server (ChServerInterface *iface)
{
  iface->call_async = ch_api_server_call_async;
  iface->call_finish = ch_api_server_call_finish;
  iface->set_session = ch_api_server_set_session;
  iface->has_session = ch_api_server_has_session;
  iface->get_peer_certificate = ch_api_server_get_peer_certificate;
  iface->new_with_session = ch_api_server_new_with_session;
  iface->watch = ch_api_server_watch;
  iface->unwatch = ch_api_server_unwatch;
  iface->is_live = ch_api_server_is_live;
  iface->get_entries = ch_api_server_get_entries;
  iface->measure_async = ch_api_server_measure_async;
  iface->measure_finish = ch_api_server_measure_finish;
}

static void
ch_api_server_finalize (GObject *object)
{
  ChApiServer *self = CH_API_SERVER (object);

  g_clear_pointer (&self->events, ch_api_events_free);
  g_clear_object (&self->entries);
  g_clear_object (&self->anchor);
  g_clear_object (&self->session);
  g_clear_pointer (&self->token, ch_secret_unref);
  g_clear_pointer (&self->peer, g_bytes_unref);

  G_OBJECT_CLASS (ch_api_server_parent_class)->finalize (object);
}

static void
ch_api_server_class_init (ChApiServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_api_server_finalize;
}

static void
ch_api_server_init (ChApiServer *self)
{
  self->time_limit = CALL_LIMIT;
  self->connect_limit = CONNECT_LIMIT;
}

/**
 * ch_api_server_new:
 * @addresses: `https://HOST:PORT`, or several of them with a semicolon between
 * @trust_file: PEM file of the certificate the server’s must lead to; nothing else is trusted
 *
 * Returns: (transfer full): the server; %NULL with %CH_ERROR_USAGE or what hinders reading @trust_file
 */
ChApiServer *
ch_api_server_new (const char *addresses, const char *trust_file, GError **error)
{
  g_autoptr (ChEntries) entries = ch_entries_new (addresses, error);
  /* GIO takes an absolute path only */
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (trust_file);
  g_autoptr (GTlsDatabase) anchor = NULL;
  g_autoptr (GError) local = NULL;
  ChApiServer *self;

  if (entries == NULL)
    return NULL;
  anchor = g_tls_file_database_new (g_file_peek_path (file), &local);
  if (anchor == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s: %s", trust_file, local->message);
      return NULL;
    }

  /* Whoever makes a connection first reads every CA of the system, though only this anchor is ever asked */
  g_tls_backend_set_default_database (g_tls_backend_get_default (), anchor);

  self = g_object_new (CH_TYPE_API_SERVER, NULL);
  self->entries = g_steal_pointer (&entries);
  self->session = ch_api_session_new (anchor, SILENCE_LIMIT);
  self->anchor = g_steal_pointer (&anchor);
  self->events = ch_api_events_new (self->session, &events_funcs, self);
  return self;
}

/**
 * ch_api_server_get_url:
 *
 * Returns: (transfer none): the address it was set up with, in one spelling; the first if there are several
 */
const char *
ch_api_server_get_url (ChApiServer *self)
{
  return ch_entries_get_home (self->entries);
}

/**
 * ch_api_server_set_connect_limit:
 * @milliseconds: for a connection, where there is another entry to try
 */
void
ch_api_server_set_connect_limit (ChApiServer *self, guint milliseconds)
{
  self->connect_limit = milliseconds;
}

/**
 * ch_api_server_set_time_limit:
 * @seconds: for a call in all, 1 or more
 */
void
ch_api_server_set_time_limit (ChApiServer *self, guint seconds)
{
  self->time_limit = MAX (seconds, 1);
}
