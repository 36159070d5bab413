#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-paths.h"
#include "envcheck/ch-module-probe.h"
#include "envcheck/checks.h"

/* Loads one module and says what it is, and what it finds */
#define TRY_PROGRAM "certhall-try-module"

/* -- What is set up ------------------------------------------------------------------------------------ */

static void
append_file (GString *text, const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static ChCheckResult *
run_drivers (const ChCheckTask *task)
{
  const GPtrArray *drivers = task->context->drivers;
  const GPtrArray *unreadable = task->context->unreadable;
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autofree char *summary = NULL;
  gboolean has_opensc = FALSE;
  ChCheckResult *result;

  for (guint i = 0; i < drivers->len; i++)
    {
      const ChDriver *driver = drivers->pdata[i];
      g_autofree char *line = g_strdup_printf ("%s: %s", driver->name, driver->path);

      append_file (detail, line);
      has_opensc = has_opensc || strstr (driver->path, "opensc-pkcs11") != NULL;
    }
  append_file (detail, has_opensc ? "opensc-pkcs11 is set up" : "opensc-pkcs11 is not set up");

  if (unreadable->len > 0)
    {
      g_autofree char *dir = g_path_get_dirname (unreadable->pdata[0]);

      result = ch_check_result_new_found (CH_FINDING_MODULES_UNREADABLE, NULL);
      ch_check_result_set_subject (result, dir);
      for (guint i = 0; i < unreadable->len; i++)
        {
          g_autofree char *line = g_strdup_printf ("unreadable: %s", (char *) unreadable->pdata[i]);

          append_file (detail, line);
        }
    }
  else if (drivers->len == 0)
    {
      result = ch_check_result_new_found (CH_FINDING_NO_MODULES, NULL);
      ch_check_soften_for_soft (result, task->context);
    }
  else
    {
      summary = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u installed", "%u installed", drivers->len),
                                 drivers->len);
      result = ch_check_result_new (CH_CHECK_PASSED, summary);
    }
  ch_check_result_set_detail (result, "%s", detail->str);
  return result;
}

/* -- Each of them -------------------------------------------------------------------------------------- */

static ChFindingCode
judge_file (ChDriverState state)
{
  switch (state)
    {
    case CH_DRIVER_GOOD:
      return CH_FINDING_NONE;
    case CH_DRIVER_MISSING:
      return CH_FINDING_MODULE_MISSING;
    case CH_DRIVER_NO_ACCESS:
      return CH_FINDING_MODULE_NO_ACCESS;
    case CH_DRIVER_OTHER_PC:
      return CH_FINDING_MODULE_OTHER_PC;
    default:
      return CH_FINDING_MODULE_NO_LIBRARY;
    }
}

static ChFindingCode
judge_probe (const ChModuleProbe *probe)
{
  if (!probe->is_started)
    return CH_FINDING_PROBE_MISSING;
  if (probe->is_late)
    return CH_FINDING_MODULE_HANGS;
  if (probe->signal != 0)
    return CH_FINDING_MODULE_CRASHES;
  if (probe->needs->len > 0)
    return CH_FINDING_MODULE_NEEDS;
  return probe->is_done ? CH_FINDING_NONE : CH_FINDING_MODULE_REFUSES;
}

static void
describe (ChCheckResult *result, const ChDriver *driver, const ChModuleProbe *probe)
{
  g_autoptr (GString) text = g_string_new (driver->path);

  if (driver->state != CH_DRIVER_GOOD)
    g_string_append_printf (text, ": %s", ch_driver_state_get_id (driver->state));
  if (driver->state == CH_DRIVER_OTHER_PC)
    g_string_append_printf (text, "\nthis PC: %s", CH_HOST_CPU);
  if (probe != NULL && probe->name != NULL)
    g_string_append_printf (text, "\n%s", probe->name);
  if (probe != NULL && probe->stage != NULL && !probe->is_done)
    g_string_append_printf (text, "\nstage: %s", probe->stage);
  if (probe != NULL && probe->signal != 0)
    g_string_append_printf (text, "\ncrashed: %s", strsignal (probe->signal));
  if (probe != NULL && probe->needs->len > 0)
    g_string_append_printf (text, "\nneeds: %s", probe->needs->str);
  if (probe != NULL && probe->error != NULL)
    g_string_append_printf (text, "\n%s", probe->error);
  ch_check_result_set_detail (result, "%s", text->str);
}

static ChCheckResult *
run_module (const ChCheckTask *task)
{
  const ChDriver *driver = task->driver;
  g_autofree char *program = ch_paths_find_helper (TRY_PROGRAM);
  g_autofree char *dir = g_path_get_dirname (driver->path);
  g_autoptr (ChModuleProbe) probe = NULL;
  ChFindingCode found = judge_file (driver->state);
  gint64 began = g_get_monotonic_time ();
  ChCheckResult *result;

  if (found == CH_FINDING_NONE)
    {
      probe = ch_module_probe_run (program, driver->path,
                                   ch_check_get_limit (&ch_check_module, task->context), task->cancellable);
      found = judge_probe (probe);
    }
  if (found == CH_FINDING_NONE)
    result = ch_check_result_new (CH_CHECK_PASSED, probe->name != NULL ? probe->name : _ ("It works"));
  else
    result = ch_check_result_new_found (found, NULL);

  if (result->action == CH_CHECK_ACTION_OPEN_PLACE)
    ch_check_result_set_subject (result, dir);
  describe (result, driver, probe);
  if (probe != NULL)
    {
      ch_check_result_add_time (result, "total", g_get_monotonic_time () - began);
      result->data = g_steal_pointer (&probe);
      result->data_unref = ch_module_probe_unref;
    }
  return result;
}

const ChCheck ch_check_drivers = {
  .id = "drivers",
  .title = N_ ("USB key drivers"),
  .group = CH_CHECK_GROUP_UKEY,
  .is_for_ukey = TRUE,
  .run = run_drivers,
};

const ChCheck ch_check_module = {
  .id = "module",
  .title = N_ ("One driver"),
  .group = CH_CHECK_GROUP_UKEY,
  .kind = CH_CHECK_FOR_DRIVER,
  .depends = { "drivers" },
  .one_is_enough = N_ ("Another driver works. Only keys that need this one cannot be read."),
  .is_for_ukey = TRUE,
  .late = CH_FINDING_MODULE_HANGS,
  .run = run_module,
};
