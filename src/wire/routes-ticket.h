#pragma once

#include "wire/messages-ticket.h"

/* clang-format off */
/*    name                 id                     method  path                        request            answer          who              owned  flags */
#define CH_ROUTES_TICKET(R) \
  R (lookup_ticket,       "lookup-ticket",       "POST", "/v1/tickets/lookup",       ChLookupRequest,   ChTicket,       ANYBODY,         NONE,  PLAIN) \
  R (lookup,              "lookup",              "GET",  "/v1/lookup",               ChNothing,         ChLookupList,   LOOKUP_TICKET,   NONE,  PLAIN) \
  R (staff_download_code, "staff-download-code", "POST", "/v1/staff/download-codes", ChDownloadCodeNew, ChDownloadCode, SUPPORT,         NONE,  PLAIN) \
  R (download_ticket,     "download-ticket",     "POST", "/v1/tickets/download",     ChDownloadRequest, ChInstallTicket,     ANYBODY,         NONE,  PLAIN)
/* clang-format on */
