#pragma once

#include "server/ch-service.h"
#include "server/ch-store-certificates.h"

G_BEGIN_DECLS

/* What the CA says of its certificates: lists and answers */
GBytes *ch_crl_desk_get (ChService *service, ChHierarchy hierarchy, GError **error);
GBytes *ch_crl_desk_get_root (ChService *service, ChHierarchy hierarchy, GError **error);
gboolean ch_crl_desk_renew (ChService *service, ChHierarchy hierarchy, GError **error);
void ch_crl_desk_renew_all (ChService *service);
gboolean ch_crl_desk_revoke (ChService *service, const char *serial, ChRevocation reason, GError **error);
GBytes *ch_crl_desk_answer (ChService *service, GBytes *request);

G_END_DECLS
