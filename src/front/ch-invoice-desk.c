#include "config.h"

#include "front/ch-invoice-desk.h"

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const ChRoute *route = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, route->answer->free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
call (ChPorts *ports,
      const ChRoute *route,
      const char *application,
      gconstpointer request,
      const char *key,
      GCancellable *cancellable,
      GAsyncReadyCallback callback,
      gpointer user_data)
{
  const char *const args[] = { application, NULL };
  GTask *task = g_task_new (ports, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer) route, NULL);
  ch_server_call_async (ch_ports_get_server (ports), route, args, request, key, cancellable, on_answered_cb,
                        task);
}

/**
 * ch_invoice_desk_get_async:
 * @application: that was paid for
 *
 * Asks how far the invoice is; ended by ch_invoice_desk_finish().
 */
void
ch_invoice_desk_get_async (ChPorts *ports,
                           const char *application,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  call (ports, &ch_route_invoice, application, NULL, NULL, cancellable, callback, user_data);
}

/**
 * ch_invoice_desk_ask_async:
 * @answers: of the form of invoices
 * @key: idempotency key; the same again until it is answered. An invoice is asked for once, whatever happens.
 *
 * Asks for the invoice; ended by ch_invoice_desk_finish().
 */
void
ch_invoice_desk_ask_async (ChPorts *ports,
                           const char *application,
                           GHashTable *answers,
                           const char *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  const ChInvoiceNew request = { .answers = answers };

  call (ports, &ch_route_invoice_new, application, &request, key, cancellable, callback, user_data);
}

/**
 * ch_invoice_desk_finish:
 *
 * Returns: (transfer full): the invoice as it is now
 */
ChInvoice *
ch_invoice_desk_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_invoice_desk_fetch_async:
 *
 * Fetches the PDF of an invoice that is made out.
 */
void
ch_invoice_desk_fetch_async (ChPorts *ports,
                             const char *application,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  call (ports, &ch_route_invoice_file, application, NULL, NULL, cancellable, callback, user_data);
}

ChInvoiceFile *
ch_invoice_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_delivery_desk_receive_async:
 * @application: whose key has arrived
 * @key: idempotency key; the same again until it is answered
 *
 * Signs for a key.
 */
void
ch_delivery_desk_receive_async (ChPorts *ports,
                                const char *application,
                                const char *key,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  call (ports, &ch_route_delivery_received, application, NULL, key, cancellable, callback, user_data);
}

ChDelivery *
ch_delivery_desk_receive_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_receipt_desk_fetch_async:
 *
 * Fetches the receipt of an application that was submitted.
 */
void
ch_receipt_desk_fetch_async (ChPorts *ports,
                             const char *application,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  call (ports, &ch_route_application_receipt, application, NULL, NULL, cancellable, callback, user_data);
}

ChReceipt *
ch_receipt_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
