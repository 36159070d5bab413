#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "programs/certhalld.h"
#include "server/ch-escrow.h"

typedef struct
{
  ChService *service;
  const char *serial;
  const char *application;
  ChSecret *so_pin;
} Keep;

static gpointer
write_kept (ChDbTx *tx, gpointer data, GError **error)
{
  const Keep *keep = data;

  return ch_escrow_take (tx, keep->service, keep->serial, keep->application, keep->so_pin, "office", error)
             ? CH_DB_DONE
             : NULL;
}

/* Media that were made elsewhere, or before this service: what they are unlocked with is handed over to it */
gboolean
certhalld_medium (int argc, char **argv, GError **error)
{
  g_autofree char *dir = NULL, *application = NULL, *so_pin_file = NULL, *key_file = NULL;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "folder of the store", "DIR" },
    { "application", 0, 0, G_OPTION_ARG_STRING, &application, "the one its certificate was issued on", "ID" },
    { "so-pin-file", 0, 0, G_OPTION_ARG_FILENAME, &so_pin_file, "the security officer’s PIN", "FILE" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "passphrase of the store", "FILE" },
    { NULL },
  };
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChSecret) so_pin = NULL;
  g_autoptr (ChService) service = NULL;
  Keep keep;

  if (!certhalld_parse ("keep SERIAL - take over what a medium is unlocked with", entries, &argc, &argv,
                        error)
      || !certhalld_require (dir, "--dir", error) || !certhalld_require (application, "--application", error)
      || !certhalld_require (so_pin_file, "--so-pin-file", error))
    return FALSE;
  if (argc != 3 || !g_str_equal (argv[1], "keep"))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "medium keep SERIAL is all there is");
      return FALSE;
    }

  so_pin = certhalld_read_secret (so_pin_file, error);
  passphrase = so_pin != NULL ? certhalld_find_passphrase (dir, key_file, error) : NULL;
  service = passphrase != NULL ? ch_service_open (dir, passphrase, error) : NULL;
  if (service == NULL)
    return FALSE;
  keep = (Keep){ service, argv[2], application, so_pin };
  return ch_db_write (ch_service_get_db (service), write_kept, &keep, NULL, error) != NULL;
}
