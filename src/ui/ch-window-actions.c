#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-account-window.h"
#include "ui/ch-batch-window.h"
#include "ui/ch-downloads-window.h"
#include "ui/ch-lookup-page.h"
#include "ui/ch-keys-window.h"
#include "ui/ch-needs-window.h"
#include "ui/ch-projects-window.h"
#include "ui/ch-token-window.h"
#include "ui/ch-turn-dialog.h"
#include "ui/ch-window-private.h"
#include "ui/ch-wizard.h"

/* Whether somebody is logged in; if not, the action is done after the login */
static gboolean
ask_login_first (ChWindow *self, GSimpleAction *action, GVariant *target)
{
  if (ch_front_is_logged_in (self->front))
    return FALSE;

  ch_window_forget_wanted (self);
  self->wanted_action = g_strdup (g_action_get_name (G_ACTION (action)));
  self->wanted_target = target != NULL ? g_variant_ref (target) : NULL;
  ch_window_open_login (self);
  return TRUE;
}

static void
on_start (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = NULL;
  int business;

  /* A download code is as good as an account, and so is a code to the handler’s mobile */
  if (!ch_wire_enum_from_id (&ChBusiness_enum, g_variant_get_string (target, NULL), &business)
      || (business != CH_BUSINESS_DOWNLOAD && business != CH_BUSINESS_UNLOCK
          && ask_login_first (self, action, target)))
    return;

  run = ch_front_start_business (self->front, (ChBusiness) business, &error);
  if (run == NULL)
    ch_window_show_error (self, error);
  else
    ch_window_open_wizard (self, run);
}

/* A new certificate in a project that was chosen before */
static void
on_apply (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = NULL;

  if (ask_login_first (self, action, target))
    return;

  run = ch_front_start_project (self->front, g_variant_get_string (target, NULL), &error);
  if (run == NULL)
    ch_window_show_error (self, error);
  else
    ch_window_open_wizard (self, run);
}

static void
on_projects (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  GtkWidget *window = ch_projects_window_new (self->front, GTK_WINDOW (self));

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
}

/* The certificate is chosen already: by the button or menu that stands beside it */
static void
begin_about (ChWindow *self, ChBusiness business, const char *serial)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = NULL;

  run = ch_front_start_about (self->front, business, serial, &error);
  if (run == NULL)
    ch_window_show_error (self, error);
  else
    ch_window_open_wizard (self, run);
}

static void
on_renew (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  if (!ask_login_first (user_data, action, target))
    begin_about (user_data, CH_BUSINESS_RENEW, g_variant_get_string (target, NULL));
}

static void
on_about (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  const char *id, *serial;
  int business;

  g_variant_get (target, "(&s&s)", &id, &serial);
  if (ch_wire_enum_from_id (&ChBusiness_enum, id, &business) && !ask_login_first (user_data, action, target))
    begin_about (user_data, (ChBusiness) business, serial);
}

static void
on_downloads (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  gtk_window_present (GTK_WINDOW (ch_downloads_window_new (self->front, GTK_WINDOW (self))));
}

static void
on_batch (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (!ask_login_first (self, action, NULL))
    gtk_window_present (GTK_WINDOW (ch_batch_window_new (self->front, GTK_WINDOW (self))));
}

static void
on_needs (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  GtkWidget *window;
  int business;

  if (!ch_wire_enum_from_id (&ChBusiness_enum, g_variant_get_string (target, NULL), &business))
    return;
  window = ch_needs_window_new (self->front, (ChBusiness) business, GTK_WINDOW (self));
  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
}

static void
on_resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = ch_front_resume_finish (CH_FRONT (source), result, &error);

  self->is_resuming = FALSE;
  /* Closed meanwhile */
  if (self->front == NULL)
    return;
  if (run == NULL)
    ch_window_show_error (self, error);
  else
    ch_window_open_wizard (self, run);
}

/* What is shown in the list knows more (what was paid), and a long list has more than what is due */
static ChApplicationItem *
find_application (ChWindow *self, const char *id)
{
  ChApplicationItem *shown = ch_paged_model_find (ch_front_get_application_pages (self->front), id, NULL);

  return shown != NULL ? shown : ch_application_model_find (ch_front_get_applications (self->front), id);
}

static void
on_resume (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  ChApplicationItem *item = find_application (self, g_variant_get_string (target, NULL));

  if (item == NULL || self->is_resuming || ask_login_first (self, action, target))
    return;

  self->is_resuming = TRUE;
  ch_front_resume_async (self->front, item, NULL, on_resumed_cb, g_object_ref (self));
}

/* Another way than forward */

static void
on_turn (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  ChApplicationItem *item = find_application (self, g_variant_get_string (target, NULL));

  if (item != NULL && ch_turn_of (item) != CH_TURN_NONE)
    ch_turn_dialog_ask (GTK_WINDOW (self), self->front, item);
}

/* Other deeds */

static void
on_token (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  const char *deed, *serial;
  GtkWidget *window;

  g_variant_get (target, "(&s&s)", &deed, &serial);
  window = ch_token_window_new (self->front, deed, serial);
  if (window == NULL)
    return;
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
on_keys (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  gtk_window_present (GTK_WINDOW (ch_keys_window_new (self->front, GTK_WINDOW (self))));
}

/* A PIN that is locked, or nearly so: what the CA offers for it, else whom to ask */
static void
on_unlock (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  const ChProfile *profile = ch_front_get_profile (self->front);
  g_autofree char *text = NULL;

  if (ch_front_offers (self->front, CH_BUSINESS_UNLOCK))
    {
      g_action_group_activate_action (
          G_ACTION_GROUP (self), "start",
          g_variant_new_string (ch_wire_enum_get_id (&ChBusiness_enum, CH_BUSINESS_UNLOCK)));
      return;
    }
  if (profile != NULL)
    /* Translators: %s is the number of a hotline */
    text = g_strdup_printf (_ ("A locked PIN is unlocked by the CA. Call %s."), profile->hotline);
  ch_window_toast (self, text != NULL ? text : _ ("A locked PIN is unlocked by the CA. Call its hotline."));
}

static void
on_log_in (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  ch_window_forget_wanted (self);
  ch_window_open_login (self);
}

static void
on_look_up (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ch_window_open_lookup (user_data);
}

static void
on_log_out (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  ch_front_logout (self->front);
  ch_hall_show_view (self->hall, "home");
}

static void
on_account (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  gtk_window_present (GTK_WINDOW (ch_account_window_new (self->front, GTK_WINDOW (self))));
}

static void
on_refresh (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (ch_front_get_state (self->front) == CH_FRONT_CONNECTED)
    ch_front_refresh (self->front);
  else if (ch_front_get_state (self->front) != CH_FRONT_CONNECTING)
    ch_front_connect_async (self->front, NULL, NULL, NULL);
}

static void
on_view (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (self->pages->len == 0)
    ch_hall_show_view (self->hall, g_variant_get_string (target, NULL));
}

static void
on_show_certificate (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (!ch_window_get_can_leave (self))
    return;
  if (self->pages->len > 0)
    ch_window_go_home (self);
  ch_hall_show_certificate (self->hall, g_variant_get_string (target, NULL));
}

static void
on_show_application (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (!ch_window_get_can_leave (self))
    return;
  if (self->pages->len > 0)
    ch_window_go_home (self);
  ch_hall_show_application (self->hall, g_variant_get_string (target, NULL));
}

static void
on_show_part (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  int part = CH_LIST_PART_ALL;

  if (!ch_window_get_can_leave (self) || ask_login_first (self, action, target)
      || !ch_wire_enum_from_id (&ChListPart_enum, g_variant_get_string (target, NULL), &part))
    return;
  if (self->pages->len > 0)
    ch_window_go_home (self);
  ch_hall_show_part (self->hall, part);
}

static void
on_copy (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), g_variant_get_string (target, NULL));
  ch_window_toast (self, _ ("Copied"));
}

static void
on_back (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  if (self->pages->len == 0)
    ch_hall_go_back (self->hall);
  else if (CH_IS_LOOKUP_PAGE (ch_window_get_top (self))
           && ch_lookup_page_go_back (CH_LOOKUP_PAGE (ch_window_get_top (self))))
    return;
  else if (!CH_IS_WIZARD (ch_window_get_top (self)))
    ch_window_pop_page (self);
  else
    gtk_widget_activate_action (ch_window_get_top (self), "wizard.back", NULL);
}

/* Made when it is first wanted, for it costs as much as the hall */
static void
on_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplicationWindow *self = user_data;

  if (gtk_application_window_get_help_overlay (self) == NULL)
    {
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (CH_UI_TEMPLATE ("ch-shortcuts"));

      gtk_application_window_set_help_overlay (
          self, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (self)));
}

static const GActionEntry actions[] = {
  { .name = "log-in", .activate = on_log_in },
  { .name = "look-up", .activate = on_look_up },
  { .name = "log-out", .activate = on_log_out },
  { .name = "account", .activate = on_account },
  { .name = "refresh", .activate = on_refresh },
  { .name = "start", .activate = on_start, .parameter_type = "s" },
  { .name = "renew", .activate = on_renew, .parameter_type = "s" },
  { .name = "about", .activate = on_about, .parameter_type = "(ss)" },
  { .name = "apply", .activate = on_apply, .parameter_type = "s" },
  { .name = "projects", .activate = on_projects },
  { .name = "downloads", .activate = on_downloads },
  { .name = "batch", .activate = on_batch },
  { .name = "needs", .activate = on_needs, .parameter_type = "s" },
  { .name = "resume", .activate = on_resume, .parameter_type = "s" },
  { .name = "turn", .activate = on_turn, .parameter_type = "s" },
  { .name = "view", .activate = on_view, .parameter_type = "s" },
  { .name = "show-certificate", .activate = on_show_certificate, .parameter_type = "s" },
  { .name = "show-application", .activate = on_show_application, .parameter_type = "s" },
  { .name = "show-part", .activate = on_show_part, .parameter_type = "s" },
  { .name = "unlock", .activate = on_unlock },
  { .name = "keys", .activate = on_keys },
  { .name = "token", .activate = on_token, .parameter_type = "(ss)" },
  { .name = "copy", .activate = on_copy, .parameter_type = "s" },
  { .name = "back", .activate = on_back },
  { .name = "shortcuts", .activate = on_shortcuts },
};

/**
 * ch_window_add_actions:
 *
 * Adds what menus, buttons, keys and other pages can ask the window to do.
 */
void
ch_window_add_actions (ChWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  ch_window_add_saving (self);
}
