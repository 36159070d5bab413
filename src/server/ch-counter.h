#pragma once

#include "server/ch-service.h"

G_BEGIN_DECLS

/* How often something may happen */
typedef struct
{
  const char *kind;
  gint64 max;
  gint64 window; /* seconds */
} ChCounterLimit;

gboolean ch_counter_take (ChDbTx *tx,
                          ChService *service,
                          const ChCounterLimit *limit,
                          const char *object,
                          GError **error);
gboolean ch_counter_check (ChDbTx *tx,
                           ChService *service,
                           const ChCounterLimit *limit,
                           const char *object,
                           GError **error);
void ch_error_set_retry_after (GError *error, gint64 seconds);

G_END_DECLS
