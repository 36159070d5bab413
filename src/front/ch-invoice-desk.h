#pragma once

#include "ports/ch-ports.h"
#include "wire/messages-delivery.h"
#include "wire/messages-invoice.h"
#include "wire/messages-receipt.h"

G_BEGIN_DECLS

/* What window and terminal do about invoices */
void ch_invoice_desk_get_async (ChPorts *ports,
                                const char *application,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ch_invoice_desk_ask_async (ChPorts *ports,
                                const char *application,
                                GHashTable *answers,
                                const char *key,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
ChInvoice *ch_invoice_desk_finish (ChPorts *ports, GAsyncResult *result, GError **error);
void ch_invoice_desk_fetch_async (ChPorts *ports,
                                  const char *application,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
ChInvoiceFile *ch_invoice_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error);

/* Signing for a key that has arrived; said again under the same @key nothing changes */
void ch_delivery_desk_receive_async (ChPorts *ports,
                                     const char *application,
                                     const char *key,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
ChDelivery *ch_delivery_desk_receive_finish (ChPorts *ports, GAsyncResult *result, GError **error);

/* The receipt of acceptance, fetched the same way */
void ch_receipt_desk_fetch_async (ChPorts *ports,
                                  const char *application,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
ChReceipt *ch_receipt_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
