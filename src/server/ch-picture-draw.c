#include "config.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "server/ch-picture-draw.h"
#include "server/ch-random.h"

/* Twice as large as it is shown, for sharp screens */
#define WIDTH    280
#define HEIGHT   96
#define N_LINES  5
#define N_DOTS   420
#define MAX_TURN 0.35 /* radians either way */

/* Without those that look like another */
static const char alphabet[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

static const char *const families[] = { "Sans Bold", "Serif Bold", "Monospace Bold" };

/* One set of fonts for all threads, used by one at a time: each thread would load its own otherwise */
static GMutex lock;
static PangoContext *context; /* (owned) (nullable): until the first picture */

/* From 0 to 1, by the good generator: who could foretell the noise could take it away */
static double
roll (void)
{
  guint32 number;

  ch_random_fill (&number, sizeof number);
  return number / (double) G_MAXUINT32;
}

static double
roll_between (double low, double high)
{
  return low + (high - low) * roll ();
}

/**
 * ch_picture_choose:
 * @code: (out): room for %CH_PICTURE_LENGTH characters and the end
 */
void
ch_picture_choose (char *code)
{
  for (guint i = 0; i < CH_PICTURE_LENGTH; i++)
    {
      guint8 number;

      do
        ch_random_fill (&number, 1);
      while (number >= 256 - 256 % (sizeof alphabet - 1));
      code[i] = alphabet[number % (sizeof alphabet - 1)];
    }
  code[CH_PICTURE_LENGTH] = 0;
}

/* A wave goes through the outlines, so that no letter stands on a line */
static void
bend (cairo_t *cr)
{
  cairo_path_t *path = cairo_copy_path (cr);
  double phase = roll_between (0, 2 * G_PI), other = roll_between (0, 2 * G_PI);
  double height = roll_between (4, 8), length = roll_between (60, 100);

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    for (int j = 1; j < path->data[i].header.length; j++)
      {
        cairo_path_data_t *point = &path->data[i + j];
        double x = point->point.x, y = point->point.y;

        point->point.x = x + height / 2 * sin (y / 20 + other);
        point->point.y = y + height * sin (2 * G_PI * x / length + phase);
      }

  cairo_new_path (cr);
  cairo_append_path (cr, path);
  cairo_path_destroy (path);
}

static void
add_letter (cairo_t *cr, char letter, double left)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  guint8 which;
  PangoFontDescription *font;
  int width, height;

  ch_random_fill (&which, 1);
  font = pango_font_description_from_string (families[which % G_N_ELEMENTS (families)]);
  pango_font_description_set_absolute_size (font, roll_between (48, 58) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, &letter, 1);
  pango_layout_get_pixel_size (layout, &width, &height);

  cairo_save (cr);
  cairo_translate (cr, left, HEIGHT / 2.0 + roll_between (-8, 8));
  cairo_rotate (cr, roll_between (-MAX_TURN, MAX_TURN));
  cairo_move_to (cr, -width / 2.0, -height / 2.0);
  pango_cairo_layout_path (cr, layout);
  cairo_restore (cr);
  pango_font_description_free (font);
}

static void
draw_noise (cairo_t *cr)
{
  for (guint i = 0; i < N_DOTS; i++)
    {
      double grey = roll_between (0.35, 0.8);

      cairo_set_source_rgb (cr, grey, grey, grey);
      cairo_arc (cr, roll () * WIDTH, roll () * HEIGHT, roll_between (0.6, 1.6), 0, 2 * G_PI);
      cairo_fill (cr);
    }

  cairo_set_source_rgb (cr, 0.15, 0.2, 0.35);
  for (guint i = 0; i < N_LINES; i++)
    {
      cairo_set_line_width (cr, roll_between (1.5, 3.5));
      cairo_move_to (cr, 0, roll () * HEIGHT);
      cairo_curve_to (cr, WIDTH * 0.3, roll () * HEIGHT, WIDTH * 0.7, roll () * HEIGHT, WIDTH,
                      roll () * HEIGHT);
      cairo_stroke (cr);
    }
}

static cairo_status_t
write_png (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/**
 * ch_picture_draw:
 * @code: the characters
 *
 * Returns: (transfer full): a PNG with them, bent, turned and scratched
 */
GBytes *
ch_picture_draw (const char *code)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  GByteArray *png = g_byte_array_new ();

  cairo_set_source_rgb (cr, 0.97, 0.97, 0.95);
  cairo_paint (cr);
  draw_noise (cr);
  cairo_set_source_rgb (cr, 0.1, 0.14, 0.3);
  g_mutex_lock (&lock);
  if (context == NULL)
    context = pango_font_map_create_context (pango_cairo_font_map_new ());
  for (guint i = 0; code[i] != 0; i++)
    add_letter (cr, code[i], WIDTH * (i + 0.75) / (CH_PICTURE_LENGTH + 0.5) + roll_between (-5, 5));
  g_mutex_unlock (&lock);
  bend (cr);
  cairo_fill (cr);

  cairo_destroy (cr);
  cairo_surface_write_to_png_stream (surface, write_png, png);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (png);
}
