#include "config.h"

#include "api/ch-api-server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "api/ch-api-error.h"
#include "api/ch-api-events.h"
#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-proxy.h"
#include "wire/messages-account.h"

/* Seconds without a byte in either direction */
#define SILENCE_LIMIT 30
/* Seconds for a call in all: a server that dribbles does not hold a step for ever */
#define CALL_LIMIT   120
#define ANSWER_LIMIT (8 * 1024 * 1024)
/* A document of 32 MiB in base64 and what is around it */
#define DOCUMENT_LIMIT (48 * 1024 * 1024)
/* A list of a million revoked certificates */
#define LIST_LIMIT (64 * 1024 * 1024)
#define PIECE      65536
/* Seconds this PC’s clock may be wrong before it is worth a word */
#define CLOCK_TOLERANCE 300

struct _ChApiServer
{
  GObject parent_instance;

  char *url;            /* without a slash at its end */
  SoupSession *session; /* (owned) */
  ChApiEvents *events;  /* (owned) */
  ChSecret *token;      /* (owned) (nullable): of the session of the user */
  GBytes *peer;         /* (owned) (nullable): certificate last shown, DER */
  guint time_limit;     /* seconds for a call */
  gboolean knows_time;  /* the server has told its own time; Date headers are no news then */
  gboolean clock_told;  /* that this PC’s clock is wrong was logged */
};

/* One call on its way */
typedef struct
{
  const ChRoute *route;
  SoupMessage *message; /* (owned) */
  ChSecret *token;      /* (owned) (nullable): what it was sent with */
  GInputStream *stream; /* (owned) (nullable) */
  GCancellable *stop;   /* (owned): the caller’s cancelling and the time limit */
  GCancellable *caller; /* (owned) (nullable) */
  gulong caller_id;     /* handler on caller */
  guint limit_id;       /* source, 0 when none */
  gboolean is_late;     /* the limit was reached */
  guint8 *data;         /* what was read; wiped, it may be a session */
  gsize len;
  gsize allocated;
} Call;

static void ch_api_server_init_server (ChServerInterface *iface);
static void read_on (GTask *task);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChApiServer,
                               ch_api_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, ch_api_server_init_server))

/* -- Buffers that may hold a session: wiped before they are given back -------------------------------------
 */

typedef struct
{
  guint8 *data;
  gsize len;
} Wiped;

static void
wiped_free (gpointer data)
{
  Wiped *wiped = data;

  ch_secret_wipe (wiped->data, wiped->len);
  g_free (wiped->data);
  g_free (wiped);
}

static GBytes *
take_answer (Call *call)
{
  Wiped *wiped = g_new0 (Wiped, 1);

  wiped->data = g_steal_pointer (&call->data);
  wiped->len = call->len;
  return g_bytes_new_with_free_func (wiped->data, wiped->len, wiped_free, wiped);
}

static void
make_room (Call *call, gsize wanted)
{
  guint8 *bigger;

  if (wanted <= call->allocated)
    return;

  wanted = MAX (wanted, call->allocated * 2);
  bigger = g_malloc (wanted);
  if (call->len > 0)
    memcpy (bigger, call->data, call->len);
  ch_secret_wipe (call->data, call->allocated);
  g_free (call->data);
  call->data = bigger;
  call->allocated = wanted;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_handle_id (&call->limit_id, g_source_remove);
  if (call->caller != NULL)
    g_cancellable_disconnect (call->caller, call->caller_id);
  g_clear_object (&call->caller);
  g_clear_object (&call->message);
  g_clear_object (&call->stream);
  g_clear_object (&call->stop);
  g_clear_pointer (&call->token, ch_secret_unref);
  ch_secret_wipe (call->data, call->allocated);
  g_free (call->data);
  g_free (call);
}

/* -- Helpers ------------------------------------------------------------------------------------------------
 */

static gsize
get_limit (const ChRoute *route)
{
  if (route == &ch_route_crl)
    return LIST_LIMIT;
  return route == &ch_route_document ? DOCUMENT_LIMIT : ANSWER_LIMIT;
}

/* Takes the task: a late answer is told as such, not as the cancelling by which it was ended */
static void
fail (GTask *task, GError *error)
{
  g_autoptr (GTask) owned = task;
  Call *call = g_task_get_task_data (task);

  if (call->is_late && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      error = g_error_new_literal (CH_ERROR, CH_ERROR_TIMED_OUT, "no whole answer within the time limit");
    }
  g_task_return_error (task, ch_api_error_from_network (error));
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

static gboolean
add_authorization (const guint8 *data, gsize len, gpointer user_data)
{
  g_autofree char *value = g_strdup_printf ("Bearer %.*s", (int) len, (const char *) data);

  soup_message_headers_replace (user_data, "Authorization", value);
  ch_secret_wipe (value, strlen (value));
  return TRUE;
}

/* -- A call
 * -------------------------------------------------------------------------------------------------- */

static void
finish_call (GTask *task)
{
  g_autoptr (GTask) owned = task;
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  guint status = soup_message_get_status (call->message);
  g_autoptr (GBytes) body = take_answer (call);
  GError *error;

  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      learn_from_answer (self, call, body);
      g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify) g_bytes_unref);
      return;
    }

  error = ch_api_error_from_answer (
      status, body,
      soup_message_headers_get_one (soup_message_get_response_headers (call->message), "Retry-After"));
  /* The session has ended there: it ends here, unless another has begun meanwhile */
  if (error->code == CH_ERROR_NOT_LOGGED_IN && call->token != NULL && call->token == self->token)
    ch_server_set_session (CH_SERVER (self), NULL);
  g_task_return_error (task, error);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  if (n == 0)
    {
      finish_call (task);
      return;
    }

  call->len += n;
  if (call->len > get_limit (call->route))
    fail (task, g_error_new_literal (CH_ERROR, CH_ERROR_BAD_ANSWER, "the answer is too large"));
  else
    read_on (task);
}

static void
read_on (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  make_room (call, call->len + PIECE);
  g_input_stream_read_async (call->stream, call->data + call->len, PIECE, G_PRIORITY_DEFAULT, call->stop,
                             on_read_cb, task);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChApiServer *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  goffset length;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }

  keep_peer (self, call->message);
  length = soup_message_headers_get_content_length (soup_message_get_response_headers (call->message));
  if (length > (goffset) get_limit (call->route))
    {
      fail (task, g_error_new_literal (CH_ERROR, CH_ERROR_BAD_ANSWER, "the answer is too large"));
      return;
    }

  make_room (call, MAX (length, 0) + PIECE);
  read_on (task);
}

/* The chain leads to the anchor and the name is right: GIO finds nothing but that the certificate begins
 * later than now. Then it is this PC’s clock that is wrong (an empty battery), which must not lock out: a
 * certificate of the future is no weaker than one of today. */
static gboolean
on_accept_certificate_cb (SoupMessage *message,
                          GTlsCertificate *certificate,
                          GTlsCertificateFlags errors,
                          gpointer user_data)
{
  return errors == G_TLS_CERTIFICATE_NOT_ACTIVATED;
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

static void
on_caller_cancelled_cb (GCancellable *caller, GCancellable *stop)
{
  g_cancellable_cancel (stop);
}

static SoupMessage *
build_message (ChApiServer *self,
               const ChRoute *route,
               const char *const *args,
               GBytes *body,
               const char *key)
{
  g_autofree char *path = ch_route_format_path (route, args);
  g_autofree char *query = body != NULL && ch_route_has_query (route)
                               ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                               : NULL;
  gboolean asks = query != NULL && *query != 0;
  g_autofree char *url = g_strconcat (self->url, path, asks ? "?" : "", asks ? query : "", NULL);
  SoupMessage *message = soup_message_new (route->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *place = NULL;

  /* A redirect would take the session elsewhere. What carries a key may be sent again when a kept connection
   * turns out to be dead. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (key != NULL)
    {
      soup_message_headers_replace (headers, "Idempotency-Key", key);
      soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
    }
  if (self->token != NULL)
    ch_secret_with (self->token, add_authorization, headers);
  if (body != NULL && query == NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);

  /* So that its owner is told where something was changed, or where a key lies */
  place = g_uri_escape_string (g_get_host_name (), NULL, FALSE);
  soup_message_headers_replace (headers, "Certhall-Place", place);

  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate_cb), NULL);
  return message;
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
  call->message = build_message (self, route, args, body, key);
  call->token = self->token != NULL ? ch_secret_ref (self->token) : NULL;
  call->stop = g_cancellable_new ();
  call->limit_id = g_timeout_add_seconds (self->time_limit, on_limit_cb, task);
  if (cancellable != NULL)
    {
      call->caller = g_object_ref (cancellable);
      call->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled_cb),
                                               g_object_ref (call->stop), g_object_unref);
    }

  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop, on_sent_cb, task);
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
build_listening (gpointer self)
{
  return build_message (self, &ch_route_events, NULL, NULL, NULL);
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

  other->url = g_strdup (self->url);
  other->session = g_object_ref (self->session);
  other->events = ch_api_events_new (other->session, &events_funcs, other);
  other->peer = self->peer != NULL ? g_bytes_ref (self->peer) : NULL;
  other->time_limit = self->time_limit;
  other->knows_time = self->knows_time;
  other->clock_told = self->clock_told;
  ch_server_set_session (CH_SERVER (other), token);
  return CH_SERVER (other);
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
}

static void
ch_api_server_finalize (GObject *object)
{
  ChApiServer *self = CH_API_SERVER (object);

  g_clear_pointer (&self->events, ch_api_events_free);
  g_free (self->url);
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
}

/* https://HOST[:PORT] and nothing else, in one spelling: the session on this PC is bound to it */
static char *
normalize_url (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path = uri != NULL ? g_uri_get_path (uri) : NULL;
  g_autofree char *host
      = uri != NULL && g_uri_get_host (uri) != NULL ? g_ascii_strdown (g_uri_get_host (uri), -1) : NULL;
  int port = uri != NULL ? g_uri_get_port (uri) : -1;
  g_autoptr (GUri) bare = NULL;

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "https") || host == NULL || *host == 0
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || (*path != 0 && !g_str_equal (path, "/")))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is not the address of a server: https://HOST:PORT",
                   text);
      return NULL;
    }

  bare = g_uri_build (G_URI_FLAGS_NONE, "https", NULL, host, port == 443 ? -1 : port, "", NULL, NULL);
  return g_uri_to_string (bare);
}

/**
 * ch_api_server_new:
 * @url: `https://HOST:PORT`
 * @trust_file: PEM file of the certificate the server’s must lead to; nothing else is trusted
 *
 * Returns: (transfer full): the server; %NULL with %CH_ERROR_USAGE or what hinders reading @trust_file
 */
ChApiServer *
ch_api_server_new (const char *url, const char *trust_file, GError **error)
{
  g_autofree char *normalized = normalize_url (url, error);
  /* GIO takes an absolute path only */
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (trust_file);
  g_autoptr (GTlsDatabase) anchor = NULL;
  g_autoptr (GError) local = NULL;
  ChApiServer *self;

  if (normalized == NULL)
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
  self->url = g_steal_pointer (&normalized);
  self->session = soup_session_new_with_options (
      "tls-database", anchor, "timeout", SILENCE_LIMIT, "idle-timeout", SILENCE_LIMIT, "user-agent",
      "certhall/" CH_VERSION, "proxy-resolver", ch_proxy_get_resolver (), NULL);
  /* No HTTP passwords, and nothing unpacks what a server sends */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  self->events = ch_api_events_new (self->session, &events_funcs, self);
  return self;
}

/**
 * ch_api_server_get_url:
 *
 * Returns: (transfer none): its address in one spelling
 */
const char *
ch_api_server_get_url (ChApiServer *self)
{
  return self->url;
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
