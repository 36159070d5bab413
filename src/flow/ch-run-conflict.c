#include "config.h"

#include "base/ch-error.h"
#include "flow/ch-run-private.h"

/* Two windows, or two PCs, on one application: who writes with a stale version is refused by the server. Then
 * the newest state is asked for. What was changed here and not there is sent again by itself; where both
 * changed the same field the user chooses, and nothing of either is lost before. */

/* Nobody changes an application so often that this is reached by chance */
#define MAX_RETRIES 3

static void
on_newest_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GCancellable) cancellable = user_data;
  ChRun *self = CH_RUN (source);
  ChApplicationState before = self->application->state;
  g_autoptr (GError) conflict = NULL;
  g_autoptr (GPtrArray) differing = NULL;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (self, result, &error);

  /* Meanwhile the user has gone back */
  if (cancellable != self->cancellable)
    {
      g_clear_error (&error);
      g_clear_pointer (&application, ch_application_free);
      return;
    }

  conflict = g_steal_pointer (&self->conflict);
  g_clear_object (&self->cancellable);
  if (application == NULL)
    {
      ch_run_fail (self, error);
      return;
    }

  ch_run_take_application (self, application);
  differing = ch_run_list_conflicts_of (self, conflict);
  if (self->application->state != before)
    ch_run_restart (self);
  else if (differing->len == 0 && ch_run_get_step (self)->page != CH_PAGE_CONFIRM
           && self->n_conflicts++ < MAX_RETRIES)
    ch_run_do_again (self);
  else
    ch_run_fail (self, g_steal_pointer (&conflict));
}

/* Asks what the application is like now; @conflict is told if the user has to choose */
void
ch_run_meet_conflict (ChRun *self, GError *conflict) /* (transfer full) */
{
  const char *const args[] = { self->application->id, NULL };

  g_clear_error (&self->conflict);
  self->conflict = conflict;
  ch_run_call_async (self, &ch_route_application, args, NULL, self->cancellable, on_newest_cb,
                     g_object_ref (self->cancellable));
}

GPtrArray *
ch_run_list_conflicts_of (ChRun *self, const GError *conflict)
{
  GPtrArray *list = ch_wire_list_new (&ChFieldReason_wire);
  const char *changed = conflict != NULL ? ch_error_get_detail (conflict, "changed") : NULL;
  g_auto (GStrv) fields = g_strsplit (changed != NULL ? changed : "", " ", -1);

  for (gsize i = 0; fields[i] != NULL && self->application != NULL && self->application->answers != NULL; i++)
    {
      const char *theirs = g_hash_table_lookup (self->application->answers, fields[i]);
      const char *mine = g_hash_table_lookup (self->answers, fields[i]);
      ChFieldReason *row;

      if (!g_hash_table_contains (self->changed, fields[i])
          || g_strcmp0 (theirs != NULL ? theirs : "", mine != NULL ? mine : "") == 0)
        continue;
      row = ch_wire_new (&ChFieldReason_wire);
      row->field = g_strdup (fields[i]);
      row->reason = g_strdup (ch_reason_get_id (CH_REASON_REVIEW));
      row->remark = g_strdup (theirs != NULL ? theirs : "");
      g_ptr_array_add (list, row);
    }

  return list;
}

/**
 * ch_run_list_conflicts:
 * @self: a run that failed with %CH_ERROR_CONFLICT
 *
 * Returns: (transfer full) (element-type ChFieldReason): fields that were changed here and elsewhere; the
 * remark is the value of elsewhere. Next keeps the values of here, ch_run_take_theirs() takes the others.
 */
GPtrArray *
ch_run_list_conflicts (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  return ch_run_list_conflicts_of (
      self, g_error_matches (self->error, CH_ERROR, CH_ERROR_CONFLICT) ? self->error : NULL);
}

/**
 * ch_run_take_theirs:
 * @self: a run that failed with %CH_ERROR_CONFLICT
 *
 * Takes over what was changed elsewhere in place of what was changed here. The step waits for the user.
 */
void
ch_run_take_theirs (ChRun *self)
{
  g_autoptr (GPtrArray) list = ch_run_list_conflicts (self);

  for (guint i = 0; i < list->len; i++)
    {
      const ChFieldReason *row = list->pdata[i];

      g_hash_table_replace (self->answers, g_strdup (row->field), g_strdup (row->remark));
      g_hash_table_remove (self->changed, row->field);
    }

  ch_run_merge_answers (self);
  ch_run_be_ready (self);
}
