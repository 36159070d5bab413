#include "config.h"

#include "ui/ch-settings.h"

#define SCHEMA "org.certhall.Certhall"

/**
 * ch_settings_get:
 *
 * Returns: (transfer none) (nullable): the one of this program; %NULL where the schema is not installed
 */
GSettings *
ch_settings_get (void)
{
  static GSettings *settings;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  /* g_settings_new() ends the process when the schema is not there */
  if (settings == NULL && source != NULL)
    {
      schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
      settings = schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
    }
  return settings;
}

/**
 * ch_settings_get_language:
 *
 * Returns: (transfer full) (nullable): the language somebody has chosen; %NULL for that of the system
 */
char *
ch_settings_get_language (void)
{
  GSettings *settings = ch_settings_get ();
  g_autofree char *language = settings != NULL ? g_settings_get_string (settings, "language") : NULL;

  return g_strcmp0 (language, "system") != 0 ? g_steal_pointer (&language) : NULL;
}

/**
 * ch_settings_get_reminder_days:
 *
 * Returns: how many days before its end somebody wants to be reminded of a certificate; 0 as soon as it can
 * be renewed
 */
int
ch_settings_get_reminder_days (GSettings *settings)
{
  g_autofree char *reminder = g_settings_get_string (settings, "reminder");

  return (int) g_ascii_strtoll (reminder, NULL, 10);
}

/**
 * ch_settings_get_download_dir:
 *
 * Returns: (transfer full) (nullable): the folder that is offered when something is saved
 */
char *
ch_settings_get_download_dir (void)
{
  GSettings *settings = ch_settings_get ();
  g_autofree char *dir = settings != NULL ? g_settings_get_string (settings, "download-folder") : NULL;

  /* One that was on a stick that is not plugged in is none */
  if (dir != NULL && g_file_test (dir, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&dir);
  return g_strdup (g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD));
}
