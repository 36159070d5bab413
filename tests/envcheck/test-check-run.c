#include "config.h"

#include "check-world.h"
#include "envcheck/ch-check-redact.h"

#include <glib/gstdio.h>
#include <string.h>

/* -- The table ----------------------------------------------------------------------------------------- */

static void
test_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_checks;
  const ChCheck *const *checks = ch_checks_get (&n_checks);

  g_assert_cmpuint (n_checks, >=, 10);
  for (guint i = 0; i < n_checks; i++)
    {
      g_assert_true (g_hash_table_add (seen, (gpointer) checks[i]->id));
      g_assert_true (g_regex_match_simple ("^[a-z]+(-[a-z]+)*$", checks[i]->id, 0, 0));
      g_assert_cmpuint (strlen (checks[i]->title), >, 0);
      g_assert_nonnull (checks[i]->run);
      g_assert_cmpint (checks[i]->group, <, CH_N_CHECK_GROUPS);
      /* In the order of the table what is needed is there first */
      for (guint j = 0; j < CH_CHECK_MAX_NEEDS && checks[i]->depends[j] != NULL; j++)
        g_assert_true (g_hash_table_contains (seen, checks[i]->depends[j]));
      for (guint j = 0; j < CH_CHECK_MAX_NEEDS && checks[i]->after[j] != NULL; j++)
        g_assert_nonnull (ch_check_find (checks[i]->after[j]));
    }
}

/* Numbers are for ever: each stands once, of three digits, at a check there is, and says everything */
static void
test_findings (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < CH_N_FINDINGS; i++)
    {
      const ChFinding *finding = ch_finding_get (i);

      g_test_message ("%s", finding->name);
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (finding->number)));
      g_assert_cmpuint (finding->number, >=, 100);
      g_assert_cmpuint (finding->number, <=, 999);
      g_assert_true (ch_finding_find (finding->number) == finding);
      g_assert_true (*finding->check == 0 || ch_check_find (finding->check) != NULL);
      g_assert_true (finding->state == CH_CHECK_FAILED || finding->state == CH_CHECK_WARNING);
      g_assert_cmpuint (strlen (finding->title), >, 0);
      g_assert_cmpuint (strlen (finding->meaning), >, 0);
      g_assert_cmpuint (strlen (finding->cause), >, 0);
      g_assert_cmpuint (strlen (finding->todo), >, 0);
      g_assert_cmpint (finding->command != NULL, ==,
                       finding->action == CH_CHECK_ACTION_COPY_COMMAND
                           || finding->action == CH_CHECK_ACTION_START_CARD_SERVICE);
    }
  g_assert_null (ch_finding_find (100));
}

/* Read out on the telephone: what was misheard is noticed, blanks and hyphens do not matter */
static void
test_code (void)
{
  static const guint numbers[] = { 112, 211, 551 };
  g_autofree char *code = ch_check_code_format (numbers, 3);
  g_autofree char *spoken = g_strdelimit (g_strdup (code), "-", ' ');
  g_autofree char *nothing = ch_check_code_format (NULL, 0);
  g_autoptr (GArray) heard = ch_check_code_parse (code);
  g_autoptr (GArray) blanks = ch_check_code_parse (spoken);
  g_autoptr (GArray) one = ch_check_code_parse ("112");
  g_autoptr (GArray) none = ch_check_code_parse (nothing);

  g_assert_nonnull (heard);
  g_assert_cmpuint (heard->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_array_index (heard, guint, i), ==, numbers[i]);
  g_assert_cmpuint (blanks->len, ==, 3);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (ch_check_code_parse ("100"));
  g_assert_null (ch_check_code_parse ("x"));
  g_assert_null (ch_check_code_parse ("1121"));
  /* Every other number of the table in one of the places */
  for (guint i = 0; i < CH_N_FINDINGS; i++)
    {
      g_autofree char *other = g_strdup_printf ("%03u%s", ch_finding_get (i)->number, code + 3);
      GArray *parsed = ch_check_code_parse (other);

      g_assert_cmpint (parsed != NULL, ==, ch_finding_get (i)->number == 112);
      g_clear_pointer (&parsed, g_array_unref);
    }
}

static void
test_words (void)
{
  for (guint i = 0; i < CH_N_CHECK_STATES; i++)
    {
      g_assert_nonnull (ch_check_state_get_word (i));
      g_assert_cmpint (ch_check_state_is_final (i), ==, i >= CH_CHECK_PASSED);
    }
  g_assert_null (ch_check_action_get_label (CH_CHECK_ACTION_NONE));
  for (guint i = 1; i < CH_N_CHECK_ACTIONS; i++)
    g_assert_nonnull (ch_check_action_get_label (i));
  for (guint i = 0; i < CH_N_CHECK_GROUPS; i++)
    g_assert_cmpuint (strlen (ch_check_group_get_title (i)), >, 0);
}

/* -- The run ------------------------------------------------------------------------------------------- */

/* Nobody answers there, but the kernel takes the call */
static char *
listen_silently (GSocket **listener)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (*listener, any, FALSE, &error) && g_socket_listen (*listener, &error));
  bound = g_socket_get_local_address (*listener, &error);
  return g_strdup_printf ("https://127.0.0.1:%d",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

typedef struct
{
  gboolean done;
  gboolean ok;
  GError *error;
} Outcome;

static void
on_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = ch_check_run_start_finish (CH_CHECK_RUN (source), result, &outcome->error);
  outcome->done = TRUE;
}

/* A run that is cancelled ends at once, whatever its threads still wait for */
static void
test_cancel (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (GSocket) listener = NULL;
  g_autofree char *url = listen_silently (&listener);
  g_autoptr (ChCheckContext) context = ch_check_context_new (NULL, url, NULL);
  g_autoptr (ChCheckRun) run = ch_check_run_new (context, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (run));

  ch_check_run_start_async (run, cancellable, on_started_cb, &outcome);
  while (ch_check_run_find_first (run, CH_CHECK_PASSED) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (ch_check_item_get_state (ch_check_run_find (run, "entry.server")), ==, CH_CHECK_RUNNING);
  g_assert_cmpint (ch_check_item_get_state (ch_check_run_find (run, "clock")), ==, CH_CHECK_WAITING);

  g_cancellable_cancel (cancellable);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (outcome.ok);
  g_assert_true (g_error_matches (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&outcome.error);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (run), i);

      g_assert_true (ch_check_state_is_final (ch_check_item_get_state (item)));
    }
  check_expect (run, "entry.server", CH_CHECK_NOT_RUN);
  check_remove_dir (dir);
}

/* The same run once more gives new results and no second list */
static void
test_again (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = check_run (context);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (run));
  g_autoptr (ChCheckResult) before = ch_check_result_ref (check_expect (run, "program", CH_CHECK_PASSED));
  Outcome outcome = { 0 };

  ch_check_run_start_async (run, NULL, on_started_cb, &outcome);
  g_assert_cmpint (ch_check_item_get_state (ch_check_run_find (run, "program")), ==, CH_CHECK_RUNNING);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (outcome.ok);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (run)), ==, n);
  g_assert_true (check_expect (run, "program", CH_CHECK_PASSED) != before);
  check_remove_dir (dir);
}

static void
on_notify_cb (ChCheckItem *item, GParamSpec *pspec, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ",
                          ch_wire_enum_get_id (&ChCheckState_enum, ch_check_item_get_state (item)));
}

/* Who shows a row sees it wait, run and end */
static void
test_notify (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = ch_check_run_new (context, NULL);
  g_autoptr (GString) states = g_string_new (NULL);
  Outcome outcome = { 0 };

  g_signal_connect (ch_check_run_find (run, "system"), "notify::state", G_CALLBACK (on_notify_cb), states);
  ch_check_run_start_async (run, NULL, on_started_cb, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (states->str, ==, "waiting running passed ");
  check_remove_dir (dir);
}

/* What ships with the program is enough to check with: no server, no login */
static void
test_shipped (void)
{
  g_autoptr (ChCheckContext) context = ch_check_context_new_shipped (NULL, NULL);
  g_autoptr (ChCheckContext) given = ch_check_context_new_shipped ("https://127.0.0.1:1/", NULL);

  g_assert_cmpuint (context->entries->len, >=, 1);
  for (guint i = 0; i < context->entries->len; i++)
    {
      const ChCheckEntry *entry = context->entries->pdata[i];

      g_assert_true (g_str_has_prefix (entry->url, "https://"));
      g_assert_false (g_str_has_suffix (entry->url, "/"));
      g_assert_cmpuint (strlen (entry->title), >, 0);
    }
  g_assert_cmpuint (given->entries->len, ==, 1);
  g_assert_cmpstr (((ChCheckEntry *) given->entries->pdata[0])->url, ==, "https://127.0.0.1:1");
}

/* -- The report ---------------------------------------------------------------------------------------- */

static void
test_redact (void)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "a", "b", NULL);
  g_autofree char *neighbour = g_strconcat (g_get_home_dir (), "-of-another/x", NULL);
  g_autofree char *media = g_strdup_printf ("/media/%s/stick", g_get_user_name ());
  g_autofree char *longer = g_strdup_printf ("/media/%sx/stick", g_get_user_name ());
  g_autofree char *short_path = ch_check_redact (path, NULL);
  g_autofree char *short_neighbour = ch_check_redact (neighbour, NULL);
  g_autofree char *short_media = ch_check_redact (media, NULL);
  g_autofree char *short_longer = ch_check_redact (longer, NULL);

  g_assert_cmpstr (short_path, ==, "~/a/b");
  g_assert_cmpstr (short_neighbour, !=, "~-of-another/x");
  g_assert_cmpstr (short_media, ==, "/media/USER/stick");
  g_assert_cmpstr (short_longer, ==, longer);
  g_assert_null (ch_check_redact (NULL, NULL));
}

/* Numbers are left with their end, names with their beginning, and what is neither stays */
static void
test_redact_names (void)
{
  static const struct
  {
    const char *before;
    const char *after;
  } cases[] = {
    { "serial DENK0100123", "serial …0123" },
    { "91120116MA07A1B2X2", "…B2X2" },
    { "call 13812345678.", "call …5678." },
    { "libccid 1.5.2, x86_64, UTC+08:00", "libccid 1.5.2, x86_64, UTC+08:00" },
    { "2026-11-21T14:32:00Z", "2026-11-21T14:32:00Z" },
    { "mail zhang.san@example.com now", "mail …@… now" },
    { "天津滨海贸易有限公司, …2A41", "天…, …2A41" },
    { "张三和李四", "张…和李四" },
  };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_ptr_array_add (names, (gpointer) "天津滨海贸易有限公司");
  g_ptr_array_add (names, (gpointer) "张三");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *seen = ch_check_redact (cases[i].before, names);

      g_assert_cmpstr (seen, ==, cases[i].after);
    }
}

/* Neither text nor JSON tell where the user is at home */
static void
test_report (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *data = g_build_filename (g_get_home_dir (), "private", "certhall", NULL);
  g_autofree char *path = g_build_filename (dir, "report.json", NULL);
  g_autofree char *text_path = g_build_filename (dir, "report.txt", NULL);
  g_autoptr (ChCheckContext) context = check_make_context (data);
  g_autoptr (ChCheckReport) report = NULL, again = NULL;
  g_autoptr (ChCheckRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autofree char *text = NULL;
  g_autofree char *saved = NULL;

  run = check_run (context);
  g_assert_nonnull (strstr (check_expect (run, "disk", CH_CHECK_PASSED)->detail, g_get_home_dir ()));

  report = ch_check_report_new (run);
  text = ch_check_report_to_text (report);
  g_assert_null (strstr (text, g_get_home_dir ()));
  g_assert_nonnull (strstr (text, "~/private/certhall"));
  g_assert_nonnull (strstr (text, CH_VERSION));

  g_assert_true (ch_check_report_save (report, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &saved, NULL, &error));
  g_assert_null (strstr (saved, g_get_home_dir ()));
  json = g_bytes_new (saved, strlen (saved));
  again = ch_wire_decode (&ChCheckReport_wire, json, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->checks->len, ==, g_list_model_get_n_items (G_LIST_MODEL (run)));
  g_assert_cmpint (again->exit_status, ==, ch_check_run_get_exit_status (run));

  g_clear_pointer (&saved, g_free);
  g_assert_true (ch_check_report_save (report, text_path, &error));
  g_assert_true (g_file_get_contents (text_path, &saved, NULL, &error));
  g_assert_cmpstr (saved, ==, text);
  check_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = check_make_dir ();
  g_autofree char *data_home = g_build_filename (home, "share", NULL);
  int status;

  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envcheck/table", test_table);
  g_test_add_func ("/envcheck/findings", test_findings);
  g_test_add_func ("/envcheck/code", test_code);
  g_test_add_func ("/envcheck/words", test_words);
  g_test_add_func ("/envcheck/run/cancel", test_cancel);
  g_test_add_func ("/envcheck/run/again", test_again);
  g_test_add_func ("/envcheck/run/notify", test_notify);
  g_test_add_func ("/envcheck/run/shipped", test_shipped);
  g_test_add_func ("/envcheck/report/redact", test_redact);
  g_test_add_func ("/envcheck/report/redact-names", test_redact_names);
  g_test_add_func ("/envcheck/report/saved", test_report);
  status = g_test_run ();
  check_remove_dir (home);
  return status;
}
