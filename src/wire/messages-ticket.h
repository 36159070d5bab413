#pragma once

#include "wire/messages-application.h"
#include "wire/messages-delivery.h"

G_BEGIN_DECLS

/* A ticket: a short session without an account, for one purpose about one thing. It goes into
 * `Authorization: Bearer` as a session’s token does; ends: whatever is done with it. */
#define CH_TICKET_FIELDS(F, S)                                                                               \
  F (S, token, SECRET, "token", REQUIRED, 128, _)                                                            \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChTicket, ch_ticket, CH_TICKET_FIELDS)

/* document-number: of the handler, of the person the certificate is for, or the code of the unit. sms-code
 * was sent to handler-mobile. */
#define CH_LOOKUP_REQUEST_FIELDS(F, S)                                                                       \
  F (S, document_number, STRING, "document-number", REQUIRED, 64, _)                                         \
  F (S, mobile, STRING, "handler-mobile", REQUIRED, 20, _)                                                   \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChLookupRequest, ch_lookup_request, CH_LOOKUP_REQUEST_FIELDS)

/* An application as somebody without its account may see it: numbers of documents are masked, documents and
 * addresses are not in it. Without order or delivery where there is none. */
#define CH_LOOKUP_ROW_FIELDS(F, S)                                                                           \
  F (S, application, OBJECT, "application", REQUIRED, 0, ChApplication)                                      \
  F (S, order, OBJECT, "order", OPTIONAL, 0, ChOrder)                                                        \
  F (S, delivery, OBJECT, "delivery", OPTIONAL, 0, ChDelivery)
CH_WIRE_DECLARE (ChLookupRow, ch_lookup_row, CH_LOOKUP_ROW_FIELDS)

/* The newest first */
#define CH_LOOKUP_MAX 100

#define CH_LOOKUP_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, CH_LOOKUP_MAX, ChLookupRow)
CH_WIRE_DECLARE (ChLookupList, ch_lookup_list, CH_LOOKUP_LIST_FIELDS)

G_END_DECLS
