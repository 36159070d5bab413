#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-picture-window.h"
#include "ui/ch-thumbnail.h"

/* Longest side that is decoded */
#define EDGE 2400

#define ZOOM_STEP 1.25
#define ZOOM_MAX  4.0
#define ZOOM_MIN  0.1

struct _ChPictureWindow
{
  AdwWindow parent_instance;

  ChPaper *paper;            /* (owned) */
  GCancellable *cancellable; /* (owned) */
  double zoom;               /* dots of the screen for one of the picture; 0: as large as fits */

  GtkStack *stack;
  GtkPicture *picture;
  GtkScrolledWindow *scrolled;
  GtkWidget *zoom_out;
  GtkWidget *zoom_in;
  GtkWidget *zoom_fit;
  GtkWidget *turn;
};

G_DEFINE_FINAL_TYPE (ChPictureWindow, ch_picture_window, ADW_TYPE_WINDOW)

/* How large it is shown just now */
static double
get_zoom (ChPictureWindow *self)
{
  GdkPaintable *shown = gtk_picture_get_paintable (self->picture);
  double x, y;

  if (self->zoom > 0 || shown == NULL)
    return self->zoom;
  x = (double) gtk_widget_get_width (GTK_WIDGET (self->scrolled)) / gdk_paintable_get_intrinsic_width (shown);
  y = (double) gtk_widget_get_height (GTK_WIDGET (self->scrolled))
      / gdk_paintable_get_intrinsic_height (shown);
  return MIN (x, y);
}

static void
apply_zoom (ChPictureWindow *self)
{
  GdkPaintable *shown = gtk_picture_get_paintable (self->picture);
  gboolean fits = self->zoom <= 0 || shown == NULL;

  gtk_widget_set_size_request (GTK_WIDGET (self->picture),
                               fits ? -1 : (int) (gdk_paintable_get_intrinsic_width (shown) * self->zoom),
                               fits ? -1 : (int) (gdk_paintable_get_intrinsic_height (shown) * self->zoom));
  gtk_widget_set_sensitive (self->zoom_fit, !fits);
}

static void
zoom_by (ChPictureWindow *self, double factor)
{
  self->zoom = CLAMP (get_zoom (self) * factor, ZOOM_MIN, ZOOM_MAX);
  apply_zoom (self);
}

static void
on_zoom_in_cb (GtkWidget *widget, ChPictureWindow *self)
{
  zoom_by (self, ZOOM_STEP);
}

static void
on_zoom_out_cb (GtkWidget *widget, ChPictureWindow *self)
{
  zoom_by (self, 1 / ZOOM_STEP);
}

static void
on_zoom_fit_cb (GtkWidget *widget, ChPictureWindow *self)
{
  self->zoom = 0;
  apply_zoom (self);
}

static void
on_turn_cb (GtkWidget *widget, ChPictureWindow *self)
{
  ch_paper_turn (self->paper);
}

static gboolean
on_scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, ChPictureWindow *self)
{
  if ((gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller)) & GDK_CONTROL_MASK)
      == 0)
    return FALSE;
  zoom_by (self, dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
  return TRUE;
}

static gboolean
on_key_cb (GtkEventControllerKey *controller,
           guint key,
           guint code,
           GdkModifierType state,
           ChPictureWindow *self)
{
  if (key == GDK_KEY_plus || key == GDK_KEY_equal || key == GDK_KEY_KP_Add)
    zoom_by (self, ZOOM_STEP);
  else if (key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract)
    zoom_by (self, 1 / ZOOM_STEP);
  else if (key == GDK_KEY_0 || key == GDK_KEY_KP_0)
    on_zoom_fit_cb (NULL, self);
  else if (key == GDK_KEY_r || key == GDK_KEY_R)
    ch_paper_turn (self->paper);
  else if (key == GDK_KEY_Escape)
    gtk_window_close (GTK_WINDOW (self));
  else
    return FALSE;
  return TRUE;
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChPictureWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPaintable) shown = ch_thumbnail_load_finish (CH_PAPER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->paper == NULL)
    return;
  gtk_picture_set_paintable (self->picture, shown);
  gtk_stack_set_visible_child_name (self->stack, shown != NULL ? "picture" : "none");
  gtk_widget_set_sensitive (self->zoom_in, shown != NULL);
  gtk_widget_set_sensitive (self->zoom_out, shown != NULL);
  gtk_widget_set_sensitive (self->turn, shown != NULL);
  apply_zoom (self);
}

static void
load (ChPictureWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  ch_thumbnail_load_async (self->paper, EDGE, self->cancellable, on_loaded_cb, g_object_ref (self));
}

static void
on_turned_cb (ChPaper *paper, GParamSpec *pspec, ChPictureWindow *self)
{
  load (self);
}

static GtkWidget *
add_button (ChPictureWindow *self, GtkWidget *bar, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_sensitive (button, FALSE);
  g_signal_connect (button, "clicked", callback, self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), button);
  return button;
}

static void
ch_picture_window_dispose (GObject *object)
{
  ChPictureWindow *self = CH_PICTURE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->paper);
  G_OBJECT_CLASS (ch_picture_window_parent_class)->dispose (object);
}

static void
ch_picture_window_class_init (ChPictureWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_picture_window_dispose;
}

static void
ch_picture_window_init (ChPictureWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *spinner = gtk_spinner_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->zoom_out = add_button (self, bar, "zoom-out-symbolic", _ ("Smaller"), G_CALLBACK (on_zoom_out_cb));
  self->zoom_fit
      = add_button (self, bar, "zoom-fit-best-symbolic", _ ("As large as fits"), G_CALLBACK (on_zoom_fit_cb));
  self->zoom_in = add_button (self, bar, "zoom-in-symbolic", _ ("Larger"), G_CALLBACK (on_zoom_in_cb));
  self->turn = add_button (self, bar, "object-rotate-right-symbolic", _ ("Turn to the right"),
                           G_CALLBACK (on_turn_cb));

  self->picture = GTK_PICTURE (gtk_picture_new ());
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->picture));
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->scrolled), "picture");
  gtk_stack_add_named (self->stack,
                       g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "x-office-document-symbolic", "title",
                                     _ ("This file cannot be shown here"), NULL),
                       "none");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_window_set_content (ADW_WINDOW (self), box);

  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), wheel);
}

/**
 * ch_picture_window_present:
 * @widget: who asks
 * @title: name of the document or page
 * @paper: what is shown; turned with the button
 *
 * Shows @paper large.
 *
 * Returns: (transfer none): the window
 */
GtkWidget *
ch_picture_window_present (GtkWidget *widget, const char *title, ChPaper *paper)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  ChPictureWindow *self = g_object_new (
      CH_TYPE_PICTURE_WINDOW, "transient-for", GTK_IS_WINDOW (root) ? root : NULL, "modal", TRUE,
      "destroy-with-parent", TRUE, "title", title, "default-width", 720, "default-height", 640, NULL);

  self->paper = g_object_ref (paper);
  gtk_picture_set_alternative_text (self->picture, title);
  g_signal_connect_object (paper, "notify::turns", G_CALLBACK (on_turned_cb), self, 0);
  load (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}
