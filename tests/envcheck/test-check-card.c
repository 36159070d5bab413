#include "config.h"

#include "check-world.h"
#include "fake-pcscd.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

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

/* PATH with or without a program named pcscd; this PC’s own lies in /usr/sbin all the same */
static void
install_program (gboolean is_there)
{
  g_autofree char *program = g_build_filename (dir, "pcscd", NULL);

  if (is_there)
    {
      g_assert_true (g_file_set_contents (program, "#!/bin/false\n", -1, NULL));
      g_chmod (program, 0755);
    }
  g_setenv ("PATH", is_there ? dir : "/nonexistent", TRUE);
}

/* Nothing of this PC’s programs where services are, for this process alone; users of its own for who is not
 * root */
static void
hide_services (void)
{
  g_assert_cmpint (unshare (CLONE_NEWNS | (geteuid () != 0 ? CLONE_NEWUSER : 0)), ==, 0);
  g_assert_cmpint (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
  g_assert_cmpint (mount ("tmpfs", "/usr/sbin", "tmpfs", 0, NULL), ==, 0);
}

static void
test_not_installed (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (ChCheckRun) run = NULL;

      hide_services ();
      install_program (FALSE);
      run = run_checks (TRUE);
      check_expect_failed (run, "card-service", CH_ERROR_CARD_SERVICE);
      g_assert_cmpstr (check_expect (run, "card-service", CH_CHECK_FAILED)->summary, ==, "Not installed");
      check_expect (run, "readers", CH_CHECK_NOT_APPLICABLE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_not_running (void)
{
  g_autoptr (ChCheckRun) run = NULL;

  install_program (TRUE);
  run = run_checks (TRUE);
  check_expect_failed (run, "card-service", CH_ERROR_CARD_SERVICE);
  g_assert_cmpstr (check_expect (run, "card-service", CH_CHECK_FAILED)->summary, ==, "Not running");
  check_expect (run, "readers", CH_CHECK_NOT_APPLICABLE);
}

/* It crashed: the socket is there and nobody behind it */
static void
test_dead_socket (void)
{
  g_autoptr (FakePcscd) daemon = NULL;
  g_autofree char *kept = g_strconcat (path, ".kept", NULL);
  g_autoptr (ChCheckRun) run = NULL;

  install_program (TRUE);
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
  check_expect (run, "readers", CH_CHECK_NOT_APPLICABLE);
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

  install_program (TRUE);
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
  g_autoptr (ChCheckRun) run = run_checks (TRUE);

  g_assert_cmpint (check_expect (run, "card-service", CH_CHECK_FAILED)->error, ==, CH_ERROR_TIMED_OUT);
  check_expect (run, "readers", CH_CHECK_NOT_APPLICABLE);
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
