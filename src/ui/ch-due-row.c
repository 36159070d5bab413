#include "config.h"

#include "ui/ch-due-row.h"

struct _ChDueRow
{
  AdwActionRow parent_instance;

  GtkImage *glyph;   /* template child */
  GtkButton *button; /* template child */
};

G_DEFINE_FINAL_TYPE (ChDueRow, ch_due_row, ADW_TYPE_ACTION_ROW)

static void
ch_due_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_DUE_ROW);
  G_OBJECT_CLASS (ch_due_row_parent_class)->dispose (object);
}

static void
ch_due_row_class_init (ChDueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_due_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-due-row"));
  gtk_widget_class_bind_template_child (widget_class, ChDueRow, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChDueRow, button);
}

static void
ch_due_row_init (ChDueRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_due_row_new:
 * @glyph: name of an icon
 * @title: what waits, translated
 * @subtitle: until when, how much, for whom; translated
 * @tone: how it is to be taken
 *
 * Returns: (transfer floating): a row without a button yet
 */
GtkWidget *
ch_due_row_new (const char *glyph, const char *title, const char *subtitle, ChTone tone)
{
  ChDueRow *self
      = g_object_new (CH_TYPE_DUE_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);

  gtk_image_set_from_icon_name (self->glyph, glyph);
  ch_tone_apply (GTK_WIDGET (self), tone);
  return GTK_WIDGET (self);
}

/**
 * ch_due_row_set_action:
 * @label: what the button says, translated
 * @action_name: what it does
 * @target: (nullable): a string, its parameter
 */
void
ch_due_row_set_action (ChDueRow *self, const char *label, const char *action_name, const char *target)
{
  g_return_if_fail (CH_IS_DUE_ROW (self));

  gtk_button_set_label (self->button, label);
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
  gtk_widget_set_visible (GTK_WIDGET (self->button), TRUE);
}

/**
 * ch_due_row_set_suggested:
 * @suggested: whether its button is the one thing to do on the page
 */
void
ch_due_row_set_suggested (ChDueRow *self, gboolean suggested)
{
  g_return_if_fail (CH_IS_DUE_ROW (self));

  if (suggested)
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "suggested-action");
}
