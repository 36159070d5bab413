#include "config.h"

#include "papers/ch-picture.h"
#include "ui/ch-thumbnail.h"

typedef struct
{
  ChPaper *paper; /* (owned): as it was turned when it was asked for */
  guint edge;
} Wish;

static void
wish_free (gpointer data)
{
  g_object_unref (((Wish *) data)->paper);
  g_free (data);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wish *wish = data;
  const ChPictureOrder order = { .job = CH_PICTURE_SHOW, .edge = wish->edge };
  GError *error = NULL;
  g_autoptr (GBytes) bytes = ch_paper_load (wish->paper, &error);
  const ChPictureInput input = { bytes, ch_paper_get_turns (wish->paper) };
  g_autoptr (ChPictureOutput) output
      = bytes != NULL ? ch_picture_run (&order, &input, 1, cancellable, &error) : NULL;

  if (output == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           gdk_memory_texture_new (output->width, output->height, GDK_MEMORY_R8G8B8A8,
                                                   output->bytes, (gsize) output->width * 4),
                           g_object_unref);
}

/**
 * ch_thumbnail_load_async:
 * @paper: a page
 * @edge: the longest side in pixels
 *
 * Has @paper read as a picture, by the child that decodes.
 */
void
ch_thumbnail_load_async (ChPaper *paper,
                         guint edge,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (paper, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->paper = ch_paper_copy (paper);
  wish->edge = edge;
  g_task_set_source_tag (task, ch_thumbnail_load_async);
  g_task_set_task_data (task, wish, wish_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * ch_thumbnail_load_finish:
 *
 * Returns: (transfer full) (nullable): the picture; %NULL with an error when @paper is none
 */
GdkPaintable *
ch_thumbnail_load_finish (ChPaper *paper, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
