#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-log.h"
#include "base/ch-paths.h"
#include "programs/certhall-demo-desk-window.h"

#define TOKEN_LIMIT 256

static char *server, *trust, *token_file;

static const GOptionEntry entries[] = {
  { "server", 0, 0, G_OPTION_ARG_STRING, &server, N_ ("Address of the demonstration server"), N_ ("URL") },
  { "trust", 0, 0, G_OPTION_ARG_FILENAME, &trust, N_ ("Certificate the server is trusted by"), N_ ("FILE") },
  { "demo-token", 0, 0, G_OPTION_ARG_FILENAME, &token_file, N_ ("The server’s file of this name"),
    N_ ("FILE") },
  { "token-file", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &token_file, NULL, NULL },
  { NULL },
};

static ChDeskClient *
make_client (GError **error)
{
  g_autoptr (GBytes) content = ch_file_read (token_file, TOKEN_LIMIT, error);
  g_autoptr (ChSecret) token = NULL;
  gsize len = 0;
  gpointer data;

  if (content == NULL)
    return NULL;

  data = (gpointer) g_bytes_get_data (content, &len);
  token = ch_secret_new (data, len);
  ch_secret_wipe (data, len);
  return ch_desk_client_new (server, trust, token, error);
}

static void
on_activate_cb (AdwApplication *app, gpointer client)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  gtk_window_present (window != NULL ? window : GTK_WINDOW (ch_desk_window_new (app, client)));
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (ChDeskClient) client = NULL;
  g_autoptr (AdwApplication) app = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  ch_log_set_up ("certhall-demo-desk", FALSE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ch_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error) || server == NULL || trust == NULL
      || token_file == NULL)
    {
      g_printerr ("%s\n",
                  error != NULL ? error->message : _ ("--server, --trust and --demo-token are needed"));
      return ch_error_code_get_info (CH_ERROR_USAGE)->exit_status;
    }

  client = make_client (&error);
  if (client == NULL)
    {
      g_printerr ("%s\n", error->message);
      return ch_error_get_info (error)->exit_status;
    }

  /* Several desks of several stores may be open beside each other */
  app = adw_application_new ("org.certhall.DemoDesk", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate_cb), client);
  return g_application_run (G_APPLICATION (app), 0, NULL);
}
