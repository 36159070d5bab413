#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "papers/ch-document-check.h"
#include "server/ch-random.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-documents.h"

#define SHA256_SIZE 32

/* What stands in `is_finished`. Given up: nobody sees it any more; its pieces are swept away little by
 * little, for no change should wait while megabytes are deleted. */
#define IS_GOING_ON "0"
#define IS_GIVEN_UP "2"

/* Pieces deleted by one transaction */
#define SWEPT_AT_ONCE 2

#define SELECT_UPLOAD                                                                                        \
  "SELECT id, application, document, name, size, sha256, arrived, is_finished FROM upload WHERE "

static ChUploadRecord *
read_row (ChStmt *row)
{
  ChUploadRecord *self = g_new0 (ChUploadRecord, 1);

  self->id = ch_stmt_dup_text (row, 0);
  self->application = ch_stmt_dup_text (row, 1);
  self->document = ch_stmt_dup_text (row, 2);
  self->name = ch_stmt_dup_text (row, 3);
  self->size = ch_stmt_get_int (row, 4);
  self->sha256 = ch_stmt_dup_bytes (row, 5);
  self->arrived = ch_stmt_get_int (row, 6);
  self->is_finished = ch_stmt_get_int (row, 7) == 1;
  return self;
}

/**
 * ch_upload_record_load:
 * @error: %CH_ERROR_NOT_FOUND; an upload that was not finished in time is gone
 *
 * Returns: (transfer full): the upload
 */
ChUploadRecord *
ch_upload_record_load (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (tx, SELECT_UPLOAD "id = $1 AND is_finished < " IS_GIVEN_UP,
                                             CH_BIND (CH_TEXT (id)), error);

  return stmt != NULL ? read_row (stmt) : NULL;
}

void
ch_upload_record_free (ChUploadRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->application);
  g_free (self->document);
  g_free (self->name);
  g_bytes_unref (self->sha256);
  g_free (self);
}

/**
 * ch_upload_record_format:
 *
 * Returns: (transfer full): the message
 */
ChUpload *
ch_upload_record_format (const ChUploadRecord *self)
{
  ChUpload *message = ch_wire_new (&ChUpload_wire);

  message->id = g_strdup (self->id);
  message->size = self->size;
  message->offset = self->arrived;
  return message;
}

static gboolean
refuse (const char *document, ChReason reason, const char *why, GError **error)
{
  GError *wrong = g_error_new_literal (CH_ERROR, CH_ERROR_DOCUMENT_TYPE, why);

  ch_error_add_field (wrong, document, reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

/* What the program says the file is: refused before a byte of it has come. It is believed only so far; when
 * the file is there, its content decides. */
static gboolean
check_declared (const ChDocumentRule *rule, const char *content, GError **error)
{
  ChReason reason
      = content != NULL ? ch_document_judge_kind (rule, ch_content_from_id (content)) : CH_REASON_OK;

  return reason == CH_REASON_OK || refuse (rule->id, reason, "files of this kind are not taken", error);
}

static gboolean
check_request (const ChApplicationRecord *record,
               const ChProfile *profile,
               const ChUploadNew *request,
               GError **error)
{
  const ChDocumentRule *rule = ch_profile_get_document (profile, &record->axes, request->document);

  if (!ch_application_record_check_open (record, error))
    return FALSE;
  if (rule == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "the flow asks for no such document");
      return FALSE;
    }
  if (g_bytes_get_size (request->sha256) != SHA256_SIZE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENT_BROKEN, "a SHA-256 has 32 bytes");
      return FALSE;
    }
  if (request->size == 0)
    return refuse (rule->id, CH_REASON_FILE_EMPTY, "the document is empty", error);
  if (request->size > rule->max_bytes)
    return refuse (rule->id, CH_REASON_FILE_TOO_LARGE, "the document is too large", error);
  return check_declared (rule, request->content, error);
}

/* What one account keeps here: documents and what is on its way, except what this upload will replace */
static gboolean
check_room (ChDbTx *tx,
            const ChApplicationRecord *record,
            const ChProfile *profile,
            const ChUploadNew *request,
            GError **error)
{
  gint64 used = 0;

  if (!ch_db_query_int (
          tx,
          "SELECT COALESCE (SUM (upload.size), 0) FROM upload "
          "JOIN application ON application.id = upload.application WHERE application.account = $1 "
          "AND upload.is_finished < " IS_GIVEN_UP
          " AND NOT (upload.application = $2 AND upload.document = $3)",
          CH_BIND (CH_TEXT (record->account), CH_TEXT (record->id), CH_TEXT (request->document)), &used,
          error))
    return FALSE;

  if (used + request->size <= profile->limits->account_bytes)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENTS_FULL,
               "the account’s documents have %" G_GINT64_FORMAT " bytes, this one %" G_GINT64_FORMAT
               ", allowed are %" G_GINT64_FORMAT,
               used, request->size, profile->limits->account_bytes);
  return FALSE;
}

/**
 * ch_documents_drop:
 *
 * Gives an upload up. Its pieces are swept away later.
 */
gboolean
ch_documents_drop (ChDbTx *tx, const char *upload, GError **error)
{
  return ch_db_run (tx, "UPDATE upload SET is_finished = " IS_GIVEN_UP " WHERE id = $1",
                    CH_BIND (CH_TEXT (upload)), error);
}

static gboolean
drop_all (ChDbTx *tx, const char *sql, const ChDbValue *values, const char *except, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    if (g_strcmp0 (ch_stmt_get_text (stmt, 0), except) != 0)
      g_ptr_array_add (ids, ch_stmt_dup_text (stmt, 0));
  if (step == CH_STEP_FAILED)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!ch_documents_drop (tx, ids->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gpointer
expire (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "UPDATE upload SET is_finished = " IS_GIVEN_UP " WHERE is_finished = " IS_GOING_ON
                    " AND updated < $1",
                    CH_BIND (CH_INT (ch_clock_now () - CH_UPLOAD_LIFETIME)), error)
             ? CH_DB_DONE
             : NULL;
}

/* A few pieces of what was given up, then what has none left */
static gpointer
sweep (ChDbTx *tx, gpointer data, GError **error)
{
  guint *n_left = data;
  gint64 n = 0;

  if (!ch_db_run (tx,
                  "DELETE FROM piece WHERE (upload, start) IN (SELECT piece.upload, piece.start FROM piece "
                  "JOIN upload ON upload.id = piece.upload WHERE upload.is_finished = " IS_GIVEN_UP
                  " LIMIT $1)",
                  CH_BIND (CH_INT (SWEPT_AT_ONCE)), error)
      || !ch_db_run (tx,
                     "DELETE FROM upload WHERE is_finished = " IS_GIVEN_UP
                     " AND NOT EXISTS (SELECT 1 FROM piece WHERE piece.upload = upload.id)",
                     NULL, error)
      || !ch_db_query_int (tx, "SELECT COUNT (*) FROM upload WHERE is_finished = " IS_GIVEN_UP, NULL, &n,
                           error))
    return NULL;
  *n_left = n;
  return CH_DB_DONE;
}

/**
 * ch_documents_clean_up:
 *
 * Gives up uploads that nobody went on with for a day, and deletes what was given up: little by little, so
 * that others come between. Blocks: for a worker.
 */
void
ch_documents_clean_up (ChDb *db)
{
  g_autoptr (GError) error = NULL;
  guint n_left = 1;

  if (ch_db_write (db, expire, NULL, NULL, &error) != NULL)
    while (n_left > 0 && ch_db_write (db, sweep, &n_left, NULL, &error) != NULL)
      continue;
  if (error != NULL)
    g_warning ("uploads were not cleaned up: %s", error->message);
}

/* The same file for the same document, begun before: it is gone on with. It may even be the document by now,
 * and only the answer was lost; unless the reviewer wants another, then it is given once more. */
static gboolean
find_same (ChDbTx *tx,
           const ChApplicationRecord *record,
           const ChUploadNew *request,
           char **id,
           GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT id FROM upload WHERE application = $1 AND document = $2 AND size = $3 AND sha256 = $4 "
      "AND (is_finished = " IS_GOING_ON " OR is_finished < " IS_GIVEN_UP
      " AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.application = $1 AND mark.field = $2)) "
      "ORDER BY is_finished DESC LIMIT 1",
      CH_BIND (CH_TEXT (record->id), CH_TEXT (request->document), CH_INT (request->size),
               CH_BYTES (request->sha256)),
      error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  if (step == CH_STEP_ROW)
    *id = ch_stmt_dup_text (stmt, 0);
  return step != CH_STEP_FAILED;
}

/**
 * ch_documents_begin:
 * @record: whose document it is
 * @error: %CH_ERROR_NOT_OFFERED, %CH_ERROR_DOCUMENT_TYPE, %CH_ERROR_TOO_LARGE, %CH_ERROR_WRONG_STATE
 *
 * Begins an upload, or goes on with the same one. One that was begun with another file is given up.
 *
 * Returns: (transfer full): its id
 */
char *
ch_documents_begin (ChDbTx *tx,
                    const ChApplicationRecord *record,
                    const ChProfile *profile,
                    const ChUploadNew *request,
                    GError **error)
{
  g_autofree char *name = ch_document_clean_name (request->name);
  g_autofree char *id = NULL;

  if (!check_request (record, profile, request, error) || !find_same (tx, record, request, &id, error)
      || !drop_all (tx, "SELECT id FROM upload WHERE application = $1 AND document = $2 AND is_finished = 0",
                    CH_BIND (CH_TEXT (record->id), CH_TEXT (request->document)), id, error)
      || !check_room (tx, record, profile, request, error))
    return NULL;
  if (id != NULL)
    return g_steal_pointer (&id);

  id = ch_random_new_id ();
  if (!ch_db_run (
          tx,
          "INSERT INTO upload (id, application, document, name, size, sha256, arrived, is_finished, updated) "
          "VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)",
          CH_BIND (CH_TEXT (id), CH_TEXT (record->id), CH_TEXT (request->document), CH_TEXT (name),
                   CH_INT (request->size), CH_BYTES (request->sha256), CH_INT (ch_clock_now ())),
          error))
    return NULL;
  return g_steal_pointer (&id);
}

/**
 * ch_documents_add_piece:
 * @upload: as it is now; `arrived` is counted up
 * @piece: begins where the upload stands; a piece that is there already is passed over
 * @error: %CH_ERROR_CONFLICT when there would be a gap, %CH_ERROR_DOCUMENT_BROKEN when it does not fit
 */
gboolean
ch_documents_add_piece (ChDbTx *tx, ChUploadRecord *upload, const ChPiece *piece, GError **error)
{
  gint64 len = g_bytes_get_size (piece->bytes);

  if (upload->is_finished || piece->offset + len <= upload->arrived)
    return TRUE;
  if (piece->offset != upload->arrived)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CONFLICT, "the next piece begins at %" G_GINT64_FORMAT,
                   upload->arrived);
      return FALSE;
    }
  /* Only the last piece may be shorter: small ones would fill the store with rows */
  if (len == 0 || piece->offset + len > upload->size
      || (len < CH_PIECE_SIZE && piece->offset + len < upload->size))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENT_BROKEN, "the piece is of the wrong size");
      return FALSE;
    }

  if (!ch_db_run_one (tx, "UPDATE upload SET arrived = $2, updated = $3 WHERE id = $1 AND arrived = $4",
                      CH_BIND (CH_TEXT (upload->id), CH_INT (piece->offset + len), CH_INT (ch_clock_now ()),
                               CH_INT (piece->offset)),
                      error)
      || !ch_db_run (tx, "INSERT INTO piece (upload, start, bytes) VALUES ($1, $2, $3)",
                     CH_BIND (CH_TEXT (upload->id), CH_INT (piece->offset), CH_BYTES (piece->bytes)), error))
    return FALSE;

  upload->arrived += len;
  return TRUE;
}

/**
 * ch_documents_read:
 * @size: what it must have in all
 * @error: %CH_ERROR_DOCUMENT_BROKEN when pieces are missing
 *
 * Returns: (transfer full): the document from its pieces
 */
GBytes *
ch_documents_read (ChDbTx *tx, const char *upload, gint64 size, GError **error)
{
  g_autoptr (GByteArray) whole = g_byte_array_sized_new (size);
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT bytes FROM piece WHERE upload = $1 ORDER BY start",
                                         CH_BIND (CH_TEXT (upload)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      g_autoptr (GBytes) piece = ch_stmt_dup_bytes (stmt, 0);

      g_byte_array_append (whole, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
    }
  if (step == CH_STEP_FAILED)
    return NULL;

  if (whole->len != size)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENT_BROKEN, "%u bytes of %" G_GINT64_FORMAT " are there",
                   whole->len, size);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&whole));
}

/**
 * ch_documents_finish:
 * @record: whose document it is, as it is now
 * @upload: whole and checked
 * @content: what it is by its content
 * @who: for the history
 *
 * Makes a document visible in place of the one that was there before.
 */
gboolean
ch_documents_finish (ChDbTx *tx,
                     const ChApplicationRecord *record,
                     const ChUploadRecord *upload,
                     const char *content,
                     const char *who,
                     GError **error)
{
  if (!ch_application_record_check_open (record, error))
    return FALSE;

  return ch_db_run_one (tx,
                        "UPDATE upload SET is_finished = 1, updated = $2 WHERE id = $1 AND arrived = size",
                        CH_BIND (CH_TEXT (upload->id), CH_INT (ch_clock_now ())), error)
         && ch_db_run (
             tx,
             "INSERT INTO document (application, id, upload, content, created) VALUES ($1, $2, $3, $4, $5) "
             "ON CONFLICT (application, id) DO UPDATE SET upload = excluded.upload, "
             "content = excluded.content, created = excluded.created",
             CH_BIND (CH_TEXT (record->id), CH_TEXT (upload->document), CH_TEXT (upload->id),
                      CH_TEXT (content), CH_INT (ch_clock_now ())),
             error)
         && drop_all (
             tx,
             "SELECT id FROM upload WHERE application = $1 AND document = $2 AND is_finished < " IS_GIVEN_UP,
             CH_BIND (CH_TEXT (record->id), CH_TEXT (upload->document)), upload->id, error)
         && ch_applications_unmark (tx, record->id, upload->document, error)
         && ch_applications_set_state (tx, record->id, record->state, "document", who, error);
}
