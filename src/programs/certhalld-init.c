#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-validate.h"
#include "pki/ch-cert.h"
#include "programs/certhalld.h"
#include "server/ch-ca.h"
#include "server/ch-service.h"
#include "server/ch-store-accounts.h"

#define MAX_CERTIFICATE 65536

/* What a CA’s names carry in a demonstration, so that nothing of it is taken for real */
#define DEMO_SUFFIX "DEMO"

/* Makes the hierarchies, also anew: only while nothing was issued. */
gboolean
certhalld_make_ca (ChService *service, ChSecret *passphrase, gboolean is_demo, GError **error)
{
  return ch_ca_init (ch_service_get_dir (service), ch_service_get_profile (service), passphrase,
                     is_demo ? DEMO_SUFFIX : NULL, error)
         && ch_service_set_trial_names (service, is_demo, error);
}

/* A store whose passphrase lies beside it will be a demonstration, so its CA is named like one. Should it be
 * served in earnest all the same, serve makes the CA anew. */
gboolean
certhalld_init (int argc, char **argv, GError **error)
{
  g_autofree char *dir = NULL, *profile = NULL, *key_file = NULL;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "folder of the store", "DIR" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, "profile of the CA", "FILE" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "passphrase of the CA’s keys", "FILE" },
    { NULL },
  };
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChService) service = NULL;

  if (!certhalld_parse ("- make an empty store", entries, &argc, &argv, error)
      || !certhalld_require (dir, "--dir", error) || !certhalld_require (profile, "--profile", error))
    return FALSE;

  passphrase = certhalld_make_passphrase (dir, key_file, error);
  if (passphrase == NULL || !ch_service_init (dir, profile, passphrase, error))
    return FALSE;
  service = ch_service_open (dir, passphrase, error);
  if (service == NULL || !certhalld_make_ca (service, passphrase, key_file == NULL, error))
    return FALSE;

  if (key_file != NULL)
    g_printerr (
        "certhalld: the keys of the roots are in %s/offline, encrypted. Take that folder away from this "
        "machine, and keep it where no network reaches it.\n",
        dir);
  return TRUE;
}

/* `--role a --role b`, `--role a,b` and `--role a b` are the same. */
static gboolean
collect_roles (GStrv given, char **more, guint *roles, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (gsize i = 0; given != NULL && given[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (given[i], ",", -1);

      g_strv_builder_addv (builder, (const char **) parts);
    }
  g_strv_builder_addv (builder, (const char **) more);
  all = g_strv_builder_end (builder);

  for (gsize i = 0; all[i] != NULL; i++)
    {
      guint role = ch_staff_role_from_id (all[i]);

      if (role == 0)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is no role: reviewer, maker, support, auditor",
                       all[i]);
          return FALSE;
        }
      *roles |= role;
    }
  return certhalld_require (all[0], "--role", error);
}

static gboolean
check_name (const char *name, GError **error)
{
  if (strlen (name) <= 64 && ch_validate_text (name) == CH_REASON_OK)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "this is no name");
  return FALSE;
}

gboolean
certhalld_staff (int argc, char **argv, GError **error)
{
  g_autofree char *dir = NULL, *password_file = NULL, *certificate_file = NULL;
  g_auto (GStrv) given = NULL;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "folder of the store", "DIR" },
    { "role", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given, "reviewer, maker, support or auditor", "ROLE" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file, "password, for trying out only", "FILE" },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate_file, "certificate to log in with", "FILE" },
    { NULL },
  };
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (ChService) service = NULL;
  guint roles = 0;

  if (!certhalld_parse ("add NAME - add a member of staff", entries, &argc, &argv, error)
      || !certhalld_require (dir, "--dir", error))
    return FALSE;
  if (argc < 3 || !g_str_equal (argv[1], "add"))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "staff add NAME is all there is");
      return FALSE;
    }
  if (!check_name (argv[2], error) || !collect_roles (given, argv + 3, &roles, error))
    return FALSE;
  if ((password_file == NULL) == (certificate_file == NULL))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "either --password-file or --certificate");
      return FALSE;
    }

  if (password_file != NULL)
    password = certhalld_read_secret (password_file, error);
  else
    {
      file = ch_file_read (certificate_file, MAX_CERTIFICATE, error);
      certificate = file != NULL ? ch_cert_from_data (file, error) : NULL;
    }
  if (password == NULL && certificate == NULL)
    return FALSE;

  service = ch_service_open (dir, NULL, error);
  return service != NULL && ch_staff_add (service, argv[2], roles, password, certificate, error);
}
