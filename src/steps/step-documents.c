#include "config.h"

#include "base/ch-error.h"
#include "steps/ch-upload.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

/* Every document asked for has a file, and none was refused */
static gboolean
check (ChRun *run, GError **error)
{
  GListModel *attachments = ch_run_get_attachments (run);
  g_autoptr (GError) wrong = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);
      const ChDocumentRule *rule = ch_attachment_get_rule (attachment);

      if (ch_attachment_get_state (attachment) != CH_ATTACHMENT_MISSING || !rule->required)
        continue;
      if (wrong == NULL)
        wrong = ch_error_new_fields ();
      ch_error_add_field (wrong, rule->id, CH_REASON_FILE_MISSING, NULL);
    }

  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Waits until all uploads have ended */
typedef struct
{
  GTask *task;            /* (owned) */
  GPtrArray *attachments; /* (owned) */
  GArray *handlers;       /* (owned) (element-type gulong) */
} Wait;

static void
wait_free (Wait *self)
{
  for (guint i = 0; i < self->attachments->len; i++)
    g_signal_handler_disconnect (self->attachments->pdata[i], g_array_index (self->handlers, gulong, i));
  g_ptr_array_unref (self->attachments);
  g_array_unref (self->handlers);
  g_object_unref (self->task);
  g_free (self);
}

static void
look (Wait *self)
{
  const GError *failed = NULL;

  for (guint i = 0; i < self->attachments->len; i++)
    {
      ChAttachment *attachment = self->attachments->pdata[i];
      ChAttachmentState state = ch_attachment_get_state (attachment);

      if (state == CH_ATTACHMENT_UPLOADING || state == CH_ATTACHMENT_WAITING)
        return;
      if (state == CH_ATTACHMENT_FAILED && failed == NULL)
        failed = ch_attachment_get_error (attachment);
    }

  if (failed != NULL)
    g_task_return_error (self->task, g_error_copy (failed));
  else
    ch_step_refresh (g_task_get_source_object (self->task), g_object_ref (self->task));
  wait_free (self);
}

static void
on_state_cb (ChAttachment *attachment, GParamSpec *pspec, gpointer user_data)
{
  look (user_data);
}

static void
work (ChRun *run, GTask *task)
{
  GListModel *attachments = ch_run_get_attachments (run);
  Wait *wait = g_new0 (Wait, 1);

  wait->task = task;
  wait->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  wait->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      ChAttachment *attachment = g_list_model_get_item (attachments, i);
      ChAttachmentState state = ch_attachment_get_state (attachment);
      gulong id;

      /* What was chosen before there was an application, and what failed on the way, is sent now */
      if (state == CH_ATTACHMENT_WAITING
          || (state == CH_ATTACHMENT_FAILED && ch_attachment_get_papers (attachment) != NULL))
        ch_upload_begin (run, attachment);

      g_ptr_array_add (wait->attachments, attachment);
      id = g_signal_connect (attachment, "notify::state", G_CALLBACK (on_state_cb), wait);
      g_array_append_val (wait->handlers, id);
    }

  look (wait);
}

/* A document the reviewer wants anew is asked for again */
static void
lost (ChRun *run)
{
  GListModel *attachments = ch_run_get_attachments (run);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);

      if (ch_run_get_reason (run, ch_attachment_get_rule (attachment)->id) != NULL)
        ch_attachment_clear (attachment);
    }
}

static gboolean
asks_for_some (const ChAxes *axes, const ChProfile *profile)
{
  g_autoptr (GPtrArray) rules = ch_profile_list_documents (profile, axes);

  return rules->len > 0;
}

static gboolean
asks_for_none (const ChAxes *axes, const ChProfile *profile)
{
  return !asks_for_some (axes, profile);
}

/* The server says that there is nothing to be uploaded */
const ChStep ch_step_no_documents = {
  .id = "no-documents",
  .title = N_ ("Looking what is needed"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_DOCUMENTS,
  .flags = CH_STEP_AUTO,
  .applies = asks_for_none,
  .work = ch_step_refresh,
};

const ChStep ch_step_documents = {
  .id = "documents",
  .title = N_ ("Upload the documents"),
  .lead = N_ ("Photographs or scans, well readable. Copies must bear the unit’s seal."),
  .page = CH_PAGE_DOCUMENTS,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_DOCUMENTS,
  .applies = asks_for_some,
  .check = check,
  .work = work,
  .lost = lost,
  .attach = ch_upload_begin,
};
