#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "api-world.h"
#include "base/ch-clock.h"
#include "local/ch-local-entries.h"

#define TIME "{\"now\":\"2026-11-21T08:00:00Z\"}"
#define KEY  "5f0c7c1e-0000-4000-8000-000000000007"

/* -- The list -------------------------------------------------------------------------------------------- */

static ChProfile *
make_profile (const char *official, const char *telecom)
{
  ChProfile *profile = ch_wire_new (&ChProfile_wire);
  const char *const urls[] = { official, telecom };
  const char *const ids[] = { "official", "telecom" };

  profile->entries = ch_wire_list_new (&ChEntry_wire);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      ChEntry *entry = ch_wire_new (&ChEntry_wire);

      entry->id = g_strdup (ids[i]);
      entry->url = g_strdup (urls[i]);
      entry->name = ch_wire_new (&ChText_wire);
      entry->name->zh = g_strdup (ids[i]);
      entry->name->en = g_strdup (ids[i]);
      g_ptr_array_add (profile->entries, entry);
    }
  return profile;
}

static ChEntries *
make_entries (const char *addresses)
{
  g_autoptr (GError) error = NULL;
  ChEntries *entries = ch_entries_new (addresses, &error);

  g_assert_no_error (error);
  return entries;
}

static void
test_list (void)
{
  g_autoptr (ChEntries) entries = make_entries ("https://A.example:443/ ; https://b.example:8443;");
  g_autoptr (ChProfile) ours = make_profile ("https://a.example", "https://c.example");
  g_autoptr (ChProfile) other = make_profile ("https://x.example", "https://y.example");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (ch_entries_get_n (entries), ==, 2);
  g_assert_cmpstr (ch_entries_get_home (entries), ==, "https://a.example");
  g_assert_cmpstr (ch_entries_get (entries, 1)->url, ==, "https://b.example:8443");

  /* One for trying out does not go where the profile says */
  g_assert_false (ch_entries_take_profile (entries, other));
  g_assert_cmpuint (ch_entries_get_n (entries), ==, 2);
  g_assert_null (ch_entries_find (entries, "official"));

  g_assert_true (ch_entries_take_profile (entries, ours));
  g_assert_cmpuint (ch_entries_get_n (entries), ==, 3);
  g_assert_cmpstr (ch_entry_row_get_title (ch_entries_get (entries, 0)), ==, "official");
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "official");
  g_assert_nonnull (ch_entries_find (entries, "server-2"));

  g_assert_null (ch_entries_new ("https://a.example;http://b.example", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_USAGE);
}

static void
test_choosing (void)
{
  g_autoptr (ChEntries) entries = make_entries ("https://a.example");
  g_autoptr (ChProfile) profile = make_profile ("https://a.example", "https://b.example");

  ch_entries_take_profile (entries, profile);
  ch_entries_set_answered (entries, "https://a.example", 100);
  ch_entries_set_answered (entries, "https://b.example", 90);
  ch_entries_settle (entries);
  /* Not for so little */
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "official");
  ch_entries_set_answered (entries, "https://b.example", 40);
  ch_entries_settle (entries);
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "telecom");

  g_assert_false (ch_entries_choose (entries, "unicom"));
  g_assert_true (ch_entries_choose (entries, "official"));
  ch_entries_settle (entries);
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "official");
  /* Who is silent is no use, wanted or not */
  ch_entries_set_silent (entries, "https://a.example");
  ch_entries_settle (entries);
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "telecom");
  ch_entries_set_answered (entries, "https://a.example", 300);
  ch_entries_settle (entries);
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "official");
  g_assert_true (ch_entries_choose (entries, NULL));
  g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "telecom");
}

static void
test_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("certhall-entries-XXXXXX", &error);
  g_autoptr (ChProfile) profile = make_profile ("https://a.example", "https://b.example");
  g_autoptr (GDir) files = NULL;
  const char *name;

  for (guint round = 0; round < 3; round++)
    {
      /* Another CA of the same user knows nothing of it */
      g_autoptr (ChEntries) other = make_entries ("https://c.example");
      g_autoptr (ChEntries) entries = make_entries ("https://a.example");

      ch_local_entries_follow (other, dir);
      g_assert_cmpuint (ch_entries_get_n (other), ==, 1);
      ch_local_entries_follow (entries, dir);
      if (round == 0)
        {
          ch_entries_take_profile (entries, profile);
          ch_entries_set_answered (entries, "https://b.example", 40);
          ch_entries_move (entries, "https://b.example");
          continue;
        }
      g_assert_cmpuint (ch_entries_get_n (entries), ==, 2);
      g_assert_cmpstr (ch_entries_get_current (entries)->id, ==, "telecom");
      if (round == 2)
        g_assert_cmpstr (ch_entries_get_chosen (entries), ==, "telecom");
      g_assert_true (ch_entries_choose (entries, "telecom"));
    }

  files = g_dir_open (dir, 0, NULL);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

/* -- Calls ----------------------------------------------------------------------------------------------- */

/* A server at two addresses, and a client that knows both */
typedef struct
{
  World *world;
  WorldListener *second;
  ChServer *client;
  char *urls[2];
  guint n_moved;
  char *keys[2]; /* that came through each */
  gboolean had_token[2];
  enum
  {
    ANSWER,
    CUT,     /* the first entry breaks the line instead of answering */
    GATEWAY, /* and here it says that there is nobody behind it */
  } first;
} Two;

static void
answer (World *world, SoupServerMessage *message)
{
  Two *two = (Two *) world->data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GInetSocketAddress *local = G_INET_SOCKET_ADDRESS (soup_server_message_get_local_address (message));
  guint entry = g_inet_socket_address_get_port (local) == world->listener->port ? 0 : 1;

  g_free (two->keys[entry]);
  two->keys[entry] = g_strdup (soup_message_headers_get_one (headers, "Idempotency-Key"));
  two->had_token[entry] = soup_message_headers_get_one (headers, "Authorization") != NULL;
  if (entry == 0 && two->first == CUT)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  soup_server_message_set_status (message, entry == 0 && two->first == GATEWAY ? 502 : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, TIME, strlen (TIME));
}

static void
on_moved_cb (ChEntries *entries, const ChEntryRow *row, Two *two)
{
  g_assert_true (row == ch_entries_get_current (entries));
  two->n_moved++;
}

static Two *
two_new (WorldCertificate first)
{
  Two *self = g_new0 (Two, 1);
  g_autofree char *both = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) token = ch_secret_new ("s3cret-token", 12);

  self->world = world_new (CERTIFICATE_RIGHT, answer, self);
  if (first != CERTIFICATE_RIGHT)
    {
      /* The second keeps what is trusted; the first shows another’s */
      aside = g_build_filename (self->world->dir, "aside.pem", NULL);
      self->second = world_listener_new (self->world->soup, self->world->certificate);
      self->world->listener->certificate = world_make_certificate (first, aside);
      g_unlink (aside);
    }
  else
    self->second = world_listener_new (self->world->soup, self->world->certificate);
  self->urls[0] = g_strdup (self->world->url);
  self->urls[1] = g_strdup_printf ("https://127.0.0.1:%u", self->second->port);
  both = g_strjoin (";", self->urls[0], self->urls[1], NULL);
  self->client = CH_SERVER (ch_api_server_new (both, self->world->trust_file, &error));
  g_assert_no_error (error);
  ch_server_set_session (self->client, token);
  g_signal_connect (ch_server_get_entries (self->client), "moved", G_CALLBACK (on_moved_cb), self);
  return self;
}

static void
two_free (Two *self)
{
  if (self->world->listener->certificate != self->world->certificate)
    g_clear_object (&self->world->listener->certificate);
  g_clear_object (&self->client);
  world_listener_free (self->second);
  world_free (self->world);
  for (guint i = 0; i < 2; i++)
    {
      g_free (self->urls[i]);
      g_free (self->keys[i]);
    }
  g_free (self);
  ch_clock_set_offset (0);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static ChErrorCode
call (Two *self, const ChRoute *route, const char *key, GCancellable *cancellable)
{
  static const char *const args[] = { "A1", NULL };
  ChServerInterface *iface = CH_SERVER_GET_IFACE (self->client);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  iface->call_async (self->client, route, strchr (route->path, '{') != NULL ? args : NULL, NULL, key,
                     cancellable, on_called_cb, &result);
  world_pump ((gpointer *) &result);
  body = iface->call_finish (self->client, result, &error);
  g_assert_true ((body == NULL) == (error != NULL));
  return error != NULL ? (ChErrorCode) error->code : CH_N_ERRORS;
}

static const char *
get_url_in_use (Two *self)
{
  return ch_entries_get_current (ch_server_get_entries (self->client))->url;
}

static void
expect_second (Two *self)
{
  g_assert_cmpstr (get_url_in_use (self), ==, self->urls[1]);
  g_assert_cmpuint (self->n_moved, ==, 1);
  g_assert_cmpint (ch_entries_get (ch_server_get_entries (self->client), 0)->state, ==, CH_ENTRY_SILENT);
}

static void
test_dead (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);
  g_autoptr (ChServer) ticket = NULL;
  g_autoptr (ChSecret) token = ch_secret_new ("other", 5);

  world_listener_close (two->world->listener);
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_N_ERRORS);
  expect_second (two);
  g_assert_true (two->had_token[1]);
  g_assert_cmpstr (two->keys[1], ==, KEY);
  /* From now on the dead one is not asked, by whoever calls */
  ticket = ch_server_new_with_session (two->client, token);
  g_assert_true (ch_server_get_entries (ticket) == ch_server_get_entries (two->client));
  g_assert_cmpint (call (two, &ch_route_time, NULL, NULL), ==, CH_N_ERRORS);
  g_assert_cmpuint (two->n_moved, ==, 1);
  two_free (two);
}

/* A login that has left may have worked: it is not for the program to send it twice */
static void
test_without_key (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);

  two->first = CUT;
  g_assert_cmpint (call (two, &ch_route_login, NULL, NULL), ==, CH_ERROR_SERVER_UNREACHABLE);
  g_assert_cmpuint (two->world->n_requests, ==, 1);
  /* One that never left is */
  world_listener_close (two->world->listener);
  g_assert_cmpint (call (two, &ch_route_login, NULL, NULL), ==, CH_N_ERRORS);
  two_free (two);
}

static void
test_cut (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);

  two->first = CUT;
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_N_ERRORS);
  expect_second (two);
  /* Known by its key: the server does it once */
  g_assert_cmpstr (two->keys[0], ==, KEY);
  g_assert_cmpstr (two->keys[1], ==, KEY);
  /* A nonce that nobody uses harms nobody */
  g_assert_true (ch_entries_choose (ch_server_get_entries (two->client), "server"));
  g_assert_cmpint (call (two, &ch_route_nonce, NULL, NULL), ==, CH_N_ERRORS);
  g_assert_cmpuint (two->n_moved, ==, 2);
  two_free (two);
}

static void
test_gateway (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);

  two->first = GATEWAY;
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_N_ERRORS);
  expect_second (two);
  two_free (two);
}

/* Somebody else’s certificate: nothing is sent there, and there is another way */
static void
test_stranger (void)
{
  Two *two = two_new (CERTIFICATE_OTHER_ANCHOR);

  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_N_ERRORS);
  expect_second (two);
  g_assert_null (two->keys[0]);
  g_assert_false (two->had_token[0]);
  two_free (two);
}

/* Somebody takes the connection and says nothing */
static void
test_stuck (void)
{
  g_autoptr (GSocketListener) deaf = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (deaf, NULL, &error);
  Two *two = two_new (CERTIFICATE_RIGHT);
  g_autofree char *both = g_strdup_printf ("https://127.0.0.1:%u;%s", port, two->urls[1]);

  g_assert_no_error (error);
  g_clear_object (&two->client);
  two->client = CH_SERVER (ch_api_server_new (both, two->world->trust_file, &error));
  g_assert_no_error (error);
  g_signal_connect (ch_server_get_entries (two->client), "moved", G_CALLBACK (on_moved_cb), two);
  ch_api_server_set_connect_limit (CH_API_SERVER (two->client), 50);
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_N_ERRORS);
  expect_second (two);
  two_free (two);
}

static void
test_all_dead (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);

  world_listener_close (two->world->listener);
  world_listener_close (two->second);
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, NULL), ==, CH_ERROR_SERVER_UNREACHABLE);
  g_assert_cmpstr (get_url_in_use (two), ==, two->urls[0]);
  g_assert_cmpuint (two->n_moved, ==, 0);
  two_free (two);
}

static void
test_cancelled (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_cmpint (call (two, &ch_route_application_submit, KEY, cancellable), ==, CH_ERROR_CANCELLED);
  g_assert_cmpuint (two->world->n_requests, ==, 0);
  g_assert_cmpuint (two->n_moved, ==, 0);
  two_free (two);
}

static gboolean
measure (Two *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean good;

  ch_server_measure_async (self->client, NULL, on_called_cb, &result);
  world_pump ((gpointer *) &result);
  good = ch_server_measure_finish (self->client, result, &error);
  g_assert_true (good == (error == NULL));
  return good;
}

static void
test_measured (void)
{
  Two *two = two_new (CERTIFICATE_RIGHT);
  ChEntries *entries = ch_server_get_entries (two->client);

  g_assert_true (measure (two));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (ch_entries_get (entries, i)->state, ==, CH_ENTRY_ANSWERS);
      g_assert_cmpuint (ch_entries_get (entries, i)->milliseconds, >, 0);
    }
  /* Nobody needs to know who it is for that */
  g_assert_false (two->had_token[0] || two->had_token[1]);

  g_assert_true (ch_entries_choose (entries, "server"));
  world_listener_close (two->world->listener);
  g_assert_true (measure (two));
  g_assert_cmpstr (get_url_in_use (two), ==, two->urls[1]);
  g_assert_cmpstr (ch_entries_get_chosen (entries), ==, "server");

  world_listener_close (two->second);
  g_assert_false (measure (two));
  g_assert_cmpstr (get_url_in_use (two), ==, two->urls[1]);
  two_free (two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/entries/list", test_list);
  g_test_add_func ("/entries/choosing", test_choosing);
  g_test_add_func ("/entries/kept", test_kept);
  g_test_add_func ("/entries/dead", test_dead);
  g_test_add_func ("/entries/without-key", test_without_key);
  g_test_add_func ("/entries/cut", test_cut);
  g_test_add_func ("/entries/gateway", test_gateway);
  g_test_add_func ("/entries/stranger", test_stranger);
  g_test_add_func ("/entries/stuck", test_stuck);
  g_test_add_func ("/entries/all-dead", test_all_dead);
  g_test_add_func ("/entries/cancelled", test_cancelled);
  g_test_add_func ("/entries/measured", test_measured);
  return g_test_run ();
}
