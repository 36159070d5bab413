#include "config.h"

#include "front/ch-application-item.h"
#include "front/ch-lookup-desk.h"

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  ChLookupList *list = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) ch_lookup_list_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_ticket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChTicket) ticket = ch_server_call_finish (CH_SERVER (source), result, &error);
  g_autoptr (ChServer) server = NULL;

  if (ticket == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* The call keeps the server until it is answered; then the ticket is forgotten */
  server = ch_server_new_with_session (CH_SERVER (source), ticket->token);
  ch_server_call_async (server, &ch_route_lookup, NULL, NULL, NULL, g_task_get_cancellable (task),
                        on_found_cb, g_object_ref (task));
}

/**
 * ch_lookup_desk_find_async:
 * @document_number: of the handler, of the person the certificate is for, or the code of the unit
 * @mobile: of the handler
 * @code: what was sent there for %CH_SMS_LOOKUP
 *
 * Looks applications up: a ticket is had for the code, and what it is good for is read.
 */
void
ch_lookup_desk_find_async (ChPorts *ports,
                           const char *document_number,
                           const char *mobile,
                           ChSecret *code,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  const ChLookupRequest request
      = { .document_number = (char *) document_number, .mobile = (char *) mobile, .code = code };
  GTask *task = g_task_new (ports, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_lookup_desk_find_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_server_call_async (ch_ports_get_server (ports), &ch_route_lookup_ticket, NULL, &request, NULL,
                        cancellable, on_ticket_cb, task);
}

/**
 * ch_lookup_desk_find_finish:
 *
 * Returns: (transfer full): what was found, the newest first; it may be nothing
 */
ChLookupList *
ch_lookup_desk_find_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_lookup_desk_make_items:
 * @list: what was found
 *
 * Returns: (transfer full) (element-type ChApplicationItem): it as people see it, as in “My applications”
 */
GPtrArray *
ch_lookup_desk_make_items (ChPorts *ports, const ChLookupList *list)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < list->items->len; i++)
    {
      const ChLookupRow *row = list->items->pdata[i];
      ChApplicationItem *item = ch_application_item_new (row->application);

      ch_application_item_set_profile (item, ch_ports_get_profile (ports));
      if (row->order != NULL)
        ch_application_item_take_order (item, ch_wire_copy (&ChOrder_wire, row->order));
      if (row->delivery != NULL)
        ch_application_item_take_delivery (item, ch_wire_copy (&ChDelivery_wire, row->delivery));
      g_ptr_array_add (items, item);
    }
  return items;
}
