#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The form of an invoice, over the window it belongs to. Signal: `asked`, then it closes. */
#define CH_TYPE_INVOICE_WINDOW (ch_invoice_window_get_type ())
G_DECLARE_FINAL_TYPE (ChInvoiceWindow, ch_invoice_window, CH, INVOICE_WINDOW, AdwWindow)

GtkWindow *
ch_invoice_window_new (ChFront *front, GtkWindow *parent, const ChApplication *application, gint64 fen);

G_END_DECLS
