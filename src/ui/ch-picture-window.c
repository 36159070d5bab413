#include "config.h"

#include "ui/ch-picture-window.h"
#include "ui/ch-thumbnail.h"

#define EDGE 1600

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkPicture) picture = user_data;
  g_autoptr (GdkPaintable) paintable = ch_thumbnail_load_finish (G_FILE (source), result, NULL);

  if (paintable != NULL)
    gtk_picture_set_paintable (picture, paintable);
}

/**
 * ch_picture_window_present:
 * @widget: who asks
 * @title: name of the document
 * @file: a picture
 *
 * Shows @file large, in a window of its own that Esc closes.
 */
void
ch_picture_window_present (GtkWidget *widget, const char *title, GFile *file)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "transient-for", GTK_IS_WINDOW (root) ? root : NULL,
                                    "modal", TRUE, "destroy-with-parent", TRUE, "title", title,
                                    "default-width", 720, "default-height", 640, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *picture = gtk_picture_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_picture_set_alternative_text (GTK_PICTURE (picture), title);
  gtk_widget_set_vexpand (picture, TRUE);
  gtk_box_append (GTK_BOX (box), g_object_new (ADW_TYPE_HEADER_BAR, NULL));
  gtk_box_append (GTK_BOX (box), picture);
  adw_window_set_content (ADW_WINDOW (window), box);

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);

  ch_thumbnail_load_async (file, EDGE, NULL, on_loaded_cb, g_object_ref (picture));
  gtk_window_present (GTK_WINDOW (window));
}
