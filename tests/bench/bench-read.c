#include "config.h"

#include "bench-clients.h"
#include "server/ch-ca.h"
#include "server-world.h"
#include "wire/messages-account.h"

/* An authenticated read of the store, against libsoup answering the same bytes over TLS without looking at
 * anything */

#define N_CLIENTS 32
#define N_CALLS   6000

typedef struct
{
  const char *url;
  const char *token; /* (nullable) */
} Target;

static SoupMessage *
make_call (guint i, gpointer data)
{
  Target *target = data;
  g_autofree char *url = g_strconcat (target->url, ch_route_account.path, NULL);
  SoupMessage *message = soup_message_new ("GET", url);
  g_autofree char *bearer = g_strconcat ("Bearer ", target->token, NULL);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  return message;
}

static void
on_bare_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  GBytes *body = data;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static double
measure (ServerWorld *world, Target *target)
{
  g_autofree char *warm_url = g_strconcat (target->url, "/v1/time", NULL);
  BenchRound round = {
    soup_session_get_tls_database (world->session), N_CLIENTS, warm_url, 0, N_CALLS, make_call, target
  };
  double rate = bench_run (&round);

  g_assert_cmpuint (round.n_failed, ==, 0);
  return rate;
}

static double
measure_bare (ServerWorld *world, GBytes *body, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupServer) soup
      = soup_server_new ("tls-certificate", ch_ca_get_tls (ch_service_get_ca (world->service)), NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autofree char *url = NULL;
  GSList *uris;
  Target target;
  double rate;

  soup_server_add_handler (soup, NULL, on_bare_cb, body, NULL);
  soup_server_listen (soup, address, SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (soup);
  url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  target = (Target){ url, token };
  rate = measure (world, &target);
  soup_server_disconnect (soup);
  return rate;
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) body = NULL;
  ServerWorld *world;
  g_autofree char *token = NULL;
  g_autoptr (ChAccount) account = NULL;
  Target target;
  double bare, ours;

  server_world_init (&argc, &argv);
  bench_be_quiet ();
  world = server_world_new ();
  token = server_register (world, "13800000042");
  account = server_call (world, token, &ch_route_account, NULL, NULL, NULL);
  g_assert_nonnull (account);
  body = ch_wire_encode (&ChAccount_wire, account);

  bare = measure_bare (world, body, token);
  target = (Target){ world->url, token };
  ours = measure (world, &target);
  g_print ("ratio read %.2f >= 0.70 %.0f/s authenticated from the store, %.0f/s of a bare handler\n",
           ours / bare, ours, bare);

  server_world_free (world);
  server_world_clean_up ();
  return 0;
}
