#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-daily-row.h"
#include "ui/ch-entry-group.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-preferences-window.h"
#include "ui/ch-property-row.h"
#include "ui/ch-settings.h"

struct _ChPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  GSettings *settings;      /* (owned) */
  AdwActionRow *folder_row; /* (unowned) */
};

G_DEFINE_FINAL_TYPE (ChPreferencesWindow, ch_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* A key of the settings, and what can be chosen for it; ends with a NULL id */
typedef struct
{
  const char *id;
  const char *label; /* untranslated */
} Choice;

static const Choice appearances[] = {
  { "system", N_ ("As the system") },
  { "light", N_ ("Light") },
  { "dark", N_ ("Dark") },
  { NULL },
};
/* Each in its own words: who cannot read the others finds it */
static const Choice languages[] = {
  { "system", N_ ("As the system") },
  { "zh_CN", "简体中文" },
  { "en", "English" },
  { NULL },
};
static const Choice reminders[] = {
  { "renewal", N_ ("As soon as it can be renewed") },
  { "30", N_ ("30 days before its end") },
  { "14", N_ ("14 days before its end") },
  { "7", N_ ("7 days before its end") },
  { NULL },
};

static gboolean
get_chosen (GValue *value, GVariant *variant, gpointer user_data)
{
  const Choice *choices = user_data;

  for (guint i = 0; choices[i].id != NULL; i++)
    if (g_str_equal (choices[i].id, g_variant_get_string (variant, NULL)))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
set_chosen (const GValue *value, const GVariantType *type, gpointer user_data)
{
  const Choice *choices = user_data;

  return g_variant_new_string (choices[g_value_get_uint (value)].id);
}

static GtkWidget *
make_choice_row (ChPreferencesWindow *self, const char *title, const char *key, const Choice *choices)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (guint i = 0; choices[i].id != NULL; i++)
    gtk_string_list_append (labels, _ (choices[i].label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  /* Below the title, where there is room for it */
  adw_combo_row_set_use_subtitle (ADW_COMBO_ROW (row), TRUE);
  g_settings_bind_with_mapping (self->settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT, get_chosen,
                                set_chosen, (gpointer) choices, NULL);
  return row;
}

/* -- The folder -- */

static void
show_folder (ChPreferencesWindow *self)
{
  g_autofree char *dir = ch_settings_get_download_dir ();

  adw_action_row_set_subtitle (self->folder_row, dir != NULL ? dir : _ ("Asked for each time"));
}

static void
on_folder_changed_cb (GSettings *settings, const char *key, ChPreferencesWindow *self)
{
  show_folder (self);
}

static void
on_folder_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GSettings) settings = user_data;
  g_autoptr (GFile) folder = ch_file_picker_save_finish (GTK_WIDGET (source), result, NULL);

  if (folder != NULL && g_file_peek_path (folder) != NULL)
    g_settings_set_string (settings, "download-folder", g_file_peek_path (folder));
}

static void
on_folder_clicked_cb (GtkButton *button, ChPreferencesWindow *self)
{
  ch_file_picker_folder_async (GTK_WIDGET (self), _ ("Folder for downloads"), on_folder_picked_cb,
                               g_object_ref (self->settings));
}

static GtkWidget *
make_folder_row (ChPreferencesWindow *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Choose…"));

  self->folder_row = ADW_ACTION_ROW (row);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Folder for downloads"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_folder_clicked_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (self->settings, "changed::download-folder", G_CALLBACK (on_folder_changed_cb),
                           self, 0);
  show_folder (self);
  return row;
}

/* -- Groups -- */

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

/* (transfer full) (nullable): by it somebody at the hotline can say whether it is the right server */
static char *
make_fingerprint (ChFront *front)
{
  g_autoptr (GBytes) der
      = front != NULL ? ch_server_get_peer_certificate (ch_ports_get_server (ch_front_get_ports (front)))
                      : NULL;

  return der != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der) : NULL;
}

/* To be read only: an administrator sets these up for all who use the PC */
static void
add_place (AdwPreferencesPage *page,
           ChFront *front,
           const char *server,
           const char *trust,
           gboolean is_shared)
{
  AdwPreferencesGroup *group
      = add_group (page, _ ("This PC"), _ ("Set up in the file ca.conf or by the command line, not here."));
  g_autofree char *fingerprint = make_fingerprint (front);

  adw_preferences_group_add (
      group, ch_property_row_new (_ ("Use"),
                                  is_shared ? _ ("By many people: nothing of them is kept on it")
                                            : _ ("By one person: drafts and software tokens are kept on it"),
                                  FALSE));
  if (server != NULL)
    adw_preferences_group_add (group, ch_property_row_new (_ ("Address of the CA’s service"), server, TRUE));
  if (trust != NULL)
    adw_preferences_group_add (
        group, ch_property_row_new (_ ("File with the certificate it is known by"), trust, FALSE));
  if (fingerprint != NULL)
    adw_preferences_group_add (
        group, ch_property_row_new (_ ("Certificate of the service (SHA-256)"), fingerprint, TRUE));
}

static void
ch_preferences_window_finalize (GObject *object)
{
  g_clear_object (&CH_PREFERENCES_WINDOW (object)->settings);
  G_OBJECT_CLASS (ch_preferences_window_parent_class)->finalize (object);
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *target)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (target, NULL));
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (widget), ch_ui_make_toast (_ ("Copied")));
}

static void
ch_preferences_window_class_init (ChPreferencesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_preferences_window_finalize;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "win.copy", "s", on_copy);
}

static void
ch_preferences_window_init (ChPreferencesWindow *self)
{
}

/**
 * ch_preferences_window_new:
 * @parent: (nullable): the window it belongs to
 * @settings: (nullable): is changed by it
 * @front: (nullable): of the CA
 * @server: (nullable): address of the CA’s service
 * @trust: (nullable): file with the certificates by which it is known
 * @is_shared: many people use this PC
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_preferences_window_new (GtkWindow *parent,
                           GSettings *settings,
                           ChFront *front,
                           const char *server,
                           const char *trust,
                           gboolean is_shared)
{
  ChPreferencesWindow *self = g_object_new (
      CH_TYPE_PREFERENCES_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE,
      "title", _ ("Preferences"), "search-enabled", FALSE, "default-width", 560, "default-height", 680, NULL);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group;

  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      group = add_group (page, _ ("Program"),
                         is_shared ? _ ("Holds until the program ends, because many people use this PC.")
                                   : _ ("Another language is spoken from the next start of the program on."));
      adw_preferences_group_add (group, make_choice_row (self, _ ("Appearance"), "appearance", appearances));
      /* Where nothing outlives the program there is no next start to choose it for */
      if (!is_shared)
        adw_preferences_group_add (group, make_choice_row (self, _ ("Language"), "language", languages));
      adw_preferences_group_add (group, make_folder_row (self));
      group = add_group (page, _ ("Reminders"),
                         _ ("What is due stands on the first page. What has expired is always there."));
      adw_preferences_group_add (
          group, make_choice_row (self, _ ("Remind of a certificate"), "reminder", reminders));
      /* Of those who share a PC nothing is remembered on it */
      if (front != NULL && !is_shared)
        adw_preferences_group_add (group, ch_daily_row_new (ch_ports_get_vault (ch_front_get_ports (front))));
    }
  if (front != NULL && ch_front_get_entries (front) != NULL
      && ch_entries_get_n (ch_front_get_entries (front)) > 1)
    adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (ch_entry_group_new (front)));
  add_place (page, front, server, trust, is_shared);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
  return GTK_WIDGET (self);
}
