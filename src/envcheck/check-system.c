#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/ch-version.h"
#include "envcheck/checks.h"

/* A bundle of its own: what lies outside of it is not seen */
#define SANDBOX_MARK "/.flatpak-info"
/* KiB below which the system begins to end programs */
#define MEMORY_WANTED (128 * 1024)

static const char *
get_or_unknown (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != 0 ? value : "unknown";
}

static ChCheckResult *
run_system (const ChCheckTask *task)
{
  g_autofree char *name = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *mark = ch_check_context_find (task->context, SANDBOX_MARK);
  struct utsname kernel = { 0 };
  ChCheckResult *result = ch_check_result_new (CH_CHECK_PASSED, name != NULL ? name : "Linux");

  uname (&kernel);
  ch_check_result_set_detail (result, "%s %s %s, desktop %s, session %s%s", kernel.sysname, kernel.release,
                              kernel.machine, get_or_unknown ("XDG_CURRENT_DESKTOP"),
                              get_or_unknown ("XDG_SESSION_TYPE"),
                              g_file_test (mark, G_FILE_TEST_EXISTS) ? ", in a sandbox" : "");
  return result;
}

/* -- The program --------------------------------------------------------------------------------------- */

/* The server says what it accepts at least; without it the version is only told */
static ChCheckResult *
run_program (const ChCheckTask *task)
{
  GPtrArray *entries = ch_check_task_get (task, "entry");
  const char *oldest = NULL;
  ChCheckResult *result;

  for (guint i = 0; i < entries->len && oldest == NULL; i++)
    oldest = ((ChCheckResult *) entries->pdata[i])->oldest;

  result = oldest != NULL && ch_version_is_older (CH_VERSION, oldest)
               ? ch_check_result_new_found (CH_FINDING_PROGRAM_OLD, NULL)
               : ch_check_result_new (CH_CHECK_PASSED, CH_VERSION);
  ch_check_result_set_detail (result, "certhall %s, oldest the server accepts: %s, GLib %u.%u.%u", CH_VERSION,
                              oldest != NULL ? oldest : "not told", glib_major_version, glib_minor_version,
                              glib_micro_version);
  return result;
}

/* -- Memory -------------------------------------------------------------------------------------------- */

/* KiB of a line of /proc/meminfo; -1 when it is not there */
static gint64
read_amount (const char *text, const char *name)
{
  const char *line = strstr (text, name);

  return line != NULL ? g_ascii_strtoll (line + strlen (name), NULL, 10) : -1;
}

static ChCheckResult *
run_memory (const ChCheckTask *task)
{
  g_autofree char *path = ch_check_context_find (task->context, "/proc/meminfo");
  g_autofree char *text = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *size = NULL;
  ChCheckResult *result;
  gint64 total, left;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("The system does not tell"));
  total = read_amount (text, "MemTotal:");
  left = read_amount (text, "MemAvailable:");
  if (left < 0)
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("The system does not tell"));

  size = g_format_size_full ((guint64) left * 1024, G_FORMAT_SIZE_IEC_UNITS);
  /* Translators: %s is an amount, e.g. “38 GB” */
  summary = g_strdup_printf (_ ("%s free"), size);
  result = left < MEMORY_WANTED ? ch_check_result_new_found (CH_FINDING_MEMORY_LOW, summary)
                                : ch_check_result_new (CH_CHECK_PASSED, summary);
  ch_check_result_set_detail (result, "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " MiB", left / 1024,
                              total / 1024);
  return result;
}

const ChCheck ch_check_system = {
  .id = "system",
  .title = N_ ("Operating system"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_system,
};

const ChCheck ch_check_program = {
  .id = "program",
  .title = N_ ("Program version"),
  .group = CH_CHECK_GROUP_PC,
  .after = { "entry" },
  .run = run_program,
};

const ChCheck ch_check_memory = {
  .id = "memory",
  .title = N_ ("Memory"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_memory,
};
