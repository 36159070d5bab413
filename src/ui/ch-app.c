#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-front.h"
#include "ui/ch-app.h"
#include "ui/ch-check-window.h"
#include "ui/ch-window.h"

#define APPLICATION_ID "org.certhall.Certhall"

struct _ChApp
{
  AdwApplication parent_instance;

  ChAppMakePorts make_ports;
  char *server;        /* (owned) (nullable): option */
  char *trust;         /* (owned) (nullable): option */
  GSettings *settings; /* (owned) (nullable): where the schema is installed */
  ChFront *front;      /* (owned) (nullable): until the window is opened */
  GtkWindow *check;    /* (unowned) (nullable): of the environment check */
};

G_DEFINE_FINAL_TYPE (ChApp, ch_app, ADW_TYPE_APPLICATION)

/* clang-format off */
static const struct
{
  const char *action;
  const char *keys[4];
} accelerators[] = {
  { "app.quit",                { "<Control>q" } },
  { "window.close",            { "<Control>w" } },
  { "win.shortcuts",           { "<Control>question" } },
  { "win.view::home",          { "<Control>1" } },
  { "win.view::certs",         { "<Control>2" } },
  { "win.view::applications",  { "<Control>3" } },
  { "win.refresh",             { "<Control>r", "F5" } },
  { "win.hotline",             { "F1" } },
  { "app.check",               { "<Control>e" } },
  { "win.back",                { "<Alt>Left" } },
};
/* clang-format on */

static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source != NULL ? g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE) : NULL;

  /* g_settings_new() ends the process when the schema is not there */
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

/* Without a CA there is nothing but the reason why */
static GtkWidget *
make_window_without_ca (ChApp *self, const GError *error)
{
  const ChErrorInfo *info = ch_error_get_info (error);
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", self, "title", _ ("Certhall"),
                                    "default-width", 560, "default-height", 480, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "application-certificate-symbolic");
  if (self->server == NULL || self->trust == NULL)
    {
      adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("No CA is set up"));
      adw_status_page_set_description (ADW_STATUS_PAGE (page),
                                       _ ("Start the program with --server and --trust: the address of the "
                                          "CA’s service, and the file with the "
                                          "certificate by which it is known."));
    }
  else
    {
      adw_status_page_set_title (ADW_STATUS_PAGE (page), _ (info->title));
      adw_status_page_set_description (ADW_STATUS_PAGE (page), _ (info->todo));
    }
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  return window;
}

static GtkWidget *
make_window (ChApp *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChPorts) ports = NULL;

  if (self->server != NULL && self->trust != NULL)
    ports = self->make_ports (self->server, self->trust, &error);
  else
    g_set_error (&error, CH_ERROR, CH_ERROR_USAGE, "no server was named");
  if (ports == NULL)
    {
      g_message ("no window on a CA: %s", error->message);
      return make_window_without_ca (self, error);
    }

  g_clear_object (&self->front);
  self->front = ch_front_new (ports);
  return ch_window_new (GTK_APPLICATION (self), self->front, self->settings);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)), "application-name",
                         _ ("Certhall"), "application-icon", APPLICATION_ID, "version", CH_VERSION,
                         "developer-name", _ ("The Certhall developers"), "license-type",
                         GTK_LICENSE_APACHE_2_0, "comments",
                         _ ("The service hall of a certificate authority on your own PC"), NULL);
}

/* Without login and network, and with the CA’s own entries once they are known */
static void
on_check (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;
  const ChProfile *profile = self->front != NULL ? ch_front_get_profile (self->front) : NULL;
  g_autoptr (ChCheckContext) context = NULL;
  g_autoptr (ChCheckRun) run = NULL;

  if (self->check == NULL)
    {
      context = profile != NULL ? ch_check_context_new (profile, self->server, self->trust)
                                : ch_check_context_new_shipped (self->server, self->trust);
      run = ch_check_run_new (context);
      g_set_weak_pointer (&self->check,
                          GTK_WINDOW (ch_check_window_new (GTK_APPLICATION (self), self->front, run)));
    }
  gtk_window_present (self->check);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  /* Not while a certificate is being installed: the window says so */
  if (window != NULL)
    gtk_window_close (window);
  else
    g_application_quit (G_APPLICATION (user_data));
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = on_about },
  { .name = "check", .activate = on_check },
  { .name = "quit", .activate = on_quit },
};

static void
ch_app_startup (GApplication *application)
{
  ChApp *self = CH_APP (application);

  G_APPLICATION_CLASS (ch_app_parent_class)->startup (application);
  /* Read by now; a browser opened from here decides for itself how it draws */
  if (g_strcmp0 (g_getenv ("GDK_DEBUG"), "gl-disable") == 0)
    g_unsetenv ("GDK_DEBUG");

  gtk_window_set_default_icon_name (APPLICATION_ID);
  self->settings = open_settings ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);
}

static void
ch_app_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (make_window (CH_APP (application)));
  gtk_window_present (window);
}

static int
ch_app_handle_local_options (GApplication *application, GVariantDict *options)
{
  ChApp *self = CH_APP (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("certhall %s\n", CH_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "server", "s", &self->server);
  g_variant_dict_lookup (options, "trust", "^ay", &self->trust);
  return -1;
}

static void
ch_app_finalize (GObject *object)
{
  ChApp *self = CH_APP (object);

  g_free (self->server);
  g_free (self->trust);
  g_clear_object (&self->settings);
  g_clear_object (&self->front);
  g_clear_weak_pointer (&self->check);

  G_OBJECT_CLASS (ch_app_parent_class)->finalize (object);
}

static void
ch_app_class_init (ChAppClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_app_finalize;
  application_class->startup = ch_app_startup;
  application_class->activate = ch_app_activate;
  application_class->handle_local_options = ch_app_handle_local_options;
}

static void
ch_app_init (ChApp *self)
{
  static const GOptionEntry options[] = {
    { "server", 's', 0, G_OPTION_ARG_STRING, NULL, N_ ("Address of the CA’s service"), "URL" },
    { "trust", 't', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Certificates by which the service is known"),
      "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("The service hall of a certificate authority on your own PC"));
}

/**
 * ch_app_new:
 * @make_ports: makes the way to the CA, when the options are known
 *
 * Returns: (transfer full): the program, to be run
 */
ChApp *
ch_app_new (ChAppMakePorts make_ports)
{
  ChApp *self = g_object_new (CH_TYPE_APP, "application-id", APPLICATION_ID, "resource-base-path",
                              "/org/certhall/Certhall", NULL);

  self->make_ports = make_ports;
  return self;
}
