#include "config.h"

#include "wire/messages-ticket.h"

CH_WIRE_DEFINE (ChTicket, ch_ticket, CH_TICKET_FIELDS, "ticket")
CH_WIRE_DEFINE (ChLookupRequest, ch_lookup_request, CH_LOOKUP_REQUEST_FIELDS, "lookup-request")
CH_WIRE_DEFINE (ChLookupRow, ch_lookup_row, CH_LOOKUP_ROW_FIELDS, "lookup-row")
CH_WIRE_DEFINE (ChLookupList, ch_lookup_list, CH_LOOKUP_LIST_FIELDS, "lookup-list")
