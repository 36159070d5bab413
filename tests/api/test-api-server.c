#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "api-world.h"

#define TIME "{\"now\":\"2026-11-21T08:00:00Z\"}"

static ChSecret *
make_token (void)
{
  return ch_secret_new ("s3cret-token", 12);
}

/* -- What is sent
 * --------------------------------------------------------------------------------------------- */

static void
check_request (World *world, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_decode (&ChVersion_wire, bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (version->version, ==, 7);
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Authorization"), ==, "Bearer s3cret-token");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Idempotency-Key"), ==,
                   "5f0c7c1e-0000-4000-8000-000000000001");
  g_assert_cmpstr (soup_message_headers_get_content_type (headers, NULL), ==, "application/json");
  g_assert_cmpstr (g_uri_get_path (soup_server_message_get_uri (message)), ==,
                   "/v1/applications/A%2F1%3F/submit");
  world_answer (world, message);
}

static void
test_request (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, check_request, "{\"any\":\"thing\"}");
  g_autoptr (ChSecret) token = make_token ();
  const char *const args[] = { "A/1?", NULL };
  ChVersion version = { 7 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) peer = NULL;
  g_autoptr (GByteArray) own = NULL;

  g_assert_null (ch_server_get_peer_certificate (world->client));
  ch_server_set_session (world->client, token);
  answer = world_call (world, &ch_route_application_submit, args, &version, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "{\"any\":\"thing\"}", 15);

  peer = ch_server_get_peer_certificate (world->client);
  g_object_get (world->certificate, "certificate", &own, NULL);
  g_assert_cmpmem (g_bytes_get_data (peer, NULL), g_bytes_get_size (peer), own->data, own->len);
}

static void
test_message (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, TIME);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = world_call (world, &ch_route_time, NULL, NULL, &error);
  g_autoptr (ChTime) time = NULL;

  g_assert_no_error (error);
  time = ch_wire_decode (&ChTime_wire, answer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (time->now, ==, 1795248000);
  ch_clock_set_offset (0);
}

static void
answer_bytes (World *world, SoupServerMessage *message)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/pkix-crl", SOUP_MEMORY_COPY, "\x30\x00\xff", 3);
}

static void
test_raw (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, answer_bytes, NULL);
  const char *const args[] = { "rsa.crl", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = world_call (world, &ch_route_crl, args, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "\x30\x00\xff", 3);
}

/* -- Failures
 * --------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint status;
  const char *body;
  ChErrorCode code;
  const char *header, *value; /* of the answer */
  const char *detail;         /* that the error must have */
} FailureRow;

static const FailureRow failures[] = {
  { 404, "{\"error\":\"not-found\"}", CH_ERROR_NOT_FOUND },
  { 409, "{\"error\":\"conflict\",\"message\":\"version 3\"}", CH_ERROR_CONFLICT },
  { 401, "{\"error\":\"not-logged-in\"}", CH_ERROR_NOT_LOGGED_IN },
  { 429, "{\"error\":\"too-often\"}", CH_ERROR_TOO_OFTEN, "Retry-After", "17", "retry-after" },
  { 200 + 100, "", CH_ERROR_BAD_ANSWER },
  { 302, "", CH_ERROR_BAD_ANSWER, "Location", "/v1/elsewhere" },
  { 401, "<html>", CH_ERROR_NOT_LOGGED_IN },
  { 404, "<html>no such page here</html>", CH_ERROR_BAD_ANSWER },
  { 413, "", CH_ERROR_TOO_LARGE },
  { 500, "{\"error\":\"of-tomorrow\"}", CH_ERROR_BAD_ANSWER },
  { 502, "<html>proxy</html>", CH_ERROR_SERVER_UNREACHABLE },
  { 503, "", CH_ERROR_BUSY },
  { 504, "", CH_ERROR_TIMED_OUT },
};

static void
answer_failure (World *world, SoupServerMessage *message)
{
  const FailureRow *row = world->data;

  soup_server_message_set_status (message, row->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, row->body,
                                    strlen (row->body));
  if (row->header != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), row->header,
                                  row->value);
}

static void
test_failure (gconstpointer data)
{
  const FailureRow *row = data;
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, answer_failure, row);
  g_autoptr (ChSecret) token = make_token ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  ch_server_set_session (world->client, token);
  answer = world_call (world, &ch_route_account, NULL, NULL, &error);
  g_assert_null (answer);
  g_assert_error (error, CH_ERROR, (int) row->code);
  g_assert_cmpuint (world->n_requests, ==, 1);
  if (row->detail != NULL)
    g_assert_cmpstr (ch_error_get_detail (error, row->detail), ==, row->value);
  g_assert_true (ch_server_has_session (world->client) == (row->code != CH_ERROR_NOT_LOGGED_IN));
}

/* -- Hostile answers
 * ---------------------------------------------------------------------------------------------- */

static const char *const hostile[] = {
  "",
  "null",
  "[]",
  "{\"now\":1}",
  "{\"now\":\"yesterday\"}",
  "{\"now\":\"2026-11-21T08:00:00Z\"}{}",
  "{\"now\":\"2026-11-21T08:00:00Z\",\"now\":\"2026-11-21T08:00:00Z\"}",
  "{'now':'2026-11-21T08:00:00Z'}",
  "{\"now\":\"\xff\xfe\"}",
  "var x = 1",
};

static void
test_hostile (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, hostile[i]);

      world_expect (world, &ch_route_time, CH_ERROR_BAD_ANSWER);
    }
}

static void
test_deep (void)
{
  g_autofree char *text = g_strnfill (1000000, '[');
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, text);

  world_expect (world, &ch_route_profile, CH_ERROR_BAD_ANSWER);
}

static void
answer_endlessly (World *world, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autofree char *piece = g_strnfill (1024 * 1024, ' ');

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  for (guint i = 0; i < 9; i++)
    soup_message_body_append (body, SOUP_MEMORY_COPY, piece, 1024 * 1024);
  soup_message_body_complete (body);
}

static void
test_too_large (void)
{
  g_autoptr (World) announced = world_new (CERTIFICATE_RIGHT, world_answer_raw,
                                           "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n{");
  g_autoptr (World) counted = world_new (CERTIFICATE_RIGHT, answer_endlessly, NULL);

  world_expect (announced, &ch_route_profile, CH_ERROR_BAD_ANSWER);
  world_expect (counted, &ch_route_profile, CH_ERROR_BAD_ANSWER);
}

/* -- The line
 * ------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *sent;
  ChErrorCode code;
} cuts[] = {
  { "", CH_ERROR_SERVER_UNREACHABLE },
  { "HTTP/1.1 200 OK\r\nConte", CH_ERROR_BAD_ANSWER }, /* half a head is not told from nonsense */
  { "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"now\":", CH_ERROR_SERVER_UNREACHABLE },
  { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1e\r\n{\"now\":", CH_ERROR_SERVER_UNREACHABLE },
  { "SSH-2.0-OpenSSH_9.2\r\n\r\n", CH_ERROR_BAD_ANSWER },
};

static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer_raw, cuts[i].sent);

      world_expect (world, &ch_route_time, cuts[i].code);
    }
}

static void
never_answer (World *world, SoupServerMessage *message)
{
  soup_server_message_pause (message);
  g_ptr_array_add (world->paused, g_object_ref (message));
}

static void
test_slow (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, never_answer, NULL);

  ch_api_server_set_time_limit (CH_API_SERVER (world->client), 1);
  world_expect (world, &ch_route_time, CH_ERROR_TIMED_OUT);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_cancelled (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, never_answer, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gpointer answer;

  ch_server_call_async (world->client, &ch_route_time, NULL, NULL, NULL, cancellable, on_called_cb, &result);
  while (world->paused->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  world_pump ((gpointer *) &result);
  answer = ch_server_call_finish (world->client, result, &error);
  g_assert_null (answer);
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

static void
test_nobody (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, TIME);

  world_listener_close (world->listener);
  world_expect (world, &ch_route_time, CH_ERROR_SERVER_UNREACHABLE);
}

static const struct
{
  const char *name;
  WorldCertificate kind;
  gboolean is_met;
} certificates[] = {
  { "right", CERTIFICATE_RIGHT, TRUE },
  { "other-anchor", CERTIFICATE_OTHER_ANCHOR, FALSE },
  { "same-name", CERTIFICATE_SAME_NAME, FALSE },
  { "other-host", CERTIFICATE_OTHER_HOST, FALSE },
  { "self-signed", CERTIFICATE_SELF_SIGNED, FALSE },
  { "expired", CERTIFICATE_EXPIRED, FALSE },
  { "future", CERTIFICATE_FUTURE, TRUE }, /* this PC’s clock is wrong */
  { "future-other-anchor", CERTIFICATE_FUTURE_OTHER_ANCHOR, FALSE },
  { "future-other-host", CERTIFICATE_FUTURE_OTHER_HOST, FALSE },
};

static void
test_certificate (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (World) world = world_new (certificates[i].kind, world_answer, TIME);
  g_autoptr (ChSecret) token = make_token ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  ch_server_set_session (world->client, token);
  answer = world_call (world, &ch_route_time, NULL, NULL, &error);
  if (certificates[i].is_met)
    g_assert_no_error (error);
  else
    g_assert_error (error, CH_ERROR, CH_ERROR_SERVER_IDENTITY);
  g_assert_cmpuint (world->n_requests, ==, certificates[i].is_met ? 1 : 0);
  ch_clock_set_offset (0);
}

/* -- Time
 * ---------------------------------------------------------------------------------------------------------
 */

static void
answer_dated (World *world, SoupServerMessage *message)
{
  const gint64 *ahead = world->data;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) date = g_date_time_add_seconds (now, *ahead);
  g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);

  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", text);
}

static void
assert_offset (gint64 expected)
{
  g_assert_cmpint (ABS (ch_clock_get_offset () - expected), <=, 10);
}

static void
test_date (void)
{
  gint64 ahead = 86400;
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, answer_dated, &ahead);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = world_call (world, &ch_route_logout, NULL, NULL, &error);
  g_autoptr (GBytes) second = NULL;

  g_assert_no_error (error);
  assert_offset (86400);

  /* Both clocks agree again */
  ahead = 0;
  second = world_call (world, &ch_route_logout, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ch_clock_get_offset (), ==, 0);
}

static void
test_told_time (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, TIME);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = world_call (world, &ch_route_time, NULL, NULL, &error);
  gint64 ahead = 0;
  g_autoptr (GBytes) second = NULL;

  g_assert_no_error (error);
  assert_offset (1795248000 - g_get_real_time () / G_USEC_PER_SEC);

  /* What the server said goes before what a header says */
  world->handler = answer_dated;
  world->data = &ahead;
  second = world_call (world, &ch_route_logout, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_offset (1795248000 - g_get_real_time () / G_USEC_PER_SEC);
  ch_clock_set_offset (0);
}

/* -- Making one
 * ------------------------------------------------------------------------------------------------------ */

static const struct
{
  const char *text;
  const char *url; /* NULL: refused */
} urls[] = {
  { "https://ca.example", "https://ca.example" },
  { "https://ca.example/", "https://ca.example" },
  { "HTTPS://CA.example:8443/", "https://ca.example:8443" },
  { "https://[::1]:8443", "https://[::1]:8443" },
  { "http://ca.example", NULL },
  { "ca.example", NULL },
  { "file:///etc/passwd", NULL },
  { "https://", NULL },
  { "https://user@ca.example", NULL },
  { "https://ca.example/v2", NULL },
  { "https://ca.example/?a", NULL },
  { "", NULL },
};

static void
test_urls (void)
{
  g_autoptr (World) world = world_new (CERTIFICATE_RIGHT, world_answer, TIME);

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ChApiServer) server = ch_api_server_new (urls[i].text, world->trust_file, &error);

      if (urls[i].url == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_USAGE);
      else
        g_assert_cmpstr (ch_api_server_get_url (server), ==, urls[i].url);
    }
}

static void
test_no_trust (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApiServer) server = ch_api_server_new ("https://ca.example", "/nowhere/tls-ca.pem", &error);

  g_assert_null (server);
  g_assert_cmpstr (ch_error_get_info (error)->id, ==, "file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/api/request", test_request);
  g_test_add_func ("/api/message", test_message);
  g_test_add_func ("/api/raw", test_raw);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/api/failure/%" G_GSIZE_FORMAT "-%u", i, failures[i].status);

      g_test_add_data_func (path, &failures[i], test_failure);
    }
  g_test_add_func ("/api/hostile", test_hostile);
  g_test_add_func ("/api/deep", test_deep);
  g_test_add_func ("/api/too-large", test_too_large);
  g_test_add_func ("/api/cut", test_cut);
  g_test_add_func ("/api/slow", test_slow);
  g_test_add_func ("/api/cancelled", test_cancelled);
  g_test_add_func ("/api/nobody", test_nobody);
  for (gsize i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      g_autofree char *path = g_strdup_printf ("/api/certificate/%s", certificates[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_certificate);
    }
  g_test_add_func ("/api/date", test_date);
  g_test_add_func ("/api/told-time", test_told_time);
  g_test_add_func ("/api/urls", test_urls);
  g_test_add_func ("/api/no-trust", test_no_trust);
  return g_test_run ();
}
