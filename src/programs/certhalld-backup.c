#include "config.h"

#include <stdio.h>

#include "base/ch-error.h"
#include "programs/certhalld.h"
#include "server/ch-backup.h"
#include "server/pay/ch-pay-setup.h"

/* What the folder says of the providers of payments goes along. A file that it names elsewhere does not:
 * whoever copies it knows so. */
static gboolean
copy (const char *usage,
      gboolean (*func) (const char *from, const char *to, GPtrArray *more, GError **error),
      int argc,
      char **argv,
      GError **error)
{
  static const GOptionEntry nothing[] = { { NULL } };
  g_autoptr (GPtrArray) more = NULL;

  if (!certhalld_parse (usage, nothing, &argc, &argv, error))
    return FALSE;
  if (argc != 3)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "two folders are needed");
      return FALSE;
    }

  more = ch_pay_setup_list_files (argv[1], error);
  for (guint i = 0; more != NULL && i < more->len; i++)
    if (!ch_backup_can_hold (more->pdata[i]))
      fprintf (stderr, "certhalld: %s, which %s names, is no part of the store: it is not copied\n",
               (const char *) more->pdata[i], CH_PAY_SETUP_FILE);
  return more != NULL && func (argv[1], argv[2], more, error);
}

/* Also while it is served, by the user who serves it */
gboolean
certhalld_backup (int argc, char **argv, GError **error)
{
  return copy ("DIR TO - copy the store in DIR into the new folder TO", ch_backup_make, argc, argv, error);
}

gboolean
certhalld_restore (int argc, char **argv, GError **error)
{
  if (!copy ("FROM DIR - make a store in the new folder DIR of the copy in FROM", ch_backup_restore, argc,
             argv, error))
    return FALSE;

  fprintf (stderr, "certhalld: the store is there again. What happened after it was copied is not in it.\n"
                   "Nobody is logged in on it. It is served with the passphrase that belongs to its keys.\n");
  return TRUE;
}
