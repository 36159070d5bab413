#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-call-private.h"
#include "server/ch-listener.h"
#include "wire/messages-error.h"

#define CALL_KEY "certhall-call"

/* Handlers that may block at once; as many changes can share one commit */
#define N_WORKERS 32
#define MAX_QUEUE 1024

/* Bytes of the name of a PC */
#define MAX_PLACE 64

/* What somebody goes on sending after a refusal is passed over up to here, then the line is cut */
#define MAX_IGNORED (4 * 1024 * 1024)

typedef struct
{
  const ChHandlerRow *row;
  ChAdmitFunc admit; /* (nullable) */
  gpointer data;
} Entry;

struct _ChDispatch
{
  ChService *service;    /* (unowned): outlives this */
  SoupServer *soup;      /* (owned) */
  ChEventHub *events;    /* (owned) */
  GArray *entries;       /* (owned) (element-type Entry) */
  GThreadPool *workers;  /* (owned) */
  GMainContext *context; /* (owned): of the main thread */
  guint n_running;       /* calls with a worker */
  gboolean is_closing;   /* takes no more of them */
};

/* -- The answer -- */

/* What went wrong inside is for the log: words of SQLite or of the system tell an attacker too much. */
static GBytes *
encode_failure (ChCall *self, const ChErrorInfo *info)
{
  g_autoptr (GError) plain = NULL;
  ChErrorCode code = CH_ERROR_INTERNAL;

  if (info->http_status < 500)
    return ch_failure_encode_error (self->error, self->id);

  ch_error_code_from_id (info->id, &code);
  plain = g_error_new_literal (CH_ERROR, code, info->title);
  return ch_failure_encode_error (plain, self->id);
}

static void
write_log (ChCall *self, guint status)
{
  const char *route = self->row != NULL ? self->row->route->id : "-";
  double ms = (g_get_monotonic_time () - self->started) / 1000.0;

  if (self->error == NULL)
    g_debug ("%s %s %u %.1f ms", self->id, route, status, ms);
  else if (status >= 500)
    g_warning ("%s %s %u %.1f ms: %s", self->id, route, status, ms, self->error->message);
  else
    g_message ("%s %s %u %.1f ms: %s", self->id, route, status, ms, self->error->message);
}

static void
answer (ChCall *self)
{
  const ChErrorInfo *info = self->error != NULL ? ch_error_get_info (self->error) : NULL;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  guint status = self->status != 0 ? self->status : SOUP_STATUS_OK;
  g_autoptr (GBytes) body = info != NULL ? encode_failure (self, info) : g_bytes_ref (self->answer);
  const char *retry_after = info != NULL ? ch_error_get_detail (self->error, "retry-after") : NULL;

  if (info != NULL)
    status = info->http_status;
  soup_server_message_set_status (self->message, status, NULL);
  soup_message_headers_set_content_type (headers, info != NULL ? "application/json" : self->content_type,
                                         NULL);
  soup_message_headers_replace (headers, "Request-Id", self->id);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (info == NULL && self->policy != NULL)
    {
      soup_message_headers_replace (headers, "Content-Security-Policy", self->policy);
      soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
      soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
    }
  if (info == NULL && self->max_age > 0)
    {
      g_autofree char *cache = g_strdup_printf ("public, max-age=%u", self->max_age);

      soup_message_headers_replace (headers, "Cache-Control", cache);
    }
  else
    soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (retry_after != NULL)
    soup_message_headers_replace (headers, "Retry-After", retry_after);

  if (g_bytes_get_size (body) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
  write_log (self, status);
}

/* The answer is out: from here on it is no HTTP any more. */
static void
on_upgraded_cb (SoupServerMessage *message, ChCall *call)
{
  g_autoptr (SoupServerMessage) kept = g_object_ref (message);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  if (stream != NULL)
    ch_event_hub_take (call->dispatch->events, stream, soup_server_message_get_uri (message), call->watched,
                       call->token);
}

static gboolean
upgrade (ChCall *self)
{
  if (!soup_websocket_server_check_handshake (self->message, NULL, NULL, NULL, NULL))
    {
      g_set_error (&self->error, CH_ERROR, CH_ERROR_BAD_ANSWER, "no handshake of a WebSocket");
      return FALSE;
    }

  soup_websocket_server_process_handshake (self->message, NULL, NULL, NULL, NULL);
  g_signal_connect (self->message, "wrote-informational", G_CALLBACK (on_upgraded_cb), self);
  write_log (self, SOUP_STATUS_SWITCHING_PROTOCOLS);
  return TRUE;
}

/* -- Workers -- */

static gboolean
on_worked_cb (gpointer data)
{
  ChCall *self = data;
  SoupServerMessage *message = self->message;

  self->dispatch->n_running--;
  if (!self->is_gone)
    {
      answer (self);
      soup_server_message_unpause (message);
    }
  g_object_unref (message); /* and the call with it */
  return G_SOURCE_REMOVE;
}

static void
run_worker (gpointer data, gpointer user_data)
{
  ChCall *self = data;
  /* Not g_main_context_invoke(): it would answer from here when the main loop happens to rest */
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_worked_cb, self, NULL);
  ch_call_run (self);
  g_source_attach (source, self->dispatch->context);
}

static void
push (ChDispatch *self, ChCall *call)
{
  if (self->is_closing || g_thread_pool_unprocessed (self->workers) >= MAX_QUEUE)
    {
      g_set_error (&call->error, CH_ERROR, CH_ERROR_BUSY, "the queue is full");
      answer (call);
      return;
    }

  self->n_running++;
  g_object_ref (call->message);
  soup_server_message_pause (call->message);
  g_thread_pool_push (self->workers, call, NULL);
}

/* -- The request -- */

static void
on_finished_cb (SoupServerMessage *message, ChCall *call)
{
  call->is_gone = TRUE;
}

static void
on_got_chunk_cb (SoupServerMessage *message, GBytes *chunk, ChCall *call)
{
  gsize len = 0;
  gpointer data = (gpointer) g_bytes_get_data (chunk, &len);

  call->n_arrived += len;
  if (call->error == NULL && call->n_arrived > call->max_body)
    g_set_error (&call->error, CH_ERROR, CH_ERROR_TOO_LARGE, "more than %" G_GSIZE_FORMAT " bytes",
                 call->max_body);

  if (call->error == NULL)
    g_byte_array_append (call->arriving, data, len);
  else if (call->n_arrived > MAX_IGNORED)
    ch_listener_drop (message);
  ch_secret_wipe (data, len); /* there may be a password in it */
}

static const Entry *
find_entry (ChDispatch *self, ChCall *call)
{
  const char *method = soup_server_message_get_method (call->message);
  const char *path = g_uri_get_path (soup_server_message_get_uri (call->message));

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (ch_route_match (entry->row->route, method, path, &call->args))
        return entry;
    }
  return NULL;
}

/* The name of the PC, percent-encoded. One that nobody could read is none. */
static char *
read_place (const char *text)
{
  g_autofree char *place = text != NULL ? g_uri_unescape_string (text, NULL) : NULL;

  if (place == NULL || ch_validate_name (place) != CH_REASON_OK || strlen (place) > MAX_PLACE)
    return NULL;
  return g_steal_pointer (&place);
}

static void
read_headers (ChCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (call->message);
  const char *bearer = soup_message_headers_get_one (headers, "Authorization");
  GSocketAddress *address = soup_server_message_get_remote_address (call->message);

  if (bearer != NULL && g_ascii_strncasecmp (bearer, "Bearer ", 7) == 0)
    call->token = ch_sha256 (bearer + 7, strlen (bearer + 7));
  call->place = read_place (soup_message_headers_get_one (headers, "Certhall-Place"));
  call->key = g_strdup (soup_message_headers_get_one (headers, "Idempotency-Key"));
  if (G_IS_INET_SOCKET_ADDRESS (address))
    call->address
        = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  else
    call->address = g_strdup ("");
}

static void
keep_headers (ChCall *call, const char *const *names)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (call->message);

  call->headers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const char *value = soup_message_headers_get_one (headers, names[i]);

      if (value != NULL)
        g_hash_table_insert (call->headers, (gpointer) names[i], g_strdup (value));
    }
}

/* A body has a length that is told beforehand: what does not end is refused at once. */
static gboolean
check_length (ChCall *call, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (call->message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  gsize length
      = encoding == SOUP_ENCODING_CONTENT_LENGTH ? soup_message_headers_get_content_length (headers) : 0;

  if (encoding != SOUP_ENCODING_NONE && encoding != SOUP_ENCODING_CONTENT_LENGTH)
    g_set_error (error, CH_ERROR, CH_ERROR_TOO_LARGE, "a body must tell its length");
  else if (length > call->max_body)
    g_set_error (error, CH_ERROR, CH_ERROR_TOO_LARGE, "more than %" G_GSIZE_FORMAT " bytes", call->max_body);
  else
    {
      call->arriving = g_byte_array_sized_new (length);
      return TRUE;
    }
  return FALSE;
}

/* The headers are there, the body is not: find out whether it is worth waiting for. */
static void
on_early_cb (SoupServer *soup,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  ChDispatch *self = user_data;
  ChCall *call = ch_call_new (self, self->service, message);
  const Entry *entry;

  g_object_set_data_full (G_OBJECT (message), CALL_KEY, call, (GDestroyNotify) ch_call_free);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_got_chunk_cb), call);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished_cb), call);
  read_headers (call);
  call->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));

  entry = find_entry (self, call);
  if (entry == NULL)
    {
      g_set_error (&call->error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such call");
      return;
    }

  call->row = entry->row;
  if (entry->row->headers != NULL)
    keep_headers (call, entry->row->headers);
  call->max_body = entry->row->max_body > 0 ? entry->row->max_body : CH_HANDLER_MAX_BODY;
  if (entry->admit == NULL || entry->admit (message, entry->data, &call->error))
    check_length (call, &call->error);
}

static void
on_request_cb (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  ChDispatch *self = user_data;
  ChCall *call = g_object_get_data (G_OBJECT (message), CALL_KEY);

  g_return_if_fail (call != NULL);

  if (call->error == NULL)
    {
      ch_call_take_body (call);
      if (call->row->place == CH_HANDLER_WORKER)
        {
          push (self, call);
          return;
        }
      ch_call_run (call);
    }
  if (call->error != NULL || call->watched == NULL || !upgrade (call))
    answer (call);
}

/**
 * ch_dispatch_new:
 * @service: outlives it
 *
 * Makes a server without a socket; connections are brought by a #ChListener. Lives in the thread that makes
 * it.
 *
 * Returns: (transfer full): the dispatch
 */
ChDispatch *
ch_dispatch_new (ChService *service)
{
  ChDispatch *self = g_new0 (ChDispatch, 1);
  const ChRoute *const *routes;
  guint n_routes;

  self->service = service;
  self->context = g_main_context_ref_thread_default ();
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  self->events = ch_event_hub_new (service);
  self->workers = g_thread_pool_new (run_worker, self, N_WORKERS, FALSE, NULL);
  self->soup = soup_server_new ("server-header", "certhalld", NULL);
  soup_server_add_early_handler (self->soup, NULL, on_early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_request_cb, self, NULL);

  routes = ch_routes_get (&n_routes);
  for (guint i = 0; i < n_routes; i++)
    {
      const ChHandlerRow *row = ch_handlers_find (routes[i]);
      Entry entry = { row, NULL, NULL };

      if (row != NULL)
        g_array_append_val (self->entries, entry);
      else
        g_warning ("nobody answers %s", routes[i]->id);
    }
  return self;
}

/**
 * ch_dispatch_add_rows:
 * @rows: (transfer none): static, ended by a route of %NULL
 * @admit: (nullable): asked before the body of each such request
 * @data: for @admit
 *
 * Adds calls that do not belong to the protocol.
 */
void
ch_dispatch_add_rows (ChDispatch *self, const ChHandlerRow *rows, ChAdmitFunc admit, gpointer data)
{
  for (const ChHandlerRow *row = rows; row->route != NULL; row++)
    {
      Entry entry = { row, admit, data };

      g_array_append_val (self->entries, entry);
    }
}

/**
 * ch_dispatch_get_soup:
 *
 * Returns: (transfer none): the server that reads requests
 */
SoupServer *
ch_dispatch_get_soup (ChDispatch *self)
{
  return self->soup;
}

/**
 * ch_dispatch_get_events:
 *
 * Returns: (transfer none): tells those who listen what has changed
 */
ChEventHub *
ch_dispatch_get_events (ChDispatch *self)
{
  return self->events;
}

/**
 * ch_dispatch_free:
 *
 * Finishes the calls that are on their way, then closes all connections.
 */
void
ch_dispatch_free (ChDispatch *self)
{
  if (self == NULL)
    return;

  self->is_closing = TRUE;
  while (self->n_running > 0)
    g_main_context_iteration (self->context, TRUE);
  g_thread_pool_free (self->workers, FALSE, TRUE);
  ch_event_hub_free (self->events);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  g_array_unref (self->entries);
  g_main_context_unref (self->context);
  g_free (self);
}
