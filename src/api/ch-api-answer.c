#include "config.h"

#include "api/ch-api-answer.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-secret.h"

#define PIECE 65536

typedef struct
{
  guint8 *data; /* wiped before it is given back */
  gsize len;
  gsize allocated;
  gsize limit;
} Answer;

static void read_on (GTask *task);

static void
answer_free (gpointer data)
{
  Answer *self = data;

  ch_secret_wipe (self->data, self->allocated);
  g_free (self->data);
  g_free (self);
}

static GBytes *
take_bytes (Answer *self)
{
  Answer *taken = g_new0 (Answer, 1);

  *taken = *self;
  memset (self, 0, sizeof *self);
  return g_bytes_new_with_free_func (taken->data, taken->len, answer_free, taken);
}

static void
make_room (Answer *self, gsize wanted)
{
  guint8 *bigger;

  if (wanted <= self->allocated)
    return;

  wanted = MAX (wanted, self->allocated * 2);
  bigger = g_malloc (wanted);
  if (self->len > 0)
    memcpy (bigger, self->data, self->len);
  ch_secret_wipe (self->data, self->allocated);
  g_free (self->data);
  self->data = bigger;
  self->allocated = wanted;
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Answer *self = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  self->len += n;
  if (n == 0)
    g_task_return_pointer (task, take_bytes (self), (GDestroyNotify) g_bytes_unref);
  else if (self->len > self->limit)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_BAD_ANSWER, "the answer is too large");
  else
    read_on (g_steal_pointer (&task));
}

/* Takes the task */
static void
read_on (GTask *task)
{
  Answer *self = g_task_get_task_data (task);

  make_room (self, self->len + PIECE);
  g_input_stream_read_async (g_task_get_source_object (task), self->data + self->len, PIECE,
                             G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_read_cb, task);
}

/**
 * ch_api_answer_read_async:
 * @stream: the body
 * @expected: how long it says it is; 0 when it does not
 * @limit: bytes it may have
 * @cancellable: (nullable): ends it
 */
void
ch_api_answer_read_async (GInputStream *stream,
                          goffset expected,
                          gsize limit,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (stream, cancellable, callback, user_data);
  Answer *self = g_new0 (Answer, 1);

  g_task_set_source_tag (task, ch_api_answer_read_async);
  /* What was read whole is given, whether or not it is still waited for */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, answer_free);
  self->limit = limit;
  if (expected > (goffset) limit)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_BAD_ANSWER, "the answer is too large");
      g_object_unref (task);
      return;
    }
  make_room (self, MAX (expected, 0) + PIECE);
  read_on (task);
}

/**
 * ch_api_answer_read_finish:
 *
 * Returns: (transfer full): the whole of it
 */
GBytes *
ch_api_answer_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
