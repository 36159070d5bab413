#include "config.h"

#include "ui/ch-plan-row.h"

struct _ChPlanRow
{
  AdwActionRow parent_instance;

  char *id; /* (owned) */

  GtkCheckButton *radio; /* template child */
  GtkLabel *price;       /* template child */
};

G_DEFINE_FINAL_TYPE (ChPlanRow, ch_plan_row, ADW_TYPE_ACTION_ROW)

static guint chosen_signal;

static void
on_toggled_cb (GtkCheckButton *radio, ChPlanRow *self)
{
  if (gtk_check_button_get_active (radio))
    g_signal_emit (self, chosen_signal, 0);
}

static void
ch_plan_row_finalize (GObject *object)
{
  g_free (CH_PLAN_ROW (object)->id);
  G_OBJECT_CLASS (ch_plan_row_parent_class)->finalize (object);
}

static void
ch_plan_row_class_init (ChPlanRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_plan_row_finalize;

  chosen_signal
      = g_signal_new ("chosen", CH_TYPE_PLAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-plan-row"));
  gtk_widget_class_bind_template_child (widget_class, ChPlanRow, radio);
  gtk_widget_class_bind_template_child (widget_class, ChPlanRow, price);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled_cb);
}

static void
ch_plan_row_init (ChPlanRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_plan_row_new:
 * @id: the answer it stands for
 * @title: its name
 * @note: (nullable): what follows from it, e.g. the end date
 * @price: (nullable): what it costs, as shown
 *
 * Returns: (transfer floating): a row to choose
 */
GtkWidget *
ch_plan_row_new (const char *id, const char *title, const char *note, const char *price)
{
  ChPlanRow *self = g_object_new (CH_TYPE_PLAN_ROW, "use-markup", FALSE, "title", title, NULL);

  self->id = g_strdup (id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), note != NULL ? note : "");
  gtk_label_set_label (self->price, price != NULL ? price : "");
  gtk_widget_set_visible (GTK_WIDGET (self->price), price != NULL);
  /* Its name comes from the title: it is what activating the row presses */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->radio), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  price != NULL ? price : "", -1);
  return GTK_WIDGET (self);
}

const char *
ch_plan_row_get_id (ChPlanRow *self)
{
  g_return_val_if_fail (CH_IS_PLAN_ROW (self), NULL);

  return self->id;
}

/**
 * ch_plan_row_join:
 * @first: another row; at most one of all that are joined is chosen
 */
void
ch_plan_row_join (ChPlanRow *self, ChPlanRow *first)
{
  g_return_if_fail (CH_IS_PLAN_ROW (self));

  gtk_check_button_set_group (self->radio, first->radio);
}

gboolean
ch_plan_row_get_chosen (ChPlanRow *self)
{
  g_return_val_if_fail (CH_IS_PLAN_ROW (self), FALSE);

  return gtk_check_button_get_active (self->radio);
}

void
ch_plan_row_set_chosen (ChPlanRow *self, gboolean chosen)
{
  g_return_if_fail (CH_IS_PLAN_ROW (self));

  gtk_check_button_set_active (self->radio, chosen);
}
