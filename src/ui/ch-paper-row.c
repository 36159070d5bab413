#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-paper-row.h"
#include "ui/ch-picture-window.h"
#include "ui/ch-thumbnail.h"

#define EDGE 128

struct _ChPaperRow
{
  AdwPreferencesRow parent_instance;

  ChPaper *paper;            /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */

  GtkWidget *look;     /* template child */
  GtkStack *thumbnail; /* template child */
  GtkPicture *picture; /* template child */
  GtkLabel *place;     /* template child */
  GtkLabel *name;      /* template child */
  GtkWidget *up;       /* template child */
  GtkWidget *down;     /* template child */
  GtkWidget *turn;     /* template child */
  GtkWidget *remove;   /* template child */
};

G_DEFINE_FINAL_TYPE (ChPaperRow, ch_paper_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  SIGNAL_UP,
  SIGNAL_DOWN,
  SIGNAL_REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChPaperRow) self = user_data;
  g_autoptr (GdkPaintable) shown = ch_thumbnail_load_finish (CH_PAPER (source), result, NULL);

  if (self->paper == NULL || shown == NULL)
    return;
  gtk_picture_set_paintable (self->picture, shown);
  gtk_stack_set_visible_child_name (self->thumbnail, "picture");
  gtk_widget_set_sensitive (self->look, TRUE);
  gtk_widget_set_sensitive (self->turn, TRUE);
}

static void
load (ChPaperRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  ch_thumbnail_load_async (self->paper, EDGE, self->cancellable, on_loaded_cb, g_object_ref (self));
}

static void
on_turned_cb (ChPaper *paper, GParamSpec *pspec, ChPaperRow *self)
{
  load (self);
}

static void
on_look_cb (GtkButton *button, ChPaperRow *self)
{
  ch_picture_window_present (GTK_WIDGET (self), ch_paper_get_name (self->paper), self->paper);
}

static void
on_up_cb (GtkButton *button, ChPaperRow *self)
{
  g_signal_emit (self, signals[SIGNAL_UP], 0);
}

static void
on_down_cb (GtkButton *button, ChPaperRow *self)
{
  g_signal_emit (self, signals[SIGNAL_DOWN], 0);
}

static void
on_turn_cb (GtkButton *button, ChPaperRow *self)
{
  ch_paper_turn (self->paper);
}

static void
on_remove_cb (GtkButton *button, ChPaperRow *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVE], 0);
}

static gboolean
ch_paper_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (widget)), direction);
}

static void
ch_paper_row_dispose (GObject *object)
{
  ChPaperRow *self = CH_PAPER_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->paper);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_paper_row_parent_class)->dispose (object);
}

static void
ch_paper_row_class_init (ChPaperRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { "up", "down", "remove" };

  G_OBJECT_CLASS (klass)->dispose = ch_paper_row_dispose;
  widget_class->focus = ch_paper_row_focus;
  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_PAPER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-paper-row"));
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, look);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, picture);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, place);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, name);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, up);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, down);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, turn);
  gtk_widget_class_bind_template_child (widget_class, ChPaperRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, on_look_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_down_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_turn_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_cb);
}

static void
ch_paper_row_init (ChPaperRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_paper_row_new:
 * @paper: what is shown; the row’s button turns it
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_paper_row_new (ChPaper *paper)
{
  ChPaperRow *self = g_object_new (CH_TYPE_PAPER_ROW, NULL);

  self->paper = g_object_ref (paper);
  gtk_label_set_label (self->name, ch_paper_get_name (paper));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), ch_paper_get_name (paper));
  g_signal_connect_object (paper, "notify::turns", G_CALLBACK (on_turned_cb), self, 0);
  load (self);
  return GTK_WIDGET (self);
}

ChPaper *
ch_paper_row_get_paper (ChPaperRow *self)
{
  g_return_val_if_fail (CH_IS_PAPER_ROW (self), NULL);

  return self->paper;
}

static void
set_name (GtkWidget *button, const char *format, guint place)
{
  g_autofree char *name = g_strdup_printf ("%s, %u", format, place);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * ch_paper_row_set_place:
 * @place: from 1
 * @n_pages: of how many
 */
void
ch_paper_row_set_place (ChPaperRow *self, guint place, guint n_pages)
{
  /* Translators: %u is the number of a page */
  g_autofree char *text = g_strdup_printf (_ ("Page %u"), place);

  gtk_label_set_label (self->place, text);
  gtk_widget_set_sensitive (self->up, place > 1);
  gtk_widget_set_sensitive (self->down, place < n_pages);
  gtk_widget_set_sensitive (self->remove, n_pages > 1);
  set_name (self->look, _ ("Look at it large"), place);
  set_name (self->up, _ ("Move up"), place);
  set_name (self->down, _ ("Move down"), place);
  set_name (self->turn, _ ("Turn to the right"), place);
  set_name (self->remove, _ ("Take it out"), place);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, ch_paper_get_name (self->paper), -1);
}

/**
 * ch_paper_row_focus_turn:
 *
 * Puts the focus into the row, where it was moved or another was taken out.
 */
void
ch_paper_row_focus_turn (ChPaperRow *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}
