#include "config.h"

#include "check-world.h"
#include "envcheck/ch-driver-list.h"

#include <elf.h>
#include <glib/gstdio.h>
#include <string.h>

/* Built beside this test */
static const char *plain_driver;

static void
add_module (const char *dir, const char *name, const char *path)
{
  g_autofree char *file = g_strdup_printf ("%s/%s.module", dir, name);
  g_autofree char *text = g_strdup_printf ("# of a vendor\nmodule: %s\ncritical: no\n", path);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static ChCheckRun *
run_with (const char *dir, gboolean wants_ukey)
{
  const char *const dirs[] = { dir, NULL };
  g_autoptr (ChCheckContext) context = check_make_context (dir);

  ch_check_context_set_driver_dirs (context, dirs);
  context->wants_ukey = wants_ukey;
  return check_run (context);
}

static void
test_none (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckRun) run = run_with (dir, TRUE);
  g_autoptr (ChCheckRun) soft_run = run_with (dir, FALSE);

  check_expect_found (run, "drivers", CH_FINDING_NO_MODULES);
  check_expect (soft_run, "drivers", CH_CHECK_NOT_APPLICABLE);
  check_remove_dir (dir);
}

static void
test_good (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckRun) run = NULL;

  add_module (dir, "plain", plain_driver);
  run = run_with (dir, TRUE);
  check_expect (run, "drivers", CH_CHECK_PASSED);
  g_assert_nonnull (
      strstr (check_expect (run, "module.plain", CH_CHECK_PASSED)->summary, "Plain driver 3.0"));
  check_remove_dir (dir);
}

/* One of two works: worth a word, and the report names the other */
static void
test_some (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckRun) run = NULL;
  const ChCheckResult *result;

  add_module (dir, "plain", plain_driver);
  add_module (dir, "gone", "/nonexistent/libvendor.so");
  run = run_with (dir, TRUE);
  check_expect (run, "module.plain", CH_CHECK_PASSED);
  result = check_expect (run, "module.gone", CH_CHECK_WARNING);
  g_assert_cmpint (result->finding, ==, CH_FINDING_MODULE_MISSING);
  g_assert_nonnull (strstr (result->detail, "/nonexistent/libvendor.so: missing"));
  g_assert_nonnull (strstr (result->meaning, "Another driver"));
  check_remove_dir (dir);
}

/* What was installed since is there when it is checked again */
static void
test_installed_meanwhile (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckRun) run = run_with (dir, TRUE);
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (run));

  check_expect_found (run, "drivers", CH_FINDING_NO_MODULES);
  add_module (dir, "plain", plain_driver);
  check_run_again (run);
  check_expect (run, "module.plain", CH_CHECK_PASSED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (run)), ==, n_before + 1);
  check_remove_dir (dir);
}

/* -- Files, which are looked at and not loaded --------------------------------------------------------- */

static void
test_look (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *text = g_build_filename (dir, "text.so", NULL);
  g_autofree char *other = g_build_filename (dir, "other.so", NULL);
  g_autofree char *shortened = g_build_filename (dir, "short.so", NULL);
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (plain_driver, &data, &len, NULL));
  g_assert_true (
      g_file_set_contents (text, "not a library at all, though it is long enough to have a head", -1, NULL));
  g_assert_true (g_file_set_contents (shortened, data, 20, NULL));
  data[EI_CLASS] = data[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
  g_assert_true (g_file_set_contents (other, data, len, NULL));

  g_assert_cmpint (ch_driver_look (plain_driver), ==, CH_DRIVER_GOOD);
  g_assert_cmpint (ch_driver_look (text), ==, CH_DRIVER_NO_LIBRARY);
  g_assert_cmpint (ch_driver_look (shortened), ==, CH_DRIVER_NO_LIBRARY);
  g_assert_cmpint (ch_driver_look (dir), ==, CH_DRIVER_NO_LIBRARY);
  g_assert_cmpint (ch_driver_look (other), ==, CH_DRIVER_OTHER_PC);
  g_assert_cmpint (ch_driver_look ("/nonexistent/x.so"), ==, CH_DRIVER_MISSING);
  check_remove_dir (dir);
}

/* The user’s file of the same name wins; lists of trusted CAs are no drivers; names without a folder get
 * p11-kit’s */
static void
test_list (void)
{
  g_autofree char *system = check_make_dir ();
  g_autofree char *own = check_make_dir ();
  g_autofree char *trust = g_build_filename (system, "trust.module", NULL);
  g_autofree char *remote = g_build_filename (system, "remote.module", NULL);
  g_autofree char *note = g_build_filename (system, "README", NULL);
  const char *const dirs[] = { system, "/nonexistent", own, NULL };
  g_autofree char *empty = g_build_filename (own, "empty.module", NULL);
  g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) drivers = NULL;
  const ChDriver *first, *second;

  add_module (system, "vendor", "/nonexistent/old.so");
  add_module (system, "bare", "bare.so");
  add_module (own, "vendor", plain_driver);
  g_assert_true (g_file_set_contents (trust, "module: p11-kit-trust.so\ntrust-policy: yes\n", -1, NULL));
  g_assert_true (g_file_set_contents (remote, "remote: |ssh host p11-kit remote\n", -1, NULL));
  g_assert_true (g_file_set_contents (empty, "# nothing\n", -1, NULL));
  g_assert_true (g_file_set_contents (note, "module: note.so\n", -1, NULL));

  drivers = ch_driver_list_read (dirs, unreadable);
  g_assert_cmpuint (unreadable->len, ==, 1);
  g_assert_cmpuint (drivers->len, ==, 2);
  first = drivers->pdata[0];
  second = drivers->pdata[1];
  g_assert_cmpstr (first->name, ==, "bare");
  g_assert_true (g_path_is_absolute (first->path) && g_str_has_suffix (first->path, "/pkcs11/bare.so"));
  g_assert_cmpstr (second->name, ==, "vendor");
  g_assert_cmpstr (second->path, ==, plain_driver);
  g_assert_cmpint (second->state, ==, CH_DRIVER_GOOD);
  check_remove_dir (system);
  check_remove_dir (own);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  plain_driver = argv[1];

  g_test_add_func ("/envcheck/drivers/none", test_none);
  g_test_add_func ("/envcheck/drivers/good", test_good);
  g_test_add_func ("/envcheck/drivers/some", test_some);
  g_test_add_func ("/envcheck/drivers/installed-meanwhile", test_installed_meanwhile);
  g_test_add_func ("/envcheck/drivers/look", test_look);
  g_test_add_func ("/envcheck/drivers/list", test_list);
  return g_test_run ();
}
