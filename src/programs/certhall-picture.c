#include "config.h"

#include "programs/certhall-picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "papers/ch-document-check.h"

/* Decodes pictures from wherever, so that nobody else has to: see papers/ch-picture.h. A picture that crashes
 * its decoder, wants all memory or goes on for ever harms only this program, which has no network, starts
 * nothing and ends by itself. Not for use by hand. */

/* More dots than a scan of A4 at 300 dpi needs are not kept when a picture is made anew */
#define MAX_EDGE       4000
#define MAX_STACK_EDGE 2400

typedef struct
{
  const guint8 *data;
  gsize len;
  guint turns;
} Input;

static const struct
{
  ChContent content;
  ChPictureFormats format;
} formats[] = {
  { CH_CONTENT_JPEG, CH_PICTURE_JPEG },
  { CH_CONTENT_PNG, CH_PICTURE_PNG },
  { CH_CONTENT_GIF, CH_PICTURE_GIF },
  { CH_CONTENT_BMP, CH_PICTURE_BMP },
};

static gboolean
takes (ChPictureFormats accepted, ChContent content)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].content == content)
      return (accepted & formats[i].format) != 0;
  return FALSE;
}

static GByteArray *
read_all (void)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = read (STDIN_FILENO, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_byte_array_append (all, buffer, n);
  return n == 0 ? g_steal_pointer (&all) : NULL;
}

/* Returns: (transfer full) (nullable): the pictures, whose data is @all’s */
static GArray *
split (const GByteArray *all)
{
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (Input));
  gsize i = 0;

  while (i + CH_PICTURE_IN_SIZE <= all->len)
    {
      guint32 head[2];
      Input input;

      memcpy (head, all->data + i, sizeof head);
      input.turns = GUINT32_FROM_LE (head[0]);
      input.len = GUINT32_FROM_LE (head[1]);
      input.data = all->data + i + CH_PICTURE_IN_SIZE;
      if (input.len > all->len - i - CH_PICTURE_IN_SIZE)
        return NULL;
      g_array_append_val (inputs, input);
      i += CH_PICTURE_IN_SIZE + input.len;
    }
  return inputs->len > 0 ? g_steal_pointer (&inputs) : NULL;
}

static gboolean
write_all (gconstpointer data, gsize len)
{
  return fwrite (data, 1, len, stdout) == len;
}

static ChPictureExit
answer (guint width, guint height, guint n_channels, ChPictureChanges changes, gconstpointer data, gsize len)
{
  const guint32 head[4] = { GUINT32_TO_LE (width), GUINT32_TO_LE (height), GUINT32_TO_LE (n_channels),
                            GUINT32_TO_LE (changes) };

  if (!write_all (CH_PICTURE_MAGIC, 4) || !write_all (head, sizeof head) || !write_all (data, len)
      || fflush (stdout) != 0)
    return CH_PICTURE_EXIT_SIZE;
  return CH_PICTURE_EXIT_OK;
}

static ChPictureExit
show (const Input *input, guint edge)
{
  PictureSource source = { .turns = input->turns };
  ChPictureExit result = picture_decode (input->data, input->len, edge, &source);
  g_autoptr (GdkPixbuf) decoded = source.pixbuf;
  g_autoptr (GdkPixbuf) turned = NULL;
  g_autoptr (GdkPixbuf) shown = NULL;
  g_autoptr (GByteArray) rows = g_byte_array_new ();

  if (result != CH_PICTURE_EXIT_OK)
    return result;

  turned = picture_turn (&source);
  shown = gdk_pixbuf_get_has_alpha (turned) ? g_object_ref (turned)
                                            : gdk_pixbuf_add_alpha (turned, FALSE, 0, 0, 0);
  for (int y = 0; y < gdk_pixbuf_get_height (shown); y++)
    g_byte_array_append (rows, gdk_pixbuf_read_pixels (shown) + (gsize) y * gdk_pixbuf_get_rowstride (shown),
                         gdk_pixbuf_get_width (shown) * 4);
  return answer (gdk_pixbuf_get_width (shown), gdk_pixbuf_get_height (shown), 4, 0, rows->data, rows->len);
}

static ChPictureExit
answer_fitting (GdkPixbuf **pixbuf, gsize max_bytes, ChPictureFormats accepted, ChPictureChanges changes)
{
  ChContent content = (accepted & CH_PICTURE_JPEG) != 0 ? CH_CONTENT_JPEG : CH_CONTENT_PNG;
  g_autoptr (GByteArray) file = picture_fit (pixbuf, content, max_bytes, &changes);

  if (file == NULL)
    return CH_PICTURE_EXIT_SIZE;
  return answer (gdk_pixbuf_get_width (*pixbuf), gdk_pixbuf_get_height (*pixbuf), 3, changes, file->data,
                 file->len);
}

/* As it is, if it can stay so */
static gboolean
keep (const Input *input, const PictureSource *source, gsize max_bytes, ChPictureExit *result)
{
  g_autoptr (GByteArray) clean = NULL;

  if (source->orientation != 1 || source->turns % 4 != 0 || source->n_channels == 4)
    return FALSE;
  clean = picture_clean (source->content, input->data, input->len);
  if (clean == NULL || clean->len > max_bytes)
    return FALSE;

  *result = answer (source->full_width, source->full_height, source->n_channels,
                    clean->len < input->len ? CH_PICTURE_CLEANED : 0, clean->data, clean->len);
  return TRUE;
}

static ChPictureExit
make_page (const Input *input, gsize max_bytes, ChPictureFormats accepted)
{
  PictureSource source = { .turns = input->turns };
  ChPictureExit result = picture_decode (input->data, input->len, MAX_EDGE, &source);
  g_autoptr (GdkPixbuf) decoded = source.pixbuf;
  g_autoptr (GdkPixbuf) turned = NULL;
  g_autoptr (GdkPixbuf) flat = NULL;
  ChPictureChanges changes = CH_PICTURE_CLEANED;

  if (result != CH_PICTURE_EXIT_OK)
    return result;
  if (takes (accepted, source.content) && keep (input, &source, max_bytes, &result))
    return result;
  if ((accepted & (CH_PICTURE_JPEG | CH_PICTURE_PNG)) == 0)
    return CH_PICTURE_EXIT_SIZE;

  if (source.orientation != 1 || source.turns % 4 != 0)
    changes |= CH_PICTURE_TURNED;
  if (!takes (accepted, source.content))
    changes |= CH_PICTURE_CONVERTED;
  if (input->len > max_bytes)
    changes |= CH_PICTURE_SHRUNK;
  turned = picture_turn (&source);
  flat = picture_flatten (turned);
  return answer_fitting (&flat, max_bytes, accepted, changes);
}

/* Pages one under the other, equally wide */
static ChPictureExit
make_stack (const GArray *inputs, gsize max_bytes, ChPictureFormats accepted)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GdkPixbuf) whole = NULL;
  int width = 0, height = 0, y = 0;

  for (guint i = 0; i < inputs->len; i++)
    {
      const Input *input = &g_array_index (inputs, Input, i);
      PictureSource source = { .turns = input->turns };
      ChPictureExit result = picture_decode (input->data, input->len, MAX_STACK_EDGE, &source);
      g_autoptr (GdkPixbuf) decoded = source.pixbuf;
      g_autoptr (GdkPixbuf) turned = NULL;

      if (result != CH_PICTURE_EXIT_OK)
        return result;
      turned = picture_turn (&source);
      g_ptr_array_add (pages, picture_flatten (turned));
      width = MAX (width, gdk_pixbuf_get_width (turned));
    }

  for (guint i = 0; i < pages->len; i++)
    height += MAX (
        gdk_pixbuf_get_height (pages->pdata[i]) * (gint64) width / gdk_pixbuf_get_width (pages->pdata[i]), 1);
  if ((gint64) width * height > CH_DOCUMENT_MAX_PIXELS)
    return CH_PICTURE_EXIT_SIZE;

  whole = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  if (whole == NULL)
    return CH_PICTURE_EXIT_SIZE;
  gdk_pixbuf_fill (whole, 0xffffffff);
  for (guint i = 0; i < pages->len; i++)
    {
      int high = MAX (gdk_pixbuf_get_height (pages->pdata[i]) * (gint64) width
                          / gdk_pixbuf_get_width (pages->pdata[i]),
                      1);
      g_autoptr (GdkPixbuf) page
          = gdk_pixbuf_scale_simple (pages->pdata[i], width, high, GDK_INTERP_BILINEAR);

      if (page == NULL)
        return CH_PICTURE_EXIT_SIZE;
      gdk_pixbuf_copy_area (page, 0, 0, width, high, whole, 0, y);
      y += high;
    }
  return answer_fitting (&whole, max_bytes, accepted, CH_PICTURE_CLEANED);
}

int
main (int argc, char **argv)
{
  g_autoptr (GByteArray) all = NULL;
  g_autoptr (GArray) inputs = NULL;

  if (argc != 6)
    {
      fprintf (stderr, "certhall-picture show|page|stack EDGE MAX-BYTES FORMATS SECONDS\n");
      return CH_PICTURE_EXIT_USAGE;
    }

  picture_lock_up (strtoul (argv[5], NULL, 10));
  all = read_all ();
  inputs = all != NULL ? split (all) : NULL;
  if (inputs == NULL)
    return CH_PICTURE_EXIT_BROKEN;

  if (strcmp (argv[1], "show") == 0)
    return show (&g_array_index (inputs, Input, 0), strtoul (argv[2], NULL, 10));
  if (strcmp (argv[1], "page") == 0)
    return make_page (&g_array_index (inputs, Input, 0), strtoull (argv[3], NULL, 10),
                      strtoul (argv[4], NULL, 10));
  if (strcmp (argv[1], "stack") == 0)
    return make_stack (inputs, strtoull (argv[3], NULL, 10), strtoul (argv[4], NULL, 10));
  return CH_PICTURE_EXIT_USAGE;
}
