#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "server/ch-db.h"

typedef struct
{
  char *dir;
  char *path;
  ChDb *db;
} World;

static void
set_up (World *world, gconstpointer data)
{
  world->dir = g_dir_make_tmp ("certhall-db-XXXXXX", NULL);
  world->path = g_build_filename (world->dir, "test.db", NULL);
  world->db = ch_db_open (world->path, NULL);
  g_assert_nonnull (world->db);
}

static void
tear_down (World *world, gconstpointer data)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  g_clear_pointer (&world->db, ch_db_close);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (world->path, endings[i], NULL);

      g_remove (path);
    }
  g_rmdir (world->dir);
  g_free (world->dir);
  g_free (world->path);
}

/* -- What the functions of transactions do -- */

static gpointer
insert (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "INSERT INTO setting (name, value) VALUES ($1, $2)",
                    CH_BIND (CH_TEXT (data), CH_TEXT ("here")), error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
insert_and_fail (ChDbTx *tx, gpointer data, GError **error)
{
  if (insert (tx, data, error) != NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "thought better of it");
  return NULL;
}

static gpointer
count (ChDbTx *tx, gpointer n, GError **error)
{
  return ch_db_query_int (tx, "SELECT COUNT (*) FROM setting", NULL, n, error) ? CH_DB_DONE : NULL;
}

static gint64
get_count (ChDb *db)
{
  g_autoptr (GError) error = NULL;
  gint64 n = -1;

  g_assert_nonnull (ch_db_read (db, count, &n, &error));
  g_assert_no_error (error);
  return n;
}

static gpointer
delete_foreign (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO consent (account, consent, version, agreed) VALUES ('nobody', 'a', 'b', 1)",
                    NULL, error)
             ? CH_DB_DONE
             : NULL;
}

static void
test_failures (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (ch_db_write (world->db, insert, "a", NULL, &error));
  g_assert_no_error (error);

  /* what must be unique */
  g_assert_null (ch_db_write (world->db, insert, "a", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_clear_error (&error);

  /* what thinks better of it leaves nothing */
  g_assert_null (ch_db_write (world->db, insert_and_fail, "b", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  /* what belongs to nobody */
  g_assert_null (ch_db_write (world->db, delete_foreign, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INTERNAL);
  g_clear_error (&error);

  /* who reads cannot write */
  g_assert_null (ch_db_read (world->db, insert, "c", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_cmpint (get_count (world->db), ==, 1);
}

/* Who is told that it is written can have it read by anybody: the commit was before the word. */
static void
test_acknowledged (World *world, gconstpointer data)
{
  for (int i = 1; i <= 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("row-%d", i);

      g_assert_nonnull (ch_db_write (world->db, insert, name, NULL, NULL));
      g_assert_cmpint (get_count (world->db), ==, i);
    }
}

static gpointer
use_values (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\1\2", 3);
  g_autoptr (GBytes) got = NULL;
  /* the numbers count, not the order they come in */
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx, "SELECT $3, $1, $2, $4",
      CH_BIND (CH_TEXT ("text"), CH_INT (G_MAXINT64), CH_BYTES (bytes), CH_TEXT (NULL)), error);
  /* the same text twice at once */
  g_autoptr (ChStmt) again
      = ch_db_query_row (tx, "SELECT $3, $1, $2, $4",
                         CH_BIND (CH_TEXT ("other"), CH_INT (1), CH_BYTES (NULL), CH_TEXT ("")), error);

  g_assert_nonnull (stmt);
  g_assert_nonnull (again);
  got = ch_stmt_dup_bytes (stmt, 0);
  g_assert_true (g_bytes_equal (got, bytes));
  g_assert_cmpstr (ch_stmt_get_text (stmt, 1), ==, "text");
  g_assert_cmpint (ch_stmt_get_int (stmt, 2), ==, G_MAXINT64);
  g_assert_true (ch_stmt_is_null (stmt, 3));
  g_assert_true (ch_stmt_is_null (again, 0));
  g_assert_cmpstr (ch_stmt_get_text (again, 1), ==, "other");

  g_assert_null (ch_db_query (tx, "SELECT $1, $2", CH_BIND (CH_INT (1)), error));
  return NULL;
}

static void
test_values (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ch_db_read (world->db, use_values, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INTERNAL); /* of the value that is missing */
}

/* -- Many at once -- */

#define N_THREADS 16
#define N_EACH    50

static int turn;

static gpointer
write_many (gpointer data)
{
  ChDb *db = data;
  int first = g_atomic_int_add (&turn, 1) * N_EACH;

  for (int i = 0; i < N_EACH; i++)
    {
      g_autofree char *name = g_strdup_printf ("row-%d", first + i);
      g_autoptr (GError) error = NULL;
      gboolean fails = i % 5 == 4;
      gpointer result = ch_db_write (db, fails ? insert_and_fail : insert, name, NULL, &error);

      g_assert_true ((result == NULL) == fails);
      if (fails)
        g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
      else
        g_assert_no_error (error);
    }
  return NULL;
}

/* One that fails takes nobody with it who shares its commit. */
static void
test_group (World *world, gconstpointer data)
{
  GThread *threads[N_THREADS];
  guint64 before = ch_db_get_n_commits (world->db);

  g_atomic_int_set (&turn, 0);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("writer", write_many, world->db);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (get_count (world->db), ==, N_THREADS * N_EACH * 4 / 5);
  g_assert_cmpuint (ch_db_get_n_commits (world->db) - before, <, N_THREADS * N_EACH / 2);
}

/* -- The end without warning -- */

typedef struct
{
  ChDb *db;
  int fd;
  int number;
} Child;

static gpointer
write_and_tell (gpointer data)
{
  Child *child = data;

  for (int i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d-%d", child->number, i);
      char line[32] = { 0 };

      if (ch_db_write (child->db, insert, name, NULL, NULL) == NULL)
        return NULL;
      g_strlcpy (line, name, sizeof line);
      if (write (child->fd, line, sizeof line) != sizeof line)
        return NULL;
    }
}

static void
run_child (const char *path, int fd)
{
  ChDb *db = ch_db_open (path, NULL);
  Child children[8];

  for (int i = 0; i < 8; i++)
    {
      children[i] = (Child){ db, fd, i };
      g_thread_unref (g_thread_new ("writer", write_and_tell, &children[i]));
    }
  for (;;)
    pause ();
}

static gpointer
find (ChDbTx *tx, gpointer name, GError **error)
{
  gint64 n = 0;

  return ch_db_query_int (tx, "SELECT COUNT (*) FROM setting WHERE name = $1", CH_BIND (CH_TEXT (name)), &n,
                          error)
                 && n == 1
             ? CH_DB_DONE
             : NULL;
}

static gpointer
check_integrity (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (tx, "PRAGMA integrity_check", NULL, error);

  g_assert_cmpstr (ch_stmt_get_text (stmt, 0), ==, "ok");
  return CH_DB_DONE;
}

/* Everything that was acknowledged is there afterwards. */
static void
test_kill (World *world, gconstpointer data)
{
  const guint wanted = g_getenv ("CERTHALL_LONG") != NULL ? 20000 : 400;
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  char line[32];
  int fds[2], status;
  pid_t pid;

  g_clear_pointer (&world->db, ch_db_close);
  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      close (fds[0]);
      run_child (world->path, fds[1]);
    }

  close (fds[1]);
  while (read (fds[0], line, sizeof line) == sizeof line)
    {
      g_ptr_array_add (told, g_strdup (line));
      if (told->len == wanted)
        kill (pid, SIGKILL);
    }
  close (fds[0]);
  waitpid (pid, &status, 0);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpuint (told->len, >=, wanted);

  world->db = ch_db_open (world->path, NULL);
  g_assert_nonnull (world->db);
  g_assert_nonnull (ch_db_read (world->db, check_integrity, NULL, NULL));
  for (guint i = 0; i < told->len; i++)
    g_assert_nonnull (ch_db_read (world->db, find, told->pdata[i], NULL));
}

static gpointer
pretend_newer (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "INSERT INTO migration (number, file, applied) VALUES (9999, 'later.sql', 1)", NULL,
                    error)
             ? CH_DB_DONE
             : NULL;
}

static void
test_versions (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (ch_db_write (world->db, insert, "a", NULL, NULL));
  ch_db_close (world->db);
  world->db = ch_db_open (world->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_count (world->db), ==, 1);

  /* a store of a newer program is left alone */
  g_assert_nonnull (ch_db_write (world->db, pretend_newer, NULL, NULL, NULL));
  ch_db_close (world->db);
  world->db = ch_db_open (world->path, &error);
  g_assert_null (world->db);
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
}

/* -- Stores of old -- */

static void
run_sqlite (const char *path, const char *sql)
{
  const char *argv[] = { "sqlite3", "-bail", path, sql, NULL };
  g_autofree char *words = NULL;
  int status = -1;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &words,
                               &status, NULL));
  if (status != 0)
    g_test_message ("%s", words);
  g_assert_cmpint (status, ==, 0);
}

/* As the first release left it: its tables, with somebody and something in them */
static void
write_old_store (const char *path)
{
  static const char *const files[] = { "001-accounts.sql", "002-applications.sql", "003-trial.sql" };
  g_autoptr (GString) sql = g_string_new (
      "CREATE TABLE migration (number INTEGER PRIMARY KEY, file TEXT NOT NULL, applied BIGINT NOT NULL);");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (g_getenv ("CERTHALL_SOURCE_ROOT"), "src", "server",
                                                "migrations", files[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
      g_string_append_printf (sql, "%s\nINSERT INTO migration VALUES (%u, '%s', 1);\n", text, i + 1,
                              files[i]);
    }
  g_string_append (
      sql, "INSERT INTO account (id, user_name, mobile, name, document_kind, document_number, password, "
           "created) VALUES ('1', 'somebody', '13600000000', 'x', 'passport', 'A1234', '*', 1);"
           "INSERT INTO setting (name, value) VALUES ('trial', 'yes');");
  run_sqlite (path, sql->str);
}

static gpointer
count_old (ChDbTx *tx, gpointer data, GError **error)
{
  gint64 *counts = data;

  return ch_db_query_int (
             tx, "SELECT COUNT (*) FROM account WHERE user_name = 'somebody' AND mobile = '13600000000'",
             NULL, &counts[0], error)
                 && ch_db_query_int (tx, "SELECT COUNT (*) FROM setting WHERE name = 'trial'", NULL,
                                     &counts[1], error)
                 && ch_db_query_int (tx, "SELECT COUNT (*) FROM migration", NULL, &counts[2], error)
             ? CH_DB_DONE
             : NULL;
}

/* What an older program wrote is brought up to date with what is in it; a newer one’s is left alone. */
static void
test_old_store (void)
{
  g_autofree char *dir = g_dir_make_tmp ("certhall-old-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "old.db", NULL),
                  *fresh = g_build_filename (dir, "new.db", NULL);
  gint64 old[3] = { 0 }, made[3] = { 0 };
  g_autoptr (ChDb) db = NULL;
  g_autoptr (GError) error = NULL;

  write_old_store (path);
  for (guint i = 0; i < 2; i++)
    {
      db = ch_db_open (path, &error);
      g_assert_no_error (error);
      g_assert_nonnull (ch_db_read (db, count_old, old, NULL));
      g_clear_pointer (&db, ch_db_close);
      g_assert_cmpint (old[0], ==, 1);
      g_assert_cmpint (old[1], ==, 1);
    }

  db = ch_db_open (fresh, NULL);
  g_assert_nonnull (ch_db_read (db, count_old, made, NULL));
  g_clear_pointer (&db, ch_db_close);
  g_assert_cmpint (old[2], ==, made[2]);
  g_assert_cmpint (old[2], >, 3);

  run_sqlite (path, "INSERT INTO migration VALUES (999, 'of-tomorrow.sql', 1)");
  g_assert_null (ch_db_open (path, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);

  run_sqlite (path, "PRAGMA journal_mode = DELETE");
  run_sqlite (fresh, "PRAGMA journal_mode = DELETE");
  g_remove (path);
  g_remove (fresh);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/server/db/failures", World, NULL, set_up, test_failures, tear_down);
  g_test_add ("/server/db/acknowledged", World, NULL, set_up, test_acknowledged, tear_down);
  g_test_add ("/server/db/values", World, NULL, set_up, test_values, tear_down);
  g_test_add ("/server/db/group", World, NULL, set_up, test_group, tear_down);
  g_test_add ("/server/db/kill", World, NULL, set_up, test_kill, tear_down);
  g_test_add ("/server/db/versions", World, NULL, set_up, test_versions, tear_down);
  g_test_add_func ("/server/db/old-store", test_old_store);
  return g_test_run ();
}
