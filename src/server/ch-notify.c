#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-mask.h"
#include "base/ch-secret.h"
#include "base/ch-worker.h"
#include "server/ch-notify.h"

/* What is on record of a message */
typedef struct
{
  const char *way;
  const char *template_id;
  char *target; /* (owned): masked */
  gboolean is_sent;
} Record;

/* A message somebody else sends */
typedef struct
{
  ChService *service;
  char *target; /* (owned): mobile or address */
  ChSmsTemplate template_id;
  ChMailTemplate mail_id;
  GStrv args;      /* (owned): may hold a code, wiped */
  char *file_name; /* (owned) (nullable): of what goes with an e-mail */
  GBytes *file;    /* (owned) (nullable) */
} Post;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->target);
  g_free (record);
}

static gpointer
write_record (ChDbTx *tx, gpointer data, GError **error)
{
  const Record *record = data;

  return ch_db_run (tx, "INSERT INTO message (at, way, template, target, state) VALUES ($1, $2, $3, $4, $5)",
                    CH_BIND (CH_INT (ch_clock_now ()), CH_TEXT (record->way), CH_TEXT (record->template_id),
                             CH_TEXT (record->target), CH_TEXT (record->is_sent ? "sent" : "failed")),
                    error)
             ? CH_DB_DONE
             : NULL;
}

static void
note (ChService *service, const char *way, const char *template_id, char *target, gboolean is_sent)
{
  Record *record = g_new0 (Record, 1);

  record->way = way;
  record->template_id = template_id;
  record->target = target;
  record->is_sent = is_sent;
  ch_db_post (ch_service_get_db (service), write_record, record, record_free);
}

/**
 * ch_notify_sms:
 * @error: why it could not be sent
 *
 * Sends an SMS and puts that on record. Blocks.
 */
gboolean
ch_notify_sms (ChService *service,
               const char *mobile,
               ChSmsTemplate template_id,
               const char *const *args,
               GError **error)
{
  gboolean is_sent = ch_sms_send (ch_service_get_sms (service), mobile, template_id, args, error);

  note (service, "sms", ch_sms_template_get_id (template_id), ch_mask_number (mobile), is_sent);
  return is_sent;
}

static gboolean
send_mail (ChService *service,
           const char *address,
           ChMailTemplate template_id,
           const char *const *args,
           const ChMailFile *file,
           GError **error)
{
  gboolean is_sent = ch_mail_send (ch_service_get_mail (service), address, template_id, args, file, error);

  note (service, "mail", ch_mail_template_get_id (template_id), ch_mask_email (address), is_sent);
  return is_sent;
}

/**
 * ch_notify_mail:
 * @error: why it could not be sent
 *
 * Sends an e-mail and puts that on record. Blocks.
 */
gboolean
ch_notify_mail (ChService *service,
                const char *address,
                ChMailTemplate template_id,
                const char *const *args,
                GError **error)
{
  return send_mail (service, address, template_id, args, NULL, error);
}

static void
post_free (gpointer data)
{
  Post *post = data;

  for (guint i = 0; post->args[i] != NULL; i++)
    ch_secret_wipe (post->args[i], strlen (post->args[i]));
  g_strfreev (post->args);
  g_free (post->target);
  g_free (post->file_name);
  g_clear_pointer (&post->file, g_bytes_unref);
  g_free (post);
}

static void
post_sms_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Post *post = data;
  g_autoptr (GError) error = NULL;

  if (!ch_notify_sms (post->service, post->target, post->template_id, (const char *const *) post->args,
                      &error))
    g_warning ("a message was not sent: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
post_mail_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Post *post = data;
  const ChMailFile file = { post->file_name, post->file };
  g_autoptr (GError) error = NULL;

  if (!send_mail (post->service, post->target, post->mail_id, (const char *const *) post->args,
                  post->file != NULL ? &file : NULL, &error))
    g_warning ("a message was not sent: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
push (ChService *service, Post *post, GTaskThreadFunc thread)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_task_set_task_data (task, post, post_free);
  if (!ch_worker_push (ch_service_get_messenger (service), task, thread, &error))
    g_warning ("a message waits for nobody: %s", error->message);
}

/**
 * ch_notify_post_mail:
 * @file: (nullable): what goes with it
 *
 * Has an e-mail sent by somebody else: what it is about is done, whether it arrives or not.
 */
void
ch_notify_post_mail (ChService *service,
                     const char *address,
                     ChMailTemplate template_id,
                     const char *const *args,
                     const ChMailFile *file)
{
  Post *post = g_new0 (Post, 1);

  post->service = service;
  post->target = g_strdup (address);
  post->mail_id = template_id;
  post->args = g_strdupv ((GStrv) args);
  post->file_name = file != NULL ? g_strdup (file->name) : NULL;
  post->file = file != NULL ? g_bytes_ref (file->bytes) : NULL;
  push (service, post, post_mail_thread);
}

/**
 * ch_notify_post_sms:
 *
 * Has an SMS sent by somebody else, so that neither a failure nor the time it takes tells who asked whether
 * there is anybody to send it to.
 */
void
ch_notify_post_sms (ChService *service,
                    const char *mobile,
                    ChSmsTemplate template_id,
                    const char *const *args)
{
  Post *post = g_new0 (Post, 1);

  post->service = service;
  post->target = g_strdup (mobile);
  post->template_id = template_id;
  post->args = g_strdupv ((GStrv) args);
  push (service, post, post_sms_thread);
}
