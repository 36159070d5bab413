#include "config.h"

#include "base/ch-error.h"
#include "programs/certhalld.h"
#include "server/pay/ch-pay-setup.h"

/* Keys of payment providers: what payment.conf calls by name */
gboolean
certhalld_secret (int argc, char **argv, GError **error)
{
  g_autofree char *dir = NULL, *from = NULL, *key_file = NULL;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "folder of the store", "DIR" },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &from, "what is to be kept; delete it afterwards", "FILE" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "passphrase of the CA’s keys", "FILE" },
    { NULL },
  };
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChSecret) secret = NULL;

  if (!certhalld_parse ("add NAME - keep a key of a payment provider", entries, &argc, &argv, error)
      || !certhalld_require (dir, "--dir", error) || !certhalld_require (from, "--from", error))
    return FALSE;
  if (argc != 3 || !g_str_equal (argv[1], "add"))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "secret add NAME is all there is");
      return FALSE;
    }

  passphrase = certhalld_find_passphrase (dir, key_file, error);
  secret = passphrase != NULL ? certhalld_read_secret (from, error) : NULL;
  return secret != NULL && ch_pay_setup_seal (dir, argv[2], secret, passphrase, error);
}
