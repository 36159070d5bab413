#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-tone.h"
#include "ui/ch-verify-row.h"

struct _ChVerifyRow
{
  GtkBox parent_instance;

  ChVerifyItem *item; /* (owned) (nullable) */
  gulong report_id;   /* handler on @item, 0 when none */

  GtkImage *icon;     /* template child */
  GtkLabel *title;    /* template child */
  GtkLabel *subtitle; /* template child */
  GtkLabel *word;     /* template child */
};

G_DEFINE_FINAL_TYPE (ChVerifyRow, ch_verify_row, GTK_TYPE_BOX)

static void
refresh (ChVerifyRow *self)
{
  gboolean is_looked_at
      = ch_verify_item_get_report (self->item) != NULL || ch_verify_item_get_error (self->item) != NULL;
  ChVerifyOutcome verdict = ch_verify_item_get_verdict (self->item);
  ChTone tone = is_looked_at ? ch_verify_outcome_get_tone (verdict) : CH_TONE_IDLE;
  const char *word = is_looked_at ? _ (ch_verify_outcome_get_word (verdict)) : "";
  const char *title = ch_verify_item_get_title (self->item);
  const char *source = ch_verify_item_get_source (self->item);
  const char *sentence = ch_verify_item_get_sentence (self->item);
  /* Whoever is fine needs no sentence; the file’s name is not said twice */
  gboolean is_fine = is_looked_at && verdict == CH_VERIFY_PASSED;
  g_autofree char *both = g_strdup_printf ("%s · %s", sentence, source);
  const char *subtitle = is_fine ? source : g_str_equal (title, source) ? sentence : both;
  g_autofree char *description = g_strdup_printf ("%s · %s", word, subtitle);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *named = parent != NULL ? parent : GTK_WIDGET (self);

  gtk_image_set_from_icon_name (self->icon, ch_tone_get_icon (tone));
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_label_set_label (self->word, word);
  ch_tone_apply (GTK_WIDGET (self), tone);
  /* What has the focus in a list is the widget around the row, which GTK leaves nameless */
  gtk_accessible_update_property (GTK_ACCESSIBLE (named), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static void
ch_verify_row_dispose (GObject *object)
{
  ch_verify_row_set_item (CH_VERIFY_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_VERIFY_ROW);
  G_OBJECT_CLASS (ch_verify_row_parent_class)->dispose (object);
}

static void
ch_verify_row_class_init (ChVerifyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_verify_row_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-verify-row"));
  gtk_widget_class_bind_template_child (widget_class, ChVerifyRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyRow, title);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyRow, word);
}

static void
ch_verify_row_init (ChVerifyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_verify_row_new:
 *
 * Returns: (transfer floating): a row without item
 */
GtkWidget *
ch_verify_row_new (void)
{
  return g_object_new (CH_TYPE_VERIFY_ROW, NULL);
}

/**
 * ch_verify_row_set_item:
 * @item: (nullable): what is shown and followed; %NULL follows nothing
 */
void
ch_verify_row_set_item (ChVerifyRow *self, ChVerifyItem *item)
{
  g_return_if_fail (CH_IS_VERIFY_ROW (self));

  if (self->item != NULL)
    g_clear_signal_handler (&self->report_id, self->item);
  if (!g_set_object (&self->item, item) || item == NULL)
    return;

  self->report_id = g_signal_connect_swapped (item, "notify::report", G_CALLBACK (refresh), self);
  refresh (self);
}
