#pragma once

#include "forgetful-clients.h"

G_BEGIN_DECLS

guint forgetful_audit (const char *dir, ForgetfulClients *clients, guint first_told, GPtrArray *problems);

G_END_DECLS
