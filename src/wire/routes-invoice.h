#pragma once

#include "wire/messages-invoice.h"
#include "wire/messages-list.h"

/* clang-format off */
/*    name                 id                     method  path                                              request        answer         who     owned        flags */
#define CH_ROUTES_INVOICE(R) \
  R (invoice_list,        "invoice-list",        "GET",  "/v1/invoices",                                    ChListQuery,   ChInvoiceList, MEMBER, NONE,        PLAIN) \
  R (invoice,             "invoice",             "GET",  "/v1/applications/{application}/invoice",          ChNothing,     ChInvoice,     MEMBER_OR_HOLDER, APPLICATION, PLAIN) \
  R (invoice_new,         "invoice-new",         "POST", "/v1/applications/{application}/invoice",          ChInvoiceNew,  ChInvoice,     MEMBER_OR_HOLDER, APPLICATION, CHANGES) \
  R (invoice_file,        "invoice-file",        "GET",  "/v1/applications/{application}/invoice/file",     ChNothing,     ChInvoiceFile, MEMBER_OR_HOLDER, APPLICATION, PLAIN) \
  R (staff_invoice_list,  "staff-invoice-list",  "GET",  "/v1/staff/invoices",                              ChListQuery,   ChInvoiceList, MAKER,  NONE,        PLAIN) \
  R (staff_invoice_made,  "staff-invoice-made",  "POST", "/v1/staff/applications/{application}/invoice",    ChInvoiceMade, ChInvoice,     MAKER,  APPLICATION, CHANGES)
/* clang-format on */
