#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* What a file is by its content; its name does not count. `is_picture`: can be looked at as a picture. The text says
 * what it is to somebody who took it for something else. */
/* clang-format off */
/*   code     id          MIME type                     picture  what it is called */
#define CH_CONTENTS(C) \
  C (UNKNOWN, "unknown", "application/octet-stream",     FALSE, N_("file of an unknown kind")) \
  C (JPEG,    "jpg",     "image/jpeg",                   TRUE,  N_("JPG picture")) \
  C (PNG,     "png",     "image/png",                    TRUE,  N_("PNG picture")) \
  C (GIF,     "gif",     "image/gif",                    TRUE,  N_("GIF picture")) \
  C (BMP,     "bmp",     "image/bmp",                    TRUE,  N_("BMP picture")) \
  C (PDF,     "pdf",     "application/pdf",              FALSE, N_("PDF document")) \
  C (ZIP,     "zip",     "application/zip",              FALSE, N_("zip archive")) \
  C (RAR,     "rar",     "application/vnd.rar",          FALSE, N_("rar archive")) \
  C (WEBP,    "webp",    "image/webp",                   TRUE,  N_("WebP picture")) \
  C (HEIC,    "heic",    "image/heif",                   TRUE,  N_("HEIC photograph")) \
  C (TIFF,    "tiff",    "image/tiff",                   TRUE,  N_("TIFF picture")) \
  C (SVG,     "svg",     "image/svg+xml",                FALSE, N_("SVG drawing")) \
  C (WORD,    "word",    "application/msword",           FALSE, N_("Word document")) \
  C (SHEET,   "sheet",   "application/vnd.ms-excel",     FALSE, N_("Excel workbook")) \
  C (SLIDES,  "slides",  "application/vnd.ms-powerpoint", FALSE, N_("PowerPoint presentation")) \
  C (OFFICE,  "office",  "application/x-ole-storage",    FALSE, N_("Office document")) \
  C (OFD,     "ofd",     "application/ofd",              FALSE, N_("OFD document")) \
  C (ARCHIVE, "archive", "application/x-archive",        FALSE, N_("archive")) \
  C (PROGRAM, "program", "application/x-executable",     FALSE, N_("program")) \
  C (FILM,    "film",    "video/mp4",                    FALSE, N_("film")) \
  C (WEB,     "web",     "text/html",                    FALSE, N_("web page")) \
  C (TEXT,    "text",    "text/plain",                   FALSE, N_("text file"))
/* clang-format on */

typedef enum
{
#define C(code, id, mime, is_picture, name) CH_CONTENT_##code,
  CH_CONTENTS (C)
#undef C
      CH_N_CONTENTS
} ChContent;

ChContent ch_sniff (const guint8 *data, gsize len);
const char *ch_content_get_id (ChContent content);
const char *ch_content_get_mime (ChContent content);
const char *ch_content_get_name (ChContent content);
gboolean ch_content_is_picture (ChContent content);
ChContent ch_content_from_id (const char *id);

G_END_DECLS
