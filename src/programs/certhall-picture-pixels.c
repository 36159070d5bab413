#include "config.h"

#include <string.h>

#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"
#include "programs/certhall-picture.h"

/* How a page is made smaller: first a little coarser, then fewer dots */
#define QUALITY_FIRST 88
#define QUALITY_NEXT  80
#define QUALITY_LAST  62
#define MAX_TRIES     10

/* What the loader tells before it decodes */
typedef struct
{
  guint edge;
  int width;
  int height;
  gboolean is_too_large;
} Prepared;

static void
on_size_prepared_cb (GdkPixbufLoader *loader, int width, int height, Prepared *self)
{
  double factor = (double) self->edge / MAX (MAX (width, height), 1);

  self->width = width;
  self->height = height;
  self->is_too_large = (guint64) width * height > CH_DOCUMENT_MAX_PIXELS;
  if (self->is_too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0); /* nothing is decoded */
  else if (self->edge > 0 && factor < 1)
    gdk_pixbuf_loader_set_size (loader, MAX (width * factor, 1), MAX (height * factor, 1));
}

/* Number of colours in a JPEG’s file: behind its size in the frame header */
static guint
count_channels (const guint8 *data, gsize len)
{
  gsize i = 2;

  while (i + 10 <= len && data[i] == 0xff)
    {
      guint8 marker = data[i + 1];

      if (marker == 0xff)
        i++;
      else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        return data[i + 9];
      else
        i += 2 + MAX (data[i + 2] << 8 | data[i + 3], 2);
    }
  return 3;
}

static ChPictureExit
feed (GdkPixbufLoader *loader, const guint8 *data, gsize len, const Prepared *prepared)
{
  gboolean is_read = TRUE;

  for (gsize i = 0; i < len && is_read && !prepared->is_too_large; i += 65536)
    is_read = gdk_pixbuf_loader_write (loader, data + i, MIN (65536, len - i), NULL);
  is_read &= gdk_pixbuf_loader_close (loader, NULL);

  if (prepared->is_too_large)
    return CH_PICTURE_EXIT_PIXELS;
  return is_read && gdk_pixbuf_loader_get_pixbuf (loader) != NULL ? CH_PICTURE_EXIT_OK
                                                                  : CH_PICTURE_EXIT_BROKEN;
}

/* Decodes by what the content is, and only kinds that documents come in: no drawings, no cursors. @edge:
 * longer sides are made so long; 0: as long as they are */
ChPictureExit
picture_decode (const guint8 *data, gsize len, guint edge, PictureSource *source)
{
  g_autoptr (GdkPixbufLoader) loader = NULL;
  Prepared prepared = { .edge = edge };
  ChPictureExit result;
  const char *orientation;
  ChReason reason;

  source->content = ch_sniff (data, len);
  if (!ch_content_is_picture (source->content))
    return CH_PICTURE_EXIT_BROKEN;
  reason = source->content <= CH_CONTENT_BMP ? ch_picture_look (source->content, data, len) : CH_REASON_OK;
  if (reason == CH_REASON_FILE_PIXELS)
    return CH_PICTURE_EXIT_PIXELS;
  if (reason == CH_REASON_FILE_BROKEN)
    return CH_PICTURE_EXIT_BROKEN;

  loader = gdk_pixbuf_loader_new_with_mime_type (ch_content_get_mime (source->content), NULL);
  if (loader == NULL)
    return CH_PICTURE_EXIT_UNREADABLE;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared_cb), &prepared);
  result = feed (loader, data, len, &prepared);
  if (result != CH_PICTURE_EXIT_OK)
    return result;

  source->pixbuf = g_object_ref (gdk_pixbuf_loader_get_pixbuf (loader));
  orientation = gdk_pixbuf_get_option (source->pixbuf, "orientation");
  source->orientation = orientation != NULL ? CLAMP (g_ascii_strtoull (orientation, NULL, 10), 1, 8) : 1;
  source->n_channels = source->content == CH_CONTENT_JPEG ? count_channels (data, len) : 3;
  source->full_width = prepared.width > 0 ? prepared.width : gdk_pixbuf_get_width (source->pixbuf);
  source->full_height = prepared.height > 0 ? prepared.height : gdk_pixbuf_get_height (source->pixbuf);
  return CH_PICTURE_EXIT_OK;
}

/* Upright as the camera says, then as the user wants it. Returns: (transfer full) */
GdkPixbuf *
picture_turn (const PictureSource *source)
{
  static const GdkPixbufRotation rotations[]
      = { GDK_PIXBUF_ROTATE_NONE, GDK_PIXBUF_ROTATE_CLOCKWISE, GDK_PIXBUF_ROTATE_UPSIDEDOWN,
          GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE };
  g_autoptr (GdkPixbuf) upright = gdk_pixbuf_apply_embedded_orientation (source->pixbuf);

  return gdk_pixbuf_rotate_simple (upright, rotations[source->turns % 4]);
}

/* What can be seen through lies on white paper. Returns: (transfer full) */
GdkPixbuf *
picture_flatten (GdkPixbuf *pixbuf)
{
  if (!gdk_pixbuf_get_has_alpha (pixbuf))
    return g_object_ref (pixbuf);
  return gdk_pixbuf_composite_color_simple (pixbuf, gdk_pixbuf_get_width (pixbuf),
                                            gdk_pixbuf_get_height (pixbuf), GDK_INTERP_NEAREST, 255, 64,
                                            0xffffff, 0xffffff);
}

/* Returns: (transfer full) (nullable): a file */
GByteArray *
picture_encode (GdkPixbuf *pixbuf, ChContent content, int quality)
{
  g_autofree char *percent = g_strdup_printf ("%d", quality);
  char *data = NULL;
  gsize len = 0;
  gboolean is_made
      = content == CH_CONTENT_PNG
            ? gdk_pixbuf_save_to_buffer (pixbuf, &data, &len, "png", NULL, NULL)
            : gdk_pixbuf_save_to_buffer (pixbuf, &data, &len, "jpeg", NULL, "quality", percent, NULL);

  return is_made ? g_byte_array_new_take ((guint8 *) data, len) : NULL;
}

static guint
get_edge (GdkPixbuf *pixbuf)
{
  return MAX (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf));
}

static void
scale (GdkPixbuf **pixbuf, guint edge)
{
  double factor = (double) edge / get_edge (*pixbuf);
  GdkPixbuf *smaller
      = gdk_pixbuf_scale_simple (*pixbuf, MAX (gdk_pixbuf_get_width (*pixbuf) * factor, 1),
                                 MAX (gdk_pixbuf_get_height (*pixbuf) * factor, 1), GDK_INTERP_BILINEAR);

  if (smaller == NULL)
    return;
  g_object_unref (*pixbuf);
  *pixbuf = smaller;
}

/* Makes a file of at most @max_bytes, with as many dots as fit. Returns: (transfer full) (nullable): %NULL
 * when it could not be read any more */
GByteArray *
picture_fit (GdkPixbuf **pixbuf, ChContent content, gsize max_bytes, ChPictureChanges *changes)
{
  guint least = MIN (CH_PICTURE_MIN_EDGE, get_edge (*pixbuf));
  int quality = QUALITY_FIRST;

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autoptr (GByteArray) file = picture_encode (*pixbuf, content, quality);
      guint edge = get_edge (*pixbuf);
      double factor;

      if (file == NULL)
        return NULL;
      if (file->len <= max_bytes)
        return g_steal_pointer (&file);

      *changes |= CH_PICTURE_SHRUNK;
      if (quality > QUALITY_NEXT)
        {
          quality = QUALITY_NEXT;
          if (file->len < max_bytes * 1.3 && content == CH_CONTENT_JPEG)
            continue;
        }
      if (edge == least)
        {
          if (quality == QUALITY_LAST || content == CH_CONTENT_PNG)
            return NULL;
          quality = QUALITY_LAST;
          continue;
        }

      /* Bytes grow a little more slowly than dots */
      for (factor = 1; factor * factor > 0.95 * max_bytes / file->len && factor > 0.1; factor -= 0.02)
        continue;
      scale (pixbuf, CLAMP ((guint) (edge * MIN (factor, 0.95)), least, edge));
    }
  return NULL;
}
