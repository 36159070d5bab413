#include "config.h"

#include "ui/ch-hero.h"

struct _ChHero
{
  GtkBox parent_instance;

  GtkImage *glyph;       /* template child */
  GtkLabel *title;       /* template child */
  GtkLabel *description; /* template child */
};

G_DEFINE_FINAL_TYPE (ChHero, ch_hero, GTK_TYPE_BOX)

static void
ch_hero_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_HERO);
  G_OBJECT_CLASS (ch_hero_parent_class)->dispose (object);
}

static void
ch_hero_class_init (ChHeroClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_hero_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-hero"));
  gtk_widget_class_bind_template_child (widget_class, ChHero, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChHero, title);
  gtk_widget_class_bind_template_child (widget_class, ChHero, description);
}

static void
ch_hero_init (ChHero *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_hero_new:
 *
 * Returns: (transfer floating): an empty head, see ch_hero_set()
 */
GtkWidget *
ch_hero_new (void)
{
  return g_object_new (CH_TYPE_HERO, NULL);
}

/**
 * ch_hero_set:
 * @tone: how it stands
 * @icon: (nullable): name of an icon; %NULL for that of @tone
 * @title: the result
 * @description: (nullable): what it means
 */
void
ch_hero_set (ChHero *self, ChTone tone, const char *icon, const char *title, const char *description)
{
  g_return_if_fail (CH_IS_HERO (self));

  ch_tone_apply (GTK_WIDGET (self), tone);
  gtk_image_set_from_icon_name (self->glyph, icon != NULL ? icon : ch_tone_get_icon (tone));
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description), description != NULL);
}
