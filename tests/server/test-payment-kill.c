#include "config.h"

#include <signal.h>
#include <string.h>

#include "base/ch-error.h"
#include "pay-provider.h"
#include "server/ch-order-desk.h"
#include "server/ch-store-refunds.h"
#include "server-world.h"

#define PASSPHRASE "a passphrase of the store"

/* How long it may take until the till of a server that was started has been round, seconds */
#define PATIENCE 60

/* A store with an order that can be paid, and a certhalld of its own on it, which is killed while the
 * provider does something and has not answered yet */
typedef struct
{
  ServerWorld *world; /* prepares; a stopped server’s */
  PayProvider *provider;
  char *dir;
  char *token;
  char *order;
  GSubprocess *process; /* (nullable) */
  char *url;
  const char *fatal; /* what the provider does when the server dies */
} Scene;

static void
on_done_cb (const char *what, gpointer user_data)
{
  Scene *self = user_data;

  if (g_strcmp0 (what, self->fatal) != 0)
    return;
  self->fatal = NULL;
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
}

static void
start (Scene *self)
{
  g_autofree char *program = g_build_filename (g_getenv ("CERTHALL_PROGRAMS"), "certhalld", NULL);
  g_autofree char *key_file = g_build_filename (self->dir, "test-passphrase", NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE
      | (g_test_verbose () ? G_SUBPROCESS_FLAGS_NONE : G_SUBPROCESS_FLAGS_STDERR_SILENCE));
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (key_file, PASSPHRASE, -1, NULL);
  g_subprocess_launcher_unsetenv (launcher, "G_SLICE");
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--dir", self->dir,
                                               "--key-file", key_file, "--listen", "127.0.0.1:0",
                                               "--till-seconds", "1", "--demo", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_free (self->url);
  self->url = g_strdup (line + strlen ("listening "));
}

static void
stop (Scene *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

static void
scene_init (Scene *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChOrder) order = NULL;
  g_autoptr (ChApplication) draft = NULL;

  self->world = server_world_new ();
  self->dir = self->world->dir;
  self->token = server_register (self->world, "13800000201");
  draft = server_fill_in (self->world, self->token, server_apply (self->world, self->token, "self-pay"));
  version->version = draft->version;
  order = server_call (self->world, self->token, &ch_route_order_new, draft->id, version, &error);
  g_assert_no_error (error);
  self->order = g_strdup (order->id);
  self->provider = pay_provider_new ();
  pay_provider_write_setup (self->provider, self->dir, PASSPHRASE, TRUE);
  pay_provider_set_hook (self->provider, on_done_cb, self);
}

static void
scene_clear (Scene *self)
{
  stop (self);
  pay_provider_free (self->provider);
  server_world_free (self->world);
  g_free (self->token);
  g_free (self->order);
  g_free (self->url);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GBytes *answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  *(GBytes **) user_data = answer != NULL ? answer : g_bytes_new (NULL, 0);
}

/* Asks for a code; the server may die of it. Returns whether it answered */
static gboolean
ask_code (Scene *self, const char *channel)
{
  g_autofree char *url = g_strdup_printf ("%s/v1/orders/%s/attempts", self->url, self->order);
  g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *json = g_strdup_printf ("{\"channel\":\"%s\"}", channel);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr (GBytes) answer = NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_message_headers_append (soup_message_get_request_headers (message), "Idempotency-Key", key);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_and_read_async (self->world->session, message, G_PRIORITY_DEFAULT, NULL, on_sent_cb,
                                    &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return soup_message_get_status (message) == 200;
}

typedef struct
{
  const char *sql;
  char *text;
} Look;

static gpointer
read_text (ChDbTx *tx, gpointer data, GError **error)
{
  Look *look = data;
  g_autoptr (ChStmt) row = ch_db_query_row (tx, look->sql, NULL, error);

  look->text = row != NULL ? ch_stmt_dup_text (row, 0) : g_strdup ("");
  return CH_DB_DONE;
}

static gpointer
write_sql (ChDbTx *tx, gpointer sql, GError **error)
{
  return ch_db_run (tx, sql, NULL, error) ? CH_DB_DONE : NULL;
}

/* The store, looked at beside the server that serves it */
static char *
look (Scene *self, const char *sql)
{
  Look looked = { sql, NULL };

  ch_db_read (ch_service_get_db (self->world->service), read_text, &looked, NULL);
  return looked.text;
}

static void
change (Scene *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (self->world->service), write_sql, (gpointer) sql, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
on_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Scene *self, const char *sql, const char *expected)
{
  gint64 until = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint tick = g_timeout_add (50, on_tick_cb, NULL);
  g_autofree char *text = look (self, sql);

  while (g_strcmp0 (text, expected) != 0 && g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (text);
      text = look (self, sql);
    }
  g_source_remove (tick);
  g_assert_cmpstr (text, ==, expected);
}

/* The gateway has made a code, the server dies before it hears of it: nobody will ever see the code, and it
 * is closed */
static void
test_create (Scene *self)
{
  g_autofree char *trade_no = NULL, *state = NULL;

  start (self);
  self->fatal = "create";
  g_assert_false (ask_code (self, "wechat"));
  stop (self);
  trade_no = pay_provider_find_last (self->provider);
  change (self, "UPDATE attempt SET created = created - 200"); /* time goes by */
  start (self);
  wait_for (self, "SELECT state FROM attempt", "closed");
  state = pay_provider_get_state (self->provider, trade_no);
  g_assert_cmpstr (state, ==, "CLOSED");
  g_assert_true (ask_code (self, "wechat"));
  stop (self);
}

/* The gateway has closed a code, the server dies before it hears of it */
static void
test_close (Scene *self)
{
  start (self);
  self->fatal = "close";
  g_assert_false (ask_code (self, "alipay"));
  stop (self);
  change (self, "UPDATE attempt SET asked = 0");
  start (self);
  wait_for (self, "SELECT group_concat(DISTINCT state) FROM attempt", "closed");
  stop (self);
}

/* Paid while there is no server: it finds out when it is back */
static void
test_pay (Scene *self)
{
  g_autofree char *trade_no = NULL;

  start (self);
  g_assert_true (ask_code (self, "wechat"));
  stop (self);
  trade_no = pay_provider_find_last (self->provider);
  pay_provider_pay (self->provider, trade_no);
  start (self);
  wait_for (self, "SELECT state FROM purchase", "paid");
  stop (self);
}

static gpointer
write_refund (ChDbTx *tx, gpointer order, GError **error)
{
  return ch_order_desk_refund (tx, order, CH_REFUND_REASON_WITHDRAWN, "account:somebody", error)
                 && ch_db_run (tx, "UPDATE refund SET state = 'approved', approved_by = 'staff:anna'", NULL,
                               error)
             ? CH_DB_DONE
             : NULL;
}

/* The money has gone back, the server dies before it hears of it: it asks again, and it goes back once */
static void
test_refund (Scene *self)
{
  g_autofree char *trade_no = pay_provider_find_last (self->provider);
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (self->world->service), write_refund, self->order, NULL, &error);
  g_assert_no_error (error);
  self->fatal = "refund";
  start (self);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_assert_cmpint (pay_provider_get_refunded (self->provider, trade_no), ==, 30000);
  change (self, "UPDATE refund SET next_try = 0");
  start (self);
  wait_for (self, "SELECT state FROM refund", "done");
  g_assert_cmpint (pay_provider_get_refunded (self->provider, trade_no), ==, 30000);
}

static void
test_kills (void)
{
  Scene scene = { 0 };

  scene_init (&scene);
  g_test_message ("create");
  test_create (&scene);
  g_test_message ("close");
  test_close (&scene);
  g_test_message ("pay");
  test_pay (&scene);
  g_test_message ("refund");
  test_refund (&scene);
  scene_clear (&scene);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/payment/kills", test_kills);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
