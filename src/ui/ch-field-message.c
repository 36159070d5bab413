#include "config.h"

#include "ui/ch-field-message.h"

struct _ChFieldMessage
{
  AdwPreferencesRow parent_instance;

  GtkLabel *text; /* template child */
};

G_DEFINE_FINAL_TYPE (ChFieldMessage, ch_field_message, ADW_TYPE_PREFERENCES_ROW)

/* The list asks each row in turn for the focus; there is nothing to do here */
static gboolean
ch_field_message_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return FALSE;
}

static void
ch_field_message_dispose (GObject *object)
{
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_field_message_parent_class)->dispose (object);
}

static void
ch_field_message_class_init (ChFieldMessageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_field_message_dispose;
  widget_class->focus = ch_field_message_focus;
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-field-message"));
  gtk_widget_class_bind_template_child (widget_class, ChFieldMessage, text);
}

static void
ch_field_message_init (ChFieldMessage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_field_message_new:
 *
 * Returns: (transfer floating): a message that is not shown yet
 */
GtkWidget *
ch_field_message_new (void)
{
  return g_object_new (CH_TYPE_FIELD_MESSAGE, NULL);
}

/**
 * ch_field_message_set_text:
 * @text: (nullable): what is wrong and what to do; %NULL hides the row
 */
void
ch_field_message_set_text (ChFieldMessage *self, const char *text)
{
  g_return_if_fail (CH_IS_FIELD_MESSAGE (self));

  gtk_label_set_label (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
}

/**
 * ch_field_message_get_text:
 *
 * Returns: (nullable): what is shown; %NULL when nothing is
 */
const char *
ch_field_message_get_text (ChFieldMessage *self)
{
  g_return_val_if_fail (CH_IS_FIELD_MESSAGE (self), NULL);

  return gtk_widget_get_visible (GTK_WIDGET (self)) ? gtk_label_get_label (self->text) : NULL;
}
