#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One page: a JPEG as it is, and how large it is */
typedef struct
{
  GBytes *jpeg; /* (owned) */
  guint width;
  guint height;
  guint n_channels; /* 1 or 3 */
} ChPdfPage;

GBytes *ch_pdf_write (const ChPdfPage *pages, gsize n_pages);

G_END_DECLS
