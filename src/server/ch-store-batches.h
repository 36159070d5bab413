#pragma once

#include "server/ch-application-record.h"
#include "server/ch-stmt.h"
#include "wire/ch-batch.h"

G_BEGIN_DECLS

/* Batches and their rows: which were confirmed, and which applications came of them */

/* What was confirmed, once it is known who signed it */
typedef struct
{
  const ChBatchNew *request;
  const char *account;
  const char *certificate; /* serial of the signer’s */
  const char *digest;      /* in hexadecimal digits */
} ChBatchSigned;

gboolean ch_batches_find (ChDbTx *tx, const char *account, const char *digest, char **id, GError **error);
char *ch_batches_create (ChDbTx *tx, const ChBatchSigned *batch, GError **error);
ChBatch *ch_batches_get (ChDbTx *tx, const char *id, GError **error);
ChBatchList *ch_batches_list (ChDbTx *tx, const char *account, const char *digest, GError **error);
ChBatchRowList *ch_batches_list_rows (ChDbTx *tx, const char *id, GError **error);
gboolean ch_batches_find_row (ChDbTx *tx, const char *id, gint64 row, char **application, GError **error);
gboolean ch_batches_add_row (ChDbTx *tx,
                             const char *id,
                             const ChBatchRowNew *request,
                             const char *application,
                             GError **error);
gboolean ch_batches_hand_in (ChDbTx *tx, const ChApplicationRecord *record, GError **error);

G_END_DECLS
