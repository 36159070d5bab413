#include "config.h"

#include <string.h>

#include "api-world.h"
#include "base/ch-proxy.h"
#include "fetch/ch-curl-fetcher.h"

#define LIMIT 1000

typedef struct
{
  SoupServer *soup;
  WorldListener *listener;
  char *url; /* without a slash at its end */
  guint n_requests;
  GPtrArray *paused; /* never answered */
} Plain;

static void
on_request_cb (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  Plain *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autofree char *large = g_strnfill (LIMIT + 1, 'x');

  self->n_requests++;
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (g_str_equal (path, "/crl"))
    soup_server_message_set_response (message, "application/pkix-crl", SOUP_MEMORY_COPY, "\x30\x00\xff", 3);
  else if (g_str_equal (path, "/echo"))
    {
      g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
      const char *type
          = soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);

      soup_message_body_append (body, SOUP_MEMORY_COPY, type, strlen (type));
      soup_message_body_append_bytes (body, bytes);
    }
  else if (g_str_equal (path, "/exact"))
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, large, LIMIT);
  else if (g_str_equal (path, "/large"))
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, large, LIMIT + 1);
  else if (g_str_equal (path, "/chunks"))
    {
      soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
      soup_message_body_append (body, SOUP_MEMORY_COPY, large, LIMIT + 1);
      soup_message_body_complete (body);
    }
  else if (g_str_equal (path, "/moved"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/crl");
  else if (g_str_equal (path, "/round"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/round");
  else if (g_str_equal (path, "/to-file"))
    {
      soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
      soup_message_headers_replace (headers, "Location", "file:///etc/hostname");
    }
  else if (g_str_equal (path, "/never"))
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->paused, g_object_ref (message));
    }
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
set_up (Plain *self, gconstpointer data)
{
  self->soup = g_object_new (SOUP_TYPE_SERVER, NULL);
  self->paused = g_ptr_array_new_with_free_func (g_object_unref);
  soup_server_add_handler (self->soup, NULL, on_request_cb, self, NULL);
  self->listener = world_listener_new (self->soup, NULL);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", self->listener->port);
}

static void
tear_down (Plain *self, gconstpointer data)
{
  world_listener_free (self->listener);
  soup_server_disconnect (self->soup);
  g_ptr_array_unref (self->paused);
  g_object_unref (self->soup);
  /* Connections that are closed by now go away only here */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_free (self->url);
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GBytes *
fetch (ChFetcher *fetcher, const char *url, const char *type, GBytes *body, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_fetcher_fetch_async (fetcher, url, type, body, LIMIT, NULL, on_fetched_cb, &result);
  world_pump ((gpointer *) &result);
  return ch_fetcher_fetch_finish (fetcher, result, error);
}

static void
expect (Plain *self, const char *path, ChErrorCode code)
{
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (NULL);
  g_autofree char *url = *path == '/' ? g_strconcat (self->url, path, NULL) : g_strdup (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  ch_curl_fetcher_set_time_limit (CH_CURL_FETCHER (fetcher), g_str_equal (path, "/never") ? 1 : 30);
  answer = fetch (fetcher, url, NULL, NULL, &error);
  g_assert_null (answer);
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
assert_fetched (Plain *self, const char *path, GBytes *body, const char *expected, gsize len)
{
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (NULL);
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = fetch (fetcher, url, "application/ocsp-request", body, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), expected, len);
}

static void
test_fetched (Plain *self, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("\0question", 9);
  g_autofree char *exact = g_strnfill (LIMIT, 'x');

  assert_fetched (self, "/crl", NULL, "\x30\x00\xff", 3);
  assert_fetched (self, "/moved", NULL, "\x30\x00\xff", 3);
  assert_fetched (self, "/exact", NULL, exact, LIMIT);
  assert_fetched (self, "/echo", body, "application/ocsp-request\0question", 33);
}

/* A revocation list is had the way everything else goes: a PC that reaches the world through a proxy alone
 * would else be told that nothing can be verified */
static void
test_proxy (Plain *self, gconstpointer data)
{
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  g_assert_true (ch_proxy_set (self->url));
  answer = fetch (fetcher, "http://crl.invalid/crl", NULL, NULL, &error);
  g_assert_true (ch_proxy_set (NULL));
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "\x30\x00\xff", 3);
  g_assert_cmpuint (self->n_requests, ==, 1);
  /* What a shell’s settings say is not the way the program goes */
  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  assert_fetched (self, "/crl", NULL, "\x30\x00\xff", 3);
  g_unsetenv ("http_proxy");
}

static void
test_limits (Plain *self, gconstpointer data)
{
  expect (self, "/large", CH_ERROR_TOO_LARGE);
  expect (self, "/chunks", CH_ERROR_TOO_LARGE);
  expect (self, "/never", CH_ERROR_TIMED_OUT);
  expect (self, "/round", CH_ERROR_BAD_ANSWER);
  g_assert_cmpuint (self->n_requests, <=, 10);
}

static void
test_refused (Plain *self, gconstpointer data)
{
  static const char *const refused[]
      = { "file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://127.0.0.1/",          "",
          "ldap://127.0.0.1/",    "http://",           "http://user:word@127.0.0.1:1/" };

  expect (self, "/to-file", CH_ERROR_BAD_ANSWER);
  expect (self, "/missing", CH_ERROR_BAD_ANSWER);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) answer = fetch (fetcher, refused[i], NULL, NULL, &error);

      g_assert_null (answer);
      g_assert_nonnull (error);
    }
}

static void
test_cancelled (Plain *self, gconstpointer data)
{
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = g_strconcat (self->url, "/never", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  ch_fetcher_fetch_async (fetcher, url, NULL, NULL, LIMIT, cancellable, on_fetched_cb, &result);
  while (self->paused->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  world_pump ((gpointer *) &result);
  answer = ch_fetcher_fetch_finish (fetcher, result, &error);
  g_assert_null (answer);
  g_assert_cmpstr (ch_error_get_info (error)->id, ==, "cancelled");
}

static void
test_nobody (Plain *self, gconstpointer data)
{
  world_listener_close (self->listener);
  expect (self, "/crl", CH_ERROR_SERVER_UNREACHABLE);
}

static void
test_trust (Plain *self, gconstpointer data)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, "answer");
  g_autoptr (ChFetcher) trusting = ch_curl_fetcher_new (world->trust_file);
  g_autoptr (ChFetcher) stranger = ch_curl_fetcher_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = fetch (trusting, world->url, NULL, NULL, &error);
  g_autoptr (GBytes) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "answer", 6);
  none = fetch (stranger, world->url, NULL, NULL, &error);
  g_assert_null (none);
  g_assert_error (error, CH_ERROR, CH_ERROR_SERVER_IDENTITY);
}

static const struct
{
  const char *path;
  void (*test) (Plain *self, gconstpointer data);
} tests[] = {
  { "/fetch/fetched", test_fetched },     { "/fetch/proxy", test_proxy },
  { "/fetch/limits", test_limits },       { "/fetch/refused", test_refused },
  { "/fetch/cancelled", test_cancelled }, { "/fetch/nobody", test_nobody },
  { "/fetch/trust", test_trust },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Plain, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
