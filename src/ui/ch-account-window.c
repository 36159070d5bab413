#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "ui/ch-account-form.h"
#include "ui/ch-account-window.h"
#include "ui/ch-consent-reader.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-property-row.h"
#include "wire/ch-policy.h"

struct _ChAccountWindow
{
  AdwWindow parent_instance;

  ChFront *front;               /* (owned) */
  GCancellable *cancellable;    /* (owned): ends the waiting when the window goes */
  GtkFileChooserNative *picker; /* (owned) (nullable): while it is open */
  ChErrorBar *bar;              /* (unowned) */
  AdwToastOverlay *toasts;      /* (unowned) */
  GtkBox *page;                 /* (unowned): made anew with each look */
};

G_DEFINE_FINAL_TYPE (ChAccountWindow, ch_account_window, ADW_TYPE_WINDOW)

static void look (ChAccountWindow *self, const ChRoute *route, const char *arg);

static void
tell (ChAccountWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

static char *
format_day (gint64 seconds)
{
  g_autofree char *text = ch_clock_format (seconds);

  return g_strndup (text, 10);
}

/* -- Deeds -- */

static void
on_form_done_cb (ChAccountForm *form, ChAccountWindow *self)
{
  if (!ch_front_is_logged_in (self->front))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  tell (self, _ ("Changed"));
  look (self, &ch_route_care, NULL);
}

static ChAccountForm *
open_form (ChAccountWindow *self, ChAccountDeed deed)
{
  GtkWidget *form = ch_account_form_new (self->front, deed, GTK_WINDOW (self));

  g_signal_connect_object (form, "done", G_CALLBACK (on_form_done_cb), self, 0);
  return CH_ACCOUNT_FORM (form);
}

static void
on_deed_clicked_cb (GtkButton *button, ChAccountWindow *self)
{
  ChAccountDeed deed = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "deed"));

  gtk_window_present (GTK_WINDOW (open_form (self, deed)));
}

/* What would keep the account open is said before anything is typed; what the law keeps too */
static void
add_kept (ChAccountWindow *self, ChAccountForm *form, const ChClosing *closing)
{
  const ChProfile *profile = ch_front_get_profile (self->front);

  for (guint i = 0; i < closing->kept->len; i++)
    for (guint j = 0; profile->retention != NULL && j < profile->retention->len; j++)
      {
        const ChKept *kept = closing->kept->pdata[i];
        const ChRetention *rule = profile->retention->pdata[j];
        g_autofree char *day = format_day (kept->until);
        g_autofree char *text = NULL;

        if (!g_str_equal (kept->kind, rule->kind))
          continue;
        /* Translators: what is kept, until which day, and the law that says so */
        text = g_strdup_printf (_ ("%s: kept until %s (%s)"), ch_text_get (rule->name), day,
                                ch_text_get (rule->reason));
        ch_account_form_add_note (form, text);
      }
  ch_account_form_add_note (form,
                            _ ("Certificates that were issued stay valid until their end. Everything else is "
                               "deleted at once, and cannot be had back."));
}

static void
on_closing_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChAccountWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChClosing) closing = ch_front_care_finish (CH_FRONT (source), result, &error);
  ChAccountForm *form;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (closing != NULL && closing->obstacles->len > 0)
    g_set_error (&error, CH_ERROR, CH_ERROR_CLOSING_REFUSED, "something is under way");
  if (error != NULL)
    {
      ch_error_bar_show (self->bar, error);
      return;
    }
  form = open_form (self, CH_ACCOUNT_CLOSE);
  add_kept (self, form, closing);
  gtk_window_present (GTK_WINDOW (form));
}

static void
on_close_clicked_cb (GtkButton *button, ChAccountWindow *self)
{
  ch_error_bar_hide (self->bar);
  ch_front_care_async (self->front, &ch_route_closing, NULL, NULL, self->cancellable, on_closing_cb,
                       g_object_ref (self));
}

static void
on_end_clicked_cb (GtkButton *button, ChAccountWindow *self)
{
  look (self, &ch_route_sessions_end, NULL);
}

static void
on_forget_clicked_cb (GtkButton *button, ChAccountWindow *self)
{
  look (self, &ch_route_installation_forget, g_object_get_data (G_OBJECT (button), "place"));
}

static void
on_consent_activated_cb (AdwActionRow *row, ChAccountWindow *self)
{
  gtk_window_present (
      GTK_WINDOW (ch_consent_reader_new (g_object_get_data (G_OBJECT (row), "text"), GTK_WINDOW (self))));
}

/* -- Saving -- */

static void
save_to (ChAccountWindow *self, const char *path, const ChExport *export)
{
  g_autoptr (GError) error = NULL;
  gsize len = 0;
  gconstpointer data = g_bytes_get_data (export->content, &len);

  if (ch_file_write_durably (path, data, len, 0600, &error))
    tell (self, _ ("Your data were saved; only you can read the file."));
  else
    ch_error_bar_show (self->bar, error);
}

static void
on_picked_cb (GtkNativeDialog *dialog, int response, ChAccountWindow *self)
{
  g_autoptr (GFile) file
      = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    save_to (self, path, g_object_get_data (G_OBJECT (dialog), "export"));
  g_clear_object (&self->picker);
}

static void
on_export_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChAccountWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  ChExport *export = ch_front_care_finish (CH_FRONT (source), result, &error);

  if (export == NULL)
    {
      if (!g_cancellable_is_cancelled (self->cancellable))
        ch_error_bar_show (self->bar, error);
      return;
    }
  g_clear_object (&self->picker);
  self->picker = gtk_file_chooser_native_new (_ ("Save your data"), GTK_WINDOW (self),
                                              GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save"), _ ("Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->picker), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->picker), export->name);
  g_object_set_data_full (G_OBJECT (self->picker), "export", export, (GDestroyNotify) ch_export_free);
  g_signal_connect_object (self->picker, "response", G_CALLBACK (on_picked_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->picker));
}

static void
on_save_clicked_cb (GtkButton *button, ChAccountWindow *self)
{
  ch_error_bar_hide (self->bar);
  ch_front_care_async (self->front, &ch_route_export, NULL, NULL, self->cancellable, on_export_cb,
                       g_object_ref (self));
}

/* -- What is shown -- */

static AdwPreferencesGroup *
add_group (ChAccountWindow *self, const char *title)
{
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", title, NULL);

  gtk_box_append (self->page, group);
  return ADW_PREFERENCES_GROUP (group);
}

static GtkWidget *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle",
                                 subtitle != NULL ? subtitle : "", NULL);

  adw_preferences_group_add (group, row);
  return row;
}

/* @name: what the button is called without its row */
static GtkWidget *
add_button (GtkWidget *row, const char *label, const char *name, GCallback callback, ChAccountWindow *self)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", callback, self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  /* The row would add its title to a name that says all */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  return button;
}

static void
add_change (ChAccountWindow *self,
            AdwPreferencesGroup *group,
            const char *title,
            const char *value,
            const char *name,
            ChAccountDeed deed)
{
  GtkWidget *row = add_row (group, title, value);
  GtkWidget *button = add_button (row, _ ("Change…"), name, G_CALLBACK (on_deed_clicked_cb), self);

  g_object_set_data (G_OBJECT (button), "deed", GUINT_TO_POINTER (deed));
}

static void
show_account (ChAccountWindow *self, const ChAccount *account)
{
  AdwPreferencesGroup *group = add_group (self, _ ("Account"));

  adw_preferences_group_add (group, ch_property_row_new (_ ("User name"), account->user_name, FALSE));
  adw_preferences_group_add (group, ch_property_row_new (_ ("Name of the handler"), account->name, FALSE));
  adw_preferences_group_add (
      group, ch_property_row_new (_ ("Document number of the handler"), account->document_number, FALSE));
  add_change (self, group, _ ("Mobile number of the handler"), account->mobile, _ ("Change mobile…"),
              CH_ACCOUNT_MOBILE);
  add_change (self, group, _ ("E-mail"), account->email != NULL ? account->email : _ ("None"),
              _ ("Change e-mail…"), CH_ACCOUNT_EMAIL);
  add_change (self, group, _ ("Password"), NULL, _ ("Change password…"), CH_ACCOUNT_PASSWORD);
}

static void
show_places (ChAccountWindow *self, const ChCare *care)
{
  AdwPreferencesGroup *group = add_group (self, _ ("Where you are logged in"));
  GtkWidget *row;
  g_autofree char *n
      = g_strdup_printf (ngettext ("%u login", "%u logins", care->sessions->len), care->sessions->len);

  row = add_row (group, n, NULL);
  if (care->sessions->len > 1)
    add_button (row, _ ("Log out elsewhere"), _ ("Log out elsewhere"), G_CALLBACK (on_end_clicked_cb), self);

  for (guint i = 0; i < care->installations->len; i++)
    {
      const ChSessionInfo *place = care->installations->pdata[i];
      g_autofree char *day = format_day (place->used);
      /* Translators: %s is the day a PC was used last */
      g_autofree char *used = g_strdup_printf (_ ("Known PC, last used %s"), day);
      const char *name = place->name != NULL && *place->name != 0 ? place->name : _ ("A PC without a name");

      row = add_row (group, place->is_current ? _ ("This PC") : name, used);
      if (!place->is_current)
        {
          GtkWidget *button
              = add_button (row, _ ("Forget"), _ ("Forget this PC"), G_CALLBACK (on_forget_clicked_cb), self);

          g_object_set_data_full (G_OBJECT (button), "place", g_strdup (place->id), g_free);
        }
    }
}

static const ChConsentText *
find_text (ChAccountWindow *self, const ChConsentGiven *given)
{
  const ChProfile *profile = ch_front_get_profile (self->front);

  for (guint i = 0; i < profile->consents->len; i++)
    {
      const ChConsentText *text = profile->consents->pdata[i];

      if (g_str_equal (text->id, given->id) && g_str_equal (text->version, given->version))
        return text;
    }
  return NULL;
}

static void
show_consents (ChAccountWindow *self, GPtrArray *consents)
{
  AdwPreferencesGroup *group = add_group (self, _ ("Agreements"));

  for (guint i = 0; i < consents->len; i++)
    {
      const ChConsentGiven *given = consents->pdata[i];
      const ChConsentText *text = find_text (self, given);
      g_autofree char *day = format_day (given->agreed);
      /* Translators: version of an agreement, and the day it was agreed to */
      g_autofree char *when = g_strdup_printf (_ ("Version %s, agreed to on %s"), given->version, day);
      GtkWidget *row = add_row (group, text != NULL ? ch_text_get (text->title) : given->id, when);

      if (text == NULL)
        continue;
      g_object_set_data (G_OBJECT (row), "text", (gpointer) text);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_consent_activated_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
    }
}

static void
show_end (ChAccountWindow *self)
{
  AdwPreferencesGroup *group = add_group (self, _ ("Your data"));
  GtkWidget *row = add_row (group, _ ("Everything that is known of you"),
                            _ ("Applications, orders, agreements, and who looked at your documents"));
  GtkWidget *button;

  add_button (row, _ ("Save…"), _ ("Save your data…"), G_CALLBACK (on_save_clicked_cb), self);
  row = add_row (group, _ ("Close the account"), _ ("What the law demands is kept for its time"));
  button = add_button (row, _ ("Close…"), _ ("Close the account…"), G_CALLBACK (on_close_clicked_cb), self);
  gtk_widget_add_css_class (button, "destructive-action");
}

static void
show_care (ChAccountWindow *self, const ChCare *care)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->page))) != NULL)
    gtk_box_remove (self->page, child);
  show_account (self, care->account);
  show_places (self, care);
  show_consents (self, care->consents);
  show_end (self);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChAccountWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCare) care = ch_front_care_finish (CH_FRONT (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (care != NULL)
    show_care (self, care);
  else
    ch_error_bar_show (self->bar, error);
}

static void
look (ChAccountWindow *self, const ChRoute *route, const char *arg)
{
  ch_error_bar_hide (self->bar);
  ch_front_care_async (self->front, route, arg, NULL, self->cancellable, on_looked_cb, g_object_ref (self));
}

static void
on_retry_cb (ChErrorBar *bar, ChAccountWindow *self)
{
  look (self, &ch_route_care, NULL);
}

static void
ch_account_window_dispose (GObject *object)
{
  ChAccountWindow *self = CH_ACCOUNT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->picker);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_account_window_parent_class)->dispose (object);
}

static void
ch_account_window_finalize (GObject *object)
{
  g_clear_object (&CH_ACCOUNT_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (ch_account_window_parent_class)->finalize (object);
}

static void
ch_account_window_class_init (ChAccountWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_account_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_account_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ch_account_window_init (ChAccountWindow *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  self->bar = CH_ERROR_BAR (ch_error_bar_new ());
  g_signal_connect_object (self->bar, "retry", G_CALLBACK (on_retry_cb), self, 0);
  self->page = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
  gtk_widget_set_margin_top (GTK_WIDGET (self->page), 24);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->page), 24);
  gtk_widget_set_margin_start (GTK_WIDGET (self->page), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->page), 12);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 600);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->page));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (content), scrolled);
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, content);
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (self->toasts));
}

/**
 * ch_account_window_new:
 * @front: who is logged in
 * @parent: (nullable): the window it belongs to
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_account_window_new (ChFront *front, GtkWindow *parent)
{
  ChAccountWindow *self
      = g_object_new (CH_TYPE_ACCOUNT_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent",
                      TRUE, "default-width", 640, "default-height", 720, "title", _ ("Account"), NULL);

  self->front = g_object_ref (front);
  look (self, &ch_route_care, NULL);
  return GTK_WIDGET (self);
}
