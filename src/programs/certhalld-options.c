#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "programs/certhalld.h"
#include "server/ch-random.h"

/* Where the passphrase of the keys lies if nobody names a place, and what systemd calls it */
#define PASSPHRASE_FILE "key-passphrase"
#define CREDENTIAL      "certhalld-key"

#define MAX_SECRET 4096

/* Options of one command; what is left in @argv are the names. */
gboolean
certhalld_parse (const char *usage, const GOptionEntry *entries, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) local = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, argc, argv, &local))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s", local->message);
  return FALSE;
}

gboolean
certhalld_require (gconstpointer value, const char *option, GError **error)
{
  if (value == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is missing", option);
  return value != NULL;
}

/* A secret of one line */
ChSecret *
certhalld_read_secret (const char *path, GError **error)
{
  g_autoptr (GBytes) file = ch_file_read (path, MAX_SECRET, error);
  gsize len = 0;
  const char *data = file != NULL ? g_bytes_get_data (file, &len) : NULL;
  ChSecret *secret = NULL;

  if (file == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }

  while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
    len--;
  if (len == 0)
    g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is empty", path);
  else
    secret = ch_secret_new (data, len);
  ch_secret_wipe ((gpointer) data, g_bytes_get_size (file));
  return secret;
}

/* What was named, what systemd gives, or what init made */
static char *
find_file (const char *dir, const char *key_file)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");

  if (key_file != NULL)
    return g_strdup (key_file);
  if (credentials != NULL)
    {
      g_autofree char *path = g_build_filename (credentials, CREDENTIAL, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return g_build_filename (dir, PASSPHRASE_FILE, NULL);
}

/* The passphrase of keys that are there already */
ChSecret *
certhalld_find_passphrase (const char *dir, const char *key_file, GError **error)
{
  g_autofree char *path = find_file (dir, key_file);

  return certhalld_read_secret (path, error);
}

static gboolean
lies_below (const char *path, const char *dir)
{
  g_autofree char *real = realpath (path, NULL), *folder = realpath (dir, NULL);
  g_autofree char *prefix = folder != NULL ? g_strconcat (folder, "/", NULL) : NULL;

  return real != NULL && prefix != NULL && g_str_has_prefix (real, prefix);
}

/* Whoever carries off the store must not carry off with it what opens its keys. */
gboolean
certhalld_check_passphrase_place (const char *dir, const char *key_file, GError **error)
{
  g_autofree char *path = find_file (dir, key_file);

  if (!lies_below (path, dir))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE,
               "the passphrase of the CA’s keys lies in the store, %s: move it elsewhere and give --key-file",
               path);
  return FALSE;
}

/* The passphrase of keys that are to be made. For trying out one is made up, and said so: beside the database
 * it protects nothing. */
ChSecret *
certhalld_make_passphrase (const char *dir, const char *key_file, GError **error)
{
  g_autofree char *own = g_build_filename (dir, PASSPHRASE_FILE, NULL);
  g_autofree char *path = find_file (dir, key_file);
  guint8 bits[32];
  char *text;

  if (!g_str_equal (path, own) || g_file_test (own, G_FILE_TEST_EXISTS))
    return certhalld_read_secret (path, error);

  ch_random_fill (bits, sizeof bits);
  text = g_base64_encode (bits, sizeof bits);
  ch_secret_wipe (bits, sizeof bits);
  if (!ch_file_make_dir (dir, error) || !ch_file_write_durably (own, text, strlen (text), 0600, error))
    {
      ch_secret_wipe (text, strlen (text));
      g_free (text);
      return NULL;
    }

  g_printerr ("certhalld: the passphrase of the CA’s keys was written to %s, beside the store.\n"
              "That will do for trying out. For real use give --key-file and keep it elsewhere.\n",
              own);
  return ch_secret_take_text (text);
}
