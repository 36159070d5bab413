#include "config.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "server/ch-receipt-draw.h"

/* A4, in points */
#define WIDTH     595.276
#define HEIGHT    841.89
#define MARGIN    56.0
#define LABELS    150.0 /* where the values begin, from the margin */
#define PADDING   7.0
#define MAX_LINES 4 /* of a value: a receipt is one page, whatever was filled in */

/* One set of fonts for all threads, used by one at a time, as with the pictures of the login */
static GMutex lock;
static PangoContext *context; /* (owned) (nullable): until the first receipt */

void
ch_receipt_line_free (ChReceiptLine *self)
{
  g_free (self->value);
  g_free (self);
}

static PangoLayout *
make_layout (const char *text, const char *font, double width)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
get_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

/* Returns: where it ends */
static double
draw_text (cairo_t *cr,
           double x,
           double y,
           double width,
           PangoAlignment alignment,
           const char *font,
           const char *text)
{
  g_autoptr (PangoLayout) layout = make_layout (text, font, width);

  pango_layout_set_alignment (layout, alignment);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  return y + get_height (layout);
}

static void
draw_rule (cairo_t *cr, double y, double thickness)
{
  cairo_set_line_width (cr, thickness);
  cairo_move_to (cr, MARGIN, y);
  cairo_line_to (cr, WIDTH - MARGIN, y);
  cairo_stroke (cr);
}

static double
draw_line (cairo_t *cr, double y, const ChReceiptLine *line)
{
  double width = WIDTH - 2 * MARGIN - LABELS;
  g_autoptr (PangoLayout) value = make_layout (line->value, "Sans 10.5", width);
  double left, right;

  pango_layout_set_height (value, -MAX_LINES);
  pango_layout_set_ellipsize (value, PANGO_ELLIPSIZE_END);
  y += PADDING;
  left = draw_text (cr, MARGIN, y, LABELS - 12, PANGO_ALIGN_LEFT, "Sans Bold 10", line->zh);
  cairo_set_source_rgb (cr, 0.35, 0.35, 0.35);
  left = draw_text (cr, MARGIN, left, LABELS - 12, PANGO_ALIGN_LEFT, "Sans 7.5", line->en);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, MARGIN + LABELS, y);
  pango_cairo_show_layout (cr, value);
  right = y + get_height (value);
  y = MAX (left, right) + PADDING;
  draw_rule (cr, y, 0.4);
  return y;
}

static void
draw_sheet (cairo_t *cr, const ChReceiptSheet *sheet)
{
  double width = WIDTH - 2 * MARGIN, y = MARGIN;

  y = draw_text (cr, MARGIN, y, width, PANGO_ALIGN_CENTER, "Sans 13", sheet->issuer) + 10;
  y = draw_text (cr, MARGIN, y, width, PANGO_ALIGN_CENTER, "Sans Bold 21", "受理回执") + 2;
  y = draw_text (cr, MARGIN, y, width, PANGO_ALIGN_CENTER, "Sans 9", "Receipt of acceptance") + 16;
  draw_rule (cr, y, 1.2);
  for (guint i = 0; i < sheet->lines->len; i++)
    y = draw_line (cr, y, sheet->lines->pdata[i]);
  draw_text (cr, MARGIN, y + 16, width, PANGO_ALIGN_LEFT, "Sans 8.5", sheet->foot);
}

static cairo_status_t
write_pdf (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static PangoContext *
make_context (void)
{
  PangoContext *made = pango_font_map_create_context (pango_cairo_font_map_new ());

  /* Han as it is written in China: the same characters are drawn otherwise in Japan */
  pango_context_set_language (made, pango_language_from_string ("zh-cn"));
  return made;
}

/**
 * ch_receipt_draw:
 *
 * Returns: (transfer full): a PDF of one A4 page, whose text can be searched and copied
 */
GBytes *
ch_receipt_draw (const ChReceiptSheet *sheet)
{
  GByteArray *pdf = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (write_pdf, pdf, WIDTH, HEIGHT);
  g_autofree char *title = g_strdup_printf ("受理回执 %s", sheet->number);
  cairo_t *cr;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, sheet->issuer);
  cr = cairo_create (surface);
  g_mutex_lock (&lock);
  if (context == NULL)
    context = make_context ();
  draw_sheet (cr, sheet);
  cairo_destroy (cr);
  /* The fonts go into the file here */
  cairo_surface_finish (surface);
  g_mutex_unlock (&lock);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (pdf);
}
