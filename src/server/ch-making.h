#pragma once

#include "server/ch-service.h"
#include "wire/messages-making.h"

G_BEGIN_DECLS

/* Media the CA makes: by a ticket of the staff, whose first PIN the server passes on and does not keep */

ChMaking *ch_making_begin (ChDbTx *tx,
                           ChService *service,
                           const char *application,
                           const ChMakingNew *request,
                           const char *who,
                           GError **error);
ChMakingOfficer *ch_making_take_medium (ChDbTx *tx,
                                        ChService *service,
                                        const char *application,
                                        const ChMakingMedium *request,
                                        const char *who,
                                        GError **error);
gboolean ch_making_check_in_hand (ChDbTx *tx, const char *application, const char *who, GError **error);
gboolean ch_making_check_medium (ChDbTx *tx, const char *application, const char *medium, GError **error);
gboolean ch_making_find_medium (ChDbTx *tx, const char *application, char **medium, GError **error);

G_END_DECLS
