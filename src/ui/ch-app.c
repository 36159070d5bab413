#include "config.h"

#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#include "base/ch-error.h"
#include "front/ch-front.h"
#include "ui/ch-app.h"
#include "envcheck/ch-failure.h"
#include "ui/ch-check-window.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-hotline-key.h"
#include "ui/ch-idle-watch.h"
#include "ui/ch-make-window.h"
#include "ui/ch-preferences-window.h"
#include "ui/ch-settings.h"
#include "ui/ch-text-window.h"
#include "ui/ch-verify-window.h"
#include "ui/ch-window.h"

#define APPLICATION_ID "org.certhall.Certhall"

/* Seconds after which a shared PC forgets who was there */
#define IDLE_SECONDS 180
#define MAX_IDLE     86400
/* and looks again when something could not be broken off */
#define AGAIN_SECONDS 10

struct _ChApp
{
  AdwApplication parent_instance;

  ChAppMakePorts make_ports;
  char *server;            /* (owned) (nullable): option, or of this PC */
  char *trust;             /* (owned) (nullable): option, or of this PC */
  GSettings *settings;     /* (unowned) (nullable): where the schema is installed */
  ChFront *front;          /* (owned) (nullable): until the window is opened */
  GtkWindow *check;        /* (unowned) (nullable): of the environment check */
  GtkWindow *verify;       /* (unowned) (nullable): of the verification */
  GtkWindow *preferences;  /* (unowned) (nullable) */
  GtkWindow *make;         /* (unowned) (nullable): where the staff make USB keys */
  gboolean is_check_alone; /* option: the environment check without the hall */
  gboolean is_make_alone;  /* option: the desk of those who make USB keys, without the hall */
  gboolean is_shared;      /* many people use this PC: nothing is kept on it */
  gboolean has_account;    /* somebody was logged in when it was last looked */
  int idle_seconds;        /* option */
  ChIdleWatch *idle;       /* (owned) (nullable): where the PC is shared */
  guint forget_id;         /* source, 0 when none */
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
  { "app.preferences",         { "<Control>comma" } },
  { "app.check",               { "<Control>e" } },
  { "win.back",                { "<Alt>Left" } },
};
/* clang-format on */

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
      adw_status_page_set_description (
          ADW_STATUS_PAGE (page), _ ("Your CA or administrator sets up the file ca.conf. Or start the "
                                     "program with --server and --trust: the address of the CA’s "
                                     "service, and the file with the certificate by which it is known."));
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

static void on_account_cb (ChFront *front, GParamSpec *pspec, ChApp *self);
static void on_reminder_cb (GSettings *settings, const char *key, ChApp *self);

static GtkWidget *
make_window (ChApp *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChPorts) ports = NULL;

  if (self->server != NULL && self->trust != NULL)
    ports = self->make_ports (self->server, self->trust, self->is_shared, &error);
  else
    g_set_error (&error, CH_ERROR, CH_ERROR_USAGE, "no server was named");
  if (ports == NULL)
    {
      g_message ("no window on a CA: %s", error->message);
      return make_window_without_ca (self, error);
    }

  g_clear_object (&self->front);
  self->front = ch_front_new (ports);
  self->has_account = FALSE;
  if (self->settings != NULL)
    on_reminder_cb (self->settings, NULL, self);
  if (self->is_shared)
    g_signal_connect_object (self->front, "notify::account-name", G_CALLBACK (on_account_cb), self, 0);
  return ch_window_new (GTK_APPLICATION (self), self->front, self->settings);
}

/* The staff’s own: no hall, no drafts, and nothing written that others of this PC can read */
static GtkWidget *
make_make_window (ChApp *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChPorts) ports = NULL;
  g_autoptr (ChFront) front = NULL;

  if (self->server != NULL && self->trust != NULL)
    ports = self->make_ports (self->server, self->trust, self->is_shared, &error);
  else
    g_set_error (&error, CH_ERROR, CH_ERROR_USAGE, "no server was named");
  if (ports == NULL)
    return make_window_without_ca (self, error);

  umask (S_IRWXG | S_IRWXO);
  front = ch_front_new (ports);
  return ch_make_window_new (GTK_APPLICATION (self), front);
}

/* What support asks for first: versions and language, and nothing about who uses it */
static char *
make_debug_info (ChApp *self)
{
  const ChProfile *profile = self->front != NULL ? ch_front_get_profile (self->front) : NULL;

  return g_strdup_printf ("Certhall %s\nCA: %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n"
                          "Language: %s\nDisplay: %s\n",
                          CH_VERSION, profile != NULL ? profile->id : "–", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version (), glib_major_version,
                          glib_minor_version, glib_micro_version, g_get_language_names ()[0],
                          G_OBJECT_TYPE_NAME (gdk_display_get_default ()));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;
  g_autofree char *debug_info = make_debug_info (self);

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)), "application-name",
                         _ ("Certhall"), "application-icon", APPLICATION_ID, "version", CH_VERSION,
                         "developer-name", _ ("The Certhall developers"), "license-type",
                         GTK_LICENSE_APACHE_2_0, "comments",
                         _ ("The service hall of a certificate authority on your own PC"), "debug-info",
                         debug_info, "debug-info-filename", "certhall.txt", NULL);
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
      if (self->front != NULL && ch_front_get_entries (self->front) != NULL)
        ch_check_context_set_entries (context, ch_front_get_entries (self->front));
      run = ch_check_run_new (context, NULL);
      g_set_weak_pointer (&self->check,
                          GTK_WINDOW (ch_check_window_new (GTK_APPLICATION (self), self->front, run)));
    }
  gtk_window_present (self->check);
}

/* The check has found one that answers where the one in use does not */
static void
on_use_entry (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;
  ChEntries *entries = self->front != NULL ? ch_front_get_entries (self->front) : NULL;

  for (guint i = 0; entries != NULL && i < ch_entries_get_n (entries); i++)
    if (g_str_equal (ch_entries_get (entries, i)->url, g_variant_get_string (parameter, NULL)))
      {
        ch_entries_choose (entries, ch_entries_get (entries, i)->id);
        return;
      }
}

/* The staff’s desk, beside the hall or alone */
static void
on_make (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;

  if (self->make == NULL)
    g_set_weak_pointer (&self->make, GTK_WINDOW (make_make_window (self)));
  gtk_window_present (self->make);
}

/* From a message: at the check that is about it */
static void
on_check_at (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;

  on_check (NULL, NULL, self);
  ch_check_window_show_check (CH_CHECK_WINDOW (self->check), g_variant_get_string (parameter, NULL));
}

/* “more” of a message: what is known of this failure, without network */
static void
on_explain (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (GPtrArray) failures = ch_failure_explain (id);
  g_autoptr (GString) text = g_string_new (NULL);

  if (failures == NULL)
    return;
  for (guint i = 0; i < failures->len; i++)
    {
      g_autofree char *part = ch_failure_to_text (failures->pdata[i]);

      g_string_append (text, part);
    }
  gtk_window_present (
      GTK_WINDOW (ch_text_window_new (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                                      _ ("More about this message"), id, text->str, NULL)));
}

/* On every page and in every window, not in the hall alone */
static void
on_hotline (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ch_hotline_key_show (CH_APP (user_data)->front);
}

/* -- Preferences ---------------------------------------------------------------------------------------- */

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;

  if (self->preferences == NULL)
    g_set_weak_pointer (&self->preferences,
                        GTK_WINDOW (ch_preferences_window_new (
                            gtk_application_get_active_window (GTK_APPLICATION (self)), self->settings,
                            self->front, self->server, self->trust, self->is_shared)));
  gtk_window_present (self->preferences);
}

static void
on_appearance_cb (GSettings *settings, const char *key, ChApp *self)
{
  g_autofree char *appearance = g_settings_get_string (settings, "appearance");
  AdwColorScheme scheme = g_str_equal (appearance, "dark")    ? ADW_COLOR_SCHEME_FORCE_DARK
                          : g_str_equal (appearance, "light") ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                              : ADW_COLOR_SCHEME_DEFAULT;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static void
on_reminder_cb (GSettings *settings, const char *key, ChApp *self)
{
  if (self->front != NULL)
    ch_due_list_set_reminder_days (ch_front_get_due (self->front), ch_settings_get_reminder_days (settings));
}

static void
follow_settings (ChApp *self)
{
  if (self->settings == NULL)
    return;

  g_signal_connect_object (self->settings, "changed::appearance", G_CALLBACK (on_appearance_cb), self, 0);
  g_signal_connect_object (self->settings, "changed::reminder", G_CALLBACK (on_reminder_cb), self, 0);
  on_appearance_cb (self->settings, NULL, self);
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

/* -- Shared PCs ----------------------------------------------------------------------------------------- */

static GtkWindow *
find_main_window (ChApp *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (CH_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

/* The certificates, in the main window; made if there is only the check */
static void
on_certificates (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ChApp *self = user_data;
  GtkWindow *window = find_main_window (self);

  if (window == NULL)
    window = GTK_WINDOW (make_window (self));
  gtk_window_present (window);
  if (CH_IS_WINDOW (window))
    gtk_widget_activate_action (GTK_WIDGET (window), "win.view", "s", "certs");
}

/* Everything of the one who was there goes: the pages with what was typed, drafts, the session. The next one
 * finds the program as it starts. */
static void
forget (ChApp *self, const char *why)
{
  GtkWindow *old = find_main_window (self);
  GtkWidget *fresh;

  if (old == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->front, on_account_cb, self);
  if (ch_front_is_logged_in (self->front))
    ch_front_logout (self->front);
  /* Before the old one goes: without a window the program would end */
  fresh = make_window (self);
  gtk_window_present (GTK_WINDOW (fresh));
  gtk_window_destroy (old);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (fresh), NULL);
  if (CH_IS_WINDOW (fresh))
    ch_window_toast (CH_WINDOW (fresh), why);
}

static gboolean
on_forget_cb (gpointer user_data)
{
  ChApp *self = user_data;

  self->forget_id = 0;
  forget (self, _ ("You are logged out. Nothing of you was kept on this PC."));
  return G_SOURCE_REMOVE;
}

/* Not in the middle of what the window does because of it */
static void
on_account_cb (ChFront *front, GParamSpec *pspec, ChApp *self)
{
  gboolean is_logged_in = ch_front_is_logged_in (front);

  if (self->has_account && !is_logged_in && self->forget_id == 0)
    self->forget_id = g_idle_add (on_forget_cb, self);
  self->has_account = is_logged_in;
}

static gboolean
on_idle_again_cb (gpointer user_data)
{
  ChApp *self = user_data;
  GtkWindow *window = find_main_window (self);

  /* A certificate that is just being installed is finished first */
  if (window != NULL && !ch_window_get_can_leave (CH_WINDOW (window)))
    return G_SOURCE_CONTINUE;

  self->forget_id = 0;
  if (window != NULL && (ch_front_is_logged_in (self->front) || !ch_window_is_at_home (CH_WINDOW (window))))
    forget (
        self,
        _ ("Nobody has used this PC for a while. You are logged out, and nothing of you was kept on it."));
  return G_SOURCE_REMOVE;
}

static void
on_idle_cb (ChIdleWatch *watch, ChApp *self)
{
  if (self->forget_id == 0 && on_idle_again_cb (self) == G_SOURCE_CONTINUE)
    self->forget_id = g_timeout_add_seconds (AGAIN_SECONDS, on_idle_again_cb, self);
}

static void
start_idle_watch (ChApp *self)
{
  self->idle = ch_idle_watch_new (self->idle_seconds);
  g_signal_connect_object (self->idle, "idle", G_CALLBACK (on_idle_cb), self, 0);
  /* Nor which files were chosen */
  g_object_set (gtk_settings_get_default (), "gtk-recent-files-enabled", FALSE, "gtk-recent-files-max-age", 0,
                NULL);
}

/* -- Certificates in files ----------------------------------------------------------------------------- */

static ChVerifyWindow *
open_verification (ChApp *self)
{
  /* What is asked for before there is a window: the CA is known by it */
  if (self->verify == NULL && self->front == NULL)
    g_application_activate (G_APPLICATION (self));
  if (self->verify == NULL)
    g_set_weak_pointer (&self->verify,
                        GTK_WINDOW (ch_verify_window_new (GTK_APPLICATION (self), self->front)));
  gtk_window_present (self->verify);
  return CH_VERIFY_WINDOW (self->verify);
}

static void
ch_app_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (int i = 0; i < n_files; i++)
    if (g_file_peek_path (files[i]) != NULL)
      g_strv_builder_add (builder, g_file_peek_path (files[i]));
  paths = g_strv_builder_end (builder);
  ch_verify_window_look_at_files (open_verification (CH_APP (application)), (const char *const *) paths);
}

/* Also from the desktop’s menu, when there is no window yet */
static void
on_verify (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_verification (CH_APP (user_data));
}

static const GActionEntry actions[] = {
  { .name = "verify", .activate = on_verify },
  { .name = "about", .activate = on_about },
  { .name = "hotline", .activate = on_hotline },
  { .name = "preferences", .activate = on_preferences },
  { .name = "check", .activate = on_check },
  { .name = "make", .activate = on_make },
  { .name = "check-at", .activate = on_check_at, .parameter_type = "s" },
  { .name = "explain", .activate = on_explain, .parameter_type = "s" },
  { .name = "use-entry", .activate = on_use_entry, .parameter_type = "s" },
  { .name = "certificates", .activate = on_certificates },
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
  self->settings = ch_settings_get ();
  follow_settings (self);
  if (self->is_shared)
    start_idle_watch (self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  ch_hotline_key_install (GTK_APPLICATION (self));
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);
}

static void
ch_app_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL && (CH_APP (application)->is_check_alone || CH_APP (application)->is_make_alone))
    {
      (CH_APP (application)->is_make_alone ? on_make : on_check) (NULL, NULL, application);
      return;
    }
  if (window == NULL)
    window = GTK_WINDOW (make_window (CH_APP (application)));
  gtk_window_present (window);
}

static void
take_option (GVariantDict *options, const char *name, const char *format, char **place)
{
  char *given = NULL;

  if (!g_variant_dict_lookup (options, name, format, &given))
    return;
  g_free (*place);
  *place = given;
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
  take_option (options, "server", "s", &self->server);
  take_option (options, "trust", "^ay", &self->trust);
  self->is_shared = self->is_shared || g_variant_dict_contains (options, "shared");
  self->is_check_alone = g_variant_dict_contains (options, "envcheck");
  self->is_make_alone = g_variant_dict_contains (options, "make");
  /* The one that runs already shows it */
  if ((self->is_check_alone || self->is_make_alone) && g_application_register (application, NULL, NULL)
      && g_application_get_is_remote (application))
    {
      g_action_group_activate_action (G_ACTION_GROUP (application), self->is_make_alone ? "make" : "check",
                                      NULL);
      return 0;
    }
  if (g_variant_dict_lookup (options, "idle", "i", &self->idle_seconds))
    self->idle_seconds = CLAMP (self->idle_seconds, 1, MAX_IDLE);
  return -1;
}

static void
ch_app_finalize (GObject *object)
{
  ChApp *self = CH_APP (object);

  g_free (self->server);
  g_free (self->trust);
  g_clear_object (&self->front);
  g_clear_weak_pointer (&self->check);
  g_clear_object (&self->idle);
  g_clear_handle_id (&self->forget_id, g_source_remove);
  g_clear_weak_pointer (&self->make);
  g_clear_weak_pointer (&self->verify);
  g_clear_weak_pointer (&self->preferences);

  G_OBJECT_CLASS (ch_app_parent_class)->finalize (object);
}

static void
ch_app_class_init (ChAppClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_app_finalize;
  application_class->startup = ch_app_startup;
  application_class->activate = ch_app_activate;
  application_class->open = ch_app_open;
  application_class->handle_local_options = ch_app_handle_local_options;
}

static void
ch_app_init (ChApp *self)
{
  static const GOptionEntry options[] = {
    { "server", 's', 0, G_OPTION_ARG_STRING, NULL, N_ ("Address of the CA’s service"), "URL" },
    { "trust", 't', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Certificates by which the service is known"),
      "FILE" },
    { "shared", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Many people use this PC: keep nothing on it"), NULL },
    { "idle", 0, 0, G_OPTION_ARG_INT, NULL, N_ ("On a shared PC, log out after so many seconds (180)"),
      N_ ("SECONDS") },
    { "envcheck", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Only find out what this PC lacks"), NULL },
    { "make", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Make USB keys, for the staff of the CA"), NULL },
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
                              "/org/certhall/Certhall", "flags", G_APPLICATION_HANDLES_OPEN, NULL);

  self->make_ports = make_ports;
  self->idle_seconds = IDLE_SECONDS;
  return self;
}

/**
 * ch_app_set_shared:
 * @is_shared: whether many people use this PC
 *
 * Then nothing is kept on it, and whoever logs out or goes away is forgotten.
 */
void
ch_app_set_shared (ChApp *self, gboolean is_shared)
{
  self->is_shared = is_shared;
}

/**
 * ch_app_set_ca:
 * @server: (nullable): address of the CA’s service
 * @trust: (nullable): file with the certificates by which it is known
 *
 * The CA of this PC, unless the command line names another.
 */
void
ch_app_set_ca (ChApp *self, const char *server, const char *trust)
{
  g_free (self->server);
  self->server = g_strdup (server);
  g_free (self->trust);
  self->trust = g_strdup (trust);
}
