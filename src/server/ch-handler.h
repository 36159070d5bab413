#pragma once

#include "server/ch-call.h"

G_BEGIN_DECLS

/* Answers a call.
 *
 * @request is the decoded message of the route; what is returned is its answer: (transfer full), freed by the
 * frame, NULL with @error set when it fails. A RAW route calls ch_call_set_raw() and returns ch_wire_new
 * (&ChNothing_wire). A route with CHANGES makes its change by ch_call_commit() and returns what that
 * returned. */
typedef gpointer (*ChHandlerFunc) (ChCall *call, gpointer request, GError **error);

typedef enum
{
  CH_HANDLER_WORKER, /* in a pool of threads: may block */
  CH_HANDLER_INLINE, /* in the main thread: one or two quick reads, nothing else */
} ChHandlerPlace;

/* A row for each route of wire/ch-route.h; the tables are kept per topic and joined in ch-handlers.c */
typedef struct
{
  const ChRoute *route;
  ChHandlerFunc func;
  ChHandlerPlace place;
  gsize max_body;             /* 0: CH_HANDLER_MAX_BODY */
  const char *const *headers; /* (nullable): which of them are kept, in small letters */
} ChHandlerRow;

#define CH_HANDLER_MAX_BODY 65536

extern const ChHandlerRow ch_handlers_account[];
extern const ChHandlerRow ch_handlers_care[];
extern const ChHandlerRow ch_handlers_application[];
extern const ChHandlerRow ch_handlers_proof[];
extern const ChHandlerRow ch_handlers_document[];
extern const ChHandlerRow ch_handlers_notify[];
extern const ChHandlerRow ch_handlers_order[];
extern const ChHandlerRow ch_handlers_refund[];
extern const ChHandlerRow ch_handlers_certificate[];
extern const ChHandlerRow ch_handlers_ca[];
extern const ChHandlerRow ch_handlers_staff[];
extern const ChHandlerRow ch_handlers_afterwards[];
extern const ChHandlerRow ch_handlers_batch[];
extern const ChHandlerRow ch_handlers_holder[];
extern const ChHandlerRow ch_handlers_event[];
extern const ChHandlerRow ch_handlers_receipt[];
extern const ChHandlerRow ch_handlers_ticket[];
extern const ChHandlerRow ch_handlers_download[];
extern const ChHandlerRow ch_handlers_unlock[];
extern const ChHandlerRow ch_handlers_scan[];
extern const ChHandlerRow ch_handlers_phone[];
extern const ChHandlerRow ch_handlers_phone_page[];
extern const ChHandlerRow ch_handlers_making[];

const ChHandlerRow *ch_handlers_find (const ChRoute *route);

G_END_DECLS
