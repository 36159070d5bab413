#pragma once

#include "server/ch-service.h"
#include "server/ch-store-accounts.h"
#include "wire/messages-holder.h"

G_BEGIN_DECLS

ChLoginRow *ch_holder_login (ChService *service, const ChHolderLogin *request, GError **error);
ChLoginRow *ch_holder_load (ChService *service, const char *serial, GError **error);
ChLoginRow *ch_staff_login_by_certificate (ChService *service, const ChStaffLogin *request, GError **error);

G_END_DECLS
