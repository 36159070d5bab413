#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-step-row.h"

struct _ChStepRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *number; /* template child */
  GtkWidget *tick;  /* template child */
  GtkLabel *title;  /* template child */
};

G_DEFINE_FINAL_TYPE (ChStepRow, ch_step_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *css;
  const char *word; /* untranslated: read out with the title */
} states[] = {
  [CH_STEP_ROW_TODO] = { "todo", N_ ("Not started") },
  [CH_STEP_ROW_CURRENT] = { "current", N_ ("In progress") },
  [CH_STEP_ROW_DONE] = { "done", N_ ("Done") },
};

static void
ch_step_row_dispose (GObject *object)
{
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_step_row_parent_class)->dispose (object);
}

static void
ch_step_row_class_init (ChStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_step_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-step-row"));
  gtk_widget_class_bind_template_child (widget_class, ChStepRow, number);
  gtk_widget_class_bind_template_child (widget_class, ChStepRow, tick);
  gtk_widget_class_bind_template_child (widget_class, ChStepRow, title);
}

static void
ch_step_row_init (ChStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_step_row_new:
 * @number: from 1
 * @title: name of the step, in the user’s language
 *
 * Returns: (transfer floating): a row that is still to come
 */
GtkWidget *
ch_step_row_new (guint number, const char *title)
{
  ChStepRow *self = g_object_new (CH_TYPE_STEP_ROW, NULL);
  g_autofree char *text = g_strdup_printf ("%u", number);

  gtk_label_set_label (self->number, text);
  gtk_label_set_label (self->title, title);
  ch_step_row_set_state (self, CH_STEP_ROW_TODO, FALSE);
  return GTK_WIDGET (self);
}

const char *
ch_step_row_get_title (ChStepRow *self)
{
  g_return_val_if_fail (CH_IS_STEP_ROW (self), NULL);

  return gtk_label_get_label (self->title);
}

/**
 * ch_step_row_set_state:
 * @state: where the step stands
 * @can_go: whether pressing the row leads there
 */
void
ch_step_row_set_state (ChStepRow *self, ChStepRowState state, gboolean can_go)
{
  g_return_if_fail (CH_IS_STEP_ROW (self));

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), states[i].css);
  gtk_widget_add_css_class (GTK_WIDGET (self), states[state].css);

  gtk_widget_set_visible (GTK_WIDGET (self->number), state != CH_STEP_ROW_DONE);
  gtk_widget_set_visible (self->tick, state == CH_STEP_ROW_DONE);
  gtk_widget_set_sensitive (GTK_WIDGET (self), state != CH_STEP_ROW_TODO);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), can_go);
  gtk_widget_set_focusable (GTK_WIDGET (self), can_go);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ (states[state].word), -1);
}
