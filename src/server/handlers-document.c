#include "config.h"

#include "base/ch-error.h"
#include "papers/ch-document-check.h"
#include "server/ch-application-changes.h"
#include "server/ch-handler.h"
#include "server/ch-service.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-documents.h"

/* A piece in base64 with what stands around it */
#define PIECE_BODY (CH_PIECE_SIZE / 3 * 4 + 4096)

typedef struct
{
  const ChProfile *profile;
  const ChCaller *caller;
  const char *id;       /* of an application or an upload */
  const char *document; /* (nullable) */
  gpointer request;
  ChUploadRecord *upload; /* (unowned): being finished */
  const char *content;
  const char *place; /* (nullable) */
} Job;

/* An upload that has arrived, to be judged */
typedef struct
{
  ChUploadRecord *upload;
  ChAxes axes;
  GBytes *bytes;
} Arrived;

static void
arrived_free (Arrived *self)
{
  g_clear_pointer (&self->upload, ch_upload_record_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrived, arrived_free)

static Job
make_job (ChCall *call, gpointer request)
{
  return (Job){ .profile = ch_service_get_profile (ch_call_get_service (call)),
                .caller = ch_call_get_caller (call),
                .id = ch_call_get_arg (call, 0),
                .place = ch_call_get_place (call),
                .request = request };
}

static ChDb *
get_db (ChCall *call)
{
  return ch_service_get_db (ch_call_get_service (call));
}

static gpointer
read_upload (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChUploadRecord) upload = ch_upload_record_load (tx, job->id, error);

  return upload != NULL ? ch_upload_record_format (upload) : NULL;
}

static gpointer
write_new (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->id, error);
  g_autofree char *id
      = record != NULL ? ch_documents_begin (tx, record, job->profile, job->request, error) : NULL;
  g_autoptr (ChUploadRecord) upload = id != NULL ? ch_upload_record_load (tx, id, error) : NULL;

  return upload != NULL ? ch_upload_record_format (upload) : NULL;
}

static gpointer
handle_new (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_call_commit (call, write_new, &job, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (get_db (call), read_upload, &job, error);
}

static gpointer
write_piece (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChUploadRecord) upload = ch_upload_record_load (tx, job->id, error);

  if (upload == NULL || !ch_documents_add_piece (tx, upload, job->request, error))
    return NULL;
  return ch_upload_record_format (upload);
}

static gpointer
handle_piece (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_write (get_db (call), write_piece, &job, (GDestroyNotify) ch_upload_free, error);
}

static gpointer
read_arrived (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (Arrived) arrived = g_new0 (Arrived, 1);
  g_autoptr (ChApplicationRecord) record = NULL;

  arrived->upload = ch_upload_record_load (tx, job->id, error);
  if (arrived->upload == NULL)
    return NULL;
  record = ch_application_record_load (tx, arrived->upload->application, error);
  if (record == NULL)
    return NULL;
  arrived->axes = record->axes;
  arrived->bytes = ch_documents_read (tx, job->id, arrived->upload->size, error);
  return arrived->bytes != NULL ? g_steal_pointer (&arrived) : NULL;
}

static gboolean
check_arrived (const Arrived *arrived, const ChProfile *profile, ChContent *content, GError **error)
{
  const ChDocumentRule *rule = ch_profile_get_document (profile, &arrived->axes, arrived->upload->document);
  g_autoptr (GBytes) sha256
      = ch_sha256 (g_bytes_get_data (arrived->bytes, NULL), g_bytes_get_size (arrived->bytes));

  if (rule == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "the flow asks for no such document");
      return FALSE;
    }
  if (!g_bytes_equal (sha256, arrived->upload->sha256))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENT_BROKEN, "the document is not what was announced");
      return FALSE;
    }
  return ch_document_check (arrived->bytes, rule, content, error);
}

static gpointer
write_finish (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChUploadRecord) upload = ch_upload_record_load (tx, job->upload->id, error);
  g_autoptr (ChApplicationRecord) record
      = upload != NULL ? ch_application_record_load (tx, upload->application, error) : NULL;

  if (record == NULL)
    return NULL;
  if (!upload->is_finished
      && (!ch_documents_finish (tx, record, upload, job->content, who, error)
          || !ch_changes_note (tx, record->id, upload->document, job->place, error)))
    return NULL;
  return ch_applications_get (tx, record->id, job->profile, CH_VIEW_MEMBER, error);
}

static gpointer
write_drop (ChDbTx *tx, gpointer id, GError **error)
{
  return ch_documents_drop (tx, id, error) ? CH_DB_DONE : NULL;
}

static gpointer
handle_finish (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);
  g_autoptr (Arrived) arrived = ch_db_read (get_db (call), read_arrived, &job, error);
  ChContent content = CH_CONTENT_UNKNOWN;

  if (arrived == NULL)
    return NULL;
  if (!arrived->upload->is_finished && !check_arrived (arrived, job.profile, &content, error))
    {
      /* It will not get better: the same pieces would be resumed for ever */
      ch_db_write (get_db (call), write_drop, arrived->upload->id, NULL, NULL);
      return NULL;
    }

  job.upload = arrived->upload;
  job.content = ch_content_get_id (content);
  return ch_call_commit (call, write_finish, &job, error);
}

static gpointer
read_document (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChDocumentContent) message = ch_wire_new (&ChDocumentContent_wire);
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx,
                         "SELECT upload.id, upload.name, document.content, upload.size FROM document "
                         "JOIN upload ON upload.id = document.upload "
                         "WHERE document.application = $1 AND document.id = $2",
                         CH_BIND (CH_TEXT (job->id), CH_TEXT (job->document)), error);

  if (row == NULL)
    return NULL;
  message->name = ch_stmt_dup_text (row, 1);
  message->content = ch_stmt_dup_text (row, 2);
  message->bytes = ch_documents_read (tx, ch_stmt_get_text (row, 0), ch_stmt_get_int (row, 3), error);
  return message->bytes != NULL ? g_steal_pointer (&message) : NULL;
}

static gpointer
write_opened (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *who = ch_caller_get_id (job->caller);

  return ch_applications_note_opened (tx, job->id, job->document, who, error) ? CH_DB_DONE : NULL;
}

static gpointer
handle_document (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);
  g_autoptr (ChDocumentContent) message = NULL;

  job.document = ch_call_get_arg (call, 1);
  message = ch_db_read (get_db (call), read_document, &job, error);
  if (message == NULL)
    return NULL;

  /* First the note, then the look */
  if (job.caller->staff != NULL && ch_db_write (get_db (call), write_opened, &job, NULL, error) == NULL)
    return NULL;
  return g_steal_pointer (&message);
}

const ChHandlerRow ch_handlers_document[] = {
  { &ch_route_upload_new, handle_new, CH_HANDLER_WORKER, 0 },
  { &ch_route_upload, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_upload_piece, handle_piece, CH_HANDLER_WORKER, PIECE_BODY },
  { &ch_route_upload_finish, handle_finish, CH_HANDLER_WORKER, 0 },
  { &ch_route_document, handle_document, CH_HANDLER_WORKER, 0 },
  { NULL },
};
