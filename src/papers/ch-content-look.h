#pragma once

#include <gio/gio.h>

#include "base/ch-reason.h"
#include "base/ch-sniff.h"

G_BEGIN_DECLS

/* Looking into a file without unpacking or decoding it: what is wrong with it, if anything */
ChReason ch_picture_look (ChContent content, const guint8 *data, gsize len);
ChReason ch_pdf_look (const guint8 *data, gsize len);
ChReason ch_archive_look (ChContent content, const guint8 *data, gsize len);
gboolean ch_picture_get_size (ChContent content, GBytes *bytes, guint64 *width, guint64 *height);

G_END_DECLS
