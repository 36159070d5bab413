#include "config.h"

#include "api/ch-api-measure.h"

#include "api/ch-api-answer.h"
#include "api/ch-api-session.h"
#include "base/ch-error.h"
#include "wire/ch-route.h"
#include "wire/messages-account.h"

/* Seconds an entry has; one that needs longer is no help to anybody */
#define MEASURE_LIMIT 10
#define ANSWER_LIMIT  4096

/* All of them at once, each over a connection of its own, as somebody who begins now would have it */
typedef struct
{
  SoupSession *session; /* (owned) */
  GCancellable *stop;   /* (owned): the caller’s cancelling and the limit */
  GCancellable *caller; /* (owned) (nullable) */
  gulong caller_id;
  guint limit_id;
  guint n_open;
  gboolean any_answered;
} Measuring;

/* One entry */
typedef struct
{
  GTask *task; /* (owned) */
  char *url;   /* (owned) */
  SoupMessage *message;
  gint64 began;
} Probe;

static void
measuring_free (gpointer data)
{
  Measuring *self = data;

  g_clear_handle_id (&self->limit_id, g_source_remove);
  if (self->caller != NULL)
    g_cancellable_disconnect (self->caller, self->caller_id);
  g_clear_object (&self->caller);
  g_object_unref (self->stop);
  g_object_unref (self->session);
  g_free (self);
}

static void
probe_free (Probe *self)
{
  g_object_unref (self->task);
  g_object_unref (self->message);
  g_free (self->url);
  g_free (self);
}

/* @answer: (nullable): what the entry says. Takes the probe. */
static void
finish_probe (Probe *probe, GBytes *answer)
{
  g_autoptr (GTask) task = g_object_ref (probe->task);
  Measuring *self = g_task_get_task_data (task);
  ChEntries *entries = g_task_get_source_object (task);
  g_autoptr (ChTime) time = answer != NULL ? ch_wire_decode (&ChTime_wire, answer, NULL) : NULL;
  gint64 spent = (g_get_monotonic_time () - probe->began) / G_TIME_SPAN_MILLISECOND;

  self->any_answered = self->any_answered || time != NULL;
  if (time != NULL)
    ch_entries_set_answered (entries, probe->url, MAX (spent, 1));
  else if (self->caller == NULL || !g_cancellable_is_cancelled (self->caller))
    ch_entries_set_silent (entries, probe->url);
  probe_free (probe);

  if (--self->n_open > 0)
    return;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  if (g_task_return_error_if_cancelled (task))
    return;
  ch_entries_settle (entries);
  if (self->any_answered)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE, "no entry answers");
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) answer = ch_api_answer_read_finish (G_INPUT_STREAM (source), result, NULL);

  finish_probe (user_data, answer);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  Measuring *self = g_task_get_task_data (probe->task);
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);

  if (stream == NULL || soup_message_get_status (probe->message) != SOUP_STATUS_OK)
    finish_probe (probe, NULL);
  else
    ch_api_answer_read_async (stream, 0, ANSWER_LIMIT, self->stop, on_read_cb, probe);
}

static void
start_probe (GTask *task, const char *url)
{
  Measuring *self = g_task_get_task_data (task);
  g_autofree char *path = ch_route_format_path (&ch_route_time, NULL);
  g_autofree char *whole = g_strconcat (url, path, NULL);
  Probe *probe = g_new0 (Probe, 1);

  probe->task = g_object_ref (task);
  probe->url = g_strdup (url);
  probe->message = ch_api_session_new_message (ch_route_time.method, whole);
  probe->began = g_get_monotonic_time ();
  soup_session_send_async (self->session, probe->message, G_PRIORITY_DEFAULT, self->stop, on_sent_cb, probe);
}

static gboolean
on_limit_cb (gpointer user_data)
{
  Measuring *self = user_data;

  self->limit_id = 0;
  g_cancellable_cancel (self->stop);
  return G_SOURCE_REMOVE;
}

static void
on_caller_cancelled_cb (GCancellable *caller, GCancellable *stop)
{
  g_cancellable_cancel (stop);
}

/**
 * ch_api_measure_async:
 * @entries: are all asked, at once
 * @anchor: what their certificates must lead to
 * @cancellable: (nullable): ends it; then nothing is said of those that have not answered
 *
 * Finds out which entries answer and how quickly, and settles which is in use.
 */
void
ch_api_measure_async (ChEntries *entries,
                      GTlsDatabase *anchor,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (entries, cancellable, callback, user_data);
  g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func (g_free);
  Measuring *self = g_new0 (Measuring, 1);

  g_task_set_source_tag (task, ch_api_measure_async);
  g_task_set_task_data (task, self, measuring_free);
  self->session = ch_api_session_new (anchor, MEASURE_LIMIT);
  self->stop = g_cancellable_new ();
  self->limit_id = g_timeout_add_seconds (MEASURE_LIMIT, on_limit_cb, self);
  if (cancellable != NULL)
    {
      self->caller = g_object_ref (cancellable);
      self->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled_cb),
                                               g_object_ref (self->stop), g_object_unref);
    }

  for (guint i = 0; i < ch_entries_get_n (entries); i++)
    g_ptr_array_add (urls, g_strdup (ch_entries_get (entries, i)->url));
  self->n_open = urls->len;
  for (guint i = 0; i < urls->len; i++)
    start_probe (task, urls->pdata[i]);
}

/**
 * ch_api_measure_finish:
 *
 * Returns: whether at least one answered
 */
gboolean
ch_api_measure_finish (ChEntries *entries, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, entries), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
