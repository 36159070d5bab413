#include "config.h"

#include <qrencode.h>
#include <string.h>

#include "ui/ch-qr-code.h"

/* White modules on each side, as the standard asks for */
#define QUIET 4

struct _ChQrCode
{
  GtkWidget parent_instance;

  int edge;
  QRcode *code; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ChQrCode, ch_qr_code, GTK_TYPE_WIDGET)

static void
ch_qr_code_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  *minimum = *natural = CH_QR_CODE (widget)->edge;
}

/* Runs of dark modules as whole rectangles: no seams, nothing smoothed */
static void
snapshot_row (GtkSnapshot *snapshot, const guint8 *modules, int width, int x, int y, int module)
{
  const GdkRGBA black = { 0, 0, 0, 1 };
  int run;

  for (int column = 0; column < width; column += run)
    {
      gboolean dark = (modules[column] & 1) != 0;

      for (run = 1; column + run < width && ((modules[column + run] & 1) != 0) == dark; run++)
        ;
      if (dark)
        gtk_snapshot_append_color (snapshot, &black,
                                   &GRAPHENE_RECT_INIT (x + column * module, y, run * module, module));
    }
}

static void
ch_qr_code_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ChQrCode *self = CH_QR_CODE (widget);
  const GdkRGBA white = { 1, 1, 1, 1 };
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int module, x, y;

  if (self->code == NULL)
    return;

  module = MAX (1, MIN (width, height) / (self->code->width + 2 * QUIET));
  x = (width - module * self->code->width) / 2;
  y = (height - module * self->code->width) / 2;
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (int row = 0; row < self->code->width; row++)
    snapshot_row (snapshot, self->code->data + row * self->code->width, self->code->width, x,
                  y + row * module, module);
}

static void
ch_qr_code_finalize (GObject *object)
{
  g_clear_pointer (&CH_QR_CODE (object)->code, QRcode_free);
  G_OBJECT_CLASS (ch_qr_code_parent_class)->finalize (object);
}

static void
ch_qr_code_class_init (ChQrCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_qr_code_finalize;
  widget_class->measure = ch_qr_code_measure;
  widget_class->snapshot = ch_qr_code_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
ch_qr_code_init (ChQrCode *self)
{
}

/**
 * ch_qr_code_new:
 * @edge: width and height in pixels
 *
 * Returns: (transfer floating): a widget that shows nothing yet
 */
GtkWidget *
ch_qr_code_new (int edge)
{
  ChQrCode *self = g_object_new (CH_TYPE_QR_CODE, NULL);

  self->edge = edge;
  return GTK_WIDGET (self);
}

/**
 * ch_qr_code_set_text:
 * @text: (nullable): what a phone is to read; %NULL: nothing
 */
void
ch_qr_code_set_text (ChQrCode *self, const char *text)
{
  g_return_if_fail (CH_IS_QR_CODE (self));

  g_clear_pointer (&self->code, QRcode_free);
  if (text != NULL)
    self->code = QRcode_encodeData ((int) strlen (text), (const unsigned char *) text, 0, QR_ECLEVEL_M);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
