#include "config.h"

#include "ui/ch-reason-row.h"

struct _ChReasonRow
{
  AdwPreferencesRow parent_instance;

  char *field; /* (owned) */

  GtkLabel *name;    /* template child */
  GtkLabel *reason;  /* template child */
  GtkLabel *given;   /* template child */
  GtkWidget *mended; /* template child */
  GtkWidget *button; /* template child */
};

G_DEFINE_FINAL_TYPE (ChReasonRow, ch_reason_row, ADW_TYPE_PREFERENCES_ROW)

static guint open_signal;

static void
on_clicked_cb (GtkButton *button, ChReasonRow *self)
{
  g_signal_emit (self, open_signal, 0);
}

static gboolean
ch_reason_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (widget)), direction);
}

static void
ch_reason_row_dispose (GObject *object)
{
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_reason_row_parent_class)->dispose (object);
}

static void
ch_reason_row_finalize (GObject *object)
{
  g_free (CH_REASON_ROW (object)->field);
  G_OBJECT_CLASS (ch_reason_row_parent_class)->finalize (object);
}

static void
ch_reason_row_class_init (ChReasonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_reason_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_reason_row_finalize;
  widget_class->focus = ch_reason_row_focus;

  open_signal
      = g_signal_new ("open", CH_TYPE_REASON_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-reason-row"));
  gtk_widget_class_bind_template_child (widget_class, ChReasonRow, name);
  gtk_widget_class_bind_template_child (widget_class, ChReasonRow, reason);
  gtk_widget_class_bind_template_child (widget_class, ChReasonRow, given);
  gtk_widget_class_bind_template_child (widget_class, ChReasonRow, mended);
  gtk_widget_class_bind_template_child (widget_class, ChReasonRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked_cb);
}

static void
ch_reason_row_init (ChReasonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_reason_row_new:
 * @field: id of a field or document
 * @name: its name
 * @reason: what is wrong with it
 * @given: (nullable): what was filled in
 * @button: words of the button that leads there
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_reason_row_new (const char *field,
                   const char *name,
                   const char *reason,
                   const char *given,
                   const char *button)
{
  ChReasonRow *self = g_object_new (CH_TYPE_REASON_ROW, NULL);
  g_autofree char *button_name = g_strdup_printf ("%s %s", button, name);

  self->field = g_strdup (field);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->reason, reason);
  gtk_label_set_label (self->given, given != NULL ? given : "");
  gtk_widget_set_visible (GTK_WIDGET (self->given), given != NULL);
  gtk_button_set_label (GTK_BUTTON (self->button), button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, button_name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
  return GTK_WIDGET (self);
}

const char *
ch_reason_row_get_field (ChReasonRow *self)
{
  g_return_val_if_fail (CH_IS_REASON_ROW (self), NULL);

  return self->field;
}

/**
 * ch_reason_row_set_mended:
 * @mended: whether it has been corrected
 */
void
ch_reason_row_set_mended (ChReasonRow *self, gboolean mended)
{
  g_return_if_fail (CH_IS_REASON_ROW (self));

  gtk_widget_set_visible (self->mended, mended);
  gtk_widget_set_visible (self->button, !mended);
  gtk_widget_set_visible (GTK_WIDGET (self->given), !mended && *gtk_label_get_label (self->given) != 0);
}

/**
 * ch_reason_row_set_can_open:
 * @can_open: whether the button leads anywhere now
 */
void
ch_reason_row_set_can_open (ChReasonRow *self, gboolean can_open)
{
  g_return_if_fail (CH_IS_REASON_ROW (self));

  gtk_widget_set_sensitive (self->button, can_open);
}

/**
 * ch_reason_row_grab_button:
 *
 * Returns: whether the button can be pressed, and has the focus now
 */
gboolean
ch_reason_row_grab_button (ChReasonRow *self)
{
  g_return_val_if_fail (CH_IS_REASON_ROW (self), FALSE);

  return gtk_widget_is_sensitive (self->button) && gtk_widget_grab_focus (self->button);
}
