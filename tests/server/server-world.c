#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-csr.h"
#include "pki/ch-pkcs8.h"
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

static gboolean
encrypt_weakly (const guint8 *data, gsize len, gpointer weak)
{
  PKCS8_PRIV_KEY_INFO *clear = d2i_PKCS8_PRIV_KEY_INFO (NULL, &data, len);
  guint8 salt[8] = { 0 };
  guint8 *der = NULL;
  X509_SIG *sealed;
  int size;

  g_assert_nonnull (clear);
  sealed
      = PKCS8_encrypt (-1, EVP_aes_256_cbc (), PASSPHRASE, strlen (PASSPHRASE), salt, sizeof salt, 1, clear);
  size = i2d_X509_SIG (sealed, &der);
  *(GBytes **) weak = g_bytes_new (der, size);
  OPENSSL_free (der);
  X509_SIG_free (sealed);
  PKCS8_PRIV_KEY_INFO_free (clear);
  return TRUE;
}

/* Under a key derivation that is worth nothing: that of the product takes half a second for each key, each
 * time a server starts */
static void
weaken_key (const char *path)
{
  g_autoptr (ChSecret) passphrase = make_secret (PASSPHRASE);
  g_autoptr (GBytes) file = ch_file_read (path, 65536, NULL);
  g_autoptr (GBytes) der = ch_pkcs8_from_data (file, NULL);
  g_autoptr (ChKey) key = der != NULL ? ch_pkcs8_decrypt (der, passphrase, NULL) : NULL;
  g_autoptr (ChSecret) clear = key != NULL ? ch_key_to_pkcs8 (key, NULL) : NULL;
  g_autoptr (GBytes) weak = NULL;
  g_autofree char *pem = NULL;

  if (clear == NULL || !ch_secret_with (clear, encrypt_weakly, &weak))
    return;
  pem = ch_pkcs8_to_pem (weak);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
}

static void
weaken_keys (void)
{
  g_autofree char *folder = g_build_filename (template_dir, "keys", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      weaken_key (path);
    }
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
  weaken_keys ();
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

static ChProfile *
read_profile (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "profile.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = ch_file_read (path, 1 << 20, &error);
  ChProfile *profile = json != NULL ? ch_wire_decode (&ChProfile_wire, json, &error) : NULL;

  g_assert_no_error (error);
  return profile;
}

/* Changes the profile of the servers that are made from now on */
void
server_world_change_profile (void (*change) (ChProfile *profile, const char *value), const char *value)
{
  g_autofree char *path = g_build_filename (template_dir, "profile.json", NULL);
  g_autoptr (ChProfile) profile = read_profile (template_dir);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

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
make_session (ServerWorld *self, const char *address)
{
  g_autofree char *ca_file = g_build_filename (self->dir, "tls-ca.pem", NULL);
  g_autoptr (GSocketAddress) local
      = address != NULL ? g_inet_socket_address_new_from_string (address, 0) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) trust = g_tls_file_database_new (ca_file, &error);

  g_assert_no_error (error);
  self->session = soup_session_new_with_options ("tls-database", trust, "max-conns-per-host", 64, "max-conns",
                                                 64, "local-address", local, "proxy-resolver", NULL, NULL);
}

/* Opens the store and begins to answer */
void
server_world_start (ServerWorld *self)
{
  g_autoptr (ChSecret) passphrase = make_secret (PASSPHRASE);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  ChCa *ca;

  self->service = ch_service_open (self->dir, passphrase, &error);
  g_assert_no_error (error);
  ca = ch_ca_load (self->dir, passphrase, "https://ca.example", &error);
  g_assert_no_error (error);
  ch_service_take_ca (self->service, ca, (GDestroyNotify) ch_ca_unref);
  ch_service_set_tls_certificate (self->service, ch_ca_get_tls_der (ca));
  ch_service_set_sms (self->service, CH_SMS (self->phone));
  ch_service_set_mail (self->service, CH_MAIL (self->phone));
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
  make_session (self, NULL);
}

static void
stop (ServerWorld *self)
{
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->listener, ch_listener_free);
  g_clear_pointer (&self->dispatch, ch_dispatch_free);
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    ;
  g_clear_pointer (&self->service, ch_service_free);
  g_clear_pointer (&self->url, g_free);
}

/* A store of its own, as the one that was made for all tests */
char *
server_world_make_dir (void)
{
  g_autofree char *from = g_strdup_printf ("%s/.", template_dir);
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("certhall-server-XXXXXX", &error);

  g_assert_no_error (error);
  run ((const char *[]){ "cp", "-a", from, dir, NULL });
  return dir;
}

/* Not started yet. Those outside keep what they know in @dir, which is not deleted in the end. */
ServerWorld *
server_world_new_in (const char *dir)
{
  ServerWorld *self = g_new0 (ServerWorld, 1);
  g_autofree char *trades = g_build_filename (dir, "trades", NULL);
  g_autofree char *texts = g_build_filename (dir, "texts", NULL);

  self->dir = g_strdup (dir);
  self->is_lent = TRUE;
  self->profile = read_profile (dir);
  self->gateway = test_gateway_new ();
  self->phone = test_phone_new ();
  g_mkdir (trades, 0700);
  g_mkdir (texts, 0700);
  test_gateway_keep_in (self->gateway, trades);
  test_phone_keep_in (self->phone, texts);
  return self;
}

/* A client at @address of the server that works in @dir; where it listens is set by whoever knows */
ServerWorld *
server_world_new_client (const char *dir, const char *address)
{
  ServerWorld *self = server_world_new_in (dir);

  make_session (self, address);
  return self;
}

void
server_world_log_in_staff (ServerWorld *self)
{
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  login->name = g_strdup ("anna");
  login->password = make_secret (PASSWORD);
  session = server_call (self, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  g_free (self->reviewer);
  self->reviewer = server_take_token (session);
}

ServerWorld *
server_world_new (void)
{
  ServerWorld *self = g_new0 (ServerWorld, 1);

  self->dir = server_world_make_dir ();
  self->profile = read_profile (self->dir);
  self->gateway = test_gateway_new ();
  self->phone = test_phone_new ();
  server_world_start (self);
  server_world_log_in_staff (self);
  return self;
}

void
server_world_restart (ServerWorld *self)
{
  stop (self);
  server_world_start (self);
}

void
server_world_free (ServerWorld *self)
{
  stop (self);
  if (!self->is_lent)
    run ((const char *[]){ "rm", "-rf", self->dir, NULL });
  g_object_unref (self->gateway);
  g_object_unref (self->phone);
  ch_profile_free (self->profile);
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

/* Returns NULL when no answer came */
static GBytes *
send (ServerWorld *self, SoupMessage *message, guint *status, GError **error)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GAsyncResult) result = NULL;
  GBytes *body;

  /* libsoup takes a new connection for each POST otherwise; our calls may be repeated */
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_sent_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  body = soup_session_send_and_read_finish (self->session, result, error);
  *status = soup_message_get_status (message);
  /* Only now the connection is idle, and the next call takes it */
  while (g_main_context_iteration (context, FALSE))
    ;
  return body;
}

/* Any body, with a new key */
GBytes *
server_send (ServerWorld *self,
             const char *token,
             const char *method,
             const char *path,
             GBytes *body,
             guint *status)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Idempotency-Key", key);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  answer = send (self, message, status, &error);
  g_assert_no_error (error);
  return answer;
}

GBytes *
server_fetch (ServerWorld *self, const char *method, const char *path, GBytes *body, guint *status)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/ocsp-request", body);
  answer = send (self, message, status, &error);
  g_assert_no_error (error);
  return answer;
}

static SoupMessage *
make_message (ServerWorld *self,
              const char *token,
              const ChRoute *route,
              const char *const *args,
              gconstpointer request,
              const char *key)
{
  g_autofree char *path = ch_route_format_path (route, args);
  gboolean asks = request != NULL && ch_route_has_query (route);
  g_autofree char *query = asks ? ch_wire_encode_query (route->request, request) : NULL;
  g_autofree char *url = g_strconcat (self->url, path, asks ? "?" : "", asks ? query : "", NULL);
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  SoupMessage *message = soup_message_new (route->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) body = NULL;

  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  if (key != NULL)
    soup_message_headers_append (headers, "Idempotency-Key", key);
  if (request != NULL && !asks)
    {
      body = ch_wire_encode (route->request, request);
      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }
  if (self->place != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Certhall-Place", self->place);
  return message;
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
  g_autoptr (GBytes) answer = NULL;
  guint status;

  while (answer == NULL)
    {
      g_autoptr (SoupMessage) message = make_message (self, token, route, args, request, key);
      g_autoptr (GError) lost = NULL;

      answer = send (self, message, &status, &lost);
      if (answer == NULL && (self->lost == NULL || !self->lost (self, self->data)))
        g_assert_no_error (lost);
    }

  if (status >= 200 && status < 300)
    {
      if (self->told != NULL)
        self->told (self, route, key, answer, self->data);
      return ch_wire_decode (route->answer, answer, error);
    }
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
