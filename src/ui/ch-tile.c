#include "config.h"

#include "ui/ch-tile.h"

struct _ChTile
{
  GtkFlowBoxChild parent_instance;

  GtkButton *button;  /* template child */
  GtkImage *glyph;    /* template child */
  GtkLabel *title;    /* template child */
  GtkLabel *subtitle; /* template child */
  GtkButton *help;    /* template child */
};

G_DEFINE_FINAL_TYPE (ChTile, ch_tile, GTK_TYPE_FLOW_BOX_CHILD)

static void
ch_tile_class_init (ChTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-tile"));
  gtk_widget_class_bind_template_child (widget_class, ChTile, button);
  gtk_widget_class_bind_template_child (widget_class, ChTile, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChTile, title);
  gtk_widget_class_bind_template_child (widget_class, ChTile, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ChTile, help);
}

static void
ch_tile_init (ChTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_tile_new:
 * @glyph: name of an icon
 * @title: the business, translated
 * @subtitle: what it is for, in a few words, translated
 *
 * Returns: (transfer floating): a tile
 */
GtkWidget *
ch_tile_new (const char *glyph, const char *title, const char *subtitle)
{
  ChTile *self = g_object_new (CH_TYPE_TILE, NULL);

  gtk_image_set_from_icon_name (self->glyph, glyph);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  return GTK_WIDGET (self);
}

/**
 * ch_tile_set_action:
 * @action_name: what pressing the tile does
 * @target: (nullable): a string, its parameter
 */
void
ch_tile_set_action (ChTile *self, const char *action_name, const char *target)
{
  g_return_if_fail (CH_IS_TILE (self));

  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
}

/**
 * ch_tile_set_help:
 * @label: what the small button in the corner is for, translated
 * @action_name: what pressing it does
 * @target: a string, its parameter
 */
void
ch_tile_set_help (ChTile *self, const char *label, const char *action_name, const char *target)
{
  g_return_if_fail (CH_IS_TILE (self));

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->help), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->help), action_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->help), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->help), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->help), TRUE);
}
