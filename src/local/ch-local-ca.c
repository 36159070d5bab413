#include "config.h"

#include "base/ch-paths.h"
#include "local/ch-local-ca.h"

#define GROUP "CA"

static gboolean
read_file (const char *path, char **server, char **trust, gboolean *is_shared)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *given = NULL, *address = NULL, *dir = NULL;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    address = g_key_file_get_string (file, GROUP, "Server", &error);
  if (address != NULL)
    given = g_key_file_get_string (file, GROUP, "Trust", &error);
  if (given == NULL)
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_warning ("%s: %s", path, error->message);
      return FALSE;
    }

  /* A path that does not say where it begins does so at the file that names it */
  dir = g_path_get_dirname (path);
  *trust = g_canonicalize_filename (g_strstrip (given), dir);
  *server = g_strdup (g_strstrip (address));
  *is_shared = g_key_file_get_boolean (file, GROUP, "Shared", NULL);
  return TRUE;
}

/**
 * ch_local_ca_find:
 * @server: (out): address of the CA’s service
 * @trust: (out): file with the certificates by which it is known
 * @is_shared: (out): whether many people use this PC
 *
 * The user’s own file comes before that of the PC. One that cannot be read is told of and passed over.
 *
 * Returns: whether a CA is set up
 */
gboolean
ch_local_ca_find (char **server, char **trust, gboolean *is_shared)
{
  g_autofree char *own = g_build_filename (g_get_user_config_dir (), "certhall", "ca.conf", NULL);
  g_autofree char *common = g_build_filename (ch_paths_get_config_dir (), "ca.conf", NULL);

  return read_file (own, server, trust, is_shared) || read_file (common, server, trust, is_shared);
}
