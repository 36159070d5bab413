#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "envcheck/ch-check-run.h"

/* Milliseconds: a check that can limits itself, and says more than that it was given up */
#define GRACE 1000

struct _ChCheckRun
{
  GObject parent_instance;

  ChCheckContext *context; /* (owned) */
  GStrv only;              /* (owned) (nullable): ids of checks or items; NULL: all */
  GPtrArray *items;        /* (owned) (element-type ChCheckItem) */
  GPtrArray *jobs;         /* (owned) (element-type Job): on their way */
  GTask *task;             /* (owned) (nullable): of the call that is being served */
  GSource *cancel_source;  /* (owned) (nullable) */
};

/* One check in its thread. The thread sees task and result only; the rest belongs to the main thread. */
typedef struct
{
  const ChCheck *check;
  ChCheckTask task;
  GPtrArray *drivers;    /* (owned): what the task’s driver is one of */
  ChCheckResult *result; /* (owned) (nullable): handed over when the thread has ended */
  GMainContext *main;    /* (owned) */

  ChCheckRun *run;   /* (unowned) (nullable): NULL when nobody waits any more */
  ChCheckItem *item; /* (unowned): of the run */
  GSource *limit;    /* (owned) (nullable) */
} Job;

static void ch_check_run_init_list_model (GListModelInterface *iface);
static void advance (ChCheckRun *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChCheckRun,
                               ch_check_run,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_check_run_init_list_model))

enum
{
  PROP_RUNNING = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* -- Jobs ---------------------------------------------------------------------------------------------- */

static void
clear_job (gpointer data)
{
  Job *job = data;

  ch_check_context_unref (job->task.context);
  g_hash_table_unref (job->task.needed);
  g_ptr_array_unref (job->drivers);
  g_clear_object (&job->task.cancellable);
  g_clear_pointer (&job->result, ch_check_result_unref);
  g_main_context_unref (job->main);
}

static void
job_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Nobody waits for it any more; its thread ends when it can */
static void
job_abandon (gpointer data)
{
  Job *job = data;

  job->run = NULL;
  clear_source (&job->limit);
  g_cancellable_cancel (job->task.cancellable);
  job_unref (job);
}

static void
finish_job (Job *job, ChCheckResult *result)
{
  g_autoptr (ChCheckRun) run = g_object_ref (job->run);
  ChCheckItem *item = job->item;

  g_ptr_array_remove_fast (run->jobs, job);
  ch_check_item_take_result (item, result);
  advance (run);
}

/* Who only has software tokens needs nothing of this: that something is missing is then no news */
static ChCheckResult *
put_in_place (const Job *job, ChCheckResult *result)
{
  g_autofree char *summary = NULL;
  ChCheckResult *mild;

  if (!job->check->is_for_ukey || job->task.context->wants_ukey
      || (result->state != CH_CHECK_FAILED && result->state != CH_CHECK_WARNING))
    return result;

  /* Translators: %s is e.g. “Not running” */
  summary = g_strdup_printf (_ ("%s; software tokens do not need it"), result->summary);
  mild = ch_check_result_new (CH_CHECK_NOT_APPLICABLE, summary);
  ch_check_result_set_detail (mild, "%s", result->detail != NULL ? result->detail : "");
  ch_check_result_unref (result);
  return mild;
}

static gboolean
on_limit_cb (gpointer user_data)
{
  Job *job = user_data;

  finish_job (job, put_in_place (job, ch_check_result_new_found (job->check->late, NULL)));
  return G_SOURCE_REMOVE;
}

static gboolean
on_job_done_cb (gpointer user_data)
{
  Job *job = user_data;

  if (job->run != NULL)
    finish_job (job, put_in_place (job, g_steal_pointer (&job->result)));
  return G_SOURCE_REMOVE;
}

static gpointer
run_job_thread (gpointer user_data)
{
  Job *job = user_data;
  /* Not g_main_context_invoke(): it would call from here when the main loop happens to rest */
  g_autoptr (GSource) source = g_idle_source_new ();
  g_autoptr (GMainContext) main = g_main_context_ref (job->main);

  job->result = job->check->run (&job->task);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_job_done_cb, job, job_unref);
  g_source_attach (source, main);
  return NULL;
}

static void
start_job (ChCheckRun *self, ChCheckItem *item, GHashTable *needed)
{
  Job *job = g_atomic_rc_box_new0 (Job);

  job->check = ch_check_item_get_check (item);
  job->task.context = ch_check_context_ref (self->context);
  job->task.entry = ch_check_item_get_entry (item);
  job->task.driver = ch_check_item_get_driver (item);
  job->task.needed = g_hash_table_ref (needed);
  job->drivers = g_ptr_array_ref (self->context->drivers);
  job->task.cancellable = g_cancellable_new ();
  job->main = g_main_context_ref_thread_default ();
  job->run = self;
  job->item = item;
  job->limit = g_timeout_source_new (ch_check_get_limit (job->check, self->context) + GRACE);
  g_source_set_callback (job->limit, on_limit_cb, job, NULL);
  g_source_attach (job->limit, job->main);
  g_ptr_array_add (self->jobs, job);
  ch_check_item_set_running (item, TRUE);

  g_thread_unref (g_thread_new (job->check->id, run_job_thread, g_atomic_rc_box_acquire (job)));
}

/* -- Order --------------------------------------------------------------------------------------------- */

/* The results of every item of a check; NULL while one of them is still to come */
static GPtrArray *
gather_results (ChCheckRun *self, const char *check_id)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_check_result_unref);

  for (guint i = 0; i < self->items->len; i++)
    {
      ChCheckItem *item = self->items->pdata[i];
      ChCheckResult *result = ch_check_item_get_result (item);

      if (g_strcmp0 (ch_check_item_get_check (item)->id, check_id) != 0)
        continue;
      if (result == NULL)
        return NULL;
      g_ptr_array_add (results, ch_check_result_ref (result));
    }
  return g_steal_pointer (&results);
}

static gboolean
has_state (GPtrArray *results, ChCheckState state)
{
  for (guint i = 0; i < results->len; i++)
    if (((ChCheckResult *) results->pdata[i])->state == state)
      return TRUE;
  return FALSE;
}

static gboolean
is_usable (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    if (((ChCheckResult *) results->pdata[i])->is_usable)
      return TRUE;
  return FALSE;
}

/* Adds what each of the checks found; FALSE while one of them is still to come */
static gboolean
gather_all (ChCheckRun *self, const char *const *ids, GHashTable *needed)
{
  for (guint i = 0; i < CH_CHECK_MAX_NEEDS && ids[i] != NULL; i++)
    {
      GPtrArray *results = gather_results (self, ids[i]);

      if (results == NULL)
        return FALSE;
      g_hash_table_insert (needed, (gpointer) ids[i], results);
    }
  return TRUE;
}

/* What does not apply takes what depends on it along; else it is said what has to be mended first */
static void
skip (ChCheckRun *self, ChCheckItem *item, const char *missing, GPtrArray *results)
{
  g_autofree char *summary = NULL;
  const char *title = _ (ch_check_find (missing)->title);
  gboolean is_idle = results->len > 0 && has_state (results, CH_CHECK_NOT_APPLICABLE);

  /* Translators: %s is another check, e.g. “Smart-card service” */
  summary = g_strdup_printf (is_idle ? _ ("Needs “%s”") : _ ("First “%s” has to be in order"), title);
  ch_check_item_take_result (
      item, ch_check_result_new (is_idle ? CH_CHECK_NOT_APPLICABLE : CH_CHECK_NOT_RUN, summary));
}

static void
start_item (ChCheckRun *self, ChCheckItem *item)
{
  const ChCheck *check = ch_check_item_get_check (item);
  g_autoptr (GHashTable) needed
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  if (!gather_all (self, check->depends, needed) || !gather_all (self, check->after, needed))
    return;
  for (guint i = 0; i < CH_CHECK_MAX_NEEDS && check->depends[i] != NULL; i++)
    {
      GPtrArray *results = g_hash_table_lookup (needed, check->depends[i]);

      if (!is_usable (results))
        {
          skip (self, item, check->depends[i], results);
          return;
        }
    }
  start_job (self, item, needed);
}

/* Returns: whether any did not have to wait any longer */
static gboolean
start_items (ChCheckRun *self)
{
  gboolean has_moved = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      ChCheckItem *item = self->items->pdata[i];

      if (ch_check_item_get_state (item) != CH_CHECK_WAITING)
        continue;
      start_item (self, item);
      has_moved = has_moved || ch_check_item_get_state (item) != CH_CHECK_WAITING;
    }
  return has_moved;
}

/* (nullable): for which the check passed */
static const ChCheckEntry *
find_working (ChCheckRun *self, const ChCheck *check)
{
  for (guint i = 0; i < self->items->len; i++)
    if (ch_check_item_get_check (self->items->pdata[i]) == check
        && ch_check_item_get_state (self->items->pdata[i]) == CH_CHECK_PASSED)
      return ch_check_item_get_entry (self->items->pdata[i]);
  return NULL;
}

/* One that works is enough: then the others are worth a word, not more */
static void
soften (ChCheckRun *self, const ChCheck *check)
{
  g_autoptr (GPtrArray) results = gather_results (self, check->id);

  if (results == NULL || !(has_state (results, CH_CHECK_PASSED) || has_state (results, CH_CHECK_WARNING)))
    return;

  for (guint i = 0; i < self->items->len; i++)
    {
      ChCheckItem *item = self->items->pdata[i];
      ChCheckResult *result;

      if (ch_check_item_get_check (item) != check || ch_check_item_get_state (item) != CH_CHECK_FAILED)
        continue;
      result = ch_check_result_copy (ch_check_item_get_result (item));
      result->state = CH_CHECK_WARNING;
      ch_check_result_set_meaning (result, _ (check->one_is_enough));
      if (check->soften != NULL)
        check->soften (result, ch_check_item_get_entry (item), find_working (self, check));
      ch_check_item_take_result (item, result);
    }
}

static void
finish_task (ChCheckRun *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  clear_source (&self->cancel_source);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static void
advance (ChCheckRun *self)
{
  gboolean is_done = TRUE;
  guint n_checks;
  const ChCheck *const *checks = ch_checks_get (&n_checks);

  if (self->task == NULL)
    return;

  /* What is left out decides about others, which may stand before it */
  while (start_items (self))
    continue;
  for (guint i = 0; i < n_checks; i++)
    if (checks[i]->one_is_enough != NULL)
      soften (self, checks[i]);

  for (guint i = 0; i < self->items->len; i++)
    is_done = is_done && ch_check_state_is_final (ch_check_item_get_state (self->items->pdata[i]));
  if (is_done)
    finish_task (self);
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (ChCheckRun) self = g_object_ref (user_data);

  g_ptr_array_set_size (self->jobs, 0);
  for (guint i = 0; i < self->items->len; i++)
    if (!ch_check_state_is_final (ch_check_item_get_state (self->items->pdata[i])))
      ch_check_item_take_result (self->items->pdata[i],
                                 ch_check_result_new (CH_CHECK_NOT_RUN, _ ("Cancelled")));
  if (self->task != NULL)
    finish_task (self);
  return G_SOURCE_REMOVE;
}

/* -- GListModel ---------------------------------------------------------------------------------------- */

static GType
ch_check_run_get_item_type (GListModel *model)
{
  return CH_TYPE_CHECK_ITEM;
}

static guint
ch_check_run_get_n_items (GListModel *model)
{
  return CH_CHECK_RUN (model)->items->len;
}

static gpointer
ch_check_run_get_item (GListModel *model, guint position)
{
  ChCheckRun *self = CH_CHECK_RUN (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
ch_check_run_init_list_model (GListModelInterface *iface)
{
  iface->get_item_type = ch_check_run_get_item_type;
  iface->get_n_items = ch_check_run_get_n_items;
  iface->get_item = ch_check_run_get_item;
}

/* -- GObject ------------------------------------------------------------------------------------------- */

static void
ch_check_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, ch_check_run_is_running (CH_CHECK_RUN (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_check_run_finalize (GObject *object)
{
  ChCheckRun *self = CH_CHECK_RUN (object);

  clear_source (&self->cancel_source);
  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->items);
  g_strfreev (self->only);
  g_clear_pointer (&self->context, ch_check_context_unref);

  G_OBJECT_CLASS (ch_check_run_parent_class)->finalize (object);
}

static void
ch_check_run_class_init (ChCheckRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_check_run_get_property;
  object_class->finalize = ch_check_run_finalize;

  props[PROP_RUNNING]
      = g_param_spec_boolean ("running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_check_run_init (ChCheckRun *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->jobs = g_ptr_array_new_with_free_func (job_abandon);
}

/* -- Items --------------------------------------------------------------------------------------------- */

/* Whether one of those that are wanted builds upon @check, perhaps by others */
static gboolean
is_needed (ChCheckRun *self, const ChCheck *check)
{
  for (guint i = 0; self->only[i] != NULL; i++)
    {
      g_autofree char *id = g_strndup (self->only[i], strcspn (self->only[i], "."));
      const ChCheck *wanted = ch_check_find (id);

      if (wanted != NULL && ch_check_builds_on (wanted, check->id))
        return TRUE;
    }
  return FALSE;
}

static void
add_item (ChCheckRun *self, const ChCheck *check, const ChCheckEntry *entry, const ChDriver *driver)
{
  g_autoptr (ChCheckItem) item = ch_check_item_new (check, entry, driver);

  if (self->only == NULL || g_strv_contains ((const char *const *) self->only, check->id)
      || g_strv_contains ((const char *const *) self->only, ch_check_item_get_id (item))
      || is_needed (self, check))
    g_ptr_array_add (self->items, g_steal_pointer (&item));
}

static void
add_items (ChCheckRun *self)
{
  const ChCheckContext *context = self->context;
  guint n_checks;
  const ChCheck *const *checks = ch_checks_get (&n_checks);

  for (guint i = 0; i < n_checks; i++)
    {
      if (checks[i]->applies != NULL && !checks[i]->applies (context))
        continue;
      switch (checks[i]->kind)
        {
        case CH_CHECK_FOR_ALL:
          add_item (self, checks[i], NULL, NULL);
          break;
        case CH_CHECK_FOR_ENTRY:
          for (guint e = 0; e < context->entries->len; e++)
            add_item (self, checks[i], context->entries->pdata[e], NULL);
          break;
        case CH_CHECK_FOR_DRIVER:
          for (guint d = 0; d < context->drivers->len; d++)
            add_item (self, checks[i], NULL, context->drivers->pdata[d]);
          break;
        }
    }
}

/* A driver was installed or removed since it was last looked */
static void
renew_items (ChCheckRun *self)
{
  guint n_before = self->items->len;

  if (!ch_check_context_read_drivers (self->context))
    return;
  g_ptr_array_set_size (self->items, 0);
  add_items (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

/* -- Public -------------------------------------------------------------------------------------------- */

/**
 * ch_check_run_new:
 * @context: what is to be checked; of the run alone from now on
 * @only: (nullable): ids of checks, or of rows as `entry.telecom`, that are made with what they depend on;
 * %NULL: all
 *
 * Returns: (transfer full): the checks that apply, none of them made yet
 */
ChCheckRun *
ch_check_run_new (ChCheckContext *context, const char *const *only)
{
  ChCheckRun *self = g_object_new (CH_TYPE_CHECK_RUN, NULL);

  self->context = ch_check_context_ref (context);
  self->only = g_strdupv ((GStrv) only);
  add_items (self);
  return self;
}

/**
 * ch_check_run_get_context:
 *
 * Returns: (transfer none): what is checked
 */
ChCheckContext *
ch_check_run_get_context (ChCheckRun *self)
{
  return self->context;
}

/**
 * ch_check_run_start_async:
 * @cancellable: (nullable): ends the run; checks on their way are left to their threads
 *
 * Makes all checks, once more if they were made before. One call at a time.
 */
void
ch_check_run_start_async (ChCheckRun *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (CH_IS_CHECK_RUN (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, ch_check_run_start_async);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  renew_items (self);
  for (guint i = 0; i < self->items->len; i++)
    ch_check_item_set_running (self->items->pdata[i], FALSE);

  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
      g_source_attach (self->cancel_source, g_task_get_context (self->task));
    }
  advance (self);
}

/**
 * ch_check_run_start_finish:
 *
 * Returns: %FALSE when it was cancelled; that checks failed is no error
 */
gboolean
ch_check_run_start_finish (ChCheckRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_check_run_is_running:
 *
 * Returns: whether checks are still on their way
 */
gboolean
ch_check_run_is_running (ChCheckRun *self)
{
  return self->task != NULL;
}

/**
 * ch_check_run_find:
 * @id: of an item
 *
 * Returns: (transfer none) (nullable): the item
 */
ChCheckItem *
ch_check_run_find (ChCheckRun *self, const char *id)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_strcmp0 (ch_check_item_get_id (self->items->pdata[i]), id) == 0)
      return self->items->pdata[i];
  return NULL;
}

/**
 * ch_check_run_find_first:
 * @state: how it must stand
 *
 * Returns: (transfer none) (nullable): the first item that stands so
 */
ChCheckItem *
ch_check_run_find_first (ChCheckRun *self, ChCheckState state)
{
  for (guint i = 0; i < self->items->len; i++)
    if (ch_check_item_get_state (self->items->pdata[i]) == state)
      return self->items->pdata[i];
  return NULL;
}

/**
 * ch_check_run_count:
 *
 * Returns: how many items stand so
 */
guint
ch_check_run_count (ChCheckRun *self, ChCheckState state)
{
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++)
    n += ch_check_item_get_state (self->items->pdata[i]) == state;
  return n;
}

/**
 * ch_check_run_get_exit_status:
 *
 * Returns: 0 when nothing failed, else that of the first failure’s error
 */
int
ch_check_run_get_exit_status (ChCheckRun *self)
{
  ChCheckItem *item = ch_check_run_find_first (self, CH_CHECK_FAILED);

  return item != NULL ? ch_error_code_get_info (ch_check_item_get_result (item)->error)->exit_status : 0;
}
