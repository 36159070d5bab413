#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "flow/ch-run-private.h"

/* One call to the server that may have to be sent again: its key is on the disk before it leaves */
typedef struct
{
  const ChRoute *route;
  GStrv args;
  gpointer request; /* (owned) (nullable) */
  char *journal_id; /* (owned) (nullable): of calls that change something */
  char *key;        /* (owned) (nullable) */
} RunCall;

static void
run_call_free (RunCall *call)
{
  g_strfreev (call->args);
  ch_wire_free (call->route->request, call->request);
  g_free (call->journal_id);
  g_free (call->key);
  g_free (call);
}

/* Whether the server may have taken the call although no answer came */
gboolean
ch_run_is_in_doubt (const GError *error)
{
  const char *id = ch_error_get_info (error)->id;

  return g_str_equal (id, "server-unreachable") || g_str_equal (id, "timed-out")
         || g_str_equal (id, "cancelled") || g_str_equal (id, "bad-answer") || g_str_equal (id, "internal")
         || g_str_equal (id, "busy");
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *self = g_task_get_source_object (task);
  RunCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (call->journal_id != NULL && (answer != NULL || !ch_run_is_in_doubt (error)))
    ch_vault_remove (ch_ports_get_vault (self->ports), CH_VAULT_JOURNAL, call->journal_id);

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, answer, call->route->answer->free);
}

static void
send (GTask *task)
{
  ChRun *self = g_task_get_source_object (task);
  RunCall *call = g_task_get_task_data (task);

  ch_server_call_async (ch_ports_get_server (self->ports), call->route, (const char *const *) call->args,
                        call->request, call->key, g_task_get_cancellable (task), on_answered_cb, task);
}

static void
on_journal_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (ch_vault_put_finish (CH_VAULT (source), result, &error))
    send (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The same call has the same id, another request another one: a key is never sent with another body */
static char *
make_journal_id (RunCall *call)
{
  g_autoptr (GBytes) body = call->request != NULL ? ch_wire_encode (call->route->request, call->request)
                                                  : g_bytes_new_static ("", 0);
  g_autofree char *path = ch_route_format_path (call->route, (const char *const *) call->args);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) path, -1);
  g_checksum_update (sum, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return g_strdup_printf ("%s-%.32s", call->route->id, g_checksum_get_string (sum));
}

/**
 * ch_run_call_async:
 * @route: which call
 * @args: (nullable): what stands for each {name}
 * @request: (nullable): the message; copied
 * @cancellable: (nullable): ends the waiting
 *
 * Calls the server for a step. A call that changes something gets an idempotency key that is in the journal
 * before it is sent and stays there until an answer has come: the same call made again, even after a crash,
 * is not done twice.
 */
void
ch_run_call_async (ChRun *self,
                   const ChRoute *route,
                   const char *const *args,
                   gconstpointer request,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ChVault *vault = ch_ports_get_vault (self->ports);
  g_autoptr (GBytes) kept = NULL;
  RunCall *call = g_new0 (RunCall, 1);

  g_task_set_source_tag (task, ch_run_call_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) run_call_free);
  call->route = route;
  call->args = g_strdupv ((GStrv) args);
  call->request = ch_wire_copy (route->request, request);

  if ((route->flags & CH_ROUTE_CHANGES) == 0)
    {
      send (g_steal_pointer (&task));
      return;
    }

  call->journal_id = make_journal_id (call);
  kept = ch_vault_get (vault, CH_VAULT_JOURNAL, call->journal_id);
  if (kept != NULL)
    {
      call->key = g_strndup (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept));
      if (g_uuid_string_is_valid (call->key))
        {
          send (g_steal_pointer (&task));
          return;
        }
      g_free (call->key);
      g_clear_pointer (&kept, g_bytes_unref);
    }

  call->key = g_uuid_string_random ();
  kept = g_bytes_new (call->key, strlen (call->key));
  ch_vault_put_async (vault, CH_VAULT_JOURNAL, call->journal_id, kept, on_journal_kept_cb,
                      g_steal_pointer (&task));
}

/**
 * ch_run_call_finish:
 *
 * Returns: (transfer full): the message of the route’s answer type; %NULL with @error set on failure
 */
gpointer
ch_run_call_finish (ChRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
