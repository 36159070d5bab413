#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-doc-row.h"
#include "front/ch-format.h"
#include "ui/ch-picture-window.h"
#include "ui/ch-thumbnail.h"
#include "ui/ch-tone.h"
#include "wire/ch-policy.h"

/* Twice the size it is shown at, for screens with fine pixels */
#define EDGE 128

struct _ChDocRow
{
  AdwPreferencesRow parent_instance;

  ChAttachment *attachment;  /* (owned) */
  GFile *pictured;           /* (owned) (nullable): the file the thumbnail is of */
  GCancellable *cancellable; /* (owned) (nullable): of the thumbnail being read */

  GtkWidget *look;     /* template child */
  GtkStack *thumbnail; /* template child */
  GtkImage *icon;      /* template child */
  GtkPicture *picture; /* template child */
  GtkLabel *name;      /* template child */
  GtkProgressBar *bar; /* template child */
  GtkWidget *tick;     /* template child */
  GtkLabel *status;    /* template child */
  GtkButton *choose;   /* template child */
  GtkWidget *cancel;   /* template child */
};

G_DEFINE_FINAL_TYPE (ChDocRow, ch_doc_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  SIGNAL_CHOOSE,
  SIGNAL_CANCEL,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* File name and size, as far as they are known */
static char *
say_file (ChDocRow *self)
{
  const char *name = ch_attachment_get_name (self->attachment);
  g_autofree char *size = ch_format_size (ch_attachment_get_size (self->attachment));

  if (name == NULL)
    return g_strdup (_ ("No file yet"));
  if (ch_attachment_get_size (self->attachment) <= 0)
    return g_strdup (name);
  return g_strdup_printf ("%s · %s", name, size);
}

static char *
say_status (ChDocRow *self)
{
  g_autofree char *file = say_file (self);

  switch (ch_attachment_get_state (self->attachment))
    {
    case CH_ATTACHMENT_UPLOADING:
      /* Translators: %d is a percentage, %s name and size of a file */
      return g_strdup_printf (_ ("Uploading %d %% · %s"),
                              (int) (ch_attachment_get_progress (self->attachment) * 100), file);
    case CH_ATTACHMENT_DONE:
      /* Translators: %s is name and size of a file */
      return g_strdup_printf (_ ("Uploaded · %s"), file);
    default:
      return g_steal_pointer (&file);
    }
}

static void
on_thumbnail_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPaintable) picture = ch_thumbnail_load_finish (G_FILE (source), result, &error);

  if (picture == NULL || self->pictured == NULL || !g_file_equal (self->pictured, G_FILE (source)))
    return;

  gtk_picture_set_paintable (self->picture, picture);
  gtk_stack_set_visible_child_name (self->thumbnail, "picture");
  gtk_widget_set_sensitive (self->look, TRUE);
}

static const char *
pick_icon (ChDocRow *self)
{
  const char *name = ch_attachment_get_name (self->attachment);

  if (name == NULL)
    return "insert-image-symbolic";
  if (g_str_has_suffix (name, ".zip") || g_str_has_suffix (name, ".rar"))
    return "package-x-generic-symbolic";
  return "x-office-document-symbolic";
}

static void
refresh_thumbnail (ChDocRow *self)
{
  GFile *file = ch_attachment_get_file (self->attachment);

  gtk_image_set_from_icon_name (self->icon, pick_icon (self));
  if (file == self->pictured
      || (file != NULL && self->pictured != NULL && g_file_equal (file, self->pictured)))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_set_object (&self->pictured, file);
  gtk_stack_set_visible_child_name (self->thumbnail, "icon");
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_widget_set_sensitive (self->look, FALSE);
  if (file == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  ch_thumbnail_load_async (file, EDGE, self->cancellable, on_thumbnail_cb, g_object_ref (self));
}

static void
set_css_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
refresh (ChDocRow *self)
{
  ChAttachmentState state = ch_attachment_get_state (self->attachment);
  gboolean going = state == CH_ATTACHMENT_UPLOADING;
  g_autofree char *status = say_status (self);
  const char *word = state == CH_ATTACHMENT_MISSING ? _ ("Choose…") : _ ("Replace…");
  g_autofree char *choose_name = NULL;

  refresh_thumbnail (self);
  gtk_label_set_label (self->status, status);
  gtk_progress_bar_set_fraction (self->bar, ch_attachment_get_progress (self->attachment));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), going);
  gtk_widget_set_visible (self->cancel, going);
  gtk_widget_set_visible (self->tick, state == CH_ATTACHMENT_DONE);
  gtk_widget_set_visible (GTK_WIDGET (self->choose), !going);

  /* What is done needs a small button only */
  if (state == CH_ATTACHMENT_DONE)
    gtk_button_set_icon_name (self->choose, "document-edit-symbolic");
  else
    gtk_button_set_label (self->choose, word);
  set_css_class (GTK_WIDGET (self->choose), "flat", state == CH_ATTACHMENT_DONE);
  set_css_class (GTK_WIDGET (self->choose), "circular", state == CH_ATTACHMENT_DONE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->choose), state == CH_ATTACHMENT_DONE ? word : NULL);
  choose_name = g_strdup_printf ("%s %s", word, gtk_label_get_label (self->name));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_PROPERTY_LABEL, choose_name,
                                  -1);

  ch_tone_apply (GTK_WIDGET (self), state == CH_ATTACHMENT_DONE ? CH_TONE_OK : CH_TONE_IDLE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->name), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  status, -1);
}

static void
on_notify_cb (ChAttachment *attachment, GParamSpec *pspec, ChDocRow *self)
{
  refresh (self);
  if (g_str_equal (pspec->name, "state"))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_look_clicked_cb (GtkButton *button, ChDocRow *self)
{
  if (self->pictured != NULL)
    ch_picture_window_present (GTK_WIDGET (self), gtk_label_get_label (self->name), self->pictured);
}

static void
on_choose_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE], 0);
}

static void
on_cancel_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static gboolean
ch_doc_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (widget)), direction);
}

static void
ch_doc_row_dispose (GObject *object)
{
  ChDocRow *self = CH_DOC_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pictured);
  g_clear_object (&self->attachment);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_doc_row_parent_class)->dispose (object);
}

static void
ch_doc_row_class_init (ChDocRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { "choose", "cancel", "changed" };

  G_OBJECT_CLASS (klass)->dispose = ch_doc_row_dispose;
  widget_class->focus = ch_doc_row_focus;

  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_DOC_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-doc-row"));
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, look);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, picture);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, name);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, bar);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, tick);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, status);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, choose);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_look_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked_cb);
}

static void
ch_doc_row_init (ChDocRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->look, FALSE);
}

/**
 * ch_doc_row_new:
 * @attachment: what is shown; the row follows it
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_doc_row_new (ChAttachment *attachment)
{
  ChDocRow *self = g_object_new (CH_TYPE_DOC_ROW, NULL);
  const ChDocumentRule *rule = ch_attachment_get_rule (attachment);
  /* Translators: for the screen reader, %s is the name of a document */
  g_autofree char *look_name = g_strdup_printf (_ ("Look at %s"), ch_text_get (rule->name));

  self->attachment = g_object_ref (attachment);
  gtk_label_set_label (self->name, ch_text_get (rule->name));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), ch_text_get (rule->note));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->look), GTK_ACCESSIBLE_PROPERTY_LABEL, look_name, -1);
  g_signal_connect_object (attachment, "notify", G_CALLBACK (on_notify_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_doc_row_get_attachment:
 *
 * Returns: (transfer none): what is shown
 */
ChAttachment *
ch_doc_row_get_attachment (ChDocRow *self)
{
  g_return_val_if_fail (CH_IS_DOC_ROW (self), NULL);

  return self->attachment;
}

/**
 * ch_doc_row_set_message:
 * @message: (nullable): the row below that says what is wrong; %NULL: nothing is
 */
void
ch_doc_row_set_message (ChDocRow *self, GtkWidget *message)
{
  g_return_if_fail (CH_IS_DOC_ROW (self));

  if (message == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "ch-has-message");
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
      return;
    }

  gtk_widget_add_css_class (GTK_WIDGET (self), "ch-has-message");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  message, NULL, -1);
}

/**
 * ch_doc_row_focus_button:
 *
 * Puts the focus on the button that chooses a file.
 */
void
ch_doc_row_focus_button (ChDocRow *self)
{
  g_return_if_fail (CH_IS_DOC_ROW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->choose));
}
