#include "config.h"

#include "daemon-world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "server/ch-db.h"

static DaemonWorld *world;

static char *
in_dir (const char *name)
{
  return g_build_filename (world->dir, name, NULL);
}

static guint
mode_of (const char *name)
{
  g_autofree char *path = in_dir (name);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
serve_refused (const char *dir, gboolean is_demo)
{
  const char *args[] = { "serve", "--dir", dir, "--listen", "127.0.0.1:0", is_demo ? "--demo" : NULL, NULL };
  g_autofree char *words = NULL;

  g_assert_cmpint (daemon_run (args, &words), ==, ch_error_code_get_info (CH_ERROR_WRONG_STATE)->exit_status);
  g_assert_nonnull (strstr (words, "demo"));
}

/* What lies in the folder, and who may read it */
static void
test_files (void)
{
  g_autofree char *chain = in_dir ("ca/chain-rsa.pem");
  g_autofree char *other = in_dir ("ca/chain-sm2.pem");

  g_assert_true (g_file_test (chain, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (mode_of ("demo-token"), ==, 0600);
  g_assert_cmpuint (mode_of ("key-passphrase"), ==, 0600);
  g_assert_cmpuint (mode_of ("certhall.db"), ==, 0600);
  g_assert_cmpuint (mode_of ("keys/store.key"), ==, 0600);
}

/* The desk answers nobody who does not know the token. */
static void
test_desk_token (void)
{
  g_autofree char *right = g_strdup (world->desk_token);
  g_autofree char *allowed = NULL, *refused = NULL, *nothing = NULL;

  allowed = daemon_world_desk (world, "GET", "/demo/v1/sms?mobile=13800000000", NULL);
  g_assert_cmpuint (world->status, ==, 200);
  g_clear_pointer (&world->desk_token, g_free);
  nothing = daemon_world_desk (world, "GET", "/demo/v1/sms?mobile=13800000000", NULL);
  g_assert_cmpuint (world->status, ==, 403);
  world->desk_token = g_strnfill (64, '0');
  refused = daemon_world_desk (world, "POST", "/demo/v1/clock", "{\"advance\":1000000}");
  g_assert_cmpuint (world->status, ==, 403);
  g_free (world->desk_token);
  world->desk_token = g_steal_pointer (&right);
}

/* What nothing can be paid for or reviewed is not found. */
static void
test_desk_strangers (void)
{
  g_autofree char *pay = daemon_world_desk (world, "POST", "/demo/v1/orders/0123/pay", NULL);
  g_autofree char *review = NULL, *orders = NULL, *queue = NULL;

  g_assert_cmpuint (world->status, ==, 404);
  review = daemon_world_desk (world, "POST", "/demo/v1/applications/0123/review", "{}");
  g_assert_cmpuint (world->status, ==, 404);
  orders = daemon_world_desk (world, "GET", "/demo/v1/orders", NULL);
  g_assert_cmpstr (orders, ==, "{\"items\":[]}");
  queue = daemon_world_desk (world, "GET", "/demo/v1/applications", NULL);
  g_assert_cmpstr (queue, ==, "{\"items\":[],\"total\":0}");
}

static gboolean
speaks (const char *version)
{
  g_autofree char *where = g_strdup_printf ("127.0.0.1:%u", world->port);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
      NULL, "openssl", "s_client", "-connect", where, version, "-cipher", "ALL:@SECLEVEL=0", NULL);

  g_subprocess_communicate (process, nothing, NULL, NULL, NULL, NULL);
  return g_subprocess_get_successful (process);
}

static void
test_tls_floor (void)
{
  g_assert_true (speaks ("-tls1_2"));
  g_assert_false (speaks ("-tls1_1"));
  g_assert_false (speaks ("-tls1"));
}

/* Ends in order, or without any: what was acknowledged is there. Once a demonstration, always one. */
static void
test_restart (void)
{
  g_autofree char *after_kill = NULL, *after_end = NULL;

  daemon_world_register (world, "restart", "13700000001");
  g_assert_cmpint (daemon_world_stop (world, SIGKILL), ==, -SIGKILL);
  daemon_world_start (world);
  after_kill = daemon_world_login (world, "restart");
  g_assert_cmpint (daemon_world_stop (world, SIGTERM), ==, 0);
  serve_refused (world->dir, FALSE);
  daemon_world_start (world);
  after_end = daemon_world_login (world, "restart");
}

static gpointer
add_account (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO account (id, user_name, mobile, name, document_kind, document_number, "
                    "password, created) "
                    "VALUES ('1', 'somebody', '13600000000', 'x', 'passport', 'A1234', '*', 1)",
                    NULL, error)
             ? CH_DB_DONE
             : NULL;
}

/* A store in earnest that somebody uses never becomes a demonstration. */
static void
test_earnest (void)
{
  g_autofree char *dir = in_dir ("earnest");
  g_autofree char *profile = in_dir ("test-profile.json");
  g_autofree char *db_path = g_build_filename (dir, "certhall.db", NULL);
  const char *init[] = { "init", "--dir", dir, "--profile", profile, NULL };
  g_autoptr (ChDb) db = NULL;

  g_assert_cmpint (daemon_run (init, NULL), ==, 0);
  db = ch_db_open (db_path, NULL);
  g_assert_nonnull (ch_db_write (db, add_account, NULL, NULL, NULL));
  g_clear_pointer (&db, ch_db_close);
  serve_refused (dir, TRUE);

  /* nor is a store made over another */
  g_assert_cmpint (daemon_run (init, NULL), ==, ch_error_code_get_info (CH_ERROR_FILE)->exit_status);
}

/* Out of the folder of the store the passphrase is not taken but for trying out; the root’s key is asked to
 * go. */
static void
test_passphrase_beside (void)
{
  g_autofree char *dir = in_dir ("beside"), *profile = in_dir ("test-profile.json"), *link = in_dir ("link");
  g_autofree char *elsewhere = in_dir ("elsewhere"), *own = in_dir ("own");
  const char *init[] = { "init", "--dir", dir, "--profile", profile, NULL };
  const char *serve[] = { "serve", "--dir", dir, "--listen", "127.0.0.1:0", NULL };
  const char *linked[] = { "serve", "--dir", dir, "--listen", "127.0.0.1:0", "--key-file", link, NULL };
  const char *init_own[] = { "init", "--dir", own, "--profile", profile, "--key-file", elsewhere, NULL };
  g_autofree char *inside = g_build_filename (dir, "key-passphrase", NULL);
  g_autofree char *words = NULL, *more = NULL, *said = NULL;
  int refused = ch_error_code_get_info (CH_ERROR_WRONG_STATE)->exit_status;

  g_assert_cmpint (daemon_run (init, NULL), ==, 0);
  g_assert_cmpint (daemon_run (serve, &words), ==, refused);
  g_assert_nonnull (strstr (words, "--key-file"));
  g_assert_cmpint (symlink (inside, link), ==, 0);
  g_assert_cmpint (daemon_run (linked, &more), ==, refused);

  g_assert_true (g_file_set_contents (elsewhere, "a long sentence of its own\n", -1, NULL));
  g_assert_cmpint (daemon_run (init_own, &said), ==, 0);
  g_assert_nonnull (strstr (said, "offline"));
}

/* Keys and passphrases do not end up in a core. */
static void
test_no_core (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/limits", g_subprocess_get_identifier (world->process));
  g_autofree char *limits = NULL;

  g_assert_true (g_file_get_contents (path, &limits, NULL, NULL));
  g_assert_true (g_regex_match_simple ("Max core file size +[01] ", limits, 0, 0));
}

typedef struct
{
  const char *args[12];
  ChErrorCode code;
} UsageRow;

/* `DIR` stands for the store */
static const UsageRow usage_rows[] = {
  { { "fly" }, CH_ERROR_USAGE },
  { { "init", "--dir", "DIR" }, CH_ERROR_USAGE },
  { { "serve", "--dir", "DIR" }, CH_ERROR_USAGE },
  { { "serve", "--dir", "DIR", "--demo", "--listen", "somewhere" }, CH_ERROR_USAGE },
  { { "serve", "--dir", "/nonexistent", "--listen", "127.0.0.1:0" }, CH_ERROR_FILE },
  { { "staff", "add", "--dir", "DIR", "bob", "--password-file", "/dev/null" }, CH_ERROR_USAGE },
  { { "staff", "add", "--dir", "DIR", "bob", "--role", "king", "--password-file", "x" }, CH_ERROR_USAGE },
  { { "staff", "add", "--dir", "DIR", "bob", "--role", "maker" }, CH_ERROR_USAGE },
};

static void
test_usage (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (usage_rows); i++)
    {
      const char *args[G_N_ELEMENTS (usage_rows[i].args) + 1] = { NULL };

      for (guint j = 0; usage_rows[i].args[j] != NULL; j++)
        args[j] = g_str_equal (usage_rows[i].args[j], "DIR") ? world->dir : usage_rows[i].args[j];
      g_test_message ("%s %s", args[0], args[1] != NULL ? args[1] : "");
      g_assert_cmpint (daemon_run (args, NULL), ==, ch_error_code_get_info (usage_rows[i].code)->exit_status);
    }
}

/* Several roles at once, beside a server that runs; a name is given once. */
static void
test_staff (void)
{
  g_autofree char *password = in_dir ("anna.password");
  const char *args[] = { "staff", "add",    "--dir",           world->dir,        "clara",  "--role",
                         "maker", "--role", "support,auditor", "--password-file", password, NULL };

  g_assert_cmpint (daemon_run (args, NULL), ==, 0);
  g_assert_cmpint (daemon_run (args, NULL), ==, ch_error_code_get_info (CH_ERROR_CONFLICT)->exit_status);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  world = daemon_world_new ();
  g_test_add_func ("/server/daemon/files", test_files);
  g_test_add_func ("/server/daemon/desk/token", test_desk_token);
  g_test_add_func ("/server/daemon/desk/strangers", test_desk_strangers);
  g_test_add_func ("/server/daemon/tls", test_tls_floor);
  g_test_add_func ("/server/daemon/restart", test_restart);
  g_test_add_func ("/server/daemon/earnest", test_earnest);
  g_test_add_func ("/server/daemon/passphrase-beside", test_passphrase_beside);
  g_test_add_func ("/server/daemon/no-core", test_no_core);
  g_test_add_func ("/server/daemon/usage", test_usage);
  g_test_add_func ("/server/daemon/staff", test_staff);
  status = g_test_run ();
  daemon_world_free (world);
  return status;
}
