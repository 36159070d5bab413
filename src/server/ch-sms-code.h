#pragma once

#include "server/ch-service.h"
#include "wire/messages-account.h"

G_BEGIN_DECLS

/* A code belongs to a mobile, a purpose and an object (an application, or "") */
typedef struct
{
  const char *mobile;
  ChSmsPurpose purpose;
  const char *object;
} ChCodeTarget;

ChSmsSent *ch_sms_code_make (ChDbTx *tx,
                             ChService *service,
                             const ChCodeTarget *target,
                             const char *address,
                             char **code,
                             GError **error);
gboolean ch_sms_code_check (ChService *service, const ChCodeTarget *target, ChSecret *code, GError **error);
gboolean ch_sms_code_spend (ChDbTx *tx,
                            ChService *service,
                            const ChCodeTarget *target,
                            ChSecret *code,
                            GError **error);

G_END_DECLS
