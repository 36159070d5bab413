#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-driver-list.h"
#include "envcheck/checks.h"

#include "base/ch-paths.h"

/* Loads one module and says what it is */
#define TRY_PROGRAM "certhall-try-module"

/* A module is a stranger's code that may crash: it is loaded by a child, which is waited for so long as the
 * check may last. Returns: what it said, or NULL; *good: whether it came up. */
static char *
try_module (const char *program, const char *path, GCancellable *cancellable, gboolean *good)
{
  g_autoptr (GSubprocess) child = NULL;
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error, program,
                            path, NULL);
  *good = FALSE;
  if (child == NULL)
    return g_strdup (error->message);
  if (!g_subprocess_communicate_utf8 (child, NULL, cancellable, &said, NULL, &error))
    {
      g_subprocess_force_exit (child);
      return g_strdup (error->message);
    }
  *good = g_subprocess_get_successful (child);
  if (!*good && g_subprocess_get_if_signaled (child))
    return g_strdup_printf ("crashed with signal %d", g_subprocess_get_term_sig (child));
  return said != NULL ? g_strdup (g_strchomp (said)) : NULL;
}

static ChCheckResult *
new_none (const ChCheckTask *task)
{
  ChCheckResult *result;

  if (!task->context->wants_ukey)
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE,
                                _ ("None installed; software tokens do not need one"));

  result = ch_check_result_new_failed (CH_ERROR_DRIVER_BROKEN, _ ("None is installed"));
  ch_check_result_explain (
      result, _ ("The program cannot read USB keys."),
      _ ("Install the driver that came with the USB key, or ask the CA’s hotline for it."));
  return result;
}

static ChCheckResult *
judge (const ChCheckTask *task, guint n, guint n_bad)
{
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (n_bad == 0)
    {
      summary = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u installed, it can be loaded",
                                              "%u installed, all can be loaded", n),
                                 n);
      return ch_check_result_new (CH_CHECK_PASSED, summary);
    }

  /* Translators: the first %u is how many drivers cannot be loaded, the second how many are installed */
  summary = g_strdup_printf (_ ("%u of %u cannot be loaded"), n_bad, n);
  result = n_bad == n && task->context->wants_ukey
               ? ch_check_result_new_failed (CH_ERROR_DRIVER_BROKEN, summary)
               : ch_check_result_new (CH_CHECK_WARNING, summary);
  ch_check_result_explain (
      result, _ ("The program cannot read USB keys that need this driver."),
      _ ("Install the driver again, in the version for this kind of PC. The details below name it."));
  return result;
}

static ChCheckResult *
run_drivers (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) drivers = ch_driver_list_read ((const char *const *) task->context->driver_dirs);
  g_autofree char *program = ch_paths_find_helper (TRY_PROGRAM);
  gboolean can_try = g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
  g_autoptr (GString) detail = g_string_new (NULL);
  ChCheckResult *result;
  guint n_bad = 0;

  if (drivers->len == 0)
    return new_none (task);

  for (guint i = 0; i < drivers->len; i++)
    {
      const ChDriver *driver = drivers->pdata[i];
      gboolean good = driver->state == CH_DRIVER_GOOD;
      g_autofree char *said = NULL;

      if (good && can_try)
        said = try_module (program, driver->path, task->cancellable, &good);
      if (!good)
        n_bad++;
      g_string_append_printf (detail, "%s%s: %s: %s", i > 0 ? "\n" : "", driver->name, driver->path,
                              said != NULL ? said : ch_driver_state_get_id (driver->state));
    }

  result = judge (task, drivers->len, n_bad);
  ch_check_result_set_detail (result, "%s", detail->str);
  return result;
}

const ChCheck ch_check_drivers = {
  .id = "drivers",
  .title = N_ ("USB key drivers"),
  .group = CH_CHECK_GROUP_UKEY,
  .run = run_drivers,
};
