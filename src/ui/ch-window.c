#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-account-form.h"
#include "front/ch-batch-sheet.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-hotline.h"
#include "ui/ch-login-page.h"
#include "ui/ch-lookup-page.h"
#include "ui/ch-register-page.h"
#include "ui/ch-window-private.h"
#include "ui/ch-wizard.h"

/* How often the lists are looked at again while the hall is shown */
#define REFRESH_SECONDS 30

enum
{
  PROP_FRONT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ChWindow, ch_window, ADW_TYPE_APPLICATION_WINDOW)

static void
set_action_enabled (ChWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
refresh_actions (ChWindow *self)
{
  gboolean is_connected = ch_front_get_state (self->front) == CH_FRONT_CONNECTED;
  gboolean is_in = ch_front_is_logged_in (self->front);

  set_action_enabled (self, "log-in", is_connected && !is_in);
  set_action_enabled (self, "log-out", is_in);
  set_action_enabled (self, "account", is_in);
  set_action_enabled (self, "start", is_connected);
  set_action_enabled (self, "apply", is_connected);
  set_action_enabled (self, "projects", is_connected);
  set_action_enabled (self, "look-up", is_connected);
  set_action_enabled (self, "downloads", is_connected);
  set_action_enabled (self, "batch",
                      is_connected && ch_batch_is_offered (ch_front_get_profile (self->front)));
  set_action_enabled (self, "needs", is_connected);
  set_action_enabled (self, "resume", is_connected);
}

/* Pages before the hall */

GtkWidget *
ch_window_get_top (ChWindow *self)
{
  return self->pages->len > 0 ? self->pages->pdata[self->pages->len - 1] : GTK_WIDGET (self->hall);
}

/* What slid away is taken out when it is out of sight, and what was typed there with it */
static void
settle (ChWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->leaflet));

  if (adw_leaflet_get_child_transition_running (self->leaflet))
    return;

  while (child != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);

      if (child != GTK_WIDGET (self->hall) && !g_ptr_array_find (self->pages, child, NULL))
        adw_leaflet_remove (self->leaflet, child);
      child = next;
    }
}

static void
show_top (ChWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, ch_window_get_top (self));
  if (self->pages->len == 0)
    ch_hall_focus (self->hall);
  settle (self);
}

void
ch_window_push_page (ChWindow *self, GtkWidget *page)
{
  adw_leaflet_append (self->leaflet, page);
  g_ptr_array_add (self->pages, page);
  show_top (self);
}

void
ch_window_pop_page (ChWindow *self)
{
  if (self->pages->len > 0)
    g_ptr_array_set_size (self->pages, self->pages->len - 1);
  show_top (self);
}

void
ch_window_go_home (ChWindow *self)
{
  g_ptr_array_set_size (self->pages, 0);
  show_top (self);
  ch_front_refresh (self->front);
}

void
ch_window_show_error (ChWindow *self, const GError *error)
{
  const ChErrorInfo *info = ch_error_get_info (error);
  /* Translators: headline of an error, then what to do about it */
  g_autofree char *text = g_strdup_printf (_ ("%s. %s"), _ (info->title), _ (info->todo));

  ch_window_toast (self, text);
}

/* Login and registration */

void
ch_window_forget_wanted (ChWindow *self)
{
  g_clear_pointer (&self->wanted_action, g_free);
  g_clear_pointer (&self->wanted_target, g_variant_unref);
}

static void
on_logged_in_cb (ChLoginPage *page, ChWindow *self)
{
  g_autofree char *action = g_steal_pointer (&self->wanted_action);
  g_autoptr (GVariant) target = g_steal_pointer (&self->wanted_target);

  /* That one could log in is no news any more */
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  if (self->settings != NULL && ch_login_page_get_user_name (page) != NULL)
    g_settings_set_string (self->settings, "last-user-name", ch_login_page_get_user_name (page));
  ch_window_pop_page (self);
  /* Nothing else can be done with a one-time password */
  if (ch_front_get_must_change_password (self->front))
    gtk_window_present (GTK_WINDOW (ch_account_form_new (self->front, CH_ACCOUNT_FRESH, GTK_WINDOW (self))));
  else if (action != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self), action, target);
}

static void
on_login_back_cb (ChLoginPage *page, ChWindow *self)
{
  ch_window_forget_wanted (self);
  ch_window_pop_page (self);
}

static void
on_registered_cb (ChRegisterPage *page, ChWindow *self)
{
  GtkWidget *below;

  ch_window_pop_page (self);
  below = ch_window_get_top (self);
  if (CH_IS_LOGIN_PAGE (below))
    {
      ch_login_page_set_user_name (CH_LOGIN_PAGE (below), ch_register_page_get_user_name (page));
      ch_login_page_focus (CH_LOGIN_PAGE (below));
    }
  ch_window_toast (self, _ ("The account is there. Log in with it now."));
}

static void
on_register_back_cb (ChRegisterPage *page, ChWindow *self)
{
  ch_window_pop_page (self);
}

static void
on_register_wanted_cb (ChLoginPage *login, ChWindow *self)
{
  GtkWidget *page = ch_register_page_new (self->front);

  g_signal_connect_object (page, "back", G_CALLBACK (on_register_back_cb), self, 0);
  g_signal_connect_object (page, "registered", G_CALLBACK (on_registered_cb), self, 0);
  ch_window_push_page (self, page);
  ch_register_page_focus (CH_REGISTER_PAGE (page));
}

void
ch_window_open_login (ChWindow *self)
{
  g_autofree char *user_name
      = self->settings != NULL ? g_settings_get_string (self->settings, "last-user-name") : NULL;
  GtkWidget *page = ch_login_page_new (self->front, user_name);

  g_signal_connect_object (page, "back", G_CALLBACK (on_login_back_cb), self, 0);
  g_signal_connect_object (page, "logged-in", G_CALLBACK (on_logged_in_cb), self, 0);
  g_signal_connect_object (page, "register", G_CALLBACK (on_register_wanted_cb), self, 0);
  ch_window_push_page (self, page);
  ch_login_page_focus (CH_LOGIN_PAGE (page));
}

/* Without an account */

static void
on_lookup_back_cb (ChLookupPage *page, ChWindow *self)
{
  ch_window_pop_page (self);
}

void
ch_window_open_lookup (ChWindow *self)
{
  GtkWidget *page = ch_lookup_page_new (self->front);

  g_signal_connect_object (page, "back", G_CALLBACK (on_lookup_back_cb), self, 0);
  ch_window_push_page (self, page);
  ch_lookup_page_focus (CH_LOOKUP_PAGE (page));
}

/* Businesses */

static void
on_wizard_leave_cb (ChWizard *wizard, ChWindow *self)
{
  ch_window_go_home (self);
}

static void
on_wizard_log_in_cb (ChWizard *wizard, ChWindow *self)
{
  ch_window_open_login (self);
}

void
ch_window_open_wizard (ChWindow *self, ChRun *run)
{
  GtkWidget *wizard = ch_wizard_new (run);

  ch_wizard_add_header (CH_WIZARD (wizard), ch_hotline_new ());
  g_signal_connect_object (wizard, "leave", G_CALLBACK (on_wizard_leave_cb), self, 0);
  g_signal_connect_object (wizard, "log-in", G_CALLBACK (on_wizard_log_in_cb), self, 0);
  ch_window_push_page (self, wizard);
  ch_run_start (run);
}

static void
on_front_notify_cb (ChFront *front, GParamSpec *pspec, ChWindow *self)
{
  refresh_actions (self);
}

static void
on_transition_cb (AdwLeaflet *leaflet, GParamSpec *pspec, ChWindow *self)
{
  settle (self);
}

static gboolean
on_refresh_due_cb (gpointer user_data)
{
  ChWindow *self = user_data;

  if (self->pages->len == 0 && ch_front_is_logged_in (self->front)
      && gtk_window_is_active (GTK_WINDOW (self)))
    ch_front_refresh (self->front);
  return G_SOURCE_CONTINUE;
}

/* The way to the CA begins when there is something to be seen */
static void
on_first_frame_cb (GdkFrameClock *clock, ChWindow *self)
{
  g_signal_handlers_disconnect_by_func (clock, on_first_frame_cb, self);
  ch_front_connect_async (self->front, NULL, NULL, NULL);
}

static void
ch_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ch_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (on_first_frame_cb),
                           widget, 0);
}

static void
save_size (ChWindow *self)
{
  int width = 0, height = 0;

  if (self->settings == NULL)
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  if (gtk_window_is_maximized (GTK_WINDOW (self)))
    return;
  g_settings_set_int (self->settings, "window-width", MAX (width, 360));
  g_settings_set_int (self->settings, "window-height", MAX (height, 360));
}

static void
ch_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_FRONT:
      g_value_set_object (value, CH_WINDOW (object)->front);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
ch_window_close_request (GtkWindow *window)
{
  ChWindow *self = CH_WINDOW (window);

  if (!ch_window_get_can_leave (self))
    {
      ch_window_toast (self, _ ("Please wait until the certificate is installed."));
      return GDK_EVENT_STOP;
    }

  save_size (self);
  return GTK_WINDOW_CLASS (ch_window_parent_class)->close_request (window);
}

static void
ch_window_dispose (GObject *object)
{
  ChWindow *self = CH_WINDOW (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  ch_window_forget_wanted (self);
  g_ptr_array_set_size (self->pages, 0);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_WINDOW);
  g_clear_object (&self->front);
  g_clear_object (&self->settings);
  g_clear_object (&self->toast);
  G_OBJECT_CLASS (ch_window_parent_class)->dispose (object);
}

static void
ch_window_finalize (GObject *object)
{
  g_ptr_array_unref (CH_WINDOW (object)->pages);
  g_free (CH_WINDOW (object)->key_awaited);
  G_OBJECT_CLASS (ch_window_parent_class)->finalize (object);
}

static void
ch_window_class_init (ChWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = ch_window_get_property;
  G_OBJECT_CLASS (klass)->dispose = ch_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_window_finalize;
  widget_class->realize = ch_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = ch_window_close_request;

  props[PROP_FRONT]
      = g_param_spec_object ("front", NULL, NULL, CH_TYPE_FRONT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);

  g_type_ensure (CH_TYPE_HALL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-window"));
  gtk_widget_class_bind_template_child (widget_class, ChWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ChWindow, hall);
  gtk_widget_class_bind_template_callback (widget_class, on_transition_cb);
}

static void
ch_window_init (ChWindow *self)
{
  self->pages = g_ptr_array_new ();
  ch_window_add_actions (self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The one in use did not answer and another did: what was under way goes on */
static void
on_entry_moved_cb (ChEntries *entries, const ChEntryRow *row, ChWindow *self)
{
  /* Translators: %s is the name of an entry, e.g. “China Telecom entry” */
  g_autofree char *text = g_strdup_printf (
      _ ("Another way to the CA is in use: %s. Nothing was lost, go on."), ch_entry_row_get_title (row));

  ch_window_toast (self, text);
}

/**
 * ch_window_new:
 * @application: the program
 * @front: what is shown; it is connected once the window has been drawn
 * @settings: (nullable): keeps the size of the window and the last user name
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
ch_window_new (GtkApplication *application, ChFront *front, GSettings *settings)
{
  ChWindow *self = g_object_new (CH_TYPE_WINDOW, "application", application, NULL);
  g_autoptr (GTlsInteraction) asker = ch_asker_dialog_new (application);

  self->front = g_object_ref (front);
  g_set_object (&self->settings, settings);
  if (settings != NULL)
    {
      gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                                   g_settings_get_int (settings, "window-height"));
      if (g_settings_get_boolean (settings, "window-maximized"))
        gtk_window_maximize (GTK_WINDOW (self));
    }

  ch_asker_dialog_set_front (asker, front);
  ch_ports_set_asker (ch_front_get_ports (front), asker);
  g_signal_connect_object (front, "notify::state", G_CALLBACK (on_front_notify_cb), self, 0);
  g_signal_connect_object (front, "notify::account-name", G_CALLBACK (on_front_notify_cb), self, 0);
  if (ch_front_get_entries (front) != NULL)
    g_signal_connect_object (ch_front_get_entries (front), "moved", G_CALLBACK (on_entry_moved_cb), self, 0);
  ch_hall_set_front (self->hall, front);
  ch_window_watch_key (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRONT]);
  refresh_actions (self);
  self->refresh_id = g_timeout_add_seconds (REFRESH_SECONDS, on_refresh_due_cb, self);
  return GTK_WIDGET (self);
}

/**
 * ch_window_get_front:
 *
 * Returns: (transfer none): what the window shows
 */
ChFront *
ch_window_get_front (ChWindow *self)
{
  g_return_val_if_fail (CH_IS_WINDOW (self), NULL);

  return self->front;
}

/**
 * ch_window_toast:
 * @text: a small success or a note, translated
 */
void
ch_window_toast (ChWindow *self, const char *text)
{
  AdwToast *toast;

  g_return_if_fail (CH_IS_WINDOW (self));

  toast = ch_ui_make_toast (text);
  g_set_object (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * ch_window_get_can_leave:
 *
 * Returns: whether nothing is going on that must not be broken off
 */
gboolean
ch_window_get_can_leave (ChWindow *self)
{
  GtkWidget *top;

  g_return_val_if_fail (CH_IS_WINDOW (self), TRUE);

  top = ch_window_get_top (self);
  return !CH_IS_WIZARD (top) || ch_wizard_get_can_leave (CH_WIZARD (top));
}

/**
 * ch_window_is_at_home:
 *
 * Returns: whether no page stands before the hall
 */
gboolean
ch_window_is_at_home (ChWindow *self)
{
  g_return_val_if_fail (CH_IS_WINDOW (self), TRUE);

  return self->pages->len == 0;
}
