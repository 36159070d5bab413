#include "config.h"

#include <string.h>

#include "programs/certhall-picture.h"

/* Takes out of a file what is not the picture: place, time, camera, thumbnails, what stands behind the end.
 * The picture itself stays as it is, bit by bit. */

static gboolean
is_kept_marker (guint8 marker)
{
  /* JFIF, colour profile, Adobe’s colours; comments and the other applications’ go */
  if (marker >= 0xe0 && marker <= 0xef)
    return marker == 0xe0 || marker == 0xe2 || marker == 0xee;
  return marker != 0xfe;
}

static GByteArray *
clean_jpeg (const guint8 *data, gsize len)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (len);
  gsize i = 2;

  g_byte_array_append (out, data, 2);
  while (i + 4 <= len && data[i] == 0xff)
    {
      guint8 marker = data[i + 1];
      gsize size = 2 + MAX (data[i + 2] << 8 | data[i + 3], 2);

      if (marker == 0xff)
        {
          i++;
          continue;
        }
      if (marker == 0xda)
        {
          const guint8 *end = NULL;

          /* The last end there is before another file begins: progressive pictures have several scans, and a
           * marker of an end is not found within one */
          end = memmem (data + i, len - i, "\xff\xd9", 2);
          if (end == NULL)
            return NULL;
          g_byte_array_append (out, data + i, end + 2 - (data + i));
          return g_steal_pointer (&out);
        }
      if (i + size > len)
        return NULL;
      /* Behind ICC’s name it is a colour profile; another file’s index goes under the same marker */
      if (is_kept_marker (marker)
          && (marker != 0xe2 || (size > 16 && memcmp (data + i + 4, "ICC_PROFILE", 12) == 0)))
        g_byte_array_append (out, data + i, size);
      i += size;
    }
  return NULL;
}

static GByteArray *
clean_png (const guint8 *data, gsize len)
{
  static const char *const gone[] = { "tEXt", "zTXt", "iTXt", "eXIf", "tIME" };
  g_autoptr (GByteArray) out = g_byte_array_sized_new (len);
  gsize i = 8;

  g_byte_array_append (out, data, 8);
  while (i + 12 <= len)
    {
      gsize size = (gsize) data[i] << 24 | data[i + 1] << 16 | data[i + 2] << 8 | data[i + 3];
      gboolean goes = FALSE;

      if (size > len - i - 12)
        return NULL;
      for (gsize j = 0; j < G_N_ELEMENTS (gone); j++)
        goes |= memcmp (data + i + 4, gone[j], 4) == 0;
      if (!goes)
        g_byte_array_append (out, data + i, size + 12);
      if (memcmp (data + i + 4, "IEND", 4) == 0)
        return g_steal_pointer (&out);
      i += size + 12;
    }
  return NULL;
}

/* Returns: (transfer full) (nullable): the file without; %NULL when its parts cannot be told apart */
GByteArray *
picture_clean (ChContent content, const guint8 *data, gsize len)
{
  GByteArray *same;

  if (content == CH_CONTENT_JPEG)
    return clean_jpeg (data, len);
  if (content == CH_CONTENT_PNG)
    return clean_png (data, len);

  same = g_byte_array_sized_new (len);
  g_byte_array_append (same, data, len);
  return same;
}
