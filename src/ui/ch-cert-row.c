#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-cert-row.h"

struct _ChCertRow
{
  AdwBin parent_instance;

  char *detail; /* (owned): badge and subtitle, to be read out */

  GtkImage *glyph;    /* template child */
  GtkLabel *title;    /* template child */
  GtkLabel *badge;    /* template child */
  GtkLabel *subtitle; /* template child */
};

G_DEFINE_FINAL_TYPE (ChCertRow, ch_cert_row, ADW_TYPE_BIN)

static void
ch_cert_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CERT_ROW);
  G_OBJECT_CLASS (ch_cert_row_parent_class)->dispose (object);
}

static void
ch_cert_row_finalize (GObject *object)
{
  g_free (CH_CERT_ROW (object)->detail);
  G_OBJECT_CLASS (ch_cert_row_parent_class)->finalize (object);
}

static void
ch_cert_row_class_init (ChCertRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_cert_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_cert_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-cert-row"));
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, title);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, badge);
  gtk_widget_class_bind_template_child (widget_class, ChCertRow, subtitle);
}

/* What is not known is there, only not to be seen: it keeps its place */
static void
set_known (ChCertRow *self, gboolean is_known)
{
  gtk_widget_set_opacity (GTK_WIDGET (self->glyph), is_known ? 1 : 0);
  gtk_widget_set_opacity (GTK_WIDGET (self->badge), is_known ? 1 : 0);
  gtk_widget_set_opacity (GTK_WIDGET (self->subtitle), is_known ? 1 : 0);
}

static void
ch_cert_row_init (ChCertRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ch_cert_row_new (void)
{
  return g_object_new (CH_TYPE_CERT_ROW, NULL);
}

/**
 * ch_cert_row_fill:
 * @glyph: name of an icon
 * @title: whose or what, translated
 * @subtitle: one line more, translated
 * @badge: where it stands, translated
 * @tone: how that is to be taken
 *
 * A row is used for one item after the other while a list is scrolled.
 */
void
ch_cert_row_fill (ChCertRow *self,
                  const char *glyph,
                  const char *title,
                  const char *subtitle,
                  const char *badge,
                  ChTone tone)
{
  g_return_if_fail (CH_IS_CERT_ROW (self));

  gtk_image_set_from_icon_name (self->glyph, glyph);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->badge, badge);
  gtk_label_set_label (self->subtitle, subtitle);
  set_known (self, TRUE);
  ch_tone_apply (GTK_WIDGET (self), tone);
  g_free (self->detail);
  self->detail = g_strdup_printf ("%s · %s", badge, subtitle);
}

/**
 * ch_cert_row_clear:
 *
 * Shows that the item is still on its way; the row is as high as before, so that nothing moves when it comes.
 */
void
ch_cert_row_clear (ChCertRow *self)
{
  g_return_if_fail (CH_IS_CERT_ROW (self));

  gtk_label_set_label (self->title, _ ("Loading…"));
  set_known (self, FALSE);
  g_free (self->detail);
  self->detail = g_strdup ("");
}

const char *
ch_cert_row_get_title (ChCertRow *self)
{
  return gtk_label_get_label (self->title);
}

/**
 * ch_cert_row_get_detail:
 *
 * Returns: (transfer none): what the row says besides its title
 */
const char *
ch_cert_row_get_detail (ChCertRow *self)
{
  return self->detail;
}
