#include "config.h"

#include "base/ch-error.h"
#include "steps/ch-work.h"
#include "wire/messages-account.h"

static gboolean
begins_with_zero_bits (const guint8 *digest, guint bits)
{
  for (guint i = 0; i < bits; i++)
    if ((digest[i / 8] & (0x80 >> (i % 8))) != 0)
      return FALSE;
  return TRUE;
}

static void
work_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const ChChallenge *challenge = data;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size;
  const guint8 *nonce = g_bytes_get_data (challenge->nonce, &size);

  for (guint64 n = 0; !g_cancellable_is_cancelled (cancellable); n++)
    {
      char text[24];
      guint8 digest[32];
      gsize len = sizeof digest;

      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, n);
      g_checksum_reset (sum);
      g_checksum_update (sum, nonce, size);
      g_checksum_update (sum, (const guchar *) text, -1);
      g_checksum_get_digest (sum, digest, &len);
      if (begins_with_zero_bits (digest, MIN (challenge->bits, 32)))
        {
          ChWork *work = g_new0 (ChWork, 1);

          work->challenge = g_strdup (challenge->id);
          work->work = g_strdup (text);
          g_task_return_pointer (task, work, (GDestroyNotify) ch_work_free);
          return;
        }
    }

  g_task_return_new_error (task, CH_ERROR, CH_ERROR_CANCELLED, "the work was cancelled");
}

static void
on_challenge_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ChChallenge *challenge = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (challenge == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, challenge, (GDestroyNotify) ch_challenge_free);
  g_task_run_in_thread (task, work_thread);
}

/**
 * ch_work_async:
 *
 * Has the server name some work, and does it in a thread.
 */
void
ch_work_async (ChServer *server, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (server, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_work_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_server_call_async (server, &ch_route_challenge, NULL, NULL, NULL, cancellable, on_challenge_cb, task);
}

/**
 * ch_work_finish:
 *
 * Returns: (transfer full): the proof
 */
ChWork *
ch_work_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, server), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ch_work_free (ChWork *self)
{
  if (self == NULL)
    return;

  g_free (self->challenge);
  g_free (self->work);
  g_free (self);
}
