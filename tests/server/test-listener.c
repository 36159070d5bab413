#include "config.h"

#include <string.h>
#include <sys/resource.h>

#include "server/ch-ca.h"
#include "server-world.h"

static ServerWorld *world;

/* A second door of the same server, with little patience */
typedef struct
{
  ChListener *listener;
  guint16 port;
  char *url;
} Door;

static void
open_door (Door *door, const ChListenerLimits *limits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  door->listener = ch_listener_new (limits);
  address = ch_listener_listen (door->listener, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  door->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  door->url = g_strdup_printf ("https://127.0.0.1:%u/v1/time", door->port);
  ch_listener_start (door->listener, ch_dispatch_get_soup (world->dispatch),
                     ch_ca_get_tls (ch_service_get_ca (world->service)));
}

static void
close_door (Door *door)
{
  while (ch_listener_get_n_connections (door->listener) > 0)
    {
      soup_session_abort (world->session);
      g_main_context_iteration (NULL, TRUE);
    }
  ch_listener_free (door->listener);
  g_free (door->url);
}

/* @from: (nullable): an address of this machine, so that there are many of them */
static GSocketConnection *
connect_from (Door *door, const char *from)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) local = from != NULL ? g_inet_socket_address_new_from_string (from, 0) : NULL;
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  /* the kernel takes it up: no need for the server to run meanwhile */
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_local_address (client, local);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", door->port, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static GSocketConnection *
connect_to (Door *door)
{
  return connect_from (door, NULL);
}

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer answer)
{
  g_autoptr (GError) error = NULL;

  *(GBytes **) answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

static void
assert_served (Door *door)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", door->url);
  g_autoptr (GBytes) answer = NULL;

  soup_session_send_and_read_async (world->session, message, G_PRIORITY_DEFAULT, NULL, on_answer_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

/* Many who say nothing: they get in nobody’s way, and are gone after a while. */
static void
test_silent (void)
{
  static const ChListenerLimits limits
      = { .max_total = 12, .max_per_address = 8, .silence = 2, .arrival = 30 };
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  Door door;

  open_door (&door, &limits);
  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (silent, connect_to (&door));
  assert_served (&door);
  g_assert_cmpuint (ch_listener_get_n_connections (door.listener), <=, 8);
  assert_served (&door);
  close_door (&door);
}

/* -- One byte after the other -- */

typedef struct
{
  const char *phase;
  gboolean is_encrypted;
  const char *start;   /* sent at once */
  const char *dribble; /* sent byte by byte, again and again */
} SlowRow;

static const SlowRow slow_rows[] = {
  { "handshake", FALSE, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "A" },
  { "header", TRUE, "GET /v1/time HTTP/1.1\r\nX-Long: ", "a" },
  { "body", TRUE, "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n", " " },
};

typedef struct
{
  const SlowRow *row;
  GIOStream *stream;
  guint n_sent;
  gboolean is_cut;
  guint timer;
} Slow;

static gboolean
on_dribble_cb (gpointer data)
{
  Slow *slow = data;
  g_autoptr (GError) error = NULL;
  GOutputStream *output = g_io_stream_get_output_stream (slow->stream);

  if (g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output), slow->row->dribble, 1,
                                                  NULL, &error)
      == 1)
    slow->n_sent++;
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      slow->is_cut = TRUE;
      slow->timer = 0;
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_certificate_cb (GTlsConnection *connection,
                   GTlsCertificate *certificate,
                   GTlsCertificateFlags errors,
                   gpointer data)
{
  return TRUE;
}

static void
on_handshake_cb (GObject *source, GAsyncResult *result, gpointer is_done)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) is_done = TRUE;
}

static GIOStream *
encrypt (GSocketConnection *connection)
{
  g_autoptr (GError) error = NULL;
  /* with no authorities: reading those of the system takes longer than the test */
  GIOStream *tls = g_initable_new (g_tls_backend_get_client_connection_type (g_tls_backend_get_default ()),
                                   NULL, &error, "base-io-stream", connection, "database", NULL, NULL);
  gboolean is_done = FALSE;

  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_certificate_cb), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, on_handshake_cb,
                                    &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  return tls;
}

static void
start_slow (Slow *slow, GSocketConnection *connection, guint interval)
{
  const SlowRow *row = slow->row;

  slow->stream = row->is_encrypted ? encrypt (connection) : G_IO_STREAM (g_object_ref (connection));
  g_socket_set_blocking (g_socket_connection_get_socket (connection), TRUE);
  g_assert_cmpint (g_output_stream_write (g_io_stream_get_output_stream (slow->stream), row->start,
                                          row->is_encrypted ? strlen (row->start) : 11, NULL, NULL),
                   >, 0);
  slow->timer = g_timeout_add (interval, on_dribble_cb, slow);
}

/* Who never falls silent but never comes to an end either is cut off, and hinders nobody meanwhile. */
static void
test_slow (gconstpointer data)
{
  static const ChListenerLimits limits
      = { .max_total = 12, .max_per_address = 8, .silence = 30, .arrival = 3 };
  const SlowRow *row = data;
  g_autoptr (GSocketConnection) connection = NULL;
  Slow slow = { .row = row };
  Door door;

  open_door (&door, &limits);
  connection = connect_to (&door);
  start_slow (&slow, connection, 100);
  assert_served (&door);
  while (!slow.is_cut)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (slow.n_sent, >, 0);
  g_object_unref (slow.stream);
  close_door (&door);
}

/* -- All of it at once -- */

#define N_SILENT    2000
#define N_SLOW      20 /* of each kind */
#define N_ADDRESSES 8

/* Each end of each connection is a file of this process */
static void
allow_files (guint n)
{
  struct rlimit files;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &files), ==, 0);
  g_assert_cmpuint (files.rlim_max, >=, n);
  files.rlim_cur = MAX (files.rlim_cur, n);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &files), ==, 0);
}

static GSocketConnection *
connect_one_of_many (Door *door, guint i)
{
  g_autofree char *from = g_strdup_printf ("127.0.0.%u", 2 + i % N_ADDRESSES);
  GSocketConnection *connection = connect_from (door, from);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  return connection;
}

static guint
count_not_cut (const Slow *slow, guint n)
{
  guint n_left = 0;

  for (guint i = 0; i < n; i++)
    n_left += !slow[i].is_cut;
  return n_left;
}

/* 2,000 who say nothing, and others who say one byte each five seconds in the handshake, in a header, in a
 * body, from many addresses and within all caps: who means well is served all the while, and in the end they
 * are gone. */
static void
test_crowd (void)
{
  static const ChListenerLimits limits
      = { .max_total = 4096, .max_per_address = 1024, .silence = 25, .arrival = 30 };
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree Slow *slow = g_new0 (Slow, N_SLOW * G_N_ELEMENTS (slow_rows));
  guint n_slow = 0, n_served = 0, peak = 0;
  Door door;

  allow_files (2 * N_SILENT + 2000);
  open_door (&door, &limits);
  for (guint i = 0; i < N_SILENT; i++)
    {
      g_ptr_array_add (connections, connect_one_of_many (&door, i));
      peak = MAX (peak, ch_listener_get_n_connections (door.listener));
    }
  /* on a slow machine the first are gone when the last come */
  g_assert_cmpuint (peak, >, N_SILENT / 4);
  assert_served (&door);

  for (guint i = 0; i < N_SLOW * G_N_ELEMENTS (slow_rows); i++, n_slow++)
    {
      slow[i].row = &slow_rows[i % G_N_ELEMENTS (slow_rows)];
      g_ptr_array_add (connections, connect_one_of_many (&door, i));
      start_slow (&slow[i], connections->pdata[connections->len - 1], 5000);
    }
  assert_served (&door);

  while (count_not_cut (slow, n_slow) > 0 || ch_listener_get_n_connections (door.listener) > n_slow)
    {
      g_main_context_iteration (NULL, TRUE);
      assert_served (&door);
      n_served++;
    }
  g_assert_cmpuint (n_served, >, 10);
  for (guint i = 0; i < n_slow; i++)
    {
      g_assert_cmpuint (slow[i].n_sent, >, 0);
      g_object_unref (slow[i].stream);
    }
  close_door (&door);
}

/* -- What is not a request -- */

typedef struct
{
  const char *name;
  const char *body;
  guint status;
} BodyRow;

static const BodyRow body_rows[] = {
  { "empty", "", 400 },
  { "text", "hello", 400 },
  { "list", "[]", 400 },
  { "half", "{\"user-name\":", 400 },
  { "two", "{}{}", 400 },
  { "number", "{\"user-name\":12345678901234567890123,\"password\":\"x\",\"consents\":[]}", 400 },
  { "kind", "{\"user-name\":[],\"password\":\"x\",\"consents\":[]}", 400 },
  { "twice", "{\"user-name\":\"a\",\"user-name\":\"b\",\"password\":\"x\",\"consents\":[]}", 400 },
  { "nul", "{\"user-name\":\"a\\u0000b\",\"password\":\"x\",\"consents\":[]}", 400 },
  { "bytes", "{\"user-name\":\"\xff\xfe\",\"password\":\"x\",\"consents\":[]}", 400 },
};

static void
send_body (GBytes *body, guint expected)
{
  g_autoptr (GBytes) answer = NULL;
  guint status = 0;

  answer = server_fetch (world, "POST", "/v1/sessions", body, &status);
  g_assert_cmpuint (status, ==, expected);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (answer, NULL), "{\"error\":\""));
}

static void
test_bodies (void)
{
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *large = g_strnfill (70000, ' ');
  g_autoptr (GBytes) deep_body = g_bytes_new_static (deep, 60000);
  g_autoptr (GBytes) large_body = g_bytes_new_static (large, 70000);

  for (guint i = 0; i < G_N_ELEMENTS (body_rows); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (body_rows[i].body, strlen (body_rows[i].body));

      g_test_message ("%s", body_rows[i].name);
      send_body (body, body_rows[i].status);
    }
  send_body (deep_body, 400);
  send_body (large_body, 413);
}

/* A body without a length is refused: it need never end. */
static void
test_endless (void)
{
  g_autofree char *url = g_strconcat (world->url, "/v1/sessions", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data ("{}", 2, NULL);
  g_autoptr (GBytes) answer = NULL;

  soup_message_set_request_body (message, "application/json", input, -1);
  soup_session_send_and_read_async (world->session, message, G_PRIORITY_DEFAULT, NULL, on_answer_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (soup_message_get_status (message), ==, 413);
}

/* What went wrong carries the name of its line in the log. */
static void
test_request_id (void)
{
  g_autofree char *url = g_strconcat (world->url, "/v1/account", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GBytes) answer = NULL;
  g_autofree char *text = NULL;
  const char *id;

  soup_session_send_and_read_async (world->session, message, G_PRIORITY_DEFAULT, NULL, on_answer_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  id = soup_message_headers_get_one (soup_message_get_response_headers (message), "Request-Id");
  g_assert_nonnull (id);
  text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_assert_nonnull (strstr (text, id));
  g_assert_cmpstr (
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Cache-Control"), ==,
      "no-store");
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  world = server_world_new ();
  g_test_add_func ("/server/listener/silent", test_silent);
  for (guint i = 0; i < G_N_ELEMENTS (slow_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/server/listener/slow/", slow_rows[i].phase, NULL);

      g_test_add_data_func (path, &slow_rows[i], test_slow);
    }
  g_test_add_func ("/server/listener/crowd", test_crowd);
  g_test_add_func ("/server/listener/bodies", test_bodies);
  g_test_add_func ("/server/listener/endless", test_endless);
  g_test_add_func ("/server/listener/request-id", test_request_id);
  status = g_test_run ();
  server_world_free (world);
  server_world_clean_up ();
  return status;
}
