#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/ch-store-batches.h"

#define LIST_LIMIT 100

static ChBatch *
read_batch (ChStmt *row)
{
  ChBatch *self = ch_wire_new (&ChBatch_wire);

  self->id = ch_stmt_dup_text (row, 0);
  self->name = ch_stmt_dup_text (row, 1);
  self->flow = ch_stmt_dup_text (row, 2);
  self->project = ch_stmt_dup_text (row, 3);
  self->digest = ch_stmt_dup_text (row, 4);
  self->certificate = ch_stmt_dup_text (row, 5);
  self->rows = ch_stmt_get_int (row, 6);
  self->created = ch_stmt_get_int (row, 7);
  self->begun = ch_stmt_get_int (row, 8);
  self->sent = ch_stmt_get_int (row, 9);
  return self;
}

#define BATCH_COLUMNS                                                                                        \
  "SELECT b.id, b.name, b.flow, b.project, b.digest, b.certificate, b.n_rows, b.created, "                   \
  "(SELECT COUNT (*) FROM batch_row AS r WHERE r.batch = b.id), "                                            \
  "(SELECT COUNT (*) FROM batch_row AS r WHERE r.batch = b.id AND r.sent > 0) FROM batch AS b "

/* At most one row. Returns: FALSE with @error set on failure */
static gboolean
find_text (ChDbTx *tx, const char *sql, const ChDbValue *values, char **text, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  *text = step == CH_STEP_ROW ? ch_stmt_dup_text (stmt, 0) : NULL;
  return step != CH_STEP_FAILED;
}

/**
 * ch_batches_find:
 * @digest: of what was confirmed
 * @id: (out) (nullable): of the batch that was begun with it, %NULL when there is none
 */
gboolean
ch_batches_find (ChDbTx *tx, const char *account, const char *digest, char **id, GError **error)
{
  return find_text (tx, "SELECT id FROM batch WHERE account = $1 AND digest = $2",
                    CH_BIND (CH_TEXT (account), CH_TEXT (digest)), id, error);
}

/**
 * ch_batches_create:
 * @batch: confirmed, and not begun before
 *
 * Returns: (transfer full): id of the batch
 */
char *
ch_batches_create (ChDbTx *tx, const ChBatchSigned *batch, GError **error)
{
  const ChBatchNew *request = batch->request;
  g_autofree char *id = ch_random_new_id ();

  return ch_db_run (tx,
                    "INSERT INTO batch (id, account, name, flow, project, digest, digests, n_rows, "
                    "certificate, nonce, signature, created) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                    CH_BIND (CH_TEXT (id), CH_TEXT (batch->account), CH_TEXT (request->name),
                             CH_TEXT (request->flow), CH_TEXT (request->project), CH_TEXT (batch->digest),
                             CH_BYTES (request->digests),
                             CH_INT (g_bytes_get_size (request->digests) / CH_BATCH_DIGEST_SIZE),
                             CH_TEXT (batch->certificate), CH_BYTES (request->nonce),
                             CH_BYTES (request->signature), CH_INT (ch_clock_now ())),
                    error)
             ? g_steal_pointer (&id)
             : NULL;
}

/**
 * ch_batches_get:
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): how far a batch is
 */
ChBatch *
ch_batches_get (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, BATCH_COLUMNS "WHERE b.id = $1", CH_BIND (CH_TEXT (id)), error);

  return row != NULL ? read_batch (row) : NULL;
}

/**
 * ch_batches_list:
 * @digest: (nullable): only the batch with it
 *
 * Returns: (transfer full): the batches of an account, newest first
 */
ChBatchList *
ch_batches_list (ChDbTx *tx, const char *account, const char *digest, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     BATCH_COLUMNS "WHERE b.account = $1 AND ($2 IS NULL OR b.digest = $2) "
                                   "ORDER BY b.created DESC, b.id LIMIT $3",
                     CH_BIND (CH_TEXT (account), CH_TEXT (digest), CH_INT (LIST_LIMIT)), error);
  g_autoptr (ChBatchList) list = ch_wire_new (&ChBatchList_wire);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  list->items = ch_wire_list_new (&ChBatch_wire);
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (list->items, read_batch (stmt));
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

/**
 * ch_batches_list_rows:
 *
 * Returns: (transfer full): what became of the rows that were begun, in their order
 */
ChBatchRowList *
ch_batches_list_rows (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT r.n, r.application, a.state, r.sent > 0 FROM batch_row AS r "
                     "JOIN application AS a ON a.id = r.application WHERE r.batch = $1 ORDER BY r.n",
                     CH_BIND (CH_TEXT (id)), error);
  g_autoptr (ChBatchRowList) list = ch_wire_new (&ChBatchRowList_wire);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  list->items = ch_wire_list_new (&ChBatchRow_wire);
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      ChBatchRow *row = ch_wire_new (&ChBatchRow_wire);
      int state = CH_APPLICATION_DRAFT;

      ch_wire_enum_from_id (&ChApplicationState_enum, ch_stmt_get_text (stmt, 2), &state);
      row->row = ch_stmt_get_int (stmt, 0);
      row->application = ch_stmt_dup_text (stmt, 1);
      row->state = state;
      row->is_sent = ch_stmt_get_int (stmt, 3) != 0;
      g_ptr_array_add (list->items, row);
    }
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

/**
 * ch_batches_find_row:
 * @row: counted from 1
 * @application: (out) (nullable): that was begun for it, %NULL when there is none
 */
gboolean
ch_batches_find_row (ChDbTx *tx, const char *id, gint64 row, char **application, GError **error)
{
  return find_text (tx, "SELECT application FROM batch_row WHERE batch = $1 AND n = $2",
                    CH_BIND (CH_TEXT (id), CH_INT (row)), application, error);
}

static gboolean
add_files (ChDbTx *tx, const char *application, GHashTable *files, GError **error)
{
  GHashTableIter iter;
  gpointer document, sha256;

  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &document, &sha256))
    if (!ch_db_run (tx, "INSERT INTO batch_file (application, document, sha256) VALUES ($1, $2, $3)",
                    CH_BIND (CH_TEXT (application), CH_TEXT (document), CH_TEXT (sha256)), error))
      return FALSE;
  return TRUE;
}

/**
 * ch_batches_add_row:
 * @application: just created for it
 *
 * Ties an application to its row: there is never another one.
 */
gboolean
ch_batches_add_row (ChDbTx *tx,
                    const char *id,
                    const ChBatchRowNew *request,
                    const char *application,
                    GError **error)
{
  return ch_db_run (tx, "INSERT INTO batch_row (batch, n, application, sent) VALUES ($1, $2, $3, 0)",
                    CH_BIND (CH_TEXT (id), CH_INT (request->row), CH_TEXT (application)), error)
         && add_files (tx, application, request->files, error);
}

static GHashTable *
read_files (ChDbTx *tx, const char *application, GError **error)
{
  g_autoptr (GHashTable) files = ch_wire_map_new ();
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT document, sha256 FROM batch_file WHERE application = $1",
                                         CH_BIND (CH_TEXT (application)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_hash_table_insert (files, ch_stmt_dup_text (stmt, 0), ch_stmt_dup_text (stmt, 1));
  return step == CH_STEP_DONE ? g_steal_pointer (&files) : NULL;
}

static gboolean
is_as_signed (const ChApplicationRecord *record, GHashTable *files, GBytes *digests, gint64 row)
{
  gsize size;
  const guint8 *all = g_bytes_get_data (digests, &size);
  gsize offset = (row - 1) * CH_BATCH_DIGEST_SIZE;
  guint8 digest[CH_BATCH_DIGEST_SIZE];

  ch_batch_digest_row (&record->axes, record->answers, files, digest);
  return row >= 1 && offset + CH_BATCH_DIGEST_SIZE <= size
         && memcmp (all + offset, digest, CH_BATCH_DIGEST_SIZE) == 0;
}

/**
 * ch_batches_hand_in:
 * @record: an application that is handed in
 * @error: %CH_ERROR_BATCH_CHANGED when it is of a batch and not what was signed
 *
 * Sees that what is handed in the first time is what was confirmed. What a reviewer wanted corrected later
 * is the applicant’s own change.
 */
gboolean
ch_batches_hand_in (ChDbTx *tx, const ChApplicationRecord *record, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT r.n, b.digests FROM batch_row AS r JOIN batch AS b ON b.id = r.batch "
                     "WHERE r.application = $1 AND r.sent = 0",
                     CH_BIND (CH_TEXT (record->id)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  g_autoptr (GBytes) digests = step == CH_STEP_ROW ? ch_stmt_dup_bytes (stmt, 1) : NULL;
  g_autoptr (GHashTable) files = NULL;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;
  files = read_files (tx, record->id, error);
  if (files == NULL)
    return FALSE;
  if (!is_as_signed (record, files, digests, ch_stmt_get_int (stmt, 0)))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BATCH_CHANGED, "the row is not what was signed");
      return FALSE;
    }
  return ch_db_run_one (tx, "UPDATE batch_row SET sent = $2 WHERE application = $1",
                        CH_BIND (CH_TEXT (record->id), CH_INT (ch_clock_now ())), error);
}
