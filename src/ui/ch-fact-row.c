#include "config.h"

#include "ui/ch-fact-row.h"

struct _ChFactRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;      /* template child */
  GtkSpinner *spinner; /* template child */
  GtkLabel *word;      /* template child */
};

G_DEFINE_FINAL_TYPE (ChFactRow, ch_fact_row, ADW_TYPE_ACTION_ROW)

static void
ch_fact_row_class_init (ChFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-fact-row"));
  gtk_widget_class_bind_template_child (widget_class, ChFactRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ChFactRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChFactRow, word);
}

static void
ch_fact_row_init (ChFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_state (ChFactRow *self, ChTone tone, const char *word, gboolean busy)
{
  ch_tone_apply (GTK_WIDGET (self), tone);
  gtk_image_set_from_icon_name (self->icon, ch_tone_get_icon (tone));
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_label_set_label (self->word, word != NULL ? word : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  word != NULL ? word : "", -1);
}

/**
 * ch_fact_row_new:
 * @title: name of the stage
 *
 * Returns: (transfer floating): a row, still idle
 */
GtkWidget *
ch_fact_row_new (const char *title)
{
  ChFactRow *self = g_object_new (CH_TYPE_FACT_ROW, "title", title, NULL);

  show_state (self, CH_TONE_IDLE, NULL, FALSE);
  return GTK_WIDGET (self);
}

/**
 * ch_fact_row_set:
 * @tone: how the stage stands
 * @word: (nullable): the same in words
 */
void
ch_fact_row_set (ChFactRow *self, ChTone tone, const char *word)
{
  g_return_if_fail (CH_IS_FACT_ROW (self));

  show_state (self, tone, word, FALSE);
}

/**
 * ch_fact_row_set_busy:
 * @word: what is said meanwhile
 *
 * The program is at work on this stage: a spinner stands in place of the icon.
 */
void
ch_fact_row_set_busy (ChFactRow *self, const char *word)
{
  g_return_if_fail (CH_IS_FACT_ROW (self));

  show_state (self, CH_TONE_INFO, word, TRUE);
}
