#include "config.h"

#include "ports/ch-fetcher.h"

G_DEFINE_INTERFACE (ChFetcher, ch_fetcher, G_TYPE_OBJECT)

typedef struct
{
  char *url;
  char *content_type;
  GBytes *body;
  gsize max;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_free (fetch->url);
  g_free (fetch->content_type);
  g_clear_pointer (&fetch->body, g_bytes_unref);
  g_free (fetch);
}

static void
ch_fetcher_default_init (ChFetcherInterface *iface)
{
}

/**
 * ch_fetcher_fetch:
 * @url: http or https
 * @content_type: (nullable): of @body
 * @body: (nullable): sent by POST; %NULL asks by GET
 * @max: most bytes of an answer that are accepted
 *
 * Fetches in this thread, which must not be the main one.
 *
 * Returns: (transfer full): the answer’s body; %NULL with @error set on failure
 */
GBytes *
ch_fetcher_fetch (ChFetcher *self,
                  const char *url,
                  const char *content_type,
                  GBytes *body,
                  gsize max,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (CH_IS_FETCHER (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  return CH_FETCHER_GET_IFACE (self)->fetch (self, url, content_type, body, max, cancellable, error);
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fetch *fetch = data;
  GError *error = NULL;
  GBytes *answer = ch_fetcher_fetch (source, fetch->url, fetch->content_type, fetch->body, fetch->max,
                                     cancellable, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * ch_fetcher_fetch_async:
 * @url: http or https
 * @content_type: (nullable): of @body
 * @body: (nullable): sent by POST; %NULL asks by GET
 * @max: most bytes of an answer that are accepted
 */
void
ch_fetcher_fetch_async (ChFetcher *self,
                        const char *url,
                        const char *content_type,
                        GBytes *body,
                        gsize max,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Fetch *fetch;

  g_return_if_fail (CH_IS_FETCHER (self));
  g_return_if_fail (url != NULL);

  fetch = g_new0 (Fetch, 1);
  fetch->url = g_strdup (url);
  fetch->content_type = g_strdup (content_type);
  fetch->body = body != NULL ? g_bytes_ref (body) : NULL;
  fetch->max = max;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_fetcher_fetch_async);
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);
  g_task_run_in_thread (task, fetch_thread);
}

/**
 * ch_fetcher_fetch_finish:
 *
 * Returns: (transfer full): the answer’s body; %NULL with @error set on failure
 */
GBytes *
ch_fetcher_fetch_finish (ChFetcher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
