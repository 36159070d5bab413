#include "config.h"

#include <glib/gi18n-lib.h>
#include <sys/utsname.h>

#include "envcheck/checks.h"

/* A bundle of its own: what lies outside of it is not seen */
#define SANDBOX_MARK "/.flatpak-info"

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
  struct utsname kernel = { 0 };
  ChCheckResult *result = ch_check_result_new (CH_CHECK_PASSED, name != NULL ? name : "Linux");

  uname (&kernel);
  ch_check_result_set_detail (result, "%s %s %s, desktop %s, session %s%s", kernel.sysname, kernel.release,
                              kernel.machine, get_or_unknown ("XDG_CURRENT_DESKTOP"),
                              get_or_unknown ("XDG_SESSION_TYPE"),
                              g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS) ? ", in a sandbox" : "");
  return result;
}

static ChCheckResult *
run_program (const ChCheckTask *task)
{
  ChCheckResult *result = ch_check_result_new (CH_CHECK_PASSED, CH_VERSION);

  ch_check_result_set_detail (result, "certhall %s, GLib %u.%u.%u", CH_VERSION, glib_major_version,
                              glib_minor_version, glib_micro_version);
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
  .run = run_program,
};
