#include "config.h"

#include "check-world.h"
#include "fake-pcscd.h"

#include <glib/gstdio.h>
#include <string.h>

#define STATUS_OK        0
#define STATUS_FORBIDDEN 0x8010006a /* what polkit’s refusal looks like */

static char *dir;  /* of this test */
static char *path; /* where pcsc-lite looks: it asks for the variable once only */

static ChCheckRun *
run_checks (gboolean wants_ukey)
{
  g_autoptr (ChCheckContext) context = check_make_context (dir);

  context->wants_ukey = wants_ukey;
  return check_run (context);
}

/* Whether this machine has one does not matter: the check looks where the test says */
static void
test_not_installed (void)
{
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = NULL;

  context->wants_ukey = TRUE;
  ch_check_context_set_root (context, "/nonexistent");
  run = check_run (context);
  check_expect_found (run, "card-service", CH_FINDING_CARD_ABSENT);
  check_expect (run, "readers", CH_CHECK_NOT_RUN);
  check_expect (run, "card", CH_CHECK_NOT_RUN);
}

static void
test_not_running (void)
{
  g_autoptr (ChCheckRun) run = NULL;

  run = run_checks (TRUE);
  check_expect_failed (run, "card-service", CH_ERROR_CARD_SERVICE);
  g_assert_cmpstr (check_expect (run, "card-service", CH_CHECK_FAILED)->summary, ==, "Not running");
  check_expect (run, "readers", CH_CHECK_NOT_RUN);
}

/* It crashed: the socket is there and nobody behind it */
static void
test_dead_socket (void)
{
  g_autoptr (FakePcscd) daemon = NULL;
  g_autofree char *kept = g_strconcat (path, ".kept", NULL);
  g_autoptr (ChCheckRun) run = NULL;

  daemon = fake_pcscd_new (path, STATUS_OK, NULL);
  g_assert_cmpint (g_rename (path, kept), ==, 0);
  g_clear_pointer (&daemon, fake_pcscd_free);
  g_assert_cmpint (g_rename (kept, path), ==, 0);

  run = run_checks (TRUE);
  g_assert_cmpstr (check_expect (run, "card-service", CH_CHECK_FAILED)->summary, ==, "Not running");
  g_unlink (path);
}

static void
test_forbidden (void)
{
  g_autoptr (FakePcscd) daemon = fake_pcscd_new (path, STATUS_FORBIDDEN, NULL);
  g_autoptr (ChCheckRun) run = run_checks (TRUE);

  check_expect_failed (run, "card-service", CH_ERROR_CARD_SERVICE);
  g_assert_cmpstr (check_expect (run, "card-service", CH_CHECK_FAILED)->summary, ==,
                   "No permission to use it");
  check_expect (run, "readers", CH_CHECK_NOT_RUN);
}

static void
test_readers (void)
{
  static const char *const names[] = { "Feitian ePass2003 00 00", "ACS ACR38U 01 00", NULL };
  g_autoptr (FakePcscd) daemon = fake_pcscd_new (path, STATUS_OK, names);
  g_autoptr (ChCheckRun) run = run_checks (TRUE);
  ChCheckResult *result = check_expect (run, "readers", CH_CHECK_PASSED);

  check_expect (run, "card-service", CH_CHECK_PASSED);
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_nonnull (strstr (result->detail, names[i]));
}

static void
test_no_reader (void)
{
  static const char *const names[] = { NULL };
  g_autoptr (FakePcscd) daemon = fake_pcscd_new (path, STATUS_OK, names);
  g_autoptr (ChCheckRun) run = run_checks (TRUE);
  g_autoptr (ChCheckRun) soft_run = run_checks (FALSE);

  check_expect (run, "card-service", CH_CHECK_PASSED);
  check_expect (run, "readers", CH_CHECK_WARNING);
  check_expect (soft_run, "readers", CH_CHECK_NOT_APPLICABLE);
}

/* A CA without USB keys: that the service is missing hinders nothing, and is said all the same */
static void
test_not_needed (void)
{
  g_autoptr (ChCheckRun) run = NULL;

  run = run_checks (FALSE);
  g_assert_true (
      g_str_has_prefix (check_expect (run, "card-service", CH_CHECK_NOT_APPLICABLE)->summary, "Not running"));
  check_expect (run, "readers", CH_CHECK_NOT_APPLICABLE);
  check_expect (run, "drivers", CH_CHECK_NOT_APPLICABLE);
}

/* It takes the call and never answers: the run ends all the same */
static void
test_hanging (void)
{
  g_autoptr (FakePcscd) daemon = fake_pcscd_new_silent (path);
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = NULL;

  context->time_limit = 100;
  run = check_run (context);
  check_expect_found (run, "card-service", CH_FINDING_CARD_HANGS);
  check_expect (run, "readers", CH_CHECK_NOT_RUN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = check_make_dir ();
  path = g_build_filename (dir, "pcscd.comm", NULL);
  g_setenv ("PCSCLITE_CSOCK_NAME", path, TRUE);

  g_test_add_func ("/envcheck/card/not-installed", test_not_installed);
  g_test_add_func ("/envcheck/card/not-running", test_not_running);
  g_test_add_func ("/envcheck/card/dead-socket", test_dead_socket);
  g_test_add_func ("/envcheck/card/forbidden", test_forbidden);
  g_test_add_func ("/envcheck/card/readers", test_readers);
  g_test_add_func ("/envcheck/card/no-reader", test_no_reader);
  g_test_add_func ("/envcheck/card/not-needed", test_not_needed);
  g_test_add_func ("/envcheck/card/hanging", test_hanging);
  status = g_test_run ();
  check_remove_dir (dir);
  g_free (path);
  g_free (dir);
  return status;
}
