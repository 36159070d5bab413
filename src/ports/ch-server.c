#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "ports/ch-server.h"

G_DEFINE_INTERFACE (ChServer, ch_server, G_TYPE_OBJECT)

static guint changed_signal;

static void
ch_server_default_init (ChServerInterface *iface)
{
  changed_signal = g_signal_new ("changed", CH_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const ChRoute *route = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = CH_SERVER_GET_IFACE (source)->call_finish (CH_SERVER (source), result, &error);
  gpointer answer;

  if (body == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  answer = route->answer == &ChNothing_wire ? ch_wire_new (&ChNothing_wire)
                                            : ch_wire_decode (route->answer, body, &error);
  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, answer, route->answer->free);
}

/**
 * ch_server_call_async:
 * @self: the server
 * @route: which call
 * @args: (nullable) (array zero-terminated=1): what stands for each {name} of the path
 * @request: (nullable): the message of @route’s request type; read before this returns
 * @key: (nullable): idempotency key (UUID) of a call that changes something; the caller keeps it and sends
 * the same one again in doubt
 * @cancellable: (nullable): ends the waiting; what was sent may still take effect
 * @callback: called in the caller’s main context
 *
 * Calls the server. Every failure comes as an error of %CH_ERROR: the server’s own, or that it cannot be
 * reached.
 */
void
ch_server_call_async (ChServer *self,
                      const ChRoute *route,
                      const char *const *args,
                      gconstpointer request,
                      const char *key,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GBytes) body = NULL;
  GTask *task;

  g_return_if_fail (CH_IS_SERVER (self));
  g_return_if_fail (route != NULL);
  g_return_if_fail ((route->flags & CH_ROUTE_CHANGES) == 0 || key != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  /* What has happened has happened: an answer is not thrown away because the waiting was cancelled */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, ch_server_call_async);
  g_task_set_task_data (task, (gpointer) route, NULL);

  if (request != NULL && ch_route_has_query (route))
    {
      char *query = ch_wire_encode_query (route->request, request);

      body = g_bytes_new_take (query, strlen (query));
    }
  else if (request != NULL && route->request != &ChNothing_wire)
    body = ch_wire_encode (route->request, request);
  CH_SERVER_GET_IFACE (self)->call_async (self, route, args, body, key, cancellable, on_called_cb, task);
}

/**
 * ch_server_call_finish:
 *
 * Returns: (transfer full): the message of the route’s answer type, to be freed by its own free function;
 * %NULL with
 *   @error set on failure
 */
gpointer
ch_server_call_finish (ChServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GBytes *body = CH_SERVER_GET_IFACE (source)->call_finish (CH_SERVER (source), result, &error);

  if (body != NULL)
    g_task_return_pointer (task, body, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * ch_server_fetch_async:
 * @route: one with %CH_ROUTE_RAW that is read
 * @args: (nullable) (array zero-terminated=1): what stands for each {name} of the path
 *
 * Fetches what is no message: a certificate, a list, a file. It is as good as the connection: what must be
 * the CA’s own is to be compared or verified.
 */
void
ch_server_fetch_async (ChServer *self,
                       const ChRoute *route,
                       const char *const *args,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_SERVER (self));
  g_return_if_fail (route != NULL && (route->flags & CH_ROUTE_RAW) != 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, ch_server_fetch_async);
  CH_SERVER_GET_IFACE (self)->call_async (self, route, args, NULL, NULL, cancellable, on_fetched_cb, task);
}

/**
 * ch_server_fetch_finish:
 *
 * Returns: (transfer full): what came
 */
GBytes *
ch_server_fetch_finish (ChServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_server_set_session:
 * @token: (nullable): the session’s token; %NULL forgets it
 */
void
ch_server_set_session (ChServer *self, ChSecret *token)
{
  g_return_if_fail (CH_IS_SERVER (self));

  CH_SERVER_GET_IFACE (self)->set_session (self, token);
}

gboolean
ch_server_has_session (ChServer *self)
{
  g_return_val_if_fail (CH_IS_SERVER (self), FALSE);

  return CH_SERVER_GET_IFACE (self)->has_session (self);
}

/**
 * ch_server_new_with_session:
 * @token: of another session, or of a ticket
 *
 * The same service beside: who calls it here is whom @token says, and @self keeps its own session.
 *
 * Returns: (transfer full): the service
 */
ChServer *
ch_server_new_with_session (ChServer *self, ChSecret *token)
{
  g_return_val_if_fail (CH_IS_SERVER (self), NULL);

  return CH_SERVER_GET_IFACE (self)->new_with_session (self, token);
}

/**
 * ch_server_get_peer_certificate:
 *
 * Returns: (transfer full) (nullable): the certificate the server showed at the last connection, DER; it is
 * part of what a token signs. %NULL before the first call.
 */
GBytes *
ch_server_get_peer_certificate (ChServer *self)
{
  g_return_val_if_fail (CH_IS_SERVER (self), NULL);

  return CH_SERVER_GET_IFACE (self)->get_peer_certificate (self);
}

/**
 * ch_server_watch:
 *
 * From now on, until as many ch_server_unwatch(), the signal `changed` is emitted where there is a session
 * and the network allows it. Who watches asks now and then all the same.
 */
void
ch_server_watch (ChServer *self)
{
  g_return_if_fail (CH_IS_SERVER (self));

  if (CH_SERVER_GET_IFACE (self)->watch != NULL)
    CH_SERVER_GET_IFACE (self)->watch (self);
}

void
ch_server_unwatch (ChServer *self)
{
  g_return_if_fail (CH_IS_SERVER (self));

  if (CH_SERVER_GET_IFACE (self)->unwatch != NULL)
    CH_SERVER_GET_IFACE (self)->unwatch (self);
}

/**
 * ch_server_is_live:
 *
 * Returns: whether changes are told now, so that asking can be rarer
 */
gboolean
ch_server_is_live (ChServer *self)
{
  g_return_val_if_fail (CH_IS_SERVER (self), FALSE);

  return CH_SERVER_GET_IFACE (self)->is_live != NULL && CH_SERVER_GET_IFACE (self)->is_live (self);
}

/**
 * ch_server_get_entries:
 *
 * Returns: (transfer none) (nullable): the addresses it answers at; %NULL when it has no such thing
 */
ChEntries *
ch_server_get_entries (ChServer *self)
{
  g_return_val_if_fail (CH_IS_SERVER (self), NULL);

  return CH_SERVER_GET_IFACE (self)->get_entries != NULL ? CH_SERVER_GET_IFACE (self)->get_entries (self)
                                                         : NULL;
}

/**
 * ch_server_measure_async:
 * @self: a server that has entries
 * @cancellable: (nullable): ends it
 *
 * Asks all entries at once, and goes by the quickest from then on unless somebody has chosen one.
 */
void
ch_server_measure_async (ChServer *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (ch_server_get_entries (self) != NULL);

  CH_SERVER_GET_IFACE (self)->measure_async (self, cancellable, callback, user_data);
}

/**
 * ch_server_measure_finish:
 *
 * Returns: whether at least one answers
 */
gboolean
ch_server_measure_finish (ChServer *self, GAsyncResult *result, GError **error)
{
  return CH_SERVER_GET_IFACE (self)->measure_finish (self, result, error);
}

/**
 * ch_server_tell_changed:
 * @application: (nullable): which; %NULL when anything may have changed
 *
 * Emits `changed`; for those who implement a server.
 */
void
ch_server_tell_changed (ChServer *self, const char *application)
{
  g_signal_emit (self, changed_signal, 0, application);
}
