#include "config.h"

#include "check-world.h"

#include <glib/gstdio.h>

/* What the system of a test has, beside what the test itself is about */
static const struct
{
  const char *path;
  const char *text;
  int mode;
} system_files[] = {
  { "usr/bin/ibus-daemon", "#!/bin/false\n", 0755 },
  { "usr/sbin/pcscd", "#!/bin/false\n", 0755 },
  { "run/systemd/system/mark", "", 0644 },
  { "proc/meminfo", "MemTotal:        8000000 kB\nMemAvailable:    4000000 kB\n", 0644 },
};

static char *
make_root (const char *dir)
{
  char *root = g_strconcat (dir, ".root", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (system_files); i++)
    check_write (root, system_files[i].path, system_files[i].text, system_files[i].mode);
  return root;
}

/* A file, with the folders it lies in */
void
check_write (const char *dir, const char *name, const char *text, int mode)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

char *
check_make_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("certhall-check-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_all (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* With the system that was made beside it */
void
check_remove_dir (const char *path)
{
  g_autofree char *root = g_strconcat (path, ".root", NULL);

  remove_all (path);
  remove_all (root);
}

/* Nothing of this PC: a system of its own, no server, no drivers, a data folder in @dir */
ChCheckContext *
check_make_context (const char *dir)
{
  static const char *const none[] = { NULL };
  ChCheckContext *context = ch_check_context_new (NULL, NULL, NULL);
  g_autofree char *root = make_root (dir);

  ch_check_context_set_data_dir (context, dir);
  ch_check_context_set_driver_dirs (context, none);
  ch_check_context_set_root (context, root);
  /* However slow this machine is: what hangs in a test hangs for ever */
  context->time_limit = 120000;
  return context;
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ch_check_run_start_finish (CH_CHECK_RUN (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Every check, until all have ended */
ChCheckRun *
check_run (ChCheckContext *context)
{
  ChCheckRun *run = ch_check_run_new (context, NULL);

  check_run_again (run);
  return run;
}

void
check_run_again (ChCheckRun *run)
{
  gboolean done = FALSE;

  ch_check_run_start_async (run, NULL, on_done_cb, &done);
  g_assert_true (ch_check_run_is_running (run));
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (ch_check_run_is_running (run));
}

ChCheckResult *
check_expect (ChCheckRun *run, const char *id, ChCheckState state)
{
  ChCheckItem *item = ch_check_run_find (run, id);
  ChCheckResult *result = item != NULL ? ch_check_item_get_result (item) : NULL;

  g_assert_nonnull (result);
  g_test_message ("%s: %s: %s; %s; %s [%s]", id, ch_check_state_get_word (result->state), result->summary,
                  result->meaning, result->todo, result->detail);
  g_assert_cmpint (result->state, ==, state);
  return result;
}

/* A finding that tells everything: what happened, what it means, what to do */
ChCheckResult *
check_expect_found (ChCheckRun *run, const char *id, ChFindingCode finding)
{
  ChCheckResult *result = check_expect (run, id, ch_finding_get (finding)->state);

  g_assert_cmpint (result->finding, !=, CH_FINDING_NONE);
  g_assert_cmpstr (ch_finding_get (result->finding)->name, ==, ch_finding_get (finding)->name);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->todo);
  return result;
}

void
check_expect_failed (ChCheckRun *run, const char *id, ChErrorCode error)
{
  ChCheckResult *result = check_expect (run, id, CH_CHECK_FAILED);

  g_assert_cmpstr (ch_error_code_get_info (result->error)->id, ==, ch_error_code_get_info (error)->id);
  g_assert_nonnull (result->summary);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->todo);
}
