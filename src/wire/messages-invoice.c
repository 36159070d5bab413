#include "config.h"

#include "wire/messages-invoice.h"

CH_WIRE_DEFINE_ENUM (ChInvoiceState, CH_INVOICE_STATES, "invoice-state")
CH_WIRE_DEFINE_ENUM (ChInvoiceKind, CH_INVOICE_KINDS, "invoice-kind")

CH_WIRE_DEFINE (ChInvoice, ch_invoice, CH_INVOICE_FIELDS, "invoice")
CH_WIRE_DEFINE (ChInvoiceList, ch_invoice_list, CH_INVOICE_LIST_FIELDS, "invoice-list")
CH_WIRE_DEFINE (ChInvoiceNew, ch_invoice_new, CH_INVOICE_NEW_FIELDS, "invoice-new")
CH_WIRE_DEFINE (ChInvoiceMade, ch_invoice_made, CH_INVOICE_MADE_FIELDS, "invoice-made")
CH_WIRE_DEFINE (ChInvoiceFile, ch_invoice_file, CH_INVOICE_FILE_FIELDS, "invoice-file")

#define TITLE(code, id, title) title,

/**
 * ch_invoice_state_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_invoice_state_get_title (ChInvoiceState state)
{
  static const char *const titles[] = { CH_INVOICE_STATES (TITLE) };

  g_return_val_if_fail ((guint) state < CH_N_INVOICE_STATES, "");

  return titles[state];
}

const char *
ch_invoice_kind_get_title (ChInvoiceKind kind)
{
  static const char *const titles[] = { CH_INVOICE_KINDS (TITLE) };

  g_return_val_if_fail ((guint) kind < CH_N_INVOICE_KINDS, "");

  return titles[kind];
}
