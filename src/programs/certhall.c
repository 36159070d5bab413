#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>
#include <sys/resource.h>

#include "api/ch-api-server.h"
#include "base/ch-log.h"
#include "base/ch-paths.h"
#include "base/ch-proxy.h"
#include "fetch/ch-curl-fetcher.h"
#include "local/ch-local-ca.h"
#include "local/ch-local-entries.h"
#include "local/ch-local-vault.h"
#include "programs/certhall-hub.h"
#include "ui/ch-app.h"
#include "ui/ch-settings.h"
#include "ui/ch-ui.h"

/* What is kept on this PC; until main has ended */
static ChLocalVault *kept;

static ChPorts *
make_ports (const char *url, const char *trust, gboolean is_shared, GError **error)
{
  g_autofree char *state_dir = ch_paths_get_state_dir ();
  g_autofree char *runtime_dir = ch_paths_get_runtime_dir ();
  g_autoptr (ChApiServer) server = ch_api_server_new (url, trust, error);
  g_autoptr (ChLocalVault) vault = NULL;
  g_autoptr (ChTokenHub) hub = NULL;
  g_autoptr (ChFetcher) fetcher = NULL;

  if (server == NULL)
    return NULL;
  ch_local_entries_follow (ch_server_get_entries (CH_SERVER (server)), is_shared ? NULL : state_dir);
  /* In the spelling the terminal uses too. Of those who share a PC nothing is kept on it. */
  vault = ch_local_vault_new (is_shared ? NULL : state_dir, is_shared ? NULL : runtime_dir,
                              ch_api_server_get_url (server), error);
  if (vault == NULL)
    return NULL;
  g_set_object (&kept, vault);

  hub = certhall_make_hub (is_shared);
  fetcher = ch_curl_fetcher_new (trust);
  /* The window says who asks for passphrases, when there is one */
  return ch_ports_new (CH_SERVER (server), hub, CH_VAULT (vault), fetcher, NULL);
}

/* Forms need no graphics card. OpenGL would cost a third of the start and of the memory, most where it is
 * emulated, and its drivers are what keeps programs from starting. Who wants another renderer names it. */
static void
draw_without_gl (void)
{
  const char *renderer = g_getenv ("GSK_RENDERER");

  if (renderer == NULL || g_str_equal (renderer, "cairo"))
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
}

/* Settings are read long before GTK looks at the command line */
static gboolean
is_told (int argc, char **argv, const char *option)
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], option))
      return TRUE;
  return FALSE;
}

/* What somebody has chosen comes before what the system speaks. gettext and GLib both go by LANGUAGE, but
 * gettext not in the bare C locale, which is what is left when that of the system is not installed. */
static void
set_language (void)
{
  g_autofree char *language = ch_settings_get_language ();
  const char *locale;

  if (language != NULL)
    g_setenv ("LANGUAGE", language, TRUE);
  setlocale (LC_ALL, "");
  locale = setlocale (LC_MESSAGES, NULL);
  if (language != NULL && (g_strcmp0 (locale, "C") == 0 || g_strcmp0 (locale, "POSIX") == 0))
    setlocale (LC_MESSAGES, "C.UTF-8");
}

/* What was chosen in the environment check; the environment names another */
static void
set_proxy (void)
{
  GSettings *settings = ch_settings_get ();
  g_autofree char *proxy = settings != NULL ? g_settings_get_string (settings, "proxy") : NULL;

  if (proxy != NULL && *proxy != 0 && g_getenv ("CERTHALL_PROXY") == NULL)
    ch_proxy_set (proxy);
}

int
main (int argc, char **argv)
{
  g_autoptr (ChApp) app = NULL;
  g_autofree char *server = NULL, *trust = NULL;
  gboolean is_set_up, is_shared = FALSE;
  int status;

  /* A core would hold keys and passphrases; a gone peer is an error of its write */
  setrlimit (RLIMIT_CORE, &(struct rlimit){ 0, 0 });
  signal (SIGPIPE, SIG_IGN);
  /* GnuTLS reads it when it is first used */
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);

  draw_without_gl ();

  is_set_up = ch_local_ca_find (&server, &trust, &is_shared);
  is_shared = is_shared || is_told (argc, argv, "--shared");
  if (is_shared)
    g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);

  set_proxy ();
  set_language ();
  bindtextdomain (GETTEXT_PACKAGE, ch_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  ch_log_set_up ("certhall", g_getenv ("CERTHALL_DEBUG") != NULL);

  ch_ui_init ();

  app = ch_app_new (make_ports);
  if (is_set_up)
    ch_app_set_ca (app, server, trust);
  ch_app_set_shared (app, is_shared);
  status = g_application_run (G_APPLICATION (app), argc, argv);
  /* What was typed last is on the disk before the program is gone */
  if (kept != NULL)
    ch_local_vault_flush (kept);
  g_clear_object (&kept);
  return status;
}
