#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "api/ch-api-server.h"
#include "base/ch-error.h"
#include "ch-world.h"
#include "fetch/ch-curl-fetcher.h"
#include "local/ch-local-vault.h"
#include "token/ch-joined-hub.h"
#include "token/ch-soft-hub.h"

#define PASSWORD "korrekt-pferd-batterie"

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static char *
find_program (const char *name)
{
  return g_build_filename (g_getenv ("CERTHALL_PROGRAMS"), name, NULL);
}

static void
make_store (ChWorld *self)
{
  g_autofree char *script = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "world", "make-store.sh", NULL);
  g_autofree char *store = g_build_filename (self->dir, "ca", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) maker = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, script, store, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (maker, NULL, &error));
  self->trust = g_build_filename (store, "tls-ca.pem", NULL);
}

/* Starts the CA; the second time on the port of the first, as a service that comes back does */
void
ch_world_start_server (ChWorld *self)
{
  g_autofree char *program = find_program ("certhalld");
  g_autofree char *store = g_build_filename (self->dir, "ca", NULL);
  g_autofree char *log = g_build_filename (self->dir, "server.log", NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *address = g_strdup (self->url != NULL ? strstr (self->url, "127.") : "127.0.0.1:0");
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  g_subprocess_launcher_set_stderr_file_path (launcher, log); /* stays with a world that fails */
  self->server = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--dir", store, "--listen",
                                              address, "--demo", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening https://"));
  g_free (self->url);
  self->url = g_strdup (line + strlen ("listening "));
}

/* Ends it in good order, or as a power cut does */
void
ch_world_stop_server (ChWorld *self, gboolean kill)
{
  g_autoptr (GError) error = NULL;

  if (kill)
    g_subprocess_force_exit (self->server);
  else
    g_subprocess_send_signal (self->server, 15);
  g_assert_true (g_subprocess_wait (self->server, NULL, &error));
  if (!kill)
    g_assert_cmpint (g_subprocess_get_exit_status (self->server), ==, 0);
  g_clear_object (&self->server);
}

/**
 * ch_world_change_profile_all:
 * @changes: what stands there and must, and what is to stand there instead, ended by %NULL
 *
 * Another policy than the one that is shipped: starts the CA anew with it.
 */
void
ch_world_change_profile_all (ChWorld *self, const char *const (*changes)[2])
{
  g_autofree char *path = g_build_filename (self->dir, "ca", "profile.json", NULL);
  g_autoptr (GString) text = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  text = g_string_new (content);
  for (gsize i = 0; changes[i][0] != NULL; i++)
    g_assert_cmpuint (g_string_replace (text, changes[i][0], changes[i][1], 0), >, 0);
  ch_world_stop_server (self, FALSE);
  g_file_set_contents (path, text->str, -1, &error);
  g_assert_no_error (error);
  ch_world_start_server (self);
}

/* One change of it */
void
ch_world_change_profile (ChWorld *self, const char *old, const char *new)
{
  const char *const changes[][2] = { { old, new }, { NULL, NULL } };

  ch_world_change_profile_all (self, changes);
}

static void
leave_pc (ChWorld *self)
{
  if (self->ports == NULL)
    return;

  ch_local_vault_flush (CH_LOCAL_VAULT (ch_ports_get_vault (self->ports)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->desk);
  g_clear_object (&self->ports);
}

/**
 * ch_world_sit_at:
 * @pc: name of a PC: tokens, drafts and journal stay on it; the program is started anew
 */
void
ch_world_sit_at (ChWorld *self, const char *pc)
{
  g_autofree char *state = g_build_filename (self->dir, pc, "state", NULL);
  g_autofree char *runtime = g_build_filename (self->dir, pc, "run", NULL);
  g_autofree char *tokens = g_build_filename (self->dir, pc, "tokens", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApiServer) server = NULL;
  GPtrArray *hubs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (ChTokenHub) hub = NULL;
  g_autoptr (ChLocalVault) vault = NULL;
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (self->trust);

  leave_pc (self);
  g_ptr_array_add (hubs, ch_soft_hub_new (tokens));
  if (self->media != NULL)
    g_ptr_array_add (hubs, g_object_ref (self->media));
  hub = CH_TOKEN_HUB (ch_joined_hub_new (hubs));
  server = ch_api_server_new (self->url, self->trust, &error);
  g_assert_no_error (error);
  vault = ch_local_vault_new (state, runtime, self->url, &error);
  g_assert_no_error (error);
  self->ports = ch_ports_new (CH_SERVER (server), hub, CH_VAULT (vault), fetcher, NULL);
  self->desk = ch_account_desk_new (self->ports);
}

ChWorld *
ch_world_new (void)
{
  ChWorld *self = g_new0 (ChWorld, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("certhall-world-XXXXXX", &error);
  g_assert_no_error (error);
  make_store (self);
  ch_world_start_server (self);
  ch_world_sit_at (self, "pc");
  return self;
}

void
ch_world_free (ChWorld *self)
{
  leave_pc (self);
  g_clear_object (&self->media);
  if (self->server != NULL)
    ch_world_stop_server (self, FALSE);
  remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->url);
  g_free (self->trust);
  g_free (self);
}

typedef struct
{
  gboolean is_done;
  gboolean good;
  ChSmsSent *sent;
  gpointer answer;
  GError *error;
} Waited;

static void
wait_for (Waited *waited)
{
  while (!waited->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (waited->error);
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->good = ch_account_desk_connect_finish (CH_ACCOUNT_DESK (source), result, &waited->error);
  waited->is_done = TRUE;
}

void
ch_world_connect (ChWorld *self)
{
  Waited waited = { 0 };

  ch_account_desk_connect_async (self->desk, NULL, on_connected_cb, &waited);
  wait_for (&waited);
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->sent = ch_account_desk_send_code_finish (CH_ACCOUNT_DESK (source), result, &waited->error);
  waited->is_done = TRUE;
}

static void
on_registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->good = ch_account_desk_register_finish (CH_ACCOUNT_DESK (source), result, &waited->error);
  waited->is_done = TRUE;
}

static void
on_logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->good = ch_account_desk_login_finish (CH_ACCOUNT_DESK (source), result, &waited->error);
  waited->is_done = TRUE;
}

/**
 * ch_world_demo:
 * @body: (nullable): JSON
 *
 * Plays the phone, the bank, the reviewer, by the calls of a demonstration store.
 *
 * Returns: (transfer full): the answer
 */
char *
ch_world_demo (ChWorld *self, const char *method, const char *path, const char *body)
{
  g_autofree char *token_path = g_build_filename (self->dir, "ca", "demo-token", NULL);
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) trust = g_tls_file_database_new (self->trust, &error);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("tls-database", trust, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) sent = g_bytes_new (body != NULL ? body : "", body != NULL ? strlen (body) : 0);
  g_autoptr (GBytes) answer = NULL;

  g_assert_true (g_file_get_contents (token_path, &token, NULL, &error));
  soup_message_headers_append (soup_message_get_request_headers (message), "Demo-Token", g_strstrip (token));
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (soup_message_get_status (message), ==, 200);
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static ChSecret *
read_sms_code (ChWorld *self, const char *mobile)
{
  g_autofree char *path = g_strdup_printf ("/demo/v1/sms?mobile=%s", mobile);
  g_autofree char *answer = ch_world_demo (self, "GET", path, NULL);
  const char *code = g_strrstr (answer, "\"code\":\"");

  g_assert_nonnull (code);
  return ch_secret_new (code + strlen ("\"code\":\""), 6);
}

static void
set (GHashTable *answers, const char *field, const char *value)
{
  g_hash_table_insert (answers, g_strdup (field), g_strdup (value));
}

void
ch_world_register (ChWorld *self, const char *user, const char *mobile)
{
  Waited waited = { 0 };
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autoptr (ChSecret) password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (ChSecret) code = NULL;

  ch_account_desk_send_code_async (self->desk, mobile, CH_SMS_REGISTER, NULL, on_code_sent_cb, &waited);
  wait_for (&waited);
  g_assert_cmpint (waited.sent->expires, >, waited.sent->again);
  ch_sms_sent_free (waited.sent);
  code = read_sms_code (self, mobile);

  set (answers, "user-name", user);
  set (answers, "handler-name", "张三");
  set (answers, "handler-document-kind", "resident-id");
  set (answers, "handler-document-number", "11010519491231002X");
  set (answers, "handler-mobile", mobile);
  waited = (Waited){ 0 };
  ch_account_desk_register_async (self->desk, answers, password, code, NULL, on_registered_cb, &waited);
  wait_for (&waited);
}

void
ch_world_log_in (ChWorld *self, const char *user)
{
  Waited waited = { 0 };
  g_autoptr (ChSecret) password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  ChLogin login = { 0 };

  login.user_name = (char *) user;
  login.password = password;
  ch_account_desk_login_async (self->desk, &login, TRUE, NULL, on_logged_in_cb, &waited);
  wait_for (&waited);
}

char *
ch_world_make_file (ChWorld *self, const char *name, const char *content, gsize len)
{
  char *path = g_build_filename (self->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, content, len, NULL));
  return path;
}

/* A picture about as large as asked for: not compressed, so that it arrives as it is */
static void
attach_picture (ChWorld *self, ChRun *run, const char *document, gsize size)
{
  gsize height = MAX (size / 768, 1);
  gsize len = 54 + height * 768;
  g_autofree char *name = g_strconcat (document, ".bmp", NULL);
  g_autofree guint8 *content = g_malloc (len);
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  const guint32 head[] = { GUINT32_TO_LE (len),          0,
                           GUINT32_TO_LE (54),           GUINT32_TO_LE (40),
                           GUINT32_TO_LE (256),          GUINT32_TO_LE (height),
                           GUINT32_TO_LE (24 << 16 | 1), 0,
                           GUINT32_TO_LE (height * 768) };

  memset (content, 0xcc, len);
  memset (content, 0, 54);
  memcpy (content, "BM", 2);
  memcpy (content + 2, head, sizeof head);
  path = ch_world_make_file (self, name, (const char *) content, len);
  file = g_file_new_for_path (path);
  ch_run_attach (run, document, file);
}

static void
attach_bundle (ChWorld *self, ChRun *run)
{
  static const char zip[] = "UEsDBBQAAAAAAAAAIQDPeeW7BwAAAAcAAAANAAAAYWdyZWVtZW50LnR4dHN0YW1wZWRQSwECFAMUAAAA"
                            "AAAAACEAz3nluwcAAAAHAAAA"
                            "DQAAAAAAAAAAAAAAgAEAAAAAYWdyZWVtZW50LnR4dFBLBQYAAAAAAQABADsAAAAyAAAAAAA=";
  gsize len;
  g_autofree guchar *content = g_base64_decode (zip, &len);
  g_autofree char *path = ch_world_make_file (self, "bundle.zip", (const char *) content, len);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  ch_run_attach (run, "bundle", file);
}

/**
 * ch_world_answer_all:
 *
 * Gives every answer, document and secret the flow asks for, wherever it stands. A picture has several
 * pieces.
 */
void
ch_world_answer_all (ChWorld *self, ChRun *run)
{
  static const char *const answers[][2] = {
    { "unit-name", "天津市津海恒达贸易有限公司" },
    { "unit-code", "91350100M000100Y43" },
    { "unit-email", "office@example.com" },
    { "legal-person-name", "李四" },
    { "legal-person-document-kind", "resident-id" },
    { "legal-person-document-number", "11010519491231002X" },
    { "person-name", "王五" },
    { "person-document-kind", "resident-id" },
    { "person-document-number", "11010519491231002X" },
    { "person-mobile", "13800000002" },
    { "term", "one-year" },
    { "province", "天津市" },
    { "city", "东丽区" },
    { "handler-name", "张三" },
    { "handler-document-kind", "resident-id" },
    { "handler-document-number", "11010519491231002X" },
    { "handler-mobile", "13800000001" },
    { "handler-email", "zhang@example.com" },
    { "delivery-way", "courier" },
    { "delivery-payer", "receiver" },
    { "delivery-unit", "天津市津海恒达贸易有限公司" },
    { "delivery-name", "张三" },
    { "delivery-phone", "13800000001" },
    { "delivery-address", "天津市东丽区一号路1号" },
  };
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSWORD, strlen (PASSWORD));
  GListModel *attachments = ch_run_get_attachments (run);

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    ch_run_set_answer (run, answers[i][0], answers[i][1]);
  ch_run_set_secret (run, "passphrase", passphrase);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *id = ch_attachment_get_rule (attachment)->id;

      if (ch_attachment_get_state (attachment) != CH_ATTACHMENT_MISSING)
        continue;
      if (g_str_equal (id, "bundle"))
        attach_bundle (self, run);
      else
        attach_picture (self, run, id, 600 * 1024);
    }
}

static void
on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->answer = ch_server_call_finish (CH_SERVER (source), result, &waited->error);
  waited->is_done = TRUE;
}

ChApplication *
ch_world_get_application (ChWorld *self, const char *id)
{
  const char *const args[] = { id, NULL };
  Waited waited = { 0 };

  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_application, args, NULL, NULL, NULL,
                        on_application_cb, &waited);
  wait_for (&waited);
  return waited.answer;
}
