#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-world.h"
#include "server/ch-store-applications.h"
#include "wire/messages-error.h"

/* One who listens, and what it was told */
typedef struct
{
  SoupWebsocketConnection *connection; /* (owned) (nullable) */
  GPtrArray *events;                   /* (owned) (element-type ChEvent) */
  gushort code;                        /* with which it was closed; 0 before */
  guint status;                        /* of a refusal */
  gboolean is_over;                    /* the handshake */
} Ear;

static void
on_message_cb (SoupWebsocketConnection *connection, int kind, GBytes *message, Ear *ear)
{
  g_autoptr (GError) error = NULL;
  ChEvent *event = ch_wire_decode (&ChEvent_wire, message, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kind, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_ptr_array_add (ear->events, event);
}

static void
on_closed_cb (SoupWebsocketConnection *connection, Ear *ear)
{
  ear->code = soup_websocket_connection_get_close_code (connection);
  if (ear->code == 0)
    ear->code = SOUP_WEBSOCKET_CLOSE_ABNORMAL;
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Ear *ear = data;
  g_autoptr (GError) error = NULL;

  ear->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  ear->is_over = TRUE;
  if (ear->connection == NULL)
    return;
  g_signal_connect (ear->connection, "message", G_CALLBACK (on_message_cb), ear);
  g_signal_connect (ear->connection, "closed", G_CALLBACK (on_closed_cb), ear);
}

static SoupMessage *
make_message (ServerWorld *world, const char *token)
{
  g_autofree char *url = g_strconcat (world->url, ch_route_events.path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  SoupMessage *message = soup_message_new ("GET", url);

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
  return message;
}

static Ear *
try_listen (ServerWorld *world, const char *token)
{
  g_autoptr (SoupMessage) message = make_message (world, token);
  Ear *ear = g_new0 (Ear, 1);

  ear->events = ch_wire_list_new (&ChEvent_wire);
  soup_session_websocket_connect_async (world->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        on_connected_cb, ear);
  while (!ear->is_over)
    g_main_context_iteration (NULL, TRUE);
  ear->status = soup_message_get_status (message);
  return ear;
}

static Ear *
listen_as (ServerWorld *world, const char *token)
{
  guint before = ch_event_hub_get_n_sockets (ch_dispatch_get_events (world->dispatch));
  Ear *ear = try_listen (world, token);

  g_assert_cmpuint (ear->status, ==, SOUP_STATUS_SWITCHING_PROTOCOLS);
  g_assert_nonnull (ear->connection);
  g_assert_cmpuint (ch_event_hub_get_n_sockets (ch_dispatch_get_events (world->dispatch)), ==, before + 1);
  return ear;
}

static void
ear_free (Ear *ear)
{
  if (ear->connection != NULL)
    g_signal_handlers_disconnect_by_data (ear->connection, ear);
  g_clear_object (&ear->connection);
  g_ptr_array_unref (ear->events);
  g_free (ear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ear, ear_free)

static const ChEvent *
get_last (Ear *ear)
{
  return ear->events->len > 0 ? ear->events->pdata[ear->events->len - 1] : NULL;
}

typedef struct
{
  const char *application;
  gboolean holds; /* the change is not taken back */
} Touch;

static gpointer
write_touch (ChDbTx *tx, gpointer data, GError **error)
{
  const Touch *touch = data;

  if (!ch_db_run_one (tx, "UPDATE application SET version = version + 1 WHERE id = $1",
                      CH_BIND (CH_TEXT (touch->application)), error)
      || !ch_applications_add_history (tx, touch->application, "touched", "nobody", error))
    return NULL;
  if (!touch->holds)
    g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "as the test wants it");
  return touch->holds ? CH_DB_DONE : NULL;
}

/* A change, whoever made it */
static gboolean
touch_it (ServerWorld *world, const char *application, gboolean holds)
{
  Touch touch = { application, holds };

  return ch_db_write (ch_service_get_db (world->service), write_touch, &touch, NULL, NULL) != NULL;
}

/* Until it was told of @application as it is now */
static void
await (Ear *ear, const ChApplication *application)
{
  while (get_last (ear) == NULL || !g_str_equal (get_last (ear)->application, application->id)
         || get_last (ear)->version < application->version)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (get_last (ear)->version, ==, application->version);
  g_assert_cmpint (get_last (ear)->state, ==, application->state);
}

/* Without another word */
static void
await_end (Ear *ear)
{
  guint n = ear->events->len;

  while (ear->code == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (ear->events->len, ==, n);
    }
}

/* Everybody hears of payment and review of what is their own, and of nothing else. */
static void
test_own_only (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112001");
  g_autofree char *other_token = server_register (world, "13811112002");
  g_autoptr (Ear) own = listen_as (world, token);
  g_autoptr (Ear) second = listen_as (world, token);
  g_autoptr (Ear) other = listen_as (world, other_token);
  g_autoptr (ChApplication) draft = NULL;
  g_autoptr (ChApplication) whole = NULL;
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) submitted = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChApplication) others = NULL;
  g_autoptr (GError) error = NULL;

  draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  whole = server_upload_all (world, token, draft->id);
  await (own, whole);
  paid = server_pay (world, token, whole);
  await (own, paid);
  submitted = server_submit (world, token, paid, &error);
  g_assert_no_error (error);
  await (own, submitted);
  approved = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  await (own, approved);
  g_assert_cmpint (get_last (own)->state, ==, CH_APPLICATION_APPROVED);
  await (second, approved);

  g_assert_cmpuint (other->events->len, ==, 0);
  others = server_apply (world, other_token, "self-pay");
  await (other, others);
  for (guint i = 0; i < other->events->len; i++)
    g_assert_cmpstr (((ChEvent *) other->events->pdata[i])->application, ==, others->id);
  for (guint i = 0; i < own->events->len; i++)
    g_assert_cmpstr (((ChEvent *) own->events->pdata[i])->application, ==, draft->id);
}

/* The holder of a certificate hears of its application, not of the others of that account. */
static void
test_holder (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112003");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) certificate = server_issue (world, token, id, key, &error);
  g_autoptr (ChSession) session = NULL;
  g_autofree char *holder_token = NULL;
  g_autoptr (Ear) holder = NULL;
  g_autoptr (Ear) member = NULL;
  g_autoptr (ChApplication) another = NULL;
  g_autoptr (ChApplication) now = NULL;

  g_assert_no_error (error);
  session = server_holder_login (world, certificate->der, key, &error);
  g_assert_no_error (error);
  holder_token = server_take_token (session);
  holder = listen_as (world, holder_token);
  member = listen_as (world, token);

  another = server_apply (world, token, "self-pay");
  await (member, another);
  g_assert_cmpuint (holder->events->len, ==, 0);
  g_assert_true (touch_it (world, id, TRUE));
  now = server_get (world, token, id);
  await (holder, now);
}

static guint
ask_plainly (ServerWorld *world, const char *token)
{
  g_autoptr (GBytes) answer = NULL;
  guint status = 0;

  answer = server_send (world, token, "GET", ch_route_events.path, NULL, &status);
  return status;
}

static void
test_refused (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112004");
  g_autofree char *forged = g_base64_encode ((const guchar *) "no session has ever begun so ...", 32);
  g_autoptr (Ear) nobody = try_listen (world, NULL);
  g_autoptr (Ear) forger = try_listen (world, forged);
  g_autoptr (Ear) staff = try_listen (world, world->reviewer);
  g_autoptr (Ear) late = NULL;

  g_assert_cmpuint (nobody->status, ==, 401);
  g_assert_cmpuint (forger->status, ==, 401);
  g_assert_cmpuint (staff->status, ==, 403);
  g_assert_cmpuint (ask_plainly (world, token), ==, 400);
  ch_clock_set_offset (ch_clock_get_offset () + 901);
  late = try_listen (world, token);
  g_assert_cmpuint (late->status, ==, 401);
  g_assert_null (late->connection);
  g_assert_cmpuint (ch_event_hub_get_n_sockets (ch_dispatch_get_events (world->dispatch)), ==, 0);
}

/* A session that has ended hears nothing more, though its line is still open; listening does not prolong it.
 */
static void
test_session_ends (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112005");
  g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");
  g_autofree char *second = server_login_from (world, "13811112005", "a PC of the test");
  g_autoptr (Ear) expiring = listen_as (world, token);
  g_autoptr (Ear) leaving = listen_as (world, second);
  g_autoptr (GError) error = NULL;
  g_autofree gpointer nothing = server_call (world, second, &ch_route_logout, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (touch_it (world, draft->id, TRUE));
  await_end (leaving);
  g_assert_cmpint (leaving->code, ==, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  g_assert_cmpuint (leaving->events->len, ==, 0);
  while (expiring->events->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (expiring->code, ==, 0);

  /* within the rest of the session: it is open; the look at it is no use of it */
  ch_clock_set_offset (ch_clock_get_offset () + 600);
  ch_event_hub_check_sessions (ch_dispatch_get_events (world->dispatch));
  g_assert_true (touch_it (world, draft->id, TRUE));
  while (expiring->events->len == 1)
    g_main_context_iteration (NULL, TRUE);
  ch_clock_set_offset (ch_clock_get_offset () + 400);
  ch_event_hub_check_sessions (ch_dispatch_get_events (world->dispatch));
  await_end (expiring);
  g_assert_cmpint (expiring->code, ==, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  g_assert_cmpuint (expiring->events->len, ==, 2);
}

/* So many may listen for one account, and no more; who hangs up makes room. */
static void
test_many (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  char *tokens[] = { server_register (world, "13811112006"), server_register (world, "13811112007"),
                     server_register (world, "13811112008") };
  ChEventHub *hub = ch_dispatch_get_events (world->dispatch);
  g_autoptr (GPtrArray) ears = g_ptr_array_new_with_free_func ((GDestroyNotify) ear_free);
  g_autoptr (Ear) refused = NULL;
  g_autoptr (Ear) next = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    for (guint j = 0; j < 10; j++)
      g_ptr_array_add (ears, listen_as (world, tokens[i]));
  refused = try_listen (world, tokens[1]);
  g_assert_cmpuint (refused->status, ==, 429);

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (ChApplication) draft = server_apply (world, tokens[i], "self-pay");

      for (guint j = 0; j < ears->len; j++)
        if (j / 10 == i)
          await (ears->pdata[j], draft);
        else
          g_assert_true (get_last (ears->pdata[j]) == NULL
                         || !g_str_equal (get_last (ears->pdata[j])->application, draft->id));
    }

  soup_websocket_connection_close (((Ear *) ears->pdata[10])->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  while (ch_event_hub_get_n_sockets (hub) == 30)
    g_main_context_iteration (NULL, TRUE);
  next = listen_as (world, tokens[1]);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_free (tokens[i]);
}

/* -- One who does not read -- */

static gboolean
on_accept_cb (GTlsConnection *connection, GTlsCertificate *peer, GTlsCertificateFlags errors, gpointer data)
{
  return TRUE;
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  *(GAsyncResult **) done = g_object_ref (result);
}

/* Shakes hands by bytes, and never reads anything */
static GSocketConnection *
be_deaf (ServerWorld *world, const char *token)
{
  ChEventHub *hub = ch_dispatch_get_events (world->dispatch);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
      "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nConnection: Upgrade\r\n"
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
      "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      token);
  guint before = ch_event_hub_get_n_sockets (hub);
  GSocketConnection *connection;
  g_autoptr (GIOStream) tls = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_uri_async (client, world->url, 443, NULL, on_done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  connection = g_socket_client_connect_to_uri_finish (client, result, &error);
  g_assert_no_error (error);
  g_socket_set_option (g_socket_connection_get_socket (connection), SOL_SOCKET, SO_RCVBUF, 4096, NULL);
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_cb), NULL);
  g_clear_object (&result);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, on_done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, &error));
  g_output_stream_write_all (g_io_stream_get_output_stream (tls), text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  while (ch_event_hub_get_n_sockets (hub) == before)
    g_main_context_iteration (NULL, TRUE);
  g_object_set_data_full (G_OBJECT (connection), "tls", g_steal_pointer (&tls), NULL);
  return connection;
}

static gpointer
write_all (ChDbTx *tx, gpointer data, GError **error)
{
  GPtrArray *ids = data;

  for (guint i = 0; i < ids->len; i++)
    {
      Touch touch = { ids->pdata[i], TRUE };

      if (write_touch (tx, &touch, error) == NULL)
        return NULL;
    }
  return CH_DB_DONE;
}

/* Nobody waits for one who does not read, and what it does not read does not pile up: it is cut. */
static void
test_slow_reader (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112009");
  ChEventHub *hub = ch_dispatch_get_events (world->dispatch);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (Ear) ear = NULL;
  GSocketConnection *deaf;
  guint n_rounds = 0;

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");

      g_ptr_array_add (ids, g_strdup (draft->id));
    }
  ear = listen_as (world, token);
  deaf = be_deaf (world, token);
  while (ch_event_hub_get_n_sockets (hub) == 2)
    {
      g_assert_nonnull (ch_db_write (ch_service_get_db (world->service), write_all, ids, NULL, &error));
      g_assert_no_error (error);
      n_rounds++;
      while (ear->events->len < n_rounds * ids->len)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (n_rounds, <, 500);
    }

  g_test_message ("cut after %u events", n_rounds * ids->len);
  g_assert_cmpuint (ch_event_hub_get_n_sockets (hub), ==, 1);
  g_assert_cmpint (ear->code, ==, 0);
  g_object_unref (g_object_get_data (G_OBJECT (deaf), "tls"));
  g_object_unref (deaf);
}

/* A change that was taken back is told to nobody. */
static void
test_undone (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811112010");
  g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");
  g_autoptr (Ear) ear = listen_as (world, token);

  g_assert_false (touch_it (world, draft->id, FALSE));
  g_assert_true (touch_it (world, draft->id, TRUE));
  while (ear->events->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (get_last (ear)->version, ==, draft->version + 1);
  g_assert_cmpuint (ear->events->len, ==, 1);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/events/own-only", test_own_only);
  g_test_add_func ("/server/events/holder", test_holder);
  g_test_add_func ("/server/events/refused", test_refused);
  g_test_add_func ("/server/events/session-ends", test_session_ends);
  g_test_add_func ("/server/events/many", test_many);
  g_test_add_func ("/server/events/slow-reader", test_slow_reader);
  g_test_add_func ("/server/events/undone", test_undone);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
