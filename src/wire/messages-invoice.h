#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* clang-format off */
#define CH_INVOICE_STATES(X) \
  X (DUE,   "due",   N_("Not asked for")) \
  X (ASKED, "asked", N_("Being made out")) \
  X (MADE,  "made",  N_("Made out"))

#define CH_INVOICE_KINDS(X) \
  X (PLAIN,   "plain",   N_("Electronic invoice")) \
  X (SPECIAL, "special", N_("Special VAT invoice"))
/* clang-format on */

#define X(code, id, title) CH_INVOICE_##code,
typedef enum
{
  CH_INVOICE_STATES (X) CH_N_INVOICE_STATES
} ChInvoiceState;
typedef enum
{
  CH_INVOICE_KINDS (X) CH_N_INVOICE_KINDS
} ChInvoiceKind;
#undef X
extern const ChWireEnum ChInvoiceState_enum, ChInvoiceKind_enum;
const char *ch_invoice_state_get_title (ChInvoiceState state);
const char *ch_invoice_kind_get_title (ChInvoiceKind kind);

/* The invoice of an application that was paid for. number: of the invoice, once it is made out; has_file: the
 * PDF can be fetched */
#define CH_INVOICE_FIELDS(F, S)                                                                              \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, applicant, STRING, "applicant", OPTIONAL, 256, _)                                                    \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, order, STRING, "order", REQUIRED, 64, _)                                                             \
  F (S, state, ENUM, "state", REQUIRED, 0, ChInvoiceState)                                                   \
  F (S, kind, ENUM, "kind", REQUIRED, 0, ChInvoiceKind)                                                      \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, answers, MAP, "answers", OPTIONAL, 20, _)                                                            \
  F (S, asked, TIME, "asked", OPTIONAL, 0, _)                                                                \
  F (S, number, STRING, "number", OPTIONAL, 32, _)                                                           \
  F (S, made, TIME, "made", OPTIONAL, 0, _)                                                                  \
  F (S, has_file, BOOL, "has-file", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChInvoice, ch_invoice, CH_INVOICE_FIELDS)

#define CH_INVOICE_LIST_FIELDS(F, S)                                                                         \
  F (S, items, LIST, "items", REQUIRED, 1000, ChInvoice)                                                     \
  F (S, next, STRING, "next", OPTIONAL, 512, _)                                                              \
  F (S, total, INT, "total", OPTIONAL, 1000000000, _)
CH_WIRE_DECLARE (ChInvoiceList, ch_invoice_list, CH_INVOICE_LIST_FIELDS)

/* answers: of the form of an invoice */
#define CH_INVOICE_NEW_FIELDS(F, S) F (S, answers, MAP, "answers", REQUIRED, 20, _)
CH_WIRE_DECLARE (ChInvoiceNew, ch_invoice_new, CH_INVOICE_NEW_FIELDS)

/* What staff enter. file: a PDF */
#define CH_INVOICE_MADE_FIELDS(F, S)                                                                         \
  F (S, number, STRING, "number", REQUIRED, 32, _)                                                           \
  F (S, file, BYTES, "file", REQUIRED, 2097152, _)
CH_WIRE_DECLARE (ChInvoiceMade, ch_invoice_made, CH_INVOICE_MADE_FIELDS)

#define CH_INVOICE_FILE_FIELDS(F, S)                                                                         \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, bytes, BYTES, "bytes", REQUIRED, 2097152, _)
CH_WIRE_DECLARE (ChInvoiceFile, ch_invoice_file, CH_INVOICE_FILE_FIELDS)

G_END_DECLS
