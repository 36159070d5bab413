#include "config.h"

#include <string.h>

#include "papers/ch-pdf-writer.h"

/* The longer side of A4 in points */
#define PAGE_EDGE 842

/* Objects: 1 catalogue, 2 pages; then three a page: page, picture, what is drawn */
#define FIRST_OBJECT     3
#define OBJECTS_PER_PAGE 3

typedef struct
{
  GByteArray *out;
  GArray *offsets; /* (element-type gsize): of each object, from the first */
} Writer;

static void put (Writer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
put (Writer *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_byte_array_append (self->out, (const guint8 *) text, strlen (text));
}

static void
begin_object (Writer *self)
{
  gsize offset = self->out->len;

  g_array_append_val (self->offsets, offset);
  put (self, "%u 0 obj\n", self->offsets->len);
}

static void
put_page (Writer *self, const ChPdfPage *page)
{
  guint first = self->offsets->len + 1;
  guint edge = MAX (page->width, page->height);
  guint width = MAX (page->width * PAGE_EDGE / edge, 1);
  guint height = MAX (page->height * PAGE_EDGE / edge, 1);
  g_autofree char *drawing = g_strdup_printf ("q %u 0 0 %u 0 0 cm /P Do Q", width, height);

  begin_object (self);
  put (self,
       "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %u %u] /Contents %u 0 R "
       "/Resources << /XObject << /P %u 0 R >> >> >>\nendobj\n",
       width, height, first + 2, first + 1);

  begin_object (self);
  put (self,
       "<< /Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /%s /BitsPerComponent 8 "
       "/Filter /DCTDecode /Length %" G_GSIZE_FORMAT " >>\nstream\n",
       page->width, page->height, page->n_channels == 1 ? "DeviceGray" : "DeviceRGB",
       g_bytes_get_size (page->jpeg));
  g_byte_array_append (self->out, g_bytes_get_data (page->jpeg, NULL), g_bytes_get_size (page->jpeg));
  put (self, "\nendstream\nendobj\n");

  begin_object (self);
  put (self, "<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%s\nendstream\nendobj\n", strlen (drawing), drawing);
}

/**
 * ch_pdf_write:
 * @pages: (array length=n_pages): at least one
 *
 * Joins pictures into one document, a page each. The same pages always make the same bytes, so that a broken
 * upload can be gone on with.
 *
 * Returns: (transfer full): the PDF
 */
GBytes *
ch_pdf_write (const ChPdfPage *pages, gsize n_pages)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  Writer self = { g_byte_array_new (), offsets };
  gsize table;

  put (&self, "%%PDF-1.4\n%%\xe5\xa5\xbd\n");
  begin_object (&self);
  put (&self, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
  begin_object (&self);
  put (&self, "<< /Type /Pages /Count %" G_GSIZE_FORMAT " /Kids [", n_pages);
  for (gsize i = 0; i < n_pages; i++)
    put (&self, " %" G_GSIZE_FORMAT " 0 R", FIRST_OBJECT + i * OBJECTS_PER_PAGE);
  put (&self, " ] >>\nendobj\n");
  for (gsize i = 0; i < n_pages; i++)
    put_page (&self, &pages[i]);

  table = self.out->len;
  put (&self, "xref\n0 %u\n0000000000 65535 f \n", offsets->len + 1);
  for (guint i = 0; i < offsets->len; i++)
    put (&self, "%010" G_GSIZE_FORMAT " 00000 n \n", g_array_index (offsets, gsize, i));
  put (&self, "trailer\n<< /Size %u /Root 1 0 R >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
       offsets->len + 1, table);
  return g_byte_array_free_to_bytes (self.out);
}
