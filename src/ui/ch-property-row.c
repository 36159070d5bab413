#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-property-row.h"

struct _ChPropertyRow
{
  AdwActionRow parent_instance;

  GtkButton *copy; /* template child */
};

G_DEFINE_FINAL_TYPE (ChPropertyRow, ch_property_row, ADW_TYPE_ACTION_ROW)

static void
ch_property_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_PROPERTY_ROW);
  G_OBJECT_CLASS (ch_property_row_parent_class)->dispose (object);
}

static void
ch_property_row_class_init (ChPropertyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_property_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-property-row"));
  gtk_widget_class_bind_template_child (widget_class, ChPropertyRow, copy);
}

static void
ch_property_row_init (ChPropertyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_property_row_new:
 * @title: the name, translated
 * @value: its value
 * @copyable: whether it is worth copying
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_property_row_new (const char *title, const char *value, gboolean copyable)
{
  ChPropertyRow *self = g_object_new (CH_TYPE_PROPERTY_ROW, NULL);
  g_autofree char *name = g_markup_escape_text (title, -1);
  g_autofree char *escaped = g_markup_escape_text (value, -1);
  /* Pango breaks a long code with a hyphen that is not part of it */
  g_autofree char *markup = g_strdup_printf ("<span insert_hyphens=\"false\">%s</span>", escaped);
  /* Translators: %s is the name of a value: “Copy Serial number” */
  g_autofree char *label = g_strdup_printf (_ ("Copy: %s"), title);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), markup);
  gtk_widget_set_visible (GTK_WIDGET (self->copy), copyable);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", value);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy), "win.copy");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}
