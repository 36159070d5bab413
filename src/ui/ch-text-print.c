#include "config.h"

#include "ui/ch-text-print.h"

#define POINTS 10.5

/* A text on its way to paper: lines are put on pages until one does not fit any more */
typedef struct
{
  char *text;
  PangoLayout *layout; /* (owned) (nullable): until the paper is known */
  GArray *starts;      /* (element-type int): the first line of each page */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->text);
  g_clear_object (&job->layout);
  g_array_unref (job->starts);
  g_free (job);
}

static double
get_height (PangoLayoutLine *line)
{
  PangoRectangle logical;

  pango_layout_line_get_extents (line, NULL, &logical);
  return (double) logical.height / PANGO_SCALE;
}

static void
on_begin_cb (GtkPrintOperation *operation, GtkPrintContext *context, Job *job)
{
  PangoFontDescription *font = pango_font_description_new ();
  double left = gtk_print_context_get_height (context);
  int first = 0;

  job->layout = gtk_print_context_create_pango_layout (context);
  pango_font_description_set_size (font, (int) (POINTS * PANGO_SCALE));
  pango_layout_set_font_description (job->layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (job->layout, (int) (gtk_print_context_get_width (context) * PANGO_SCALE));
  pango_layout_set_wrap (job->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (job->layout, job->text, -1);

  g_array_append_val (job->starts, first);
  for (int i = 0; i < pango_layout_get_line_count (job->layout); i++)
    {
      double height = get_height (pango_layout_get_line_readonly (job->layout, i));

      if (left < height)
        {
          g_array_append_val (job->starts, i);
          left = gtk_print_context_get_height (context);
        }
      left -= height;
    }
  gtk_print_operation_set_n_pages (operation, (int) job->starts->len);
}

static void
on_draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Job *job)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  int first = g_array_index (job->starts, int, page);
  int end = page + 1 < (int) job->starts->len ? g_array_index (job->starts, int, page + 1)
                                              : pango_layout_get_line_count (job->layout);
  double y = 0;

  for (int i = first; i < end; i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (job->layout, i);
      PangoRectangle logical;

      pango_layout_line_get_extents (line, NULL, &logical);
      cairo_move_to (cr, 0, y + PANGO_ASCENT (logical) / (double) PANGO_SCALE);
      pango_cairo_show_layout_line (cr, line);
      y += get_height (line);
    }
}

/**
 * ch_text_print:
 * @parent: before which the printer is chosen
 * @title: of the print job
 * @text: plain text; it takes as many pages as it needs
 *
 * Asks for a printer and prints. That it failed is said by the dialog of the printer.
 */
void
ch_text_print (GtkWindow *parent, const char *title, const char *text)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  Job *job = g_new0 (Job, 1);

  job->text = g_strdup (text);
  job->starts = g_array_new (FALSE, FALSE, sizeof (int));
  g_object_set_data_full (G_OBJECT (operation), "ch-text", job, job_free);
  gtk_print_operation_set_job_name (operation, title);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin_cb), job);
  g_signal_connect (operation, "draw-page", G_CALLBACK (on_draw_cb), job);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}
