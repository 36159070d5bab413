#include "config.h"

#include "check-world.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the program is called with to become the one whose disk is full */
#define FULL_DISK "--full-disk"
#define LIMITED   "--limited"

static const char empty_fonts[] = "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n"
                                  "<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n";

static void
test_system (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = check_run (context);

  g_assert_cmpstr (check_expect (run, "program", CH_CHECK_PASSED)->summary, ==, CH_VERSION);
  g_assert_cmpuint (strlen (check_expect (run, "system", CH_CHECK_PASSED)->summary), >, 0);
  /* Nothing is asked of the network when no address is known */
  check_expect (run, "clock", CH_CHECK_PASSED);
  g_assert_null (ch_check_run_find (run, "proxy"));
  check_remove_dir (dir);
}

/* -- Fonts --------------------------------------------------------------------------------------------- */

static void
test_font_there (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = check_run (context);

  g_assert_cmpuint (strlen (check_expect (run, "font", CH_CHECK_PASSED)->summary), >, 0);
  check_remove_dir (dir);
}

static void
test_font_missing (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *file = g_build_filename (dir, "fonts.conf", NULL);
  g_autofree char *text = g_strdup_printf (empty_fonts, dir, dir);
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = NULL;

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_setenv ("FONTCONFIG_FILE", file, TRUE);
  run = check_run (context);
  g_unsetenv ("FONTCONFIG_FILE");
  check_expect_failed (run, "font", CH_ERROR_FONT_MISSING);
  check_remove_dir (dir);
}

/* -- Disk ---------------------------------------------------------------------------------------------- */

static ChCheckContext *
make_context_at (const char *dir, const char *data_dir)
{
  ChCheckContext *context = check_make_context (dir);

  ch_check_context_set_data_dir (context, data_dir);
  return context;
}

static void
test_disk_good (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *later = g_build_filename (dir, "not", "yet", NULL);
  g_autoptr (ChCheckContext) context = make_context_at (dir, later);
  g_autoptr (ChCheckRun) run = check_run (context);
  g_autoptr (GDir) left = g_dir_open (dir, 0, NULL);

  check_expect (run, "disk", CH_CHECK_PASSED);
  /* The check leaves nothing behind, and does not make the folder either */
  g_assert_null (g_dir_read_name (left));
  check_remove_dir (dir);
}

/* A folder that nobody can write to, not even root */
static void
test_disk_refused (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = make_context_at (dir, "/proc/certhall/data");
  g_autoptr (ChCheckRun) run = check_run (context);

  check_expect_found (run, "places", CH_FINDING_PLACE_UNWRITABLE);
  check_remove_dir (dir);
}

#define NOBODY 65534

static void
test_disk_read_only (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = NULL;

  gboolean is_root = geteuid () == 0;

  /* Permissions do not stop root, so for a while the whole program is nobody */
  g_chmod (dir, 0555);
  if (is_root)
    g_assert_cmpint (seteuid (NOBODY), ==, 0);
  run = check_run (context);
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_chmod (dir, 0700);
  check_expect_found (run, "places", CH_FINDING_PLACE_UNWRITABLE);
  check_expect (run, "disk", CH_CHECK_PASSED);
  check_remove_dir (dir);
}

/* Where nothing may be mounted, the process may not write either: that is a full disk too */
static void
forbid_writing (void)
{
  static const struct rlimit none = { 0, 0 };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
}

/* A small disk of its own, filled up to the last byte */
static gboolean
mount_full (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "filling", NULL);
  char block[4096] = { 0 };
  int fd;

  if (unshare (CLONE_NEWNS | (geteuid () != 0 ? CLONE_NEWUSER : 0)) != 0
      || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("tmpfs", dir, "tmpfs", 0, "size=256k") != 0)
    return FALSE;
  fd = open (path, O_WRONLY | O_CREAT, 0600);
  while (write (fd, block, sizeof block) > 0)
    continue;
  close (fd);
  return TRUE;
}

static void
test_disk_full_child (gboolean is_limited)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  gboolean is_mounted = !is_limited && mount_full (dir);
  g_autoptr (ChCheckRun) run = NULL;

  if (!is_mounted)
    forbid_writing ();
  run = check_run (context);
  check_expect_failed (run, "disk", CH_ERROR_NO_SPACE);
  g_printerr ("full\n");
  if (is_mounted)
    umount2 (dir, MNT_DETACH);
  check_remove_dir (dir);
}

static void
test_disk_full (gconstpointer option)
{
  g_autofree char *said = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { program, option, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_assert_true (
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said, &status, &error));
  g_assert_no_error (error);
  g_test_message ("%s", said);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_assert_nonnull (strstr (said, "full"));
}

int
main (int argc, char **argv)
{
  gboolean is_limited = argc == 2 && g_str_equal (argv[1], LIMITED);
  gboolean is_child = is_limited || (argc == 2 && g_str_equal (argv[1], FULL_DISK));

  if (is_child)
    argc = 1;
  g_test_init (&argc, &argv, NULL);
  if (is_child)
    {
      test_disk_full_child (is_limited);
      return 0;
    }

  g_test_add_func ("/envcheck/system", test_system);
  g_test_add_func ("/envcheck/font/there", test_font_there);
  g_test_add_func ("/envcheck/font/missing", test_font_missing);
  g_test_add_func ("/envcheck/disk/good", test_disk_good);
  g_test_add_func ("/envcheck/disk/refused", test_disk_refused);
  g_test_add_func ("/envcheck/disk/read-only", test_disk_read_only);
  g_test_add_data_func ("/envcheck/disk/full", FULL_DISK, test_disk_full);
  g_test_add_data_func ("/envcheck/disk/limit", LIMITED, test_disk_full);
  return g_test_run ();
}
