#include "config.h"

#include "wire/messages-ticket.h"

CH_WIRE_DEFINE (ChTicket, ch_ticket, CH_TICKET_FIELDS, "ticket")
CH_WIRE_DEFINE (ChLookupRequest, ch_lookup_request, CH_LOOKUP_REQUEST_FIELDS, "lookup-request")
CH_WIRE_DEFINE (ChLookupRow, ch_lookup_row, CH_LOOKUP_ROW_FIELDS, "lookup-row")
CH_WIRE_DEFINE (ChLookupList, ch_lookup_list, CH_LOOKUP_LIST_FIELDS, "lookup-list")
CH_WIRE_DEFINE (ChDownloadCodeNew, ch_download_code_new, CH_DOWNLOAD_CODE_NEW_FIELDS, "download-code-new")
CH_WIRE_DEFINE (ChDownloadCode, ch_download_code, CH_DOWNLOAD_CODE_FIELDS, "download-code")
CH_WIRE_DEFINE (ChDownloadRequest, ch_download_request, CH_DOWNLOAD_REQUEST_FIELDS, "download-request")
CH_WIRE_DEFINE (ChInstallTicket, ch_install_ticket, CH_INSTALL_TICKET_FIELDS, "install-ticket")
