#include "config.h"

#include "ui/ch-thumbnail.h"

/* What a document may have at most; a larger picture is not decoded here */
#define MAX_PIXELS 40000000

typedef struct
{
  int edge;
} Wish;

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wish *wish = data;
  g_autofree char *path = g_file_get_path (source);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GdkPixbuf) upright = NULL;
  GError *error = NULL;
  int width, height;

  if (path == NULL || gdk_pixbuf_get_file_info (path, &width, &height) == NULL
      || (gint64) width * height > MAX_PIXELS)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not a picture to be shown");
      return;
    }

  /* Never larger than it is */
  pixbuf = gdk_pixbuf_new_from_file_at_size (path, MIN (wish->edge, MAX (width, 1)),
                                             MIN (wish->edge, MAX (height, 1)), &error);
  if (pixbuf == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  g_task_return_pointer (task, gdk_texture_new_for_pixbuf (upright), g_object_unref);
}

/**
 * ch_thumbnail_load_async:
 * @file: a file the user has chosen on this PC
 * @edge: the longest side in pixels
 *
 * Reads @file as a picture, in a thread.
 */
void
ch_thumbnail_load_async (GFile *file,
                         int edge,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->edge = edge;
  g_task_set_source_tag (task, ch_thumbnail_load_async);
  g_task_set_task_data (task, wish, g_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * ch_thumbnail_load_finish:
 *
 * Returns: (transfer full) (nullable): the picture; %NULL with an error when @file is none
 */
GdkPaintable *
ch_thumbnail_load_finish (GFile *file, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
