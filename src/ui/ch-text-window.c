#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-text-window.h"

struct _ChTextWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts; /* (unowned) */
  char *text;              /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChTextWindow, ch_text_window, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_SAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_copy_clicked_cb (GtkButton *button, ChTextWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (_ ("Copied")));
}

static void
on_save_clicked_cb (GtkButton *button, ChTextWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_SAVE], 0);
}

static void
ch_text_window_finalize (GObject *object)
{
  g_free (CH_TEXT_WINDOW (object)->text);
  G_OBJECT_CLASS (ch_text_window_parent_class)->finalize (object);
}

static void
ch_text_window_class_init (ChTextWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_text_window_finalize;

  signals[SIGNAL_SAVE]
      = g_signal_new ("save", CH_TYPE_TEXT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ch_text_window_init (ChTextWindow *self)
{
}

static GtkWidget *
make_bar (ChTextWindow *self, const char *title, const char *subtitle, const char *save_label)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *copy = gtk_button_new_with_label (_ ("Copy"));

  adw_header_bar_set_centering_policy (ADW_HEADER_BAR (bar), ADW_CENTERING_POLICY_LOOSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), adw_window_title_new (title, subtitle));
  g_signal_connect_object (copy, "clicked", G_CALLBACK (on_copy_clicked_cb), self, 0);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), copy);
  if (save_label != NULL)
    {
      GtkWidget *save = gtk_button_new_with_label (save_label);

      gtk_widget_add_css_class (save, "suggested-action");
      g_signal_connect_object (save, "clicked", G_CALLBACK (on_save_clicked_cb), self, 0);
      adw_header_bar_pack_end (ADW_HEADER_BAR (bar), save);
    }
  return bar;
}

/**
 * ch_text_window_new:
 * @parent: the window it stands before
 * @title: of the window
 * @subtitle: what it is about
 * @text: to be read
 * @save_label: (nullable): of the button for `save`; %NULL for none
 *
 * Returns: (transfer none): a window, owned by GTK
 */
GtkWidget *
ch_text_window_new (GtkWindow *parent,
                    const char *title,
                    const char *subtitle,
                    const char *text,
                    const char *save_label)
{
  ChTextWindow *self = g_object_new (CH_TYPE_TEXT_WINDOW, "transient-for", parent, "modal", TRUE, "title",
                                     title, "default-width", 640, "default-height", 600, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *label = gtk_label_new (text);

  self->text = g_strdup (text);
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self), 360, -1);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_margin_top (label, 24);
  gtk_widget_set_margin_bottom (label, 24);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);
  gtk_widget_set_vexpand (scrolled, TRUE);
  adw_toast_overlay_set_child (self->toasts, scrolled);
  gtk_box_append (GTK_BOX (box), make_bar (self, title, subtitle, save_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  adw_window_set_content (ADW_WINDOW (self), box);
  /* A selectable label takes the focus, and with it everything is selected */
  gtk_label_select_region (GTK_LABEL (label), 0, 0);
  return GTK_WIDGET (self);
}
