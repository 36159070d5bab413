#include "config.h"

#include "daemon-world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "base/ch-error.h"
#include "wire/messages-error.h"

static char *
find_program (void)
{
  const char *folder = g_getenv ("CERTHALL_PROGRAMS");

  g_assert_nonnull (folder);
  return g_build_filename (folder, "certhalld", NULL);
}

/* With the slow unwinder of the tests a TLS handshake takes seconds; leaks are found all the same. */
static GSubprocessLauncher *
make_launcher (GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", "detect_leaks=1:intercept_tls_get_addr=0", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_SLICE");
  return launcher;
}

/* Runs certhalld to its end. */
int
daemon_run (const char *const *args, char **standard_error)
{
  g_autofree char *program = find_program ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) args);
  argv = g_strv_builder_end (builder);
  launcher = make_launcher (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, standard_error, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

static char *
in_dir (DaemonWorld *self, const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

/* What the profile offers lies beside it */
static void
copy_offered (DaemonWorld *self)
{
  g_autofree char *from = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai", NULL);
  g_autofree char *to = in_dir (self, "test-profile");
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *path = g_build_filename (to, name, NULL);
      g_autofree char *content = NULL;
      gsize len = 0;

      g_assert_true (g_file_get_contents (source, &content, &len, NULL));
      g_assert_true (g_file_set_contents (path, content, len, NULL));
    }
}

/* The profile that is shipped, with what it offers, but a session ends after 2000 seconds */
static char *
write_profile (DaemonWorld *self)
{
  g_autofree char *shipped
      = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  char *path = in_dir (self, "test-profile.json");

  g_assert_true (g_file_get_contents (shipped, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "\"session-total\": 28800", "\"session-total\": 2000", 0), ==,
                    1);
  g_assert_true (g_file_set_contents (path, changed->str, changed->len, NULL));
  copy_offered (self);
  return path;
}

static void
init_store (DaemonWorld *self)
{
  g_autofree char *profile = write_profile (self);
  g_autofree char *password = in_dir (self, "anna.password");
  const char *init[] = { "init", "--dir", self->dir, "--profile", profile, NULL };
  const char *staff[] = { "staff",  "add",      "--dir",           self->dir, DAEMON_STAFF,
                          "--role", "reviewer", "--password-file", password,  NULL };

  g_assert_cmpint (daemon_run (init, NULL), ==, 0);
  g_assert_true (g_file_set_contents (password, DAEMON_PASSWORD "\n", -1, NULL));
  g_assert_cmpint (daemon_run (staff, NULL), ==, 0);
}

static void
trust (DaemonWorld *self)
{
  g_autofree char *path = in_dir (self, "tls-ca.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  g_clear_object (&self->soup);
  self->soup = soup_session_new_with_options ("tls-database", database, "timeout", 120, "proxy-resolver",
                                              NULL, NULL);
}

/* Starts it as a demonstration and waits until it says that it listens. */
void
daemon_world_start (DaemonWorld *self)
{
  g_autofree char *program = find_program ();
  g_autofree char *token_path = in_dir (self, "demo-token");
  g_autoptr (GSubprocessLauncher) launcher
      = make_launcher (G_SUBPROCESS_FLAGS_STDOUT_PIPE
                       | (g_test_verbose () ? G_SUBPROCESS_FLAGS_NONE : G_SUBPROCESS_FLAGS_STDERR_SILENCE));
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--dir", self->dir,
                                               "--listen", "127.0.0.1:0", "--demo", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening https://127.0.0.1:"));

  g_free (self->url);
  self->url = g_strdup (line + strlen ("listening "));
  uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);
  self->port = g_uri_get_port (uri);
  g_clear_pointer (&self->desk_token, g_free);
  g_assert_true (g_file_get_contents (token_path, &self->desk_token, NULL, NULL));
  trust (self);
}

/* Returns the exit status, or minus the signal that ended it. */
int
daemon_world_stop (DaemonWorld *self, int number)
{
  int status;

  g_subprocess_send_signal (self->process, number);
  g_subprocess_wait (self->process, NULL, NULL);
  status = g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process)
                                                      : -g_subprocess_get_term_sig (self->process);
  g_clear_object (&self->process);
  return status;
}

DaemonWorld *
daemon_world_new (void)
{
  DaemonWorld *self = g_new0 (DaemonWorld, 1);
  DaemonCall how = { 0 };

  self->dir = g_dir_make_tmp ("certhall-server-XXXXXX", NULL);
  init_store (self);
  daemon_world_start (self);
  self->profile = daemon_world_call (self, &ch_route_profile, &how, NULL, NULL);
  g_assert_nonnull (self->profile);
  return self;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_tree (below);
    }
  g_remove (path);
}

void
daemon_world_free (DaemonWorld *self)
{
  if (self->process != NULL)
    g_assert_cmpint (daemon_world_stop (self, SIGTERM), ==, 0);
  remove_tree (self->dir);
  g_clear_object (&self->soup);
  g_clear_pointer (&self->profile, ch_profile_free);
  g_free (self->dir);
  g_free (self->url);
  g_free (self->desk_token);
  g_free (self);
}

static GBytes *
send (DaemonWorld *self, SoupMessage *message, const char *session, const char *key, GBytes *body)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = session != NULL ? g_strconcat ("Bearer ", session, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  if (key != NULL && *key != 0)
    soup_message_headers_append (headers, "Idempotency-Key", key);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  answer = soup_session_send_and_read (self->soup, message, NULL, &error);
  g_assert_no_error (error);
  self->status = soup_message_get_status (message);
  return answer;
}

/* Any text as request; returns the body of the answer, whose status is in the world. */
GBytes *
daemon_world_send (DaemonWorld *self,
                   const char *method,
                   const char *path,
                   const char *session,
                   const char *key,
                   const char *body)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;

  return send (self, message, session, key, bytes);
}

/* A call of the protocol. Returns the answer, or NULL with the error the server told. */
gpointer
daemon_world_call (DaemonWorld *self,
                   const ChRoute *route,
                   const DaemonCall *how,
                   gconstpointer request,
                   GError **error)
{
  g_autofree char *path = ch_route_format_path (route, how->args);
  gboolean asks = request != NULL && ch_route_has_query (route);
  g_autofree char *query = asks ? ch_wire_encode_query (route->request, request) : NULL;
  g_autofree char *url = g_strconcat (self->url, path, asks ? "?" : "", asks ? query : "", NULL);
  g_autofree char *made = g_uuid_string_random ();
  const char *key = how->key != NULL || (route->flags & CH_ROUTE_CHANGES) == 0 ? how->key : made;
  g_autoptr (SoupMessage) message = soup_message_new (route->method, url);
  g_autoptr (GBytes) body = request != NULL && !asks ? ch_wire_encode (route->request, request) : NULL;
  g_autoptr (GBytes) answer = send (self, message, how->session, key, body);

  if (self->status == 200)
    return ch_wire_decode (route->answer, answer, error);
  g_propagate_error (error, ch_failure_decode_error (answer));
  return NULL;
}

/* A call of the desk; returns the text of the answer. */
char *
daemon_world_desk (DaemonWorld *self, const char *method, const char *path, const char *body)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GBytes) answer = NULL;

  if (self->desk_token != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Demo-Token", self->desk_token);
  answer = send (self, message, NULL, NULL, bytes);
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

/* The newest code sent to @mobile */
char *
daemon_world_get_code (DaemonWorld *self, const char *mobile)
{
  g_autofree char *path = g_strconcat ("/demo/v1/sms?mobile=", mobile, NULL);
  g_autofree char *answer = daemon_world_desk (self, "GET", path, NULL);
  const char *at = g_strrstr (answer, "\"code\":\"");

  g_assert_cmpuint (self->status, ==, 200);
  g_assert_nonnull (at);
  return g_strndup (at + strlen ("\"code\":\""), 6);
}

/* Moves the server’s clock on */
void
daemon_world_move_clock (DaemonWorld *self, gint64 seconds)
{
  g_autofree char *body = g_strdup_printf ("{\"advance\":%" G_GINT64_FORMAT "}", seconds);
  g_autofree char *answer = daemon_world_desk (self, "POST", "/demo/v1/clock", body);

  g_assert_cmpuint (self->status, ==, 200);
}

static gboolean
has_zeros (const guint8 *digest, gint64 bits)
{
  for (gint64 i = 0; i < bits; i++)
    if ((digest[i / 8] & (0x80 >> (i % 8))) != 0)
      return FALSE;
  return TRUE;
}

static char *
solve (const ChChallenge *challenge)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint n = 0;; n++)
    {
      char work[16];
      guint8 digest[32];
      gsize size = sizeof digest;

      g_snprintf (work, sizeof work, "%u", n);
      g_checksum_reset (sum);
      g_checksum_update (sum, g_bytes_get_data (challenge->nonce, NULL), g_bytes_get_size (challenge->nonce));
      g_checksum_update (sum, (const guint8 *) work, strlen (work));
      g_checksum_get_digest (sum, digest, &size);
      if (has_zeros (digest, challenge->bits))
        return g_strdup (work);
    }
}

/* With the work done */
ChSmsRequest *
daemon_world_make_sms_request (DaemonWorld *self, const char *mobile)
{
  DaemonCall how = { 0 };
  g_autoptr (ChChallenge) challenge = daemon_world_call (self, &ch_route_challenge, &how, NULL, NULL);
  ChSmsRequest *request = ch_wire_new (&ChSmsRequest_wire);

  g_assert_nonnull (challenge);
  request->mobile = g_strdup (mobile);
  request->purpose = CH_SMS_REGISTER;
  request->challenge = g_strdup (challenge->id);
  request->work = solve (challenge);
  return request;
}

/* All that is to be agreed to */
GPtrArray *
daemon_world_make_consents (DaemonWorld *self, const char *where)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (self->profile, where);
  GPtrArray *consents = ch_wire_list_new (&ChConsent_wire);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      ChConsent *consent = ch_wire_new (&ChConsent_wire);

      consent->id = g_strdup (text->id);
      consent->version = g_strdup (text->version);
      g_ptr_array_add (consents, consent);
    }
  return consents;
}

ChRegister *
daemon_world_make_register (DaemonWorld *self, const char *user, const char *mobile, const char *code)
{
  static const char *const answers[][2] = {
    { "handler-name", "王小明" },
    { "handler-document-kind", "resident-id" },
    { "handler-document-number", "11010519491231002X" },
  };
  ChRegister *request = ch_wire_new (&ChRegister_wire);

  request->answers = ch_wire_map_new ();
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_hash_table_insert (request->answers, g_strdup (answers[i][0]), g_strdup (answers[i][1]));
  g_hash_table_insert (request->answers, g_strdup ("user-name"), g_strdup (user));
  g_hash_table_insert (request->answers, g_strdup ("handler-mobile"), g_strdup (mobile));
  request->password = ch_secret_new (DAEMON_PASSWORD, strlen (DAEMON_PASSWORD));
  request->code = ch_secret_new (code, strlen (code));
  request->consents = daemon_world_make_consents (self, "register");
  return request;
}

/* From the challenge to the account */
void
daemon_world_register (DaemonWorld *self, const char *user, const char *mobile)
{
  DaemonCall how = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSmsRequest) sms = daemon_world_make_sms_request (self, mobile);
  g_autoptr (ChSmsSent) sent = daemon_world_call (self, &ch_route_sms, &how, sms, &error);
  g_autofree char *code = NULL;
  g_autoptr (ChRegister) request = NULL;
  g_autoptr (ChAccount) account = NULL;

  g_assert_no_error (error);
  code = daemon_world_get_code (self, mobile);
  request = daemon_world_make_register (self, user, mobile, code);
  account = daemon_world_call (self, &ch_route_register, &how, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->user_name, ==, user);
}

ChLogin *
daemon_world_make_login (DaemonWorld *self, const char *user, const char *password)
{
  ChLogin *request = ch_wire_new (&ChLogin_wire);

  request->user_name = g_strdup (user);
  request->password = ch_secret_new (password, strlen (password));
  request->consents = daemon_world_make_consents (self, "login");
  return request;
}

/* Proves work where it is asked for */
ChSession *
daemon_world_try_login (DaemonWorld *self, const char *user, const char *password, GError **error)
{
  DaemonCall how = { 0 };
  g_autoptr (ChLogin) request = daemon_world_make_login (self, user, password);
  g_autoptr (ChChallenge) challenge = NULL;
  g_autoptr (GError) local = NULL;
  ChSession *session = daemon_world_call (self, &ch_route_login, &how, request, &local);

  if (g_error_matches (local, CH_ERROR, CH_ERROR_PICTURE_NEEDED))
    {
      g_clear_error (&local);
      challenge = daemon_world_call (self, &ch_route_challenge, &how, NULL, &local);
      g_assert_no_error (local);
      request->challenge = g_strdup (challenge->id);
      request->work = solve (challenge);
      session = daemon_world_call (self, &ch_route_login, &how, request, &local);
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return session;
}

static gboolean
copy_text (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static char *
take_token (ChSession *session)
{
  char *token = NULL;

  ch_secret_with (session->token, copy_text, &token);
  ch_session_free (session);
  return token;
}

/* Returns the token of a new session. */
char *
daemon_world_login (DaemonWorld *self, const char *user)
{
  g_autoptr (GError) error = NULL;
  ChSession *session = daemon_world_try_login (self, user, DAEMON_PASSWORD, &error);

  g_assert_no_error (error);
  return take_token (session);
}

char *
daemon_world_staff_login (DaemonWorld *self)
{
  DaemonCall how = { 0 };
  g_autoptr (ChStaffLogin) request = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (GError) error = NULL;
  ChSession *session;

  request->name = g_strdup (DAEMON_STAFF);
  request->password = ch_secret_new (DAEMON_PASSWORD, strlen (DAEMON_PASSWORD));
  session = daemon_world_call (self, &ch_route_staff_login, &how, request, &error);
  g_assert_no_error (error);
  return take_token (session);
}
