#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "local/ch-local-vault.h"

#define URL        "https://ca.example:8443"
#define PIECE      50000
#define N_KILLS    12
#define N_PUTS     40
#define WRITER_ARG "--writer"

static const char *self_path;

typedef struct
{
  char *dir;
  ChVault *vault;
} Fixture;

static ChVault *
open_vault (const char *dir, const char *url)
{
  g_autofree char *state = g_build_filename (dir, "state", NULL);
  g_autofree char *run = g_build_filename (dir, "run", NULL);
  g_autoptr (GError) error = NULL;
  ChLocalVault *vault = ch_local_vault_new (state, run, url, &error);

  g_assert_no_error (error);
  return CH_VAULT (vault);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("certhall-vault-XXXXXX", &error);
  g_assert_no_error (error);
  self->vault = open_vault (self->dir, URL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->vault != NULL)
    ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  g_clear_object (&self->vault);
  remove_tree (self->dir);
  g_free (self->dir);
}

static void
put (ChVault *vault, const char *id, const char *text)
{
  g_autoptr (GBytes) content = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  ch_vault_put_async (vault, CH_VAULT_DRAFT, id, content, NULL, NULL);
}

static void
assert_content (ChVault *vault, const char *id, const char *expected)
{
  g_autoptr (GBytes) content = ch_vault_get (vault, CH_VAULT_DRAFT, id);
  g_autofree char *text
      = content != NULL ? g_strndup (g_bytes_get_data (content, NULL), g_bytes_get_size (content)) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static char *
find_file (const char *dir, const char *name)
{
  return g_build_filename (dir, "state", "https%3A%2F%2Fca%2Eexample%3A8443", "drafts", name, NULL);
}

/* -- What is kept
 * --------------------------------------------------------------------------------------------- */

static void
test_seen_at_once (Fixture *self, gconstpointer data)
{
  put (self->vault, "A1", "first");
  assert_content (self->vault, "A1", "first");
  put (self->vault, "A1", "second");
  assert_content (self->vault, "A1", "second");
  put (self->vault, "A1", NULL);
  assert_content (self->vault, "A1", NULL);

  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  assert_content (self->vault, "A1", NULL);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (ChVault) later = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      put (self->vault, "A1", text);
      put (self->vault, "A2", i % 2 == 0 ? text : NULL);
    }
  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));

  later = open_vault (self->dir, URL);
  assert_content (later, "A1", "99");
  assert_content (later, "A2", NULL);
}

static void
test_ids (Fixture *self, gconstpointer data)
{
  static const char *const ids[] = { "..", ".", "../../etc/passwd", "A1/pay", "a%2Fb", "x.tmp", "申请", " " };
  g_auto (GStrv) pending = NULL;
  g_auto (GStrv) written = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    put (self->vault, ids[i], ids[i]);
  pending = ch_vault_list (self->vault, CH_VAULT_DRAFT);
  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  written = ch_vault_list (self->vault, CH_VAULT_DRAFT);

  g_assert_cmpuint (g_strv_length (written), ==, G_N_ELEMENTS (ids));
  g_assert_true (g_strv_equal ((const char *const *) pending, (const char *const *) written));
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_true (g_strv_contains ((const char *const *) written, ids[i]));
      assert_content (self->vault, ids[i], ids[i]);
    }
}

static void
test_permissions (Fixture *self, gconstpointer data)
{
  g_autofree char *path = find_file (self->dir, "A1");
  g_autofree char *dir = g_path_get_dirname (path);
  struct stat st;

  put (self->vault, "A1", "x");
  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (dir, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0700);
}

static void
test_kinds_and_servers (Fixture *self, gconstpointer data)
{
  g_autoptr (ChVault) other = open_vault (self->dir, "https://other.example");
  g_autoptr (GBytes) journal = NULL;

  put (self->vault, "A1", "x");
  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  assert_content (other, "A1", NULL);
  journal = ch_vault_get (self->vault, CH_VAULT_JOURNAL, "A1");
  g_assert_null (journal);
}

static void
test_memory_only (Fixture *self, gconstpointer data)
{
  g_autoptr (ChVault) vault = CH_VAULT (ch_local_vault_new (NULL, NULL, URL, NULL));
  g_autoptr (ChSecret) token = ch_secret_new ("token", 5);
  g_autoptr (ChSecret) kept = NULL;

  put (vault, "A1", "x");
  put (vault, "A2", "y");
  put (vault, "A2", NULL);
  ch_local_vault_flush (CH_LOCAL_VAULT (vault));
  assert_content (vault, "A1", "x");
  assert_content (vault, "A2", NULL);
  g_assert_true (ch_vault_put_session (vault, token, NULL));
  kept = ch_vault_get_session (vault);
  g_assert_true (ch_secret_equal (kept, token));
}

/* -- The session
 * ------------------------------------------------------------------------------------------------ */

static char *
find_session (Fixture *self)
{
  return g_build_filename (self->dir, "run", "session-https%3A%2F%2Fca%2Eexample%3A8443", NULL);
}

static gboolean
has_session (ChVault *vault)
{
  g_autoptr (ChSecret) token = ch_vault_get_session (vault);

  return token != NULL;
}

static void
test_session (Fixture *self, gconstpointer data)
{
  g_autoptr (ChSecret) token = ch_secret_new ("s3cret-token", 12);
  g_autoptr (ChVault) again = open_vault (self->dir, URL);
  g_autoptr (ChVault) other = open_vault (self->dir, "https://ca.example:9443");
  g_autoptr (ChSecret) kept = NULL;
  g_autofree char *path = find_session (self);
  g_autoptr (GError) error = NULL;
  struct stat st;

  g_assert_false (has_session (self->vault));
  ch_vault_put_session (self->vault, token, &error);
  g_assert_no_error (error);
  kept = ch_vault_get_session (again);
  g_assert_true (ch_secret_equal (kept, token));
  g_assert_false (has_session (other));
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);

  ch_vault_put_session (self->vault, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (has_session (again));
  ch_vault_put_session (self->vault, NULL, &error);
  g_assert_no_error (error);
}

static void
test_session_of_others (Fixture *self, gconstpointer data)
{
  g_autoptr (ChSecret) token = ch_secret_new ("s3cret-token", 12);
  g_autofree char *path = find_session (self);
  g_autofree char *moved = g_strconcat (path, ".moved", NULL);

  /* Others could read it */
  g_assert_true (ch_vault_put_session (self->vault, token, NULL));
  g_chmod (path, 0644);
  g_assert_false (has_session (self->vault));
  g_chmod (path, 0600);
  g_assert_true (has_session (self->vault));

  /* It lies elsewhere */
  g_assert_cmpint (g_rename (path, moved), ==, 0);
  g_assert_cmpint (symlink (moved, path), ==, 0);
  g_assert_false (has_session (self->vault));
  g_unlink (path);

  /* It was made for another server */
  g_assert_true (g_file_set_contents_full (path, "https://evil.example\ntoken", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_false (has_session (self->vault));
  g_assert_true (g_file_set_contents_full (path, URL "\n", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_false (has_session (self->vault));
}

/* -- What may happen to it
 * -------------------------------------------------------------------------------------- */

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_false (ch_vault_put_finish (CH_VAULT (source), result, error));
}

/* A quota and a full disk look alike from here */
static void
test_disk_full (Fixture *self, gconstpointer data)
{
  g_autofree char *big = g_strnfill (PIECE, 'x');
  g_autoptr (GBytes) content = g_bytes_new (big, PIECE);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_file (self->dir, "A1");
  g_autofree char *dir_path = g_path_get_dirname (path);
  g_autoptr (GDir) dir = NULL;
  guint n_files = 0;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  put (self->vault, "A1", "old");
  ch_local_vault_flush (CH_LOCAL_VAULT (self->vault));
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &(struct rlimit){ 1000, RLIM_INFINITY });
  ch_vault_put_async (self->vault, CH_VAULT_DRAFT, "A1", content, on_put_cb, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  setrlimit (RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });

  g_assert_cmpstr (ch_error_get_info (error)->id, ==, "no-space");
  assert_content (self->vault, "A1", "old");
  dir = g_dir_open (dir_path, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, 1);
}

static void
test_leftovers (Fixture *self, gconstpointer data)
{
  g_autofree char *old = find_file (self->dir, "A1.123.tmp");
  g_autofree char *young = find_file (self->dir, "A1.124.tmp");
  g_autoptr (ChVault) later = NULL;
  g_auto (GStrv) ids = NULL;
  const struct timespec times[2] = { { 1000, 0 }, { 1000, 0 } };

  g_assert_true (g_file_set_contents (old, "half", -1, NULL));
  g_assert_true (g_file_set_contents (young, "half", -1, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, old, times, 0), ==, 0);

  later = open_vault (self->dir, URL);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (young, G_FILE_TEST_EXISTS));
  ids = ch_vault_list (later, CH_VAULT_DRAFT);
  g_assert_cmpuint (g_strv_length (ids), ==, 0);
}

/* The last reference may fall in the vault’s own thread */
static void
test_dropped_while_writing (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      ChVault *vault = open_vault (self->dir, URL);
      gpointer alive = vault;

      g_object_add_weak_pointer (G_OBJECT (vault), &alive);
      put (vault, "A1", "x");
      g_object_unref (vault);
      while (g_atomic_pointer_get (&alive) != NULL)
        g_main_context_iteration (NULL, FALSE);
    }
}

/* -- Other processes
 * ----------------------------------------------------------------------------------------------- */

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ch_vault_put_finish (CH_VAULT (source), result, &error);
  g_assert_no_error (error);
  g_print ("%u\n", GPOINTER_TO_UINT (user_data));
  fflush (stdout);
}

/* Its own number, over and over */
static GBytes *
make_content (guint number)
{
  GString *text = g_string_new (NULL);

  while (text->len < PIECE)
    g_string_append_printf (text, "%08u", number);
  return g_string_free_to_bytes (text);
}

/* `--writer DIR ID N`: puts N contents and prints the number of each that is on the disk
 */
static int
write_on (char **argv)
{
  g_autoptr (ChVault) vault = open_vault (argv[2], URL);
  guint n = atoi (argv[4]);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) content = make_content (i);

      ch_vault_put_async (vault, CH_VAULT_DRAFT, argv[3], content, on_written_cb, GUINT_TO_POINTER (i));
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
  ch_local_vault_flush (CH_LOCAL_VAULT (vault));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  return 0;
}

static GSubprocess *
start_writer (Fixture *self, const char *id, const char *n)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self_path, WRITER_ARG,
                                           self->dir, id, n, NULL);

  g_assert_no_error (error);
  return process;
}

/* Returns: the number of the content, which is whole */
static guint
assert_whole (ChVault *vault, const char *id)
{
  g_autoptr (GBytes) content = ch_vault_get (vault, CH_VAULT_DRAFT, id);
  g_autofree char *first = NULL;
  g_autoptr (GBytes) expected = NULL;

  g_assert_nonnull (content);
  g_assert_cmpuint (g_bytes_get_size (content), >=, 8);
  first = g_strndup (g_bytes_get_data (content, NULL), 8);
  expected = make_content (atoi (first));
  g_assert_true (g_bytes_equal (content, expected));
  return atoi (first);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < N_KILLS; i++)
    {
      g_autoptr (GSubprocess) writer = start_writer (self, "A1", "1000000");
      g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (writer));
      g_autoptr (ChVault) later = NULL;
      guint last = 0, found;

      for (guint j = 0; j < 3 + i; j++)
        {
          g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

          g_assert_nonnull (line);
          last = atoi (line);
        }
      g_subprocess_force_exit (writer);
      g_subprocess_wait (writer, NULL, NULL);

      later = open_vault (self->dir, URL);
      found = assert_whole (later, "A1");
      /* What was acknowledged, or what came after it */
      g_assert_cmpuint (found, >=, last);
    }
}

static void
test_two_processes (Fixture *self, gconstpointer data)
{
  g_autofree char *n = g_strdup_printf ("%d", N_PUTS);
  g_autoptr (GSubprocess) one = start_writer (self, "shared", n);
  g_autoptr (GSubprocess) two = start_writer (self, "shared", n);
  g_autoptr (GSubprocess) three = start_writer (self, "own", n);
  GSubprocess *all[] = { one, two, three };
  g_auto (GStrv) ids = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *out = NULL;

      g_subprocess_communicate_utf8 (all[i], NULL, NULL, &out, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_subprocess_get_successful (all[i]));
    }

  /* Every one ended with the same number */
  g_assert_cmpuint (assert_whole (self->vault, "shared"), ==, N_PUTS - 1);
  g_assert_cmpuint (assert_whole (self->vault, "own"), ==, N_PUTS - 1);
  ids = ch_vault_list (self->vault, CH_VAULT_DRAFT);
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
}

static const struct
{
  const char *path;
  void (*test) (Fixture *self, gconstpointer data);
} tests[] = {
  { "/vault/seen-at-once", test_seen_at_once },
  { "/vault/order", test_order },
  { "/vault/ids", test_ids },
  { "/vault/permissions", test_permissions },
  { "/vault/kinds-and-servers", test_kinds_and_servers },
  { "/vault/memory-only", test_memory_only },
  { "/vault/session", test_session },
  { "/vault/session-of-others", test_session_of_others },
  { "/vault/disk-full", test_disk_full },
  { "/vault/leftovers", test_leftovers },
  { "/vault/dropped-while-writing", test_dropped_while_writing },
  { "/vault/killed", test_killed },
  { "/vault/two-processes", test_two_processes },
};

int
main (int argc, char **argv)
{
  self_path = argv[0];
  if (argc == 5 && g_str_equal (argv[1], WRITER_ARG))
    return write_on (argv);

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
