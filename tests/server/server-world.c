#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-csr.h"
#include "server/ch-ca.h"
#include "server/ch-issuing.h"
#include "server-world.h"
#include "wire/messages-error.h"

#define PASSPHRASE "a passphrase of the store"
#define PASSWORD   "Ein langes Kennwort"

/* Made once for all tests of a program: keys are slow on purpose */
static char *template_dir;

static ChSecret *
make_secret (const char *text)
{
  return ch_secret_new (text, strlen (text));
}

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
make_template (void)
{
  g_autofree char *profile
      = g_test_build_filename (G_TEST_DIST, "..", "data", "profiles", "binhai.json", NULL);
  g_autoptr (ChSecret) passphrase = make_secret (PASSPHRASE);
  g_autoptr (ChSecret) password = make_secret (PASSWORD);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChService) service = NULL;

  template_dir = g_dir_make_tmp ("certhall-template-XXXXXX", &error);
  g_assert_no_error (error);
  ch_service_init (template_dir, profile, passphrase, &error);
  g_assert_no_error (error);
  service = ch_service_open (template_dir, passphrase, &error);
  g_assert_no_error (error);
  ch_ca_init (template_dir, ch_service_get_profile (service), passphrase, NULL, &error);
  g_assert_no_error (error);
  ch_service_mark_trial (service, &error);
  g_assert_no_error (error);
  ch_staff_add (service, "anna", CH_PRINCIPAL_REVIEWER, password, NULL, &error);
  g_assert_no_error (error);
}

void
server_world_init (int *argc, char ***argv)
{
  ch_listener_set_tls_floor ();
  g_test_init (argc, argv, NULL);
  /* What a gateway does wrong is worth a warning, not the end */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  make_template ();
}

void
server_world_clean_up (void)
{
  run ((const char *[]){ "rm", "-rf", template_dir, NULL });
  g_clear_pointer (&template_dir, g_free);
}

/* Changes the profile of the servers that are made from now on */
void
server_world_change_profile (void (*change) (ChProfile *profile, const char *value), const char *value)
{
  g_autofree char *path = g_build_filename (template_dir, "profile.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = ch_file_read (path, 1 << 20, &error);
  g_autoptr (ChProfile) profile = json != NULL ? ch_wire_decode (&ChProfile_wire, json, &error) : NULL;
  g_autoptr (GBytes) changed = NULL;

  g_assert_no_error (error);
  change (profile, value);
  changed = ch_wire_encode (&ChProfile_wire, profile);
  ch_file_write_durably (path, g_bytes_get_data (changed, NULL), g_bytes_get_size (changed), 0600, &error);
  g_assert_no_error (error);
}

static void
set_keys (ChProfile *profile, const char *id)
{
  g_strfreev (profile->issue->keys);
  profile->issue->keys = g_strsplit (id, " ", -1);
}

/* Lets the servers that are made from now on certify keys of kind @id, in place of the profile’s own */
void
server_world_set_keys (const char *id)
{
  server_world_change_profile (set_keys, id);
}

static void
start (ServerWorld *self)
{
  g_autoptr (ChSecret) passphrase = make_secret (PASSPHRASE);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GTlsDatabase) trust = NULL;
  g_autofree char *ca_file = g_build_filename (self->dir, "tls-ca.pem", NULL);
  g_autoptr (GError) error = NULL;
  ChCa *ca;

  self->service = ch_service_open (self->dir, passphrase, &error);
  g_assert_no_error (error);
  ca = ch_ca_load (self->dir, passphrase, "https://ca.example", &error);
  g_assert_no_error (error);
  ch_service_take_ca (self->service, ca, (GDestroyNotify) ch_ca_unref);
  ch_service_set_tls_certificate (self->service, ch_ca_get_tls_der (ca));
  ch_service_set_sms (self->service, CH_SMS (self->phone));
  ch_service_set_gateway (self->service, CH_GATEWAY (self->gateway));
  g_assert_true (ch_issuing_start (self->service, &error));
  g_assert_no_error (error);

  self->dispatch = ch_dispatch_new (self->service);
  self->listener = ch_listener_new (NULL);
  address = ch_listener_listen (self->listener, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  ch_listener_start (self->listener, ch_dispatch_get_soup (self->dispatch), ch_ca_get_tls (ca));
  self->url = g_strdup_printf ("https://127.0.0.1:%u",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  trust = g_tls_file_database_new (ca_file, &error);
  g_assert_no_error (error);
  self->session = soup_session_new_with_options ("tls-database", trust, "max-conns-per-host", 64, "max-conns",
                                                 64, NULL);
}

static void
stop (ServerWorld *self)
{
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->listener, ch_listener_free);
  g_clear_pointer (&self->dispatch, ch_dispatch_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&self->service, ch_service_free);
  g_clear_pointer (&self->url, g_free);
}

ServerWorld *
server_world_new (void)
{
  ServerWorld *self = g_new0 (ServerWorld, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *from = g_strdup_printf ("%s/.", template_dir);
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;

  self->dir = g_dir_make_tmp ("certhall-server-XXXXXX", &error);
  g_assert_no_error (error);
  run ((const char *[]){ "cp", "-a", from, self->dir, NULL });
  self->gateway = test_gateway_new ();
  self->phone = test_phone_new ();
  start (self);

  login->name = g_strdup ("anna");
  login->password = make_secret (PASSWORD);
  session = server_call (self, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  self->reviewer = server_take_token (session);
  return self;
}

void
server_world_restart (ServerWorld *self)
{
  stop (self);
  start (self);
}

void
server_world_free (ServerWorld *self)
{
  stop (self);
  run ((const char *[]){ "rm", "-rf", self->dir, NULL });
  g_object_unref (self->gateway);
  g_object_unref (self->phone);
  g_free (self->reviewer);
  g_free (self->dir);
  g_free (self);
}

static gboolean
copy_secret (const guint8 *data, gsize len, gpointer user_data)
{
  *(char **) user_data = g_strndup ((const char *) data, len);
  return TRUE;
}

char *
server_take_token (ChSession *session)
{
  char *token = NULL;

  g_assert_true (ch_secret_with (session->token, copy_secret, &token));
  return token;
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GBytes *
send (ServerWorld *self, SoupMessage *message, guint *status)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *body;

  /* libsoup takes a new connection for each POST otherwise; our calls may be repeated */
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_sent_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  body = soup_session_send_and_read_finish (self->session, result, &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  /* Only now the connection is idle, and the next call takes it */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return body;
}

GBytes *
server_fetch (ServerWorld *self, const char *method, const char *path, GBytes *body, guint *status)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);

  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/ocsp-request", body);
  return send (self, message, status);
}

gpointer
server_call_with_key (ServerWorld *self,
                      const char *token,
                      const ChRoute *route,
                      const char *const *args,
                      gconstpointer request,
                      const char *key,
                      GError **error)
{
  g_autofree char *path = ch_route_format_path (route, args);
  gboolean asks = request != NULL && ch_route_has_query (route);
  g_autofree char *query = asks ? ch_wire_encode_query (route->request, request) : NULL;
  g_autofree char *url = g_strconcat (self->url, path, asks ? "?" : "", asks ? query : "", NULL);
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  g_autoptr (SoupMessage) message = soup_message_new (route->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;
  guint status;

  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  if (key != NULL)
    soup_message_headers_append (headers, "Idempotency-Key", key);
  if (request != NULL && !asks)
    {
      body = ch_wire_encode (route->request, request);
      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }

  answer = send (self, message, &status);
  if (status >= 200 && status < 300)
    return ch_wire_decode (route->answer, answer, error);
  g_propagate_error (error, ch_failure_decode_error (answer));
  return NULL;
}

gpointer
server_call (ServerWorld *self,
             const char *token,
             const ChRoute *route,
             const char *arg,
             gconstpointer request,
             GError **error)
{
  g_autofree char *key = g_uuid_string_random ();

  return server_call_with_key (self, token, route, (const char *[]){ arg, NULL }, request,
                               (route->flags & CH_ROUTE_CHANGES) != 0 ? key : NULL, error);
}
