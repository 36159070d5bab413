#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "hostile-bodies.h"
#include "server-world.h"
#include "wire/messages-error.h"

/* What nobody who means well would send, to every route there is: always an error of the table, never one of
 * the inside, and everybody else is served meanwhile. */

/* Of so many bodies one is sent, another one each time; all of them with CERTHALL_LONG */
#define STRIDE 5

#define HUGE_BODY (100 * 1024 * 1024)

typedef struct
{
  ServerWorld *world;
  char *token;
  guint n_members;
  char *objects[CH_OWNED_CERTIFICATE + 1]; /* one’s own, by CH_OWNED_… */
  guint n_sent;
} Attack;

/* Who is logged in, with a thing of each kind */
static void
become_somebody (Attack *self)
{
  g_autofree char *mobile = g_strdup_printf ("1371%07u", self->n_members++);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = NULL;
  g_autoptr (ChUploadNew) announced = ch_wire_new (&ChUploadNew_wire);
  g_autoptr (ChUpload) upload = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChOrder) order = NULL;

  g_free (self->token);
  self->token = server_register (self->world, mobile);
  draft = server_fill_in (self->world, self->token, server_apply (self->world, self->token, "self-pay"));
  announced->document = g_strdup ("licence");
  announced->name = g_strdup ("a.pdf");
  announced->size = 1000;
  announced->sha256 = ch_sha256 ("", 0);
  upload = server_call (self->world, self->token, &ch_route_upload_new, draft->id, announced, &error);
  g_assert_no_error (error);
  version->version = draft->version;
  order = server_call (self->world, self->token, &ch_route_order_new, draft->id, version, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (self->objects); i++)
    g_clear_pointer (&self->objects[i], g_free);
  self->objects[CH_OWNED_APPLICATION] = g_strdup (draft->id);
  self->objects[CH_OWNED_UPLOAD] = g_strdup (upload->id);
  self->objects[CH_OWNED_ORDER] = g_strdup (order->id);
}

static char *
make_path (Attack *self, const ChRoute *route, const char *first)
{
  const char *own = route->owned < G_N_ELEMENTS (self->objects) ? self->objects[route->owned] : NULL;
  const char *args[] = { first != NULL ? first : own != NULL ? own : "x", "licence", "x", "x", NULL };

  return ch_route_format_path (route, args);
}

/* Whatever came, the answer is one the other side understands */
static void
send_one (Attack *self, const ChRoute *route, const char *path, const char *what, GBytes *body)
{
  gboolean is_staff = (route->principals & CH_PRINCIPAL_REVIEWER) != 0;
  guint status = 0;
  g_autoptr (GBytes) answer = server_send (self->world, is_staff ? self->world->reviewer : self->token,
                                           route->method, path, body, &status);
  g_autoptr (ChFailure) failure = NULL;
  ChErrorCode code;

  self->n_sent++;
  /* what is no request line at all libsoup refuses by itself */
  if (status == 200 || (status == 400 && g_bytes_get_size (answer) == 0 && strchr (path, '%') != NULL))
    return;

  /* Providers of payments are answered in their own words */
  if (route == &ch_route_notify_wechat && status == 401)
    {
      g_assert_nonnull (g_strstr_len (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "FAIL"));
      return;
    }

  failure = ch_wire_decode (&ChFailure_wire, answer, NULL);
  if (status >= 500 || failure == NULL)
    g_test_message ("%s, %s: %u %.*s", route->id, what, status, (int) g_bytes_get_size (answer),
                    (const char *) g_bytes_get_data (answer, NULL));
  g_assert_nonnull (failure);
  g_assert_true (ch_error_code_from_id (failure->id, &code));
  g_assert_cmpint (status, ==, ch_error_code_get_info (code)->http_status);
  g_assert_cmpuint (status, <, 500);
}

static void
assert_others_served (Attack *self)
{
  guint status = 0;
  g_autoptr (GBytes) answer = server_send (self->world, NULL, "GET", "/v1/time", NULL, &status);

  g_assert_cmpuint (status, ==, 200);
}

/* What was sent may have ended the session, or the thing */
static void
stay_somebody (Attack *self)
{
  g_autoptr (ChAccount) account = server_call (self->world, self->token, &ch_route_account, NULL, NULL, NULL);

  if (account == NULL)
    become_somebody (self);
}

static void
attack_route (Attack *self, const ChRoute *route, guint first, guint stride)
{
  gboolean has_query = ch_route_has_query (route);
  g_autoptr (GPtrArray) bodies
      = has_query ? hostile_queries_make (route->request) : hostile_bodies_make (route->request);

  for (guint i = first % stride; i < bodies->len; i += stride)
    {
      const HostileBody *hostile = bodies->pdata[i];
      g_autofree char *path = make_path (self, route, NULL);

      if (has_query)
        {
          g_autofree char *query
              = g_strndup (g_bytes_get_data (hostile->body, NULL), g_bytes_get_size (hostile->body));
          g_autofree char *asked = g_strconcat (path, "?", query, NULL);

          send_one (self, route, asked, hostile->name, NULL);
        }
      else
        send_one (self, route, path, hostile->name, hostile->body);
    }
  stay_somebody (self);
}

static void
test_bodies (void)
{
  guint n_routes, stride = g_getenv ("CERTHALL_LONG") != NULL ? 1 : STRIDE;
  const ChRoute *const *routes = ch_routes_get (&n_routes);
  Attack attack = { server_world_new () };

  become_somebody (&attack);
  for (guint i = 0; i < n_routes; i++)
    {
      attack_route (&attack, routes[i], g_test_rand_int_range (0, G_MAXINT), stride);
      assert_others_served (&attack);
    }
  g_test_message ("%u hostile calls of %u routes", attack.n_sent, n_routes);
  for (guint i = 0; i < G_N_ELEMENTS (attack.objects); i++)
    g_free (attack.objects[i]);
  g_free (attack.token);
  server_world_free (attack.world);
}

/* Where an id stands in the path: nobody’s, another’s, and what is none */
static void
test_ids (void)
{
  static const char *const ids[] = {
    "x", "0", "-1", "..", "../../keys", "%00", "a\nb", "' OR 1=1 --", "\xe2\x80\xae", "%", "{application}",
  };
  g_autofree char *endless = g_strnfill (4000, 'a');
  guint n_routes;
  const ChRoute *const *routes = ch_routes_get (&n_routes);
  Attack owner = { server_world_new () };
  Attack other = { owner.world };

  become_somebody (&owner);
  other.n_members = 1000;
  become_somebody (&other);
  for (guint i = 0; i < n_routes; i++)
    {
      g_autoptr (GBytes) good = hostile_bodies_make_good (routes[i]->request);
      GBytes *body = g_str_equal (routes[i]->method, "GET") ? NULL : good;
      const char *foreign
          = routes[i]->owned < G_N_ELEMENTS (other.objects) ? other.objects[routes[i]->owned] : NULL;

      if (strchr (routes[i]->path, '{') == NULL)
        continue;
      for (guint j = 0; j <= G_N_ELEMENTS (ids); j++)
        {
          g_autofree char *path = make_path (&owner, routes[i], j < G_N_ELEMENTS (ids) ? ids[j] : endless);

          send_one (&owner, routes[i], path, "a hostile id", body);
        }
      if (foreign != NULL && (routes[i]->principals & CH_PRINCIPAL_MEMBER) != 0)
        {
          g_autofree char *path = make_path (&owner, routes[i], foreign);
          guint status = 0;
          g_autoptr (GBytes) answer
              = server_send (owner.world, owner.token, routes[i]->method, path, body, &status);

          g_assert_cmpuint (status, ==, 404);
        }
    }
  assert_others_served (&owner);
  for (guint i = 0; i < G_N_ELEMENTS (owner.objects); i++)
    {
      g_free (owner.objects[i]);
      g_free (other.objects[i]);
    }
  g_free (owner.token);
  g_free (other.token);
  server_world_free (owner.world);
}

/* -- Bodies of 100 MB -- */

typedef struct
{
  const char *name;
  const char *head;
  gboolean is_chunked;
} HugeRow;

static const HugeRow huge_rows[] = {
  { "length",
    "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Content-Length: 104857600\r\n\r\n",
    FALSE },
  { "chunked",
    "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Transfer-Encoding: chunked\r\n\r\n",
    TRUE },
  { "nowhere", "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n", FALSE },
  { "get", "GET /v1/time HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n", FALSE },
  { "header", "GET /v1/time HTTP/1.1\r\nHost: localhost\r\nX-Long: ", FALSE },
  { "line", "GET /", FALSE },
};

typedef struct
{
  const HugeRow *row;
  guint16 port;
  gsize n_sent;
  gint is_done; /* atomic */
} Huge;

static gboolean
on_certificate_cb (GTlsConnection *connection,
                   GTlsCertificate *certificate,
                   GTlsCertificateFlags errors,
                   gpointer data)
{
  return TRUE;
}

/* Sends on until it is cut off */
static gpointer
send_huge (gpointer data)
{
  Huge *self = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autofree char *piece = g_strnfill (0x10000, ' ');
  g_autofree char *chunk = g_strconcat ("10000\r\n", piece, "\r\n", NULL);
  const char *more = self->row->is_chunked ? chunk : piece;
  GOutputStream *output;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  g_assert_nonnull (connection);
  /* once the server has hung up, a line that is full to the brim may never move again */
  g_socket_set_timeout (g_socket_connection_get_socket (connection), 3);
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, NULL);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_certificate_cb), NULL);
  output = g_io_stream_get_output_stream (tls);
  if (g_output_stream_write_all (output, self->row->head, strlen (self->row->head), NULL, NULL, NULL))
    while (self->n_sent < HUGE_BODY
           && g_output_stream_write_all (output, more, strlen (more), NULL, NULL, NULL))
      self->n_sent += strlen (more);

  g_atomic_int_set (&self->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* Who sends 100 MB is refused before they are there, and others are served meanwhile */
static void
test_huge (gconstpointer data)
{
  Attack attack = { server_world_new () };
  g_autoptr (GUri) uri = g_uri_parse (attack.world->url, G_URI_FLAGS_NONE, NULL);
  Huge huge = { data, g_uri_get_port (uri) };
  GThread *thread = g_thread_new ("huge", send_huge, &huge);

  assert_others_served (&attack);
  while (!g_atomic_int_get (&huge.is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (huge.n_sent, <, HUGE_BODY / 5);
  /* it is forgotten here too: what is left is the connection of the others */
  while (ch_listener_get_n_connections (attack.world->listener) > 1)
    g_main_context_iteration (NULL, TRUE);
  assert_others_served (&attack);
  server_world_free (attack.world);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/durability/hostile/bodies", test_bodies);
  g_test_add_func ("/durability/hostile/ids", test_ids);
  for (guint i = 0; i < G_N_ELEMENTS (huge_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/durability/hostile/huge/", huge_rows[i].name, NULL);

      g_test_add_data_func (path, &huge_rows[i], test_huge);
    }
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
