#pragma once

#include "flow/ch-run.h"
#include "front/ch-batch-sheet.h"

G_BEGIN_DECLS

/* How a row stands */
typedef enum
{
  CH_BATCH_ROW_WAITING,
  CH_BATCH_ROW_SENT,   /* handed in: now or before */
  CH_BATCH_ROW_FAILED, /* see error and detail; it is tried again when the batch goes on */
} ChBatchRowState;

typedef struct
{
  ChBatchRowState state;
  gboolean was_sent; /* before this time */
  char *application; /* (owned) (nullable) */
  char *error;       /* (owned) (nullable): id of the error */
  char *detail;      /* (owned) (nullable): in words */
} ChBatchResult;

/* Sends a sheet: has it confirmed by one signature, then takes one row after the other through its flow. May
 * break off anywhere; whoever sends the same sheet again goes on. Properties: `n-done` (uint), rows that were
 * looked after; `batch` (string), id, NULL before it is confirmed. */
#define CH_TYPE_BATCH_DESK (ch_batch_desk_get_type ())
G_DECLARE_FINAL_TYPE (ChBatchDesk, ch_batch_desk, CH, BATCH_DESK, GObject)

ChBatchDesk *ch_batch_desk_new (ChPorts *ports, ChBatchSheet *sheet);
ChBatchSheet *ch_batch_desk_get_sheet (ChBatchDesk *self);
const char *ch_batch_desk_get_batch (ChBatchDesk *self);
guint ch_batch_desk_get_n_done (ChBatchDesk *self);
guint ch_batch_desk_count (ChBatchDesk *self, ChBatchRowState state);
const ChBatchResult *ch_batch_desk_get_result (ChBatchDesk *self, guint row);
const char *ch_batch_row_state_get_id (ChBatchRowState state);
const char *ch_batch_row_state_get_title (ChBatchRowState state);
GBytes *ch_batch_desk_make_report (ChBatchDesk *self);

void ch_batch_desk_send_async (ChBatchDesk *self,
                               const char *token,
                               GTlsInteraction *asker,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ch_batch_desk_send_finish (ChBatchDesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
