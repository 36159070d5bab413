#include "config.h"

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-sniff.h"
#include "steps/ch-upload.h"

#define MAX_RESUMES 5

/* One document on its way: read, looked at, sent in pieces, finished */
typedef struct
{
  ChRun *run;                /* (owned) */
  ChAttachment *attachment;  /* (owned) */
  GFile *file;               /* (owned): what was chosen when it began */
  GCancellable *cancellable; /* (owned) */
  GBytes *content;           /* (owned) (nullable) */
  ChUpload *upload;          /* (owned) (nullable): the server’s last word */
  guint n_resumes;
} Upload;

static void send_piece (Upload *self);

static void
upload_free (Upload *self)
{
  g_clear_object (&self->run);
  g_clear_object (&self->attachment);
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_pointer (&self->upload, ch_upload_free);
  g_free (self);
}

/* Whether another file was chosen meanwhile: then this upload’s outcome is nobody’s */
static gboolean
is_superseded (Upload *self)
{
  return ch_attachment_get_cancellable (self->attachment) != self->cancellable;
}

static void
end_with_error (Upload *self, GError *error) /* (transfer full) */
{
  if (is_superseded (self))
    g_error_free (error);
  else
    ch_attachment_fail (self->attachment, error);
  upload_free (self);
}

static GError *
refuse (const char *document, ChReason reason, ChErrorCode code)
{
  GError *error = g_error_new (CH_ERROR, code, "document %s: %s", document, ch_reason_get_id (reason));

  ch_error_add_field (error, document, reason, NULL);
  return error;
}

/* What the server would refuse is said before anything is sent */
static GError *
look_at (const ChDocumentRule *rule, GBytes *content)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (content, &len);
  ChContent kind = ch_sniff (data, len);
  gboolean bundle = FALSE;

  if (len == 0)
    return refuse (rule->id, CH_REASON_FILE_EMPTY, CH_ERROR_DOCUMENT_TYPE);
  if ((gint64) len > rule->max_bytes)
    return refuse (rule->id, CH_REASON_FILE_TOO_LARGE, CH_ERROR_TOO_LARGE);

  for (gsize i = 0; rule->formats[i] != NULL; i++)
    {
      if (kind != CH_CONTENT_UNKNOWN && ch_content_from_id (rule->formats[i]) == kind)
        return NULL;
      bundle |= g_str_equal (rule->formats[i], "zip");
    }

  return refuse (rule->id, bundle ? CH_REASON_FILE_BUNDLE : CH_REASON_FILE_TYPE, CH_ERROR_DOCUMENT_TYPE);
}

static void
on_finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  const char *id = ch_attachment_get_rule (self->attachment)->id;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (self->run, result, &error);
  ChDocument *document = NULL;

  if (application == NULL)
    {
      end_with_error (self, error);
      return;
    }

  for (guint i = 0; application->documents != NULL && i < application->documents->len; i++)
    if (g_str_equal (((ChDocument *) application->documents->pdata[i])->id, id))
      document = application->documents->pdata[i];

  if (document == NULL)
    {
      ch_application_free (application);
      end_with_error (self, g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "document %s did not arrive", id));
      return;
    }

  if (!is_superseded (self))
    ch_attachment_finish (self->attachment, document);
  ch_run_take_application (self->run, application);
  upload_free (self);
}

static void
on_where_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  GError *error = NULL;
  ChUpload *upload = ch_run_call_finish (self->run, result, &error);

  if (upload == NULL)
    {
      end_with_error (self, error);
      return;
    }

  g_clear_pointer (&self->upload, ch_upload_free);
  self->upload = upload;
  send_piece (self);
}

static void
ask_where (Upload *self)
{
  const char *const args[] = { self->upload->id, NULL };

  ch_run_call_async (self->run, &ch_route_upload, args, NULL, self->cancellable, on_where_cb, self);
}

/* A broken line or another window: the server says where to go on */
static gboolean
may_resume (Upload *self, const GError *error)
{
  const char *id = ch_error_get_info (error)->id;

  return ++self->n_resumes <= MAX_RESUMES && !is_superseded (self)
         && (g_str_equal (id, "conflict") || g_str_equal (id, "timed-out")
             || g_str_equal (id, "server-unreachable"));
}

static void
on_piece_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  g_autoptr (GError) error = NULL;
  ChUpload *upload = ch_run_call_finish (self->run, result, &error);

  if (upload == NULL && may_resume (self, error))
    {
      ask_where (self);
      return;
    }
  if (upload == NULL)
    {
      end_with_error (self, g_steal_pointer (&error));
      return;
    }

  g_clear_pointer (&self->upload, ch_upload_free);
  self->upload = upload;
  send_piece (self);
}

static void
send_piece (Upload *self)
{
  const char *const args[] = { self->upload->id, NULL };
  gint64 size = g_bytes_get_size (self->content);
  gint64 offset = self->upload->offset;
  g_autoptr (GBytes) bytes = NULL;
  ChPiece piece;

  if (offset < 0 || offset > size)
    {
      end_with_error (self, g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "the server has more than was sent"));
      return;
    }

  if (!is_superseded (self))
    ch_attachment_set_progress (self->attachment, size > 0 ? (double) offset / size : 0);

  if (offset == size)
    {
      ch_run_call_async (self->run, &ch_route_upload_finish, args, NULL, self->cancellable, on_finished_cb,
                         self);
      return;
    }

  bytes = g_bytes_new_from_bytes (self->content, offset, MIN (CH_PIECE_SIZE, size - offset));
  piece = (ChPiece){ .offset = offset, .bytes = bytes };
  ch_run_call_async (self->run, &ch_route_upload_piece, args, &piece, self->cancellable, on_piece_cb, self);
}

static void
on_begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  GError *error = NULL;

  self->upload = ch_run_call_finish (self->run, result, &error);
  if (self->upload == NULL)
    end_with_error (self, error);
  else
    ask_where (self); /* a key used before answers with the upload as it was then */
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *path = g_file_get_path (data);
  GError *error = NULL;
  GBytes *content;

  if (path == NULL)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_FILE, "the file is not on this PC");
      return;
    }

  content = ch_file_read (path, 32 * 1024 * 1024, &error);
  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  const ChDocumentRule *rule = ch_attachment_get_rule (self->attachment);
  const char *const args[] = { ch_run_get_application (self->run)->id, NULL };
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *shown = NULL;
  g_autoptr (GBytes) sum = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_len = sizeof digest;
  GError *error = NULL;
  ChUploadNew request;

  self->content = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->content != NULL)
    error = look_at (rule, self->content);
  if (error != NULL)
    {
      end_with_error (self, error);
      return;
    }

  g_checksum_update (checksum, g_bytes_get_data (self->content, NULL), g_bytes_get_size (self->content));
  g_checksum_get_digest (checksum, digest, &digest_len);
  sum = g_bytes_new (digest, sizeof digest);
  shown = g_utf8_make_valid (name, -1);
  request = (ChUploadNew){
    .document = rule->id, .name = shown, .size = g_bytes_get_size (self->content), .sha256 = sum
  };
  ch_run_call_async (self->run, &ch_route_upload_new, args, &request, self->cancellable, on_begun_cb, self);
}

/**
 * ch_upload_begin:
 * @run: a run with an application
 * @attachment: with a file chosen
 *
 * Uploads the file in pieces; @attachment tells how far it has got. A broken upload goes on where it stopped.
 */
void
ch_upload_begin (ChRun *run, ChAttachment *attachment)
{
  Upload *self = g_new0 (Upload, 1);
  g_autoptr (GTask) task = NULL;

  ch_attachment_begin (attachment, 0);
  self->run = g_object_ref (run);
  self->attachment = g_object_ref (attachment);
  self->file = g_object_ref (ch_attachment_get_file (attachment));
  self->cancellable = g_object_ref (ch_attachment_get_cancellable (attachment));

  task = g_task_new (run, self->cancellable, on_read_cb, self);
  g_task_set_source_tag (task, ch_upload_begin);
  g_task_set_task_data (task, g_object_ref (self->file), g_object_unref);
  g_task_run_in_thread (task, read_thread);
}
