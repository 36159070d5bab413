#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "api/ch-api-server.h"
#include "base/ch-log.h"
#include "base/ch-paths.h"
#include "cli/ch-cli.h"
#include "fetch/ch-curl-fetcher.h"
#include "local/ch-local-ca.h"
#include "local/ch-local-entries.h"
#include "local/ch-local-vault.h"
#include "programs/certhall-hub.h"

/* Staff’s session stands beside the account’s, so that one person at one PC can be both */
static char *
get_session_dir (gboolean as_staff)
{
  g_autofree char *dir = ch_paths_get_runtime_dir ();

  return as_staff ? g_build_filename (dir, "staff", NULL) : g_steal_pointer (&dir);
}

static ChPorts *
make_ports (const char *url,
            const char *trust,
            gboolean as_staff,
            gboolean is_shared,
            GTlsInteraction *asker,
            gpointer user_data,
            GError **error)
{
  ChLocalVault **vault = user_data;
  g_autofree char *state_dir = ch_paths_get_state_dir ();
  g_autofree char *session_dir = get_session_dir (as_staff);
  g_autoptr (ChApiServer) server = url != NULL ? ch_api_server_new (url, trust, error) : NULL;
  g_autoptr (ChTokenHub) hub = certhall_make_hub (is_shared);
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (trust);
  gboolean keeps = server != NULL && !is_shared;

  if (url != NULL && server == NULL)
    return NULL;

  if (server != NULL)
    ch_local_entries_follow (ch_server_get_entries (CH_SERVER (server)), is_shared ? NULL : state_dir);
  /* Without a server nothing is kept, and nothing on a PC that many people share */
  *vault = ch_local_vault_new (keeps ? state_dir : NULL, keeps ? session_dir : NULL,
                               server != NULL ? ch_api_server_get_url (server) : "", error);
  if (*vault == NULL)
    return NULL;

  return ch_ports_new (CH_SERVER (server), hub, CH_VAULT (*vault), fetcher, asker);
}

/* The CA this PC is set up for, unless the environment or the command line name another */
static void
use_local_ca (void)
{
  g_autofree char *server = NULL, *trust = NULL;
  gboolean is_shared = FALSE;

  if (g_getenv ("CERTHALL_SERVER") != NULL || g_getenv ("CERTHALL_TRUST") != NULL
      || !ch_local_ca_find (&server, &trust, &is_shared))
    return;
  g_setenv ("CERTHALL_SERVER", server, TRUE);
  g_setenv ("CERTHALL_TRUST", trust, TRUE);
  if (is_shared)
    g_setenv ("CERTHALL_SHARED", "1", TRUE);
}

int
main (int argc, char **argv)
{
  ChLocalVault *vault = NULL;
  int status;

  /* Before the first use of TLS */
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", FALSE);
  /* A command is short: no thread is worth ending before it, and one that ends while the program does looks
   * like a leak of what OpenSSL keeps for each thread */
  g_thread_pool_set_max_unused_threads (-1);
  ch_log_set_up ("certhallctl", g_getenv ("CERTHALL_VERBOSE") != NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ch_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  use_local_ca ();
  status = ch_cli_run (argc, argv, make_ports, &vault);
  if (vault != NULL)
    ch_local_vault_flush (vault);
  g_clear_object (&vault);
  return status;
}
