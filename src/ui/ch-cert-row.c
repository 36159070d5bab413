#include "config.h"

#include "ui/ch-cert-row.h"

struct _ChCertRow
{
  GtkListBoxRow parent_instance;

  GtkImage *glyph;    /* template child */
  GtkLabel *title;    /* template child */
  GtkLabel *badge;    /* template child */
  GtkLabel *subtitle; /* template child */
};

G_DEFINE_FINAL_TYPE (ChCertRow, ch_cert_row, GTK_TYPE_LIST_BOX_ROW)

static void
ch_cert_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CERT_ROW);
  G_OBJECT_CLASS (ch_cert_row_parent_class)->dispose (object);
}

static void
ch_cert_row_class_init (ChCertRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_cert_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-cert-row"));
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, title);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, badge);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, subtitle);
}

static void
ch_cert_row_init (ChCertRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_cert_row_new:
 * @glyph: name of an icon
 * @title: whose or what, translated
 * @subtitle: one line more, translated
 * @badge: where it stands, translated
 * @tone: how that is to be taken
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_cert_row_new (const char *glyph, const char *title, const char *subtitle, const char *badge, ChTone tone)
{
  ChCertRow *self = g_object_new (CH_TYPE_CERT_ROW, NULL);
  g_autofree char *description = g_strdup_printf ("%s · %s", badge, subtitle);

  gtk_image_set_from_icon_name (self->glyph, glyph);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->badge, badge);
  gtk_label_set_label (self->subtitle, subtitle);
  ch_tone_apply (GTK_WIDGET (self), tone);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  return GTK_WIDGET (self);
}
