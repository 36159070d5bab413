#include "config.h"

#include "base/ch-paths.h"

/**
 * ch_paths_get_token_dir:
 *
 * Returns: (transfer full): where software tokens lie, one file each
 */
char *
ch_paths_get_token_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "certhall", "tokens", NULL);
}

/**
 * ch_paths_get_state_dir:
 *
 * Returns: (transfer full): where drafts and the journal lie
 */
char *
ch_paths_get_state_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "certhall", "state", NULL);
}

/**
 * ch_paths_get_runtime_dir:
 *
 * Returns: (transfer full): where the session lies; gone at logout of the desktop
 */
char *
ch_paths_get_runtime_dir (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "certhall", NULL);
}

/**
 * ch_paths_get_config_dir:
 *
 * Looks at `CERTHALL_CONFIG_DIR` (an uninstalled build), then where the programs were installed for.
 *
 * Returns: where the settings of this PC lie
 */
const char *
ch_paths_get_config_dir (void)
{
  const char *dir = g_getenv ("CERTHALL_CONFIG_DIR");

  return dir != NULL ? dir : CH_CONFIG_DIR;
}

/**
 * ch_paths_find_data:
 * @relative: e.g. `profiles/ID.json`
 *
 * Looks in `CERTHALL_DATA_DIR` (an uninstalled build), then where the program was installed.
 *
 * Returns: (transfer full): the path; whether it exists shows when it is opened
 */
char *
ch_paths_find_data (const char *relative)
{
  const char *dir = g_getenv ("CERTHALL_DATA_DIR");

  return g_build_filename (dir != NULL ? dir : CH_DATA_DIR, relative, NULL);
}

/**
 * ch_paths_find_helper:
 * @name: of a program that only our programs start
 *
 * Looks in `CERTHALL_PROGRAMS` (an uninstalled build), then where the programs were installed.
 *
 * Returns: (transfer full): the path; whether it exists shows when it is started
 */
char *
ch_paths_find_helper (const char *name)
{
  const char *dir = g_getenv ("CERTHALL_PROGRAMS");

  return g_build_filename (dir != NULL ? dir : CH_LIBEXEC_DIR, name, NULL);
}

/**
 * ch_paths_get_locale_dir:
 *
 * Looks at `CERTHALL_LOCALE_DIR` (an uninstalled build), then where the program was installed.
 *
 * Returns: where the translations lie, for `bindtextdomain`
 */
const char *
ch_paths_get_locale_dir (void)
{
  const char *dir = g_getenv ("CERTHALL_LOCALE_DIR");

  return dir != NULL ? dir : CH_LOCALE_DIR;
}
