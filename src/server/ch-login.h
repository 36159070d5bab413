#pragma once

#include "server/ch-service.h"
#include "server/ch-store-accounts.h"

G_BEGIN_DECLS

ChLoginRow *ch_login_by_password (ChService *service,
                                  const char *name,
                                  gboolean is_staff,
                                  ChSecret *password,
                                  GError **error);
gboolean ch_login_check_consents (ChService *service, const char *where, GPtrArray *given, GError **error);

G_END_DECLS
