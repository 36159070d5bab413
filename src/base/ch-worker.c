#include "config.h"

#include "base/ch-error.h"
#include "base/ch-worker.h"

typedef struct
{
  GTask *task; /* (owned) */
  GTaskThreadFunc func;
} Job;

struct _ChWorker
{
  GThreadPool *pool; /* (owned) */
  guint max_queue;
};

/* The worker in whose thread we are */
static GPrivate current;

static void
job_free (Job *job)
{
  g_object_unref (job->task);
  g_free (job);
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;

  g_private_set (&current, user_data);
  if (!g_task_return_error_if_cancelled (job->task))
    job->func (job->task, g_task_get_source_object (job->task), g_task_get_task_data (job->task),
               g_task_get_cancellable (job->task));
  job_free (job);
}

/**
 * ch_worker_new:
 * @name: for debugging
 * @n_threads: how many calls may run at once, 1 or more
 * @max_queue: how many may wait; 0 for no limit
 *
 * Returns: (transfer full): the worker
 */
ChWorker *
ch_worker_new (const char *name, guint n_threads, guint max_queue)
{
  ChWorker *self = g_new0 (ChWorker, 1);

  self->max_queue = max_queue;
  self->pool = g_thread_pool_new (run_job, self, MAX (n_threads, 1), FALSE, NULL);
  return self;
}

/**
 * ch_worker_free:
 *
 * Waits for what has been pushed, then ends the threads. The last reference to who owns the worker may be
 * dropped by a task in a thread of it: that one cannot wait for itself, and by then nothing is left to wait
 * for.
 */
void
ch_worker_free (ChWorker *self)
{
  if (self == NULL)
    return;

  g_thread_pool_free (self->pool, FALSE, g_private_get (&current) != self);
  g_free (self);
}

/**
 * ch_worker_push:
 * @self: a worker
 * @task: gets its result from @func
 * @func: runs in one of the threads
 * @error: %CH_ERROR_BUSY when the queue is full; @task is then untouched
 */
gboolean
ch_worker_push (ChWorker *self, GTask *task, GTaskThreadFunc func, GError **error)
{
  Job *job;

  if (self->max_queue > 0 && g_thread_pool_unprocessed (self->pool) >= self->max_queue)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BUSY, "the queue is full");
      return FALSE;
    }

  job = g_new0 (Job, 1);
  job->task = g_object_ref (task);
  job->func = func;
  return g_thread_pool_push (self->pool, job, error);
}
