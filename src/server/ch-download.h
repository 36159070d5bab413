#pragma once

#include "server/ch-service.h"
#include "wire/messages-ticket.h"

G_BEGIN_DECLS

/* Codes of the customer service by which a certificate is downloaded without an account */

ChDownloadCode *ch_download_make_code (ChDbTx *tx,
                                       ChService *service,
                                       const ChDownloadCodeNew *request,
                                       const char *who,
                                       GError **error);
GBytes *ch_download_make_mac (ChService *service, ChSecret *code);
gboolean ch_download_count_try (ChService *service, const char *address, GError **error);
ChInstallTicket *ch_download_redeem (ChDbTx *tx, ChService *service, GBytes *code_mac, GError **error);

G_END_DECLS
