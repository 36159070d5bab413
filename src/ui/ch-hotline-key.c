#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-hotline-key.h"
#include "ui/ch-hotline.h"
#include "wire/ch-policy.h"

/* F1 in every window of the program. An accelerator of the application reaches only its own windows. Those
 * that belong to another one (preferences, dialogs, choosers of files) are none of these, and must not become
 * some: the program would think that it can be left through them. So each window that comes gets the key. */

#define ACTION  "hotline"
#define POPOVER "ch-hotline"
/* Where it points to: below a header bar */
#define TOP 48

static gboolean
on_key_pressed_cb (GtkEventControllerKey *controller,
                   guint keyval,
                   guint keycode,
                   GdkModifierType state,
                   GActionGroup *application)
{
  if (keyval != GDK_KEY_F1 || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  g_action_group_activate_action (application, ACTION, NULL);
  return GDK_EVENT_STOP;
}

/* Before anything in the window sees it: a field that is typed into, a list that searches */
static void
add_key (GtkWidget *window, GtkApplication *application)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed_cb), application, 0);
  gtk_widget_add_controller (window, keys);
}

static void
on_windows_changed_cb (GListModel *windows,
                       guint position,
                       guint n_removed,
                       guint n_added,
                       GtkApplication *application)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      add_key (window, application);
    }
}

/**
 * ch_hotline_key_install:
 * @application: with an action `hotline`
 *
 * From now on F1 activates that action, whichever window it is pressed in.
 */
void
ch_hotline_key_install (GtkApplication *application)
{
  GListModel *windows = gtk_window_get_toplevels ();

  g_signal_connect_object (windows, "items-changed", G_CALLBACK (on_windows_changed_cb), application, 0);
  on_windows_changed_cb (windows, 0, 0, g_list_model_get_n_items (windows), application);
}

/* (transfer none) (nullable) */
static GtkWindow *
find_active (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      /* The list keeps it */
      if (gtk_window_is_active (window))
        return window;
    }
  return NULL;
}

/* -- In windows without a hotline of their own ----------------------------------------------------------- */

static void
on_copy_clicked_cb (GtkButton *button, GtkPopover *popover)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)),
                          g_object_get_data (G_OBJECT (popover), "number"));
  gtk_popover_popdown (popover);
}

static GtkWidget *
make_content (GtkPopover *popover, const ChProfile *profile)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *number = gtk_label_new (profile->hotline);
  GtkWidget *hours = gtk_label_new (ch_text_get (profile->hours));
  GtkWidget *copy = gtk_button_new_with_label (_ ("Copy the number"));

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_label_set_selectable (GTK_LABEL (number), TRUE);
  gtk_widget_add_css_class (number, "title-2");
  gtk_widget_add_css_class (number, "numeric");
  gtk_label_set_wrap (GTK_LABEL (hours), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (hours), 28);
  gtk_label_set_justify (GTK_LABEL (hours), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (hours, "dim-label");
  gtk_widget_set_margin_top (copy, 6);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (on_copy_clicked_cb), popover, 0);
  gtk_box_append (GTK_BOX (box), number);
  gtk_box_append (GTK_BOX (box), hours);
  gtk_box_append (GTK_BOX (box), copy);
  return box;
}

static gboolean
on_gone_cb (gpointer user_data)
{
  g_autoptr (GtkWidget) popover = user_data;

  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

/* Not within its own signal; the focus goes back to where it was */
static void
on_closed_cb (GtkPopover *popover, GtkWindow *window)
{
  GtkWidget *before = g_object_get_data (G_OBJECT (popover), "before");

  g_object_set_data (G_OBJECT (window), POPOVER, NULL);
  if (before != NULL && gtk_widget_get_root (before) == GTK_ROOT (window))
    gtk_widget_grab_focus (before);
  g_idle_add (on_gone_cb, g_object_ref (popover));
}

/* In the window itself: a dialog of a dialog would leave some window managers at a loss where the keyboard
 * belongs when it goes */
static void
show_popover (GtkWindow *window, const ChProfile *profile)
{
  GtkWidget *child = gtk_window_get_child (window);
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *popover, *content;

  if (child == NULL)
    return;

  popover = gtk_popover_new ();
  g_object_set_data (G_OBJECT (window), POPOVER, popover);
  g_object_set_data_full (G_OBJECT (popover), "number", g_strdup (profile->hotline), g_free);
  if (focus != NULL)
    g_object_set_data_full (G_OBJECT (popover), "before", g_object_ref (focus), g_object_unref);
  gtk_popover_set_child (GTK_POPOVER (popover), make_content (GTK_POPOVER (popover), profile));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover),
                               &(GdkRectangle){ gtk_widget_get_width (GTK_WIDGET (window)) / 2, TOP, 1, 1 });
  gtk_widget_set_parent (popover, child);
  g_signal_connect_object (popover, "closed", G_CALLBACK (on_closed_cb), window, 0);
  g_signal_connect_object (child, "destroy", G_CALLBACK (gtk_widget_unparent), popover, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
  /* On the button: the number, which can be selected too, would be so from the start */
  content = gtk_popover_get_child (GTK_POPOVER (popover));
  gtk_widget_grab_focus (gtk_widget_get_last_child (content));
  gtk_label_select_region (GTK_LABEL (gtk_widget_get_first_child (content)), 0, 0);
}

/**
 * ch_hotline_key_show:
 * @front: (nullable): knows the CA
 *
 * Shows number and hours in the window that is in use: by its own button where it has one.
 */
void
ch_hotline_key_show (ChFront *front)
{
  const ChProfile *profile = front != NULL ? ch_front_get_profile (front) : NULL;
  GtkWindow *window = find_active ();

  if (window == NULL || g_object_get_data (G_OBJECT (window), POPOVER) != NULL
      || ch_hotline_open_in (GTK_WIDGET (window)) || profile == NULL)
    return;
  show_popover (window, profile);
}
