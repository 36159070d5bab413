#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-scan-box.h"
#include "ui/ch-scan-window.h"

static void
on_done_cb (ChScanBox *box, GtkWindow *window)
{
  gtk_window_close (window);
}

/* Also where the phone did not say that it was all: what it sent is there */
static void
on_destroy_cb (GtkWidget *window, ChRun *run)
{
  ch_run_look_again (run);
}

/**
 * ch_scan_window_present:
 * @widget: who asks
 * @run: whose documents are wanted
 *
 * Shows a code with which a phone photographs them; closes by itself when the phone is done.
 *
 * Returns: (transfer none): the window
 */
GtkWidget *
ch_scan_window_present (GtkWidget *widget, ChRun *run)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *box = ch_scan_box_new (ch_run_get_ports (run), CH_SCAN_PAPERS, ch_run_get_application (run)->id);
  GtkWidget *note
      = gtk_label_new (_ ("The phone’s page photographs one document after the other and puts it into "
                          "this application."));
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "transient-for", GTK_IS_WINDOW (root) ? root : NULL,
                                    "modal", TRUE, "destroy-with-parent", TRUE, "title",
                                    _ ("Photograph with the phone"), "default-width", 400, NULL);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_justify (GTK_LABEL (note), GTK_JUSTIFY_CENTER);
  gtk_widget_set_margin_top (inside, 18);
  gtk_widget_set_margin_bottom (inside, 24);
  gtk_widget_set_margin_start (inside, 18);
  gtk_widget_set_margin_end (inside, 18);
  gtk_box_append (GTK_BOX (inside), note);
  gtk_box_append (GTK_BOX (inside), box);
  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), inside);
  adw_window_set_content (ADW_WINDOW (window), content);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  g_signal_connect_object (box, "done", G_CALLBACK (on_done_cb), window, 0);
  g_signal_connect_object (window, "destroy", G_CALLBACK (on_destroy_cb), run, 0);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}
