#include "config.h"

#include "check-world.h"

#include <glib/gstdio.h>

char *
check_make_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("certhall-check-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

void
check_remove_dir (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        check_remove_dir (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* Nothing of this PC: no server, no drivers, a data folder in @dir */
ChCheckContext *
check_make_context (const char *dir)
{
  static const char *const none[] = { NULL };
  ChCheckContext *context = ch_check_context_new (NULL, NULL, NULL);

  ch_check_context_set_data_dir (context, dir);
  ch_check_context_set_driver_dirs (context, none);
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
  ChCheckRun *run = ch_check_run_new (context);
  gboolean done = FALSE;

  ch_check_run_start_async (run, NULL, on_done_cb, &done);
  g_assert_true (ch_check_run_is_running (run));
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (ch_check_run_is_running (run));
  return run;
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
void
check_expect_failed (ChCheckRun *run, const char *id, ChErrorCode error)
{
  ChCheckResult *result = check_expect (run, id, CH_CHECK_FAILED);

  g_assert_cmpstr (ch_error_code_get_info (result->error)->id, ==, ch_error_code_get_info (error)->id);
  g_assert_nonnull (result->summary);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->todo);
}
