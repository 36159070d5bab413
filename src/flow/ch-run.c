#include "config.h"

#include "base/ch-error.h"
#include "flow/ch-run-private.h"

enum
{
  PROP_STEP = 1,
  PROP_STATE,
  PROP_ERROR,
  PROP_PROGRESS,
  PROP_FACTS,
  PROP_DRAFT_SAVED
};

static GParamSpec *props[PROP_DRAFT_SAVED + 1];

G_DEFINE_FINAL_TYPE (ChRun, ch_run, G_TYPE_OBJECT)

static void do_work (ChRun *self, gboolean quiet);

static void
notify (ChRun *self, guint prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_state (ChRun *self, ChRunState state)
{
  if (self->state == state)
    return;

  self->state = state;
  ch_run_update_watch (self);
  notify (self, PROP_STATE);
}

static void
take_error (ChRun *self, GError *error) /* (transfer full) (nullable) */
{
  if (error == NULL && self->error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  notify (self, PROP_ERROR);
}

static const ChStep *
get_step_at (ChRun *self, int position)
{
  return position >= 0 && position < (int) self->steps->len ? self->steps->pdata[position] : NULL;
}

/* A step that gives nothing is never done by facts alone */
static gboolean
facts_hold (ChRun *self, const ChStep *step)
{
  return step->gives != CH_FACT_NONE && (step->gives & ~self->facts) == 0;
}

static gboolean
is_refused (ChRun *self)
{
  return self->application != NULL && self->application->state == CH_APPLICATION_REFUSED;
}

static gboolean
is_passed_over (ChRun *self, int position)
{
  const ChStep *step = get_step_at (self, position);

  if (step->wanted != NULL && !step->wanted (self))
    return TRUE;
  if (!facts_hold (self, step))
    return FALSE;
  return (step->flags & (CH_STEP_AUTO | CH_STEP_NO_RETURN)) != 0 || position > self->furthest;
}

static void
enter (ChRun *self, int position)
{
  const ChStep *step;

  g_clear_handle_id (&self->poll_id, g_source_remove);
  while (position < (int) self->steps->len && is_passed_over (self, position))
    position++;

  self->position = position;
  self->furthest = MAX (self->furthest, position);
  self->progress = 0;
  step = ch_run_get_step (self);
  set_state (self, step != NULL ? CH_RUN_READY : CH_RUN_DONE);
  notify (self, PROP_STEP);

  /* A listener of ::step may have moved the run already */
  if (step == NULL || step != ch_run_get_step (self) || self->state != CH_RUN_READY)
    return;
  if ((step->flags & (CH_STEP_AUTO | CH_STEP_POLLS)) != 0 || self->is_given)
    {
      self->is_given = self->is_given && (step->flags & CH_STEP_AUTO) != 0;
      ch_run_next (self);
    }
}

void
ch_run_fail (ChRun *self, GError *error) /* (transfer full) */
{
  const ChStep *step = ch_run_get_step (self);
  gboolean quiet = self->quiet;

  gboolean polls = step != NULL && (step->flags & CH_STEP_POLLS) != 0;

  take_error (self, error);
  if ((quiet && polls) || g_error_matches (error, CH_ERROR, CH_ERROR_RESTING))
    set_state (self, CH_RUN_RESTING);
  else
    set_state (self, CH_RUN_FAILED);

  /* What did not reach the server is tried again by the clock, whoever began it */
  if (polls && (quiet || ch_run_is_in_doubt (error)))
    {
      self->n_quiet_failures++;
      ch_run_plan_poll (self);
    }
}

/* The first step whose facts are missing, whatever the user has seen */
static int
find_first_missing (ChRun *self)
{
  for (int i = 0; i < (int) self->steps->len; i++)
    {
      const ChStep *step = get_step_at (self, i);

      if (step->gives != CH_FACT_NONE && !facts_hold (self, step)
          && (step->wanted == NULL || step->wanted (self)))
        return i;
    }

  return self->steps->len;
}

/* When the server has taken back what the current step builds on (a refusal): begin again at what is missing
 */
void
ch_run_resync (ChRun *self)
{
  const ChStep *step = ch_run_get_step (self);

  if (step != NULL && (step->needs & ~self->facts) != 0)
    ch_run_restart (self);
}

/* Begins again at what is missing */
void
ch_run_restart (ChRun *self)
{
  int first = find_first_missing (self);

  self->furthest = first - 1;
  enter (self, first);
}

static void
advance (ChRun *self, const ChStep *step)
{
  ChFact server = ch_facts_of (CH_KEEPER_SERVER);

  self->facts |= step->gives & ~server;
  if ((step->gives & ~self->facts) != 0)
    {
      /* What has an effect outside is believed only from the server */
      ch_run_fail (
          self, g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "the server does not confirm step %s", step->id));
      return;
    }

  notify (self, PROP_FACTS);
  enter (self, self->position + 1);
}

static void
on_work_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChRun *self = CH_RUN (source);
  const ChStep *step = user_data;
  g_autoptr (GError) error = NULL;
  gssize outcome = g_task_propagate_int (G_TASK (result), &error);

  /* Meanwhile the user has gone back: what the work did is known to the server, its outcome moves nothing
   * here */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (g_error_matches (error, CH_ERROR, CH_ERROR_CONFLICT) && self->application != NULL)
    {
      ch_run_meet_conflict (self, g_steal_pointer (&error));
      return;
    }
  g_clear_object (&self->cancellable);

  if (error != NULL)
    {
      ch_run_fail (self, g_steal_pointer (&error));
      return;
    }

  self->n_conflicts = 0;
  self->n_quiet_failures = 0;
  take_error (self, NULL);
  if ((step->needs & ~self->facts) != 0)
    ch_run_resync (self);
  else if (outcome == CH_STEP_DONE)
    advance (self, step);
  else if (self->is_joined)
    do_work (self, FALSE);
  else
    {
      set_state (self, CH_RUN_RESTING);
      ch_run_plan_poll (self);
    }
}

/* A medium that was set up on the way and then unplugged is, plugged in again, another object of the same
 * serial number */
static void
find_token_again (ChRun *self)
{
  ChTokenHub *hub = ch_ports_get_hub (self->ports);
  g_autoptr (ChToken) token = self->token != NULL && hub != NULL
                                  ? ch_token_hub_find (hub, ch_token_get_info (self->token)->serial)
                                  : NULL;

  if (token != NULL)
    g_set_object (&self->token, token);
}

/* Returns: (transfer full): what the work of the step returns by */
GTask *
ch_run_begin_task (ChRun *self, GAsyncReadyCallback callback, gboolean quiet)
{
  const ChStep *step = ch_run_get_step (self);
  GTask *task;

  self->quiet = quiet;
  self->is_joined = FALSE;
  self->has_changed = FALSE;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, callback, (gpointer) step);
  g_task_set_source_tag (task, ch_run_begin_task);
  g_task_set_name (task, step->id);
  /* A step with an effect outside reports what has happened even when the waiting was cancelled */
  g_task_set_check_cancellable (task, FALSE);

  if (!quiet)
    set_state (self, CH_RUN_BUSY);
  find_token_again (self);
  return task;
}

static void
do_work (ChRun *self, gboolean quiet)
{
  ch_run_get_step (self)->work (self, ch_run_begin_task (self, on_work_done_cb, quiet));
}

/* Without the user: what is seen is what comes of it */
void
ch_run_work_quietly (ChRun *self)
{
  do_work (self, TRUE);
}

/* The same work once more, for what stood in its way is gone */
void
ch_run_do_again (ChRun *self)
{
  do_work (self, self->quiet);
}

/* The step waits for the user, and there is nothing to be told */
void
ch_run_be_ready (ChRun *self)
{
  take_error (self, NULL);
  set_state (self, CH_RUN_READY);
  notify (self, PROP_FACTS);
}

/* The clock’s own question is on its way, and is the user’s from now on. Its answer may be of before they
 * acted: one that says no is not believed, and it is asked once more. */
static void
join_work (ChRun *self)
{
  self->quiet = FALSE;
  self->is_joined = TRUE;
  take_error (self, NULL);
  set_state (self, CH_RUN_BUSY);
}

/**
 * ch_run_next:
 * @self: a run that is ready, has failed or rests
 *
 * Checks the current step, does its work, and goes on; after a failure, tries again.
 */
void
ch_run_next (ChRun *self)
{
  const ChStep *step = ch_run_get_step (self);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (CH_IS_RUN (self));

  if (step == NULL || self->state == CH_RUN_BUSY)
    return;
  if (self->cancellable != NULL)
    {
      join_work (self);
      return;
    }

  g_clear_handle_id (&self->poll_id, g_source_remove);
  if ((step->needs & ~self->facts) != 0)
    {
      ch_run_resync (self);
      return;
    }

  take_error (self, NULL);
  self->quiet = FALSE;
  if (step->check != NULL && !step->check (self, &error))
    ch_run_fail (self, g_steal_pointer (&error));
  else if (step->work == NULL)
    advance (self, step);
  else
    do_work (self, FALSE);
}

/* The step Back leads to, -1 where there is none: automatic steps are passed over, a point of no return stops
 * it */
static int
find_back_target (ChRun *self)
{
  if (self->state == CH_RUN_BUSY || self->state == CH_RUN_DONE)
    return -1;

  for (int i = self->position - 1; i >= 0; i--)
    {
      const ChStep *step = get_step_at (self, i);

      if ((step->flags & CH_STEP_NO_RETURN) != 0)
        return -1;
      if ((step->flags & CH_STEP_AUTO) == 0 && (step->wanted == NULL || step->wanted (self)))
        return i;
    }

  return -1;
}

gboolean
ch_run_get_can_back (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), FALSE);

  return find_back_target (self) >= 0;
}

static void
stand_on (ChRun *self, int position)
{
  g_clear_handle_id (&self->poll_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->position = position;
  take_error (self, NULL);
  set_state (self, CH_RUN_READY);
  notify (self, PROP_STEP);
}

/**
 * ch_run_back:
 *
 * Goes to the step before, if ch_run_get_can_back(). What the server has stays; the next step is shown again.
 */
void
ch_run_back (ChRun *self)
{
  int target = find_back_target (self);

  g_return_if_fail (target >= 0);

  stand_on (self, target);
}

/**
 * ch_run_can_go_to:
 * @step: one of ch_run_get_steps()
 *
 * Returns: whether @step can be opened now: one that was shown already and not passed for ever, or one with
 * something to be corrected
 */
gboolean
ch_run_can_go_to (ChRun *self, const ChStep *step)
{
  guint index;

  g_return_val_if_fail (CH_IS_RUN (self), FALSE);

  if (!g_ptr_array_find (self->steps, step, &index) || self->state == CH_RUN_BUSY
      || self->state == CH_RUN_DONE || (step->flags & (CH_STEP_AUTO | CH_STEP_NO_RETURN)) != 0
      || (step->needs & ~self->facts) != 0)
    return FALSE;
  if ((int) index == self->position || step == get_step_at (self, 0))
    return (int) index == self->position;
  /* What was refused is corrected in any order */
  if (is_refused (self) && !facts_hold (self, step))
    return TRUE;

  for (int i = index; i < self->position; i++)
    if ((get_step_at (self, i)->flags & CH_STEP_NO_RETURN) != 0)
      return is_refused (self);
  return (int) index <= self->furthest;
}

/**
 * ch_run_go_to:
 * @step: a step for which ch_run_can_go_to() holds
 */
void
ch_run_go_to (ChRun *self, const ChStep *step)
{
  guint index;

  g_return_if_fail (ch_run_can_go_to (self, step));

  g_ptr_array_find (self->steps, step, &index);
  /* After a correction Next passes over all that holds already */
  self->furthest = is_refused (self) ? (int) index : MAX (self->furthest, self->position);
  stand_on (self, index);
}

/**
 * ch_run_cancel:
 *
 * Stops waiting for the work going on. What was sent may still take effect: cancelling is not undoing.
 */
void
ch_run_cancel (ChRun *self)
{
  g_return_if_fail (CH_IS_RUN (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/**
 * ch_run_start:
 *
 * Begins at the first step whose facts are missing.
 */
void
ch_run_start (ChRun *self)
{
  g_return_if_fail (CH_IS_RUN (self));

  enter (self, 0);
}

/**
 * ch_run_give:
 * @field: id of what the first page asks for
 * @value: the answer
 *
 * Answers before the beginning what is known already: the first page is not waited at.
 */
void
ch_run_give (ChRun *self, const char *field, const char *value)
{
  g_return_if_fail (CH_IS_RUN (self));

  ch_run_set_answer (self, field, value);
  self->is_given = TRUE;
}

static void
on_facts_lost (ChRun *self, ChFact lost)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const ChStep *step = self->steps->pdata[i];

      if ((step->gives & lost) != 0 && step->lost != NULL)
        step->lost (self);
    }
}

/**
 * ch_run_take_application:
 * @application: (transfer full): the server’s newest answer; an older one than is known is dropped
 *
 * Takes over facts and answers. Facts the server no longer holds are withdrawn.
 */
void
ch_run_take_application (ChRun *self, ChApplication *application)
{
  ChFact server = ch_facts_of (CH_KEEPER_SERVER);
  ChFact held = ch_facts_parse ((const char *const *) application->facts) & server;
  ChFact lost = self->facts & server & ~held;

  if (self->application != NULL && self->application->version > application->version)
    {
      ch_application_free (application);
      return;
    }

  /* The draft of the flow becomes the draft of the application */
  if (self->application == NULL)
    ch_run_drop_draft (self);
  g_clear_pointer (&self->application, ch_application_free);
  self->application = application;
  self->facts = (self->facts & ~server) | held;
  if (lost != 0)
    on_facts_lost (self, lost);

  ch_run_merge_answers (self);
  ch_run_fill_attachments (self);
  notify (self, PROP_FACTS);
}

/**
 * ch_run_set_facts:
 * @set: facts of the medium or of this run that hold now
 * @clear: those that no longer do
 */
void
ch_run_set_facts (ChRun *self, ChFact set, ChFact clear)
{
  g_return_if_fail (((set | clear) & ch_facts_of (CH_KEEPER_SERVER)) == 0);

  self->facts = (self->facts & ~clear) | set;
  notify (self, PROP_FACTS);
}

void
ch_run_set_progress (ChRun *self, double progress)
{
  self->progress = CLAMP (progress, 0, 1);
  notify (self, PROP_PROGRESS);
}

/**
 * ch_run_set_flow:
 * @flow: the flow the answers ask for
 *
 * Turns the run to another flow; only where nothing has been done yet.
 */
gboolean
ch_run_set_flow (ChRun *self, const ChFlow *flow)
{
  const ChStep *step = ch_run_get_step (self);
  g_autoptr (GPtrArray) steps = NULL;
  guint index;

  g_return_val_if_fail (self->application == NULL, FALSE);

  if (flow == self->flow)
    return TRUE;

  steps = ch_flow_list_steps (flow, ch_run_get_profile (self));
  if (!g_ptr_array_find (steps, step, &index))
    return FALSE;

  ch_run_drop_draft (self);
  self->flow = flow;
  g_ptr_array_unref (self->steps);
  self->steps = g_steal_pointer (&steps);
  self->position = index;
  ch_run_fill_attachments (self);
  ch_run_prefill (self);
  return TRUE;
}

static void
ch_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ChRun *self = CH_RUN (object);

  switch (prop_id)
    {
    case PROP_STEP:
      g_value_set_pointer (value, (gpointer) ch_run_get_step (self));
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_pointer (value, self->error);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_FACTS:
      g_value_set_int (value, self->facts);
      break;
    case PROP_DRAFT_SAVED:
      g_value_set_int64 (value, self->draft_saved);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ch_run_dispose (GObject *object)
{
  ChRun *self = CH_RUN (object);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  ch_run_stop_listening (self);
  g_clear_handle_id (&self->draft_id, g_source_remove);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      GCancellable *upload = ch_attachment_get_cancellable (attachment);

      if (upload != NULL)
        g_cancellable_cancel (upload);
    }

  G_OBJECT_CLASS (ch_run_parent_class)->dispose (object);
}

static void
ch_run_finalize (GObject *object)
{
  ChRun *self = CH_RUN (object);

  g_clear_object (&self->ports);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->changed, g_hash_table_unref);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_clear_object (&self->attachments);
  g_clear_pointer (&self->application, ch_application_free);
  g_clear_pointer (&self->order, ch_order_free);
  g_clear_pointer (&self->certificate, ch_certificate_free);
  g_clear_pointer (&self->certificates, ch_certificate_list_free);
  g_clear_pointer (&self->media, g_ptr_array_unref);
  g_clear_object (&self->token);
  g_clear_pointer (&self->key_id, g_free);
  g_clear_object (&self->asker);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_error (&self->conflict);

  G_OBJECT_CLASS (ch_run_parent_class)->finalize (object);
}

static void
ch_run_class_init (ChRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ch_run_dispose;
  object_class->finalize = ch_run_finalize;
  object_class->get_property = ch_run_get_property;

  props[PROP_STEP] = g_param_spec_pointer ("step", NULL, NULL, flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, CH_RUN_DONE, 0, flags);
  props[PROP_ERROR] = g_param_spec_pointer ("error", NULL, NULL, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_FACTS] = g_param_spec_int ("facts", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_DRAFT_SAVED] = g_param_spec_int64 ("draft-saved", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
ch_run_init (ChRun *self)
{
  self->furthest = -1;
  self->answers = ch_wire_map_new ();
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ch_secret_unref);
  self->attachments = g_list_store_new (CH_TYPE_ATTACHMENT);
  self->asker = ch_run_asker_new (self);
}
