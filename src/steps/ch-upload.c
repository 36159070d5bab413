#include "config.h"

#include "base/ch-error.h"
#include "papers/ch-prepare.h"
#include "steps/ch-upload.h"

#define MAX_RESUMES 5

/* So many documents of a run are on the way at a time; the others wait their turn */
#define MAX_UPLOADS 2
#define QUEUE_KEY   "ch-uploads"

/* One document on its way: prepared, sent in pieces, finished */
typedef struct
{
  ChRun *run;                /* (owned) */
  ChAttachment *attachment;  /* (owned) */
  GCancellable *cancellable; /* (owned) */
  ChPrepared *prepared;      /* (owned) (nullable) */
  ChUpload *upload;          /* (owned) (nullable): the server’s last word */
  guint n_resumes;
  gboolean is_running; /* it is one of those that are on the way */
} Upload;

/* Of one run */
typedef struct
{
  GQueue waiting; /* (element-type Upload) (owned) */
  guint n_running;
} Queue;

static void send_piece (Upload *self);
static void run_next (ChRun *run);

static void
upload_clear (Upload *self)
{
  g_clear_object (&self->run);
  g_clear_object (&self->attachment);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->prepared, ch_prepared_free);
  g_clear_pointer (&self->upload, ch_upload_free);
  g_free (self);
}

static void
queue_free (gpointer data)
{
  Queue *queue = data;

  g_queue_clear_full (&queue->waiting, (GDestroyNotify) upload_clear);
  g_free (queue);
}

static Queue *
get_queue (ChRun *run)
{
  Queue *queue = g_object_get_data (G_OBJECT (run), QUEUE_KEY);

  if (queue == NULL)
    {
      queue = g_new0 (Queue, 1);
      g_queue_init (&queue->waiting);
      g_object_set_data_full (G_OBJECT (run), QUEUE_KEY, queue, queue_free);
    }
  return queue;
}

/* It is over; the next has its turn */
static void
upload_free (Upload *self)
{
  g_autoptr (ChRun) run = g_object_ref (self->run);

  if (self->is_running)
    get_queue (run)->n_running--;
  upload_clear (self);
  run_next (run);
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
    {
      /* What is refused will be refused again: it is not taken up another day */
      if (ch_error_get_fields (error) != NULL)
        ch_run_keep_document (self->run, self->attachment, NULL);
      ch_attachment_fail (self->attachment, error);
    }
  upload_free (self);
}

/* A broken line, another window, a server that was restarted: it says where to go on */
static gboolean
may_resume (Upload *self, const GError *error)
{
  const char *id = ch_error_get_info (error)->id;

  return ++self->n_resumes <= MAX_RESUMES && !is_superseded (self)
         && (g_str_equal (id, "conflict") || g_str_equal (id, "timed-out")
             || g_str_equal (id, "server-unreachable"));
}

static void announce (Upload *self);
static void ask_where (Upload *self);

static void
on_finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  const char *id = ch_attachment_get_rule (self->attachment)->id;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (self->run, result, &error);
  ChDocument *document = NULL;

  if (application == NULL && may_resume (self, error))
    {
      g_error_free (error);
      ask_where (self);
      return;
    }
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
    {
      ch_run_keep_document (self->run, self->attachment, NULL);
      ch_attachment_finish (self->attachment, document);
    }
  ch_run_take_application (self->run, application);
  upload_free (self);
}

static void
on_where_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  GError *error = NULL;
  ChUpload *upload = ch_run_call_finish (self->run, result, &error);

  /* Given up by the server, because nobody went on for long: from the beginning, once */
  if (upload == NULL && g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND) && self->n_resumes < MAX_RESUMES
      && !is_superseded (self))
    {
      g_error_free (error);
      self->n_resumes = MAX_RESUMES;
      announce (self);
      return;
    }
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
  gint64 size = g_bytes_get_size (self->prepared->bytes);
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

  bytes = g_bytes_new_from_bytes (self->prepared->bytes, offset, MIN (CH_PIECE_SIZE, size - offset));
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
announce (Upload *self)
{
  const char *const args[] = { ch_run_get_application (self->run)->id, NULL };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) sum = NULL;
  guint8 digest[32];
  gsize digest_len = sizeof digest;
  ChUploadNew request;

  g_checksum_update (checksum, g_bytes_get_data (self->prepared->bytes, NULL),
                     g_bytes_get_size (self->prepared->bytes));
  g_checksum_get_digest (checksum, digest, &digest_len);
  sum = g_bytes_new (digest, sizeof digest);
  request = (ChUploadNew){
    .document = ch_attachment_get_rule (self->attachment)->id,
    .name = self->prepared->name,
    .size = g_bytes_get_size (self->prepared->bytes),
    .sha256 = sum,
    .content = (char *) ch_content_get_id (self->prepared->content),
  };
  ch_run_call_async (self->run, &ch_route_upload_new, args, &request, self->cancellable, on_begun_cb, self);
}

static void
on_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *self = user_data;
  GError *error = NULL;

  self->prepared = ch_prepare_finish (result, &error);
  if (self->prepared == NULL)
    {
      end_with_error (self, error);
      return;
    }

  if (!is_superseded (self))
    {
      ch_attachment_set_prepared (self->attachment, self->prepared);
      ch_run_keep_document (self->run, self->attachment, self->prepared);
    }
  announce (self);
}

static void
begin (Upload *self)
{
  self->is_running = TRUE;
  get_queue (self->run)->n_running++;

  if (is_superseded (self))
    {
      upload_free (self);
      return;
    }
  ch_prepare_async (ch_attachment_get_papers (self->attachment), ch_attachment_get_rule (self->attachment),
                    self->cancellable, on_prepared_cb, self);
}

static void
run_next (ChRun *run)
{
  Queue *queue = get_queue (run);

  while (queue->n_running < MAX_UPLOADS && !g_queue_is_empty (&queue->waiting))
    begin (g_queue_pop_head (&queue->waiting));
}

/**
 * ch_upload_begin:
 * @run: a run with an application
 * @attachment: with files chosen
 *
 * Makes one document of the files and uploads it in pieces; @attachment tells how far it has got. A broken
 * upload goes on where it stopped.
 */
void
ch_upload_begin (ChRun *run, ChAttachment *attachment)
{
  Upload *self = g_new0 (Upload, 1);

  ch_attachment_begin (attachment);
  self->run = g_object_ref (run);
  self->attachment = g_object_ref (attachment);
  self->cancellable = g_object_ref (ch_attachment_get_cancellable (attachment));
  g_queue_push_tail (&get_queue (run)->waiting, self);
  run_next (run);
}
