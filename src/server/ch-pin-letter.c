#include "config.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/ch-error.h"
#include "server/ch-pin-letter.h"

/* A4, in points. The sheet is folded twice: the PIN lies in the middle third, the address on the outside of
 * the lower one. What shows through the paper from behind the PIN is a pattern of digits. */
#define WIDTH   595.276
#define HEIGHT  841.89
#define MARGIN  56.0
#define THIRD   (HEIGHT / 3)
#define PANEL_W 300.0
#define PANEL_H 120.0
#define MARK    18.0 /* of the folds, at the edges */

/* One set of fonts for all threads, used by one at a time, as with the receipts */
static GMutex lock;
static PangoContext *context; /* (owned) (nullable): until the first letter */

typedef struct
{
  cairo_t *cr;
  const ChProfile *profile;
  const ChApplication *application;
  const char *medium;
  gboolean is_trial;
} Sheet;

static PangoContext *
get_context (void)
{
  if (context == NULL)
    {
      context = pango_font_map_create_context (pango_cairo_font_map_new ());
      pango_context_set_language (context, pango_language_from_string ("zh-cn"));
    }
  return context;
}

static PangoLayout *
make_layout (const char *text, int len, const char *font, double width, PangoAlignment alignment)
{
  PangoLayout *layout = pango_layout_new (get_context ());
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, alignment);
  pango_layout_set_text (layout, text, len);
  return layout;
}

/* Returns: where it ends */
static double
draw_text (cairo_t *cr, double y, PangoAlignment alignment, const char *font, const char *text)
{
  g_autoptr (PangoLayout) layout = make_layout (text, -1, font, WIDTH - 2 * MARGIN, alignment);
  int height;

  cairo_move_to (cr, MARGIN, y);
  pango_cairo_show_layout (cr, layout);
  pango_layout_get_size (layout, NULL, &height);
  return y + (double) height / PANGO_SCALE;
}

static void
draw_fold_marks (cairo_t *cr)
{
  cairo_set_line_width (cr, 0.4);
  for (int i = 1; i <= 2; i++)
    {
      cairo_move_to (cr, 0, i * THIRD);
      cairo_line_to (cr, MARK, i * THIRD);
      cairo_move_to (cr, WIDTH - MARK, i * THIRD);
      cairo_line_to (cr, WIDTH, i * THIRD);
    }
  cairo_stroke (cr);
}

/* Outlines and no text: what reads files for a search finds no PIN in it */
static gboolean
draw_pin (const guint8 *pin, gsize len, gpointer user_data)
{
  cairo_t *cr = user_data;
  g_autoptr (PangoLayout) layout
      = make_layout ((const char *) pin, len, "Monospace Bold 30", PANEL_W, PANGO_ALIGN_CENTER);
  PangoAttrList *attributes = pango_attr_list_new ();
  int height;

  pango_attr_list_insert (attributes, pango_attr_letter_spacing_new (6 * PANGO_SCALE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_size (layout, NULL, &height);
  cairo_move_to (cr, (WIDTH - PANEL_W) / 2, THIRD + (THIRD - (double) height / PANGO_SCALE) / 2);
  pango_cairo_layout_path (cr, layout);
  cairo_fill (cr);
  pango_layout_set_text (layout, "", 0);
  return TRUE;
}

/* The inside: what it is about above, the PIN in the middle, what to do with it below */
static void
draw_inside (const Sheet *sheet, ChSecret *pin)
{
  cairo_t *cr = sheet->cr;
  g_autofree char *about = g_strdup_printf (
      "申请编号　%s\n持有者　　%s\n介质编号　%s", sheet->application->id,
      sheet->application->applicant != NULL ? sheet->application->applicant : "", sheet->medium);
  g_autofree char *foot
      = g_strdup_printf ("1. 请先确认封口完好；如有拆动痕迹，请勿使用，并立即拨打 %s。\n"
                         "2. 首次使用时请马上修改 PIN 码；本函不留底，遗失后只能由本机构重新设定。\n"
                         "3. PIN 码请勿告诉他人，也不要与 UKey 放在一起；记住后请销毁本函。",
                         sheet->profile->hotline);
  double y = MARGIN;

  draw_fold_marks (cr);
  y = draw_text (cr, y, PANGO_ALIGN_CENTER, "Sans 13", sheet->profile->name->zh) + 8;
  y = draw_text (cr, y, PANGO_ALIGN_CENTER, "Sans Bold 19", "UKey 初始 PIN 码") + 2;
  y = draw_text (cr, y, PANGO_ALIGN_CENTER, "Sans 9", "First PIN of your USB key") + 16;
  draw_text (cr, y, PANGO_ALIGN_LEFT, "Sans 11", about);

  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, (WIDTH - PANEL_W) / 2, THIRD + (THIRD - PANEL_H) / 2, PANEL_W, PANEL_H);
  cairo_stroke (cr);
  ch_secret_with (pin, draw_pin, cr);

  y = draw_text (cr, 2 * THIRD + 28, PANGO_ALIGN_LEFT, "Sans 10.5", foot) + 12;
  draw_text (cr, y, PANGO_ALIGN_LEFT, "Sans 8.5",
             "Change it when you first use the key. Never keep it with the key; destroy this letter when you "
             "know it by heart.");
  if (sheet->is_trial)
    draw_text (cr, HEIGHT - MARGIN, PANGO_ALIGN_CENTER, "Sans Bold 10", "演示 DEMO：不具任何效力");
  cairo_show_page (cr);
}

/* Digits over digits, in which a PIN that shows through is lost */
static void
draw_pattern (cairo_t *cr)
{
  double left = (WIDTH - PANEL_W) / 2 - 20, top = THIRD + (THIRD - PANEL_H) / 2 - 20;

  cairo_save (cr);
  cairo_rectangle (cr, left, top, PANEL_W + 40, PANEL_H + 40);
  cairo_clip (cr);
  for (int layer = 0; layer < 3; layer++)
    for (double y = top - layer * 7; y < top + PANEL_H + 60; y += 19)
      {
        char digits[48];
        g_autoptr (PangoLayout) layout = NULL;

        for (gsize i = 0; i < sizeof digits; i++)
          digits[i] = '0' + g_random_int_range (0, 10);
        layout = make_layout (digits, sizeof digits, "Monospace Bold 26", 4 * PANEL_W, PANGO_ALIGN_LEFT);
        cairo_set_source_rgba (cr, 0, 0, 0, 0.55);
        cairo_move_to (cr, left - g_random_double_range (0, 24), y);
        pango_cairo_show_layout (cr, layout);
      }
  cairo_restore (cr);
}

static const char *
get_answer (const ChApplication *application, const char *field)
{
  const char *value = g_hash_table_lookup (application->answers, field);

  return value != NULL ? value : "";
}

/* The outside: the pattern behind the PIN, and whom it is for on what lies on top when it is folded */
static void
draw_outside (const Sheet *sheet)
{
  cairo_t *cr = sheet->cr;
  gboolean is_collected = g_str_equal (get_answer (sheet->application, "delivery-way"), "hall");
  g_autofree char *whom
      = is_collected
            ? g_strdup_printf ("营业厅领取\n%s　%s", get_answer (sheet->application, "handler-name"),
                               sheet->application->applicant)
            : g_strdup_printf ("%s\n%s\n%s　收\n%s", get_answer (sheet->application, "delivery-address"),
                               get_answer (sheet->application, "delivery-unit"),
                               get_answer (sheet->application, "delivery-name"),
                               get_answer (sheet->application, "delivery-phone"));
  g_autofree char *from
      = g_strdup_printf ("寄件人：%s　%s", sheet->profile->name->zh, sheet->profile->hotline);
  double y;

  draw_fold_marks (cr);
  draw_text (cr, MARGIN, PANGO_ALIGN_CENTER, "Sans 9",
             "双面打印，沿两侧标记折叠后封口 · Print on both sides, fold at the marks and seal");
  draw_pattern (cr);
  y = draw_text (cr, 2 * THIRD + 36, PANGO_ALIGN_LEFT, "Sans 9", from) + 18;
  y = draw_text (cr, y, PANGO_ALIGN_LEFT, "Sans 14", whom) + 18;
  draw_text (cr, y, PANGO_ALIGN_LEFT, "Sans Bold 10",
             "内有密码，仅限收件人拆阅 · To be opened by the addressee only");
  cairo_show_page (cr);
}

static cairo_status_t
write_pdf (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/**
 * ch_pin_letter_make:
 * @application: as the staff see it
 * @medium: serial number of the medium
 *
 * Returns: (transfer full): the letter; a PDF of two pages, in which the PIN is drawn and not written
 */
ChPinLetter *
ch_pin_letter_make (ChService *service,
                    const ChApplication *application,
                    const char *medium,
                    ChSecret *pin,
                    GError **error)
{
  GByteArray *pdf = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (write_pdf, pdf, WIDTH, HEIGHT);
  g_autofree char *title = g_strdup_printf ("PIN 码函 %s", application->id);
  ChPinLetter *letter = ch_wire_new (&ChPinLetter_wire);
  Sheet sheet = { cairo_create (surface), ch_service_get_profile (service), application, medium,
                  ch_service_is_trial (service) };

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  g_mutex_lock (&lock);
  draw_inside (&sheet, pin);
  draw_outside (&sheet);
  cairo_destroy (sheet.cr);
  cairo_surface_finish (surface);
  g_mutex_unlock (&lock);
  cairo_surface_destroy (surface);
  letter->name = g_strdup_printf ("PIN码函-%s.pdf", application->id);
  letter->bytes = g_byte_array_free_to_bytes (pdf);
  return letter;
}
