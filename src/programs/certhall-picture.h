#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "base/ch-sniff.h"
#include "papers/ch-picture.h"

/* The parts of certhall-picture: the jail it works in, what takes place and time out of files, and the
 * pictures */

void picture_lock_up (guint seconds);

/* A picture as it came in: decoded, and what its file says of it */
typedef struct
{
  ChContent content;
  GdkPixbuf *pixbuf; /* (owned) */
  guint turns;       /* by the user */
  guint orientation; /* EXIF, 1–8 */
  guint n_channels;  /* of a JPEG’s file: 4 is CMYK */
  guint full_width;  /* before it was decoded smaller */
  guint full_height;
} PictureSource;

ChPictureExit picture_decode (const guint8 *data, gsize len, guint edge, PictureSource *source);
GdkPixbuf *picture_turn (const PictureSource *source);
GdkPixbuf *picture_flatten (GdkPixbuf *pixbuf);
GByteArray *picture_clean (ChContent content, const guint8 *data, gsize len);
GByteArray *picture_encode (GdkPixbuf *pixbuf, ChContent content, int quality);
GByteArray *picture_fit (GdkPixbuf **pixbuf, ChContent content, gsize max_bytes, ChPictureChanges *changes);
