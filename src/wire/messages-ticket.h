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

/* A member of the staff asks for a download code. what: an application, or the serial number of a certificate
 * that was issued and not installed; again: its key is out of reach, so it is revoked and another one is
 * issued */
#define CH_DOWNLOAD_CODE_NEW_FIELDS(F, S)                                                                    \
  F (S, what, STRING, "what", REQUIRED, 64, _)                                                               \
  F (S, again, BOOL, "again", OPTIONAL, 0, _)
CH_WIRE_DECLARE (ChDownloadCodeNew, ch_download_code_new, CH_DOWNLOAD_CODE_NEW_FIELDS)

#define CH_DOWNLOAD_CODE_FIELDS(F, S)                                                                        \
  F (S, code, SECRET, "code", REQUIRED, 32, _)                                                               \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChDownloadCode, ch_download_code, CH_DOWNLOAD_CODE_FIELDS)

#define CH_DOWNLOAD_REQUEST_FIELDS(F, S) F (S, code, SECRET, "code", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChDownloadRequest, ch_download_request, CH_DOWNLOAD_REQUEST_FIELDS)

/* A ticket for one certificate, and what is or will be in it; serial: once it is issued */
#define CH_INSTALL_TICKET_FIELDS(F, S)                                                                       \
  F (S, token, SECRET, "token", REQUIRED, 128, _)                                                            \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, application, OBJECT, "application", REQUIRED, 0, ChApplication)                                      \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, subject, STRING, "subject", REQUIRED, 4096, _)                                                       \
  F (S, trust_id, STRING, "trust-id", OPTIONAL, 128, _)                                                      \
  F (S, not_before, TIME, "not-before", REQUIRED, 0, _)                                                      \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, serial, STRING, "serial", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChInstallTicket, ch_install_ticket, CH_INSTALL_TICKET_FIELDS)

G_END_DECLS
