#include "config.h"

#include "daemon-world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "wire/messages-application.h"
#include "wire/messages-order.h"

#define N_CLIENTS 4
#define N_COPIES  3
/* Changes each client has made at least before, between and after the copies */
#define N_CHANGES 5

static DaemonWorld *world;

/* Somebody who changes one application again and again: version and answer always agree */
typedef struct
{
  DaemonWorld daemon; /* with a session of its own */
  char *token;
  char *application;
  gint acknowledged; /* atomic: the newest version the server has answered with */
  gint n_changes;    /* atomic */
  gint *is_over;     /* atomic */
} Client;

static char *
in_dir (const char *dir, const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static ChApplication *
change (Client *self, gint64 version)
{
  const char *const args[] = { self->application, NULL };
  DaemonCall how = { .session = self->token, .args = args };
  g_autoptr (ChAnswers) request = ch_wire_new (&ChAnswers_wire);
  g_autoptr (GError) error = NULL;
  ChApplication *answer;

  request->version = version;
  request->answers = ch_wire_map_new ();
  g_hash_table_insert (request->answers, g_strdup ("unit-name"),
                       g_strdup_printf ("Load %" G_GINT64_FORMAT, version));
  answer = daemon_world_call (&self->daemon, &ch_route_application_answers, &how, request, &error);
  g_assert_no_error (error);
  return answer;
}

static gpointer
run_client (gpointer data)
{
  Client *self = data;
  gint64 version = g_atomic_int_get (&self->acknowledged);

  while (!g_atomic_int_get (self->is_over))
    {
      g_autoptr (ChApplication) application = change (self, version);

      version = application->version;
      g_atomic_int_set (&self->acknowledged, (gint) version);
      g_atomic_int_inc (&self->n_changes);
    }
  return NULL;
}

static void
open_client (Client *self, guint number, gint *is_over)
{
  g_autofree char *user = g_strdup_printf ("client-%u", number);
  g_autofree char *mobile = g_strdup_printf ("1370000010%u", number);
  g_autofree char *trust = in_dir (world->dir, "tls-ca.pem");
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (trust, NULL);
  g_autoptr (ChApplicationNew) request = ch_wire_new (&ChApplicationNew_wire);
  g_autoptr (ChApplication) application = NULL;
  DaemonCall how = { 0 };

  daemon_world_register (world, user, mobile);
  self->daemon = *world;
  self->daemon.soup = soup_session_new_with_options ("tls-database", database, "timeout", 120, NULL);
  self->token = daemon_world_login (world, user);
  self->is_over = is_over;

  how.session = self->token;
  request->flow = g_strdup ("apply.enterprise.soft.self-pay");
  request->project = g_strdup ("ra-test");
  application = daemon_world_call (world, &ch_route_application_new, &how, request, NULL);
  g_assert_nonnull (application);
  self->application = g_strdup (application->id);
  self->acknowledged = (gint) application->version;
}

static void
close_client (Client *self)
{
  g_object_unref (self->daemon.soup);
  g_free (self->token);
  g_free (self->application);
}

static void
wait_for_changes (Client *clients)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      gint before = g_atomic_int_get (&clients[i].n_changes);

      while (g_atomic_int_get (&clients[i].n_changes) < before + N_CHANGES)
        g_thread_yield ();
    }
}

/* What sqlite3 says, for an eye that is not ours */
static char *
ask_sqlite (const char *dir, const char *sql)
{
  g_autofree char *path = in_dir (dir, "certhall.db");
  const char *argv[] = { "sqlite3", path, sql, NULL };
  char *out = NULL;
  int status = -1;

  g_assert_true (
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  return g_strchomp (out);
}

static void
run_copy (const char *command, const char *from, const char *to)
{
  const char *args[] = { command, from, to, NULL };
  g_autofree char *words = NULL;
  int status = daemon_run (args, &words);

  if (status != 0)
    g_test_message ("%s", words);
  g_assert_cmpint (status, ==, 0);
}

static void
refuse_copy (const char *command, const char *from, const char *to)
{
  const char *args[] = { command, from, to, NULL };

  g_assert_cmpint (daemon_run (args, NULL), ==, ch_error_code_get_info (CH_ERROR_FILE)->exit_status);
}

static void
check_client (const char *dir, const Client *client, gint at_least)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT a.version || ' ' || (SELECT value FROM answer WHERE application = a.id AND "
                         "field = 'unit-name') FROM application a WHERE a.id = '%s'",
                         client->application);
  g_autofree char *row = ask_sqlite (dir, sql);
  g_autofree char *wanted = NULL;
  gint64 version = g_ascii_strtoll (row, NULL, 10);

  /* Nothing that was acknowledged is missing, and no change is there by half */
  wanted = g_strdup_printf ("%" G_GINT64_FORMAT " Load %" G_GINT64_FORMAT, version, version - 1);
  g_assert_cmpint (version, >=, at_least);
  g_assert_cmpstr (row, ==, wanted);
}

static void
check_mode (const char *dir, const char *name, guint mode)
{
  g_autofree char *path = in_dir (dir, name);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, mode);
}

static void
check_absent (const char *dir, const char *name)
{
  g_autofree char *path = in_dir (dir, name);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The copy is served: who had an account logs in and finds the application. */
static void
check_served (const char *dir, const Client *client)
{
  g_autofree char *passphrase = in_dir (world->dir, "key-passphrase"),
                  *beside = in_dir (dir, "key-passphrase");
  g_autofree char *text = NULL, *token = NULL;
  const char *const args[] = { client->application, NULL };
  DaemonCall how = { .args = args };
  DaemonWorld restored = { .dir = (char *) dir, .profile = world->profile };
  g_autoptr (ChApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (passphrase, &text, &len, NULL));
  g_assert_true (g_file_set_contents (beside, text, (gssize) len, NULL));
  daemon_world_start (&restored);

  how.session = client->token;
  g_assert_null (daemon_world_call (&restored, &ch_route_application, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
  g_clear_error (&error);
  token = daemon_world_login (&restored, "client-0");
  how.session = token;
  application = daemon_world_call (&restored, &ch_route_application, &how, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpint (daemon_world_stop (&restored, SIGTERM), ==, 0);
  g_clear_object (&restored.soup);
  g_free (restored.url);
  g_free (restored.desk_token);
}

/* Copied and restored while it is served and written into: each copy is whole and of one moment. */
static void
test_under_load (void)
{
  Client clients[N_CLIENTS] = { 0 };
  GThread *threads[N_CLIENTS];
  gint is_over = FALSE;
  g_autofree char *last = NULL;

  for (guint i = 0; i < N_CLIENTS; i++)
    open_client (&clients[i], i, &is_over);
  for (guint i = 0; i < N_CLIENTS; i++)
    threads[i] = g_thread_new ("client", run_client, &clients[i]);

  for (guint i = 0; i < N_COPIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("copy-%u", i);
      g_autofree char *restored_name = g_strdup_printf ("restored-%u", i);
      g_autofree char *copy = in_dir (world->dir, name), *restored = in_dir (world->dir, restored_name);
      gint acknowledged[N_CLIENTS];

      wait_for_changes (clients);
      for (guint j = 0; j < N_CLIENTS; j++)
        acknowledged[j] = g_atomic_int_get (&clients[j].acknowledged);
      run_copy ("backup", world->dir, copy);
      run_copy ("restore", copy, restored);
      for (guint j = 0; j < N_CLIENTS; j++)
        check_client (restored, &clients[j], acknowledged[j]);
      g_free (last);
      last = g_steal_pointer (&restored);
    }

  wait_for_changes (clients);
  g_atomic_int_set (&is_over, TRUE);
  for (guint i = 0; i < N_CLIENTS; i++)
    g_thread_join (threads[i]);
  check_served (last, &clients[0]);
  for (guint i = 0; i < N_CLIENTS; i++)
    close_client (&clients[i]);
}

static void
check_same (const char *here, const char *there, const char *name)
{
  g_autofree char *one = in_dir (here, name), *two = in_dir (there, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = ch_file_read (one, 1 << 23, &error);
  g_autoptr (GBytes) after = before != NULL ? ch_file_read (two, 1 << 23, &error) : NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (before, after));
}

/* Table by table: nothing is left out but what must not be there twice. */
static void
test_nothing_missing (void)
{
  g_autofree char *copy = in_dir (world->dir, "copy-of-all"), *restored = in_dir (world->dir, "all-restored");
  g_autofree char *names
      = ask_sqlite (world->dir, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN "
                                "('session', 'sms_code', 'crl') AND name NOT LIKE 'sqlite_%' ORDER BY name");
  g_auto (GStrv) tables = g_strsplit (names, "\n", -1);

  run_copy ("backup", world->dir, copy);
  run_copy ("restore", copy, restored);
  g_assert_cmpuint (g_strv_length (tables), >, 15);
  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *sql = g_strdup_printf (".dump %s", tables[i]);
      g_autofree char *here = ask_sqlite (world->dir, sql), *there = ask_sqlite (restored, sql);

      g_assert_cmpstr (here, ==, there);
    }
  for (guint i = 0; i < world->profile->files->len; i++)
    {
      const char *file = ((const ChOfferedFile *) world->profile->files->pdata[i])->file;
      g_autofree char *name = g_build_filename ("files", file, NULL);

      check_same (world->dir, restored, name);
    }
  check_mode (restored, "certhall.db", 0600);
  check_mode (restored, "keys/store.key", 0600);
  check_mode (copy, "certhall.db", 0600);
  check_mode (copy, ".", 0700);
  /* What would open it lies elsewhere */
  check_absent (copy, "key-passphrase");
  check_absent (copy, "demo-token");
  check_absent (copy, "offline");
}

static void
damage (const char *copy, const char *name)
{
  g_autofree char *path = in_dir (copy, name);
  g_autofree char *text = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  text[len / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, text, (gssize) len, NULL));
}

/* A copy that is damaged, half there or tampered with makes no store, and nothing of it is left. */
static void
test_refused (void)
{
  static const char *const names[]
      = { "certhall.db", "keys/issuing-rsa.key", "profile.json", "manifest.json" };
  g_autofree char *nowhere = in_dir (world->dir, "nowhere"), *copy = in_dir (world->dir, "damaged");

  run_copy ("backup", world->dir, copy);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      damage (copy, names[i]);
      refuse_copy ("restore", copy, nowhere);
      check_absent (nowhere, "certhall.db");
      check_absent (nowhere, "profile.json");
      check_absent (nowhere, "keys");
      /* and mended by the same */
      damage (copy, names[i]);
    }
  run_copy ("restore", copy, nowhere);
  refuse_copy ("backup", world->dir, world->dir);
  refuse_copy ("restore", world->dir, nowhere);
}

/* A list of files that leads out of the folder is not followed. */
static void
test_led_astray (void)
{
  static const char *const paths[]
      = { "../outside.pem", "ca/../../outside.pem", "/tmp/outside.pem", "keys/.key", "demo-token" };

  g_autofree char *copy = in_dir (world->dir, "astray"), *target = in_dir (world->dir, "astray-restored");
  g_autofree char *manifest = in_dir (copy, "manifest.json"), *text = NULL;

  run_copy ("backup", world->dir, copy);
  g_assert_true (g_file_get_contents (manifest, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *row = g_strdup_printf ("\"path\":\"%s\"", paths[i]);
      g_autoptr (GString) changed = g_string_new (text);

      g_assert_cmpuint (g_string_replace (changed, "\"path\":\"tls-ca.pem\"", row, 0), ==, 1);
      g_assert_true (g_file_set_contents (manifest, changed->str, -1, NULL));
      refuse_copy ("restore", copy, target);
      check_absent (world->dir, "outside.pem");
    }
}

/* A key in the clear is not carried off. */
static void
test_clear_key (void)
{
  g_autofree char *copy = in_dir (world->dir, "copy-with-clear-key"),
                  *key = in_dir (world->dir, "keys/clear.key");

  g_assert_true (
      g_file_set_contents (key, "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", -1, NULL));
  refuse_copy ("backup", world->dir, copy);
  check_absent (copy, "manifest.json");
  check_absent (copy, "keys/clear.key");
  g_remove (key);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  world = daemon_world_new ();
  g_test_add_func ("/server/backup/under-load", test_under_load);
  g_test_add_func ("/server/backup/nothing-missing", test_nothing_missing);
  g_test_add_func ("/server/backup/refused", test_refused);
  g_test_add_func ("/server/backup/led-astray", test_led_astray);
  g_test_add_func ("/server/backup/clear-key", test_clear_key);
  status = g_test_run ();
  daemon_world_free (world);
  return status;
}
