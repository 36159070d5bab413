#include "config.h"

#include "base/ch-error.h"
#include "server/ch-db-private.h"
#include "server/ch-db.h"

/* How long a commit may wait for company, and how much company it takes */
#define GATHER_US (2 * 1000)
#define MAX_BATCH 256

/* What somebody wants written */
typedef struct
{
  ChDbFunc func;
  gpointer data;
  GDestroyNotify free_result; /* (nullable) */
  GDestroyNotify free_data;   /* (nullable): of what nobody waits for */
  gpointer result;            /* (owned) (nullable) */
  GError *error;              /* (owned) (nullable) */
  GCond done;                 /* signalled when is_done */
  gboolean is_done;
  gboolean is_posted; /* nobody waits */
} Job;

struct _ChDb
{
  char *path;        /* (owned) */
  ChDbTx *writer_tx; /* (owned): of the writer’s thread */
  GThread *writer;   /* (owned) */

  GMutex lock;
  GCond wanted;       /* a job has come, or the end */
  GQueue jobs;        /* Job, waiting */
  GPtrArray *readers; /* (owned) (element-type ChDbTx): connections nobody uses just now */
  gboolean is_closing;
  ChDbWatch watch;     /* (nullable) */
  gpointer watch_data; /* for watch */

  guint last_batch;  /* writer’s: how many shared the last commit */
  guint64 n_commits; /* atomic */
};

static void
finish_job (ChDb *self, Job *job, const GError *failure)
{
  if (failure != NULL && job->result != NULL)
    {
      if (job->free_result != NULL)
        job->free_result (job->result);
      job->result = NULL;
      job->error = g_error_copy (failure);
    }

  if (job->is_posted)
    {
      if (job->error != NULL)
        g_warning ("a change nobody waits for failed: %s", job->error->message);
      g_clear_error (&job->error);
      if (job->free_data != NULL)
        job->free_data (job->data);
      g_free (job);
      return;
    }

  g_mutex_lock (&self->lock);
  job->is_done = TRUE;
  g_cond_signal (&job->done);
  g_mutex_unlock (&self->lock);
}

/* A failed one rolls back alone. Returns FALSE when the whole transaction is lost. */
static gboolean
run_job (ChDb *self, Job *job)
{
  ChDbTx *tx = self->writer_tx;

  if (!ch_db_run (tx, "SAVEPOINT job", NULL, &job->error))
    return ch_db_tx_is_open (tx);

  job->result = job->func (tx, job->data, &job->error);
  if (job->result == NULL && job->error == NULL)
    g_set_error (&job->error, CH_ERROR, CH_ERROR_INTERNAL, "a change failed without a word");
  if (!ch_db_tx_is_open (tx))
    return FALSE;

  if (job->result == NULL && !ch_db_run (tx, "ROLLBACK TO SAVEPOINT job", NULL, NULL))
    return FALSE;
  return ch_db_run (tx, "RELEASE SAVEPOINT job", NULL, NULL);
}

/* The next job; waits until @until for it, 0 not at all. */
static Job *
take_job (ChDb *self, gint64 until)
{
  Job *job;

  g_mutex_lock (&self->lock);
  while (until != 0 && !self->is_closing && g_queue_is_empty (&self->jobs))
    if (!g_cond_wait_until (&self->wanted, &self->lock, until))
      break;
  job = g_queue_pop_head (&self->jobs);
  g_mutex_unlock (&self->lock);

  return job;
}

static void
tell_watch (ChDb *self)
{
  g_mutex_lock (&self->lock);
  if (self->watch != NULL)
    self->watch (self->watch_data);
  g_mutex_unlock (&self->lock);
}

/* One commit for all who come together. It waits for company only if there was some the last time: a lone
 * caller is not kept. Nobody is told of success before the commit is on the disk. */
static void
write_batch (ChDb *self)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 until = g_get_monotonic_time () + GATHER_US;
  gboolean is_open = ch_db_run (self->writer_tx, "BEGIN IMMEDIATE", NULL, &error);

  while (batch->len < MAX_BATCH)
    {
      Job *job = take_job (self, batch->len > 0 && batch->len < self->last_batch ? until : 0);

      if (job == NULL)
        break;
      g_ptr_array_add (batch, job);
      if (!is_open)
        job->error = g_error_copy (error);
      else if (!run_job (self, job))
        {
          is_open = FALSE;
          if (job->error != NULL)
            error = g_error_copy (job->error);
          break;
        }
    }

  if (is_open)
    is_open = ch_db_run (self->writer_tx, "COMMIT", NULL, &error);
  if (!is_open)
    {
      if (error == NULL)
        g_set_error (&error, CH_ERROR, CH_ERROR_INTERNAL, "the transaction was lost");
      g_warning ("nothing was written: %s", error->message);
      if (ch_db_tx_is_open (self->writer_tx))
        ch_db_run (self->writer_tx, "ROLLBACK", NULL, NULL);
    }
  else
    tell_watch (self);

  self->last_batch = batch->len;
  __atomic_add_fetch (&self->n_commits, 1, __ATOMIC_RELAXED);
  for (guint i = 0; i < batch->len; i++)
    finish_job (self, batch->pdata[i], error);
}

static gpointer
run_writer (gpointer data)
{
  ChDb *self = data;
  gboolean has_more = TRUE;

  while (has_more)
    {
      g_mutex_lock (&self->lock);
      while (g_queue_is_empty (&self->jobs) && !self->is_closing)
        g_cond_wait (&self->wanted, &self->lock);
      has_more = !g_queue_is_empty (&self->jobs);
      g_mutex_unlock (&self->lock);

      if (has_more)
        write_batch (self);
    }

  return NULL;
}

/**
 * ch_db_open:
 * @path: the file; made if it is missing
 * @error: %CH_ERROR_FILE when it cannot be used
 *
 * Opens the store and brings its tables up to date.
 *
 * Returns: (transfer full): the store
 */
ChDb *
ch_db_open (const char *path, GError **error)
{
  g_autoptr (ChDbTx) tx = ch_db_tx_new (path, TRUE, error);
  ChDb *self;

  if (tx == NULL || !ch_db_migrate (tx, error))
    return NULL;

  self = g_new0 (ChDb, 1);
  self->path = g_strdup (path);
  self->writer_tx = g_steal_pointer (&tx);
  self->readers = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_db_tx_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->wanted);
  g_queue_init (&self->jobs);
  self->writer = g_thread_new ("store", run_writer, self);
  return self;
}

/**
 * ch_db_close:
 *
 * Writes what is still waiting and closes the store. Nobody may be using it any more.
 */
void
ch_db_close (ChDb *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->wanted);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->writer);

  g_ptr_array_unref (self->readers);
  ch_db_tx_free (self->writer_tx);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wanted);
  g_free (self->path);
  g_free (self);
}

/**
 * ch_db_write:
 * @func: makes the change
 * @data: for @func
 * @free_result: (nullable): for what @func returned if the commit then fails
 * @error: what @func said, or %CH_ERROR_NO_SPACE and others of the commit
 *
 * Makes a change. Returns when it is on the disk; blocks, so never in the main thread. Changes that come
 * together share one commit, each in its own savepoint.
 *
 * Returns: what @func returned; %NULL with @error set when nothing was changed
 */
gpointer
ch_db_write (ChDb *self, ChDbFunc func, gpointer data, GDestroyNotify free_result, GError **error)
{
  Job job = { .func = func, .data = data, .free_result = free_result };

  g_cond_init (&job.done);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->jobs, &job);
  g_cond_signal (&self->wanted);
  while (!job.is_done)
    g_cond_wait (&job.done, &self->lock);
  g_mutex_unlock (&self->lock);
  g_cond_clear (&job.done);

  if (job.error != NULL)
    g_propagate_error (error, job.error);
  return job.result;
}

/**
 * ch_db_post:
 * @data: (transfer full): for @func
 * @free_data: (nullable): called in the writer’s thread when @func has run
 *
 * Makes a change that nobody waits for, from any thread.
 */
void
ch_db_post (ChDb *self, ChDbFunc func, gpointer data, GDestroyNotify free_data)
{
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->is_posted = TRUE;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->jobs, job);
  g_cond_signal (&self->wanted);
  g_mutex_unlock (&self->lock);
}

/**
 * ch_db_read:
 * @func: reads; all it sees is of one moment
 * @data: for @func
 *
 * Reads in the caller’s thread, beside the writer and other readers.
 *
 * Returns: what @func returned
 */
gpointer
ch_db_read (ChDb *self, ChDbFunc func, gpointer data, GError **error)
{
  ChDbTx *tx = NULL;
  gpointer result = NULL;

  g_mutex_lock (&self->lock);
  if (self->readers->len > 0)
    tx = g_ptr_array_steal_index_fast (self->readers, self->readers->len - 1);
  g_mutex_unlock (&self->lock);

  if (tx == NULL)
    tx = ch_db_tx_new (self->path, FALSE, error);
  if (tx == NULL)
    return NULL;

  if (ch_db_run (tx, "BEGIN", NULL, error))
    {
      result = func (tx, data, error);
      ch_db_run (tx, "COMMIT", NULL, NULL);
    }

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->readers, tx);
  g_mutex_unlock (&self->lock);

  return result;
}

/**
 * ch_db_set_watch:
 * @watch: (nullable): called after each commit that is on the disk; %NULL for nobody: then it is called no
 * more once this has returned
 * @data: for @watch
 */
void
ch_db_set_watch (ChDb *self, ChDbWatch watch, gpointer data)
{
  g_mutex_lock (&self->lock);
  self->watch = watch;
  self->watch_data = data;
  g_mutex_unlock (&self->lock);
}

/**
 * ch_db_get_n_commits:
 *
 * Returns: how many commits there were since it was opened
 */
guint64
ch_db_get_n_commits (ChDb *self)
{
  return __atomic_load_n (&self->n_commits, __ATOMIC_RELAXED);
}
