#include "config.h"

#include <string.h>

#include "flow/ch-run-private.h"
#include "wire/ch-policy.h"

static ChAttachment *
find_attachment (ChRun *self, const char *document)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (g_str_equal (ch_attachment_get_rule (attachment)->id, document))
        return attachment; /* the list keeps it alive */
    }

  return NULL;
}

/* Steps that upload know how */
static void
begin_upload (ChRun *self, ChAttachment *attachment)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const ChStep *step = self->steps->pdata[i];

      if (step->attach != NULL)
        step->attach (self, attachment);
    }
}

/* Without it the upload goes on all the same */
static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!ch_vault_put_finish (CH_VAULT (source), result, &error))
    g_warning ("a document on its way could not be kept: %s", error->message);
}

static char *
make_kept_id (ChRun *self, ChAttachment *attachment)
{
  return g_strdup_printf ("%s/%s", self->application->id, ch_attachment_get_rule (attachment)->id);
}

/* A file that was on its way when the program ended: its upload goes on where it stopped */
static void
take_up (ChRun *self, ChAttachment *attachment)
{
  g_autofree char *id = make_kept_id (self, attachment);
  g_autoptr (GBytes) kept = ch_vault_get (ch_ports_get_vault (self->ports), CH_VAULT_DOCUMENT, id);
  const char *data = kept != NULL ? g_bytes_get_data (kept, NULL) : NULL;
  const char *end = data != NULL ? memchr (data, '\n', g_bytes_get_size (kept)) : NULL;
  g_autofree char *name = end != NULL ? g_strndup (data, end - data) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) papers = NULL;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return;

  bytes = g_bytes_new_from_bytes (kept, end + 1 - data, g_bytes_get_size (kept) - (end + 1 - data));
  papers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (papers, ch_paper_new_for_bytes (bytes, name));
  ch_attachment_choose (attachment, papers);
  begin_upload (self, attachment);
}

/* Once for each application */
static void
take_up_kept (ChRun *self)
{
  if (self->has_taken_up || self->application == NULL
      || (self->application->state != CH_APPLICATION_DRAFT
          && self->application->state != CH_APPLICATION_REFUSED))
    return;

  self->has_taken_up = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->attachments)); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (ch_attachment_get_state (attachment) == CH_ATTACHMENT_MISSING)
        take_up (self, attachment);
    }
}

/**
 * ch_run_keep_document:
 * @attachment: a document on its way
 * @prepared: (nullable): what is sent; %NULL when the server has it, or nobody wants it any more
 *
 * Keeps a file on this PC until the server has it.
 */
void
ch_run_keep_document (ChRun *self, ChAttachment *attachment, const ChPrepared *prepared)
{
  ChVault *vault = ch_ports_get_vault (self->ports);
  g_autofree char *id = NULL;
  g_autoptr (GByteArray) kept = NULL;
  g_autoptr (GBytes) content = NULL;

  if (self->application == NULL)
    return;
  id = make_kept_id (self, attachment);
  if (prepared == NULL)
    {
      ch_vault_remove (vault, CH_VAULT_DOCUMENT, id);
      return;
    }

  kept = g_byte_array_new ();
  g_byte_array_append (kept, (const guint8 *) prepared->name, strlen (prepared->name));
  g_byte_array_append (kept, (const guint8 *) "\n", 1);
  g_byte_array_append (kept, g_bytes_get_data (prepared->bytes, NULL), g_bytes_get_size (prepared->bytes));
  content = g_byte_array_free_to_bytes (g_steal_pointer (&kept));
  ch_vault_put_async (vault, CH_VAULT_DOCUMENT, id, content, on_kept_cb, NULL);
}

/* Which certificate is meant may change what is asked for, and not how much */
static gboolean
has_attachments (ChRun *self, GPtrArray *rules)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->attachments)) != rules->len)
    return FALSE;
  for (guint i = 0; i < rules->len; i++)
    if (find_attachment (self, ((const ChDocumentRule *) rules->pdata[i])->id) == NULL)
      return FALSE;
  return TRUE;
}

/* One attachment for each document asked for, filled with what the server has */
void
ch_run_fill_attachments (ChRun *self)
{
  g_autoptr (GPtrArray) rules = ch_profile_list_documents (ch_run_get_profile (self), &self->flow->axes);

  if (!has_attachments (self, rules))
    {
      g_list_store_remove_all (self->attachments);
      for (guint i = 0; i < rules->len; i++)
        {
          g_autoptr (ChAttachment) attachment = ch_attachment_new (rules->pdata[i]);

          g_list_store_append (self->attachments, attachment);
        }
    }

  for (guint i = 0; self->application != NULL && self->application->documents != NULL
                    && i < self->application->documents->len;
       i++)
    {
      const ChDocument *document = self->application->documents->pdata[i];
      ChAttachment *attachment = find_attachment (self, document->id);

      /* What the reviewer wants anew counts as missing, though the server still has it */
      if (attachment != NULL && ch_attachment_get_state (attachment) == CH_ATTACHMENT_MISSING
          && ch_run_get_reason (self, document->id) == NULL)
        ch_attachment_finish (attachment, document);
    }
  take_up_kept (self);
}

/**
 * ch_run_get_attachments:
 *
 * Returns: (transfer none): a list of #ChAttachment, one for each document asked for
 */
GListModel *
ch_run_get_attachments (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  return G_LIST_MODEL (self->attachments);
}

/**
 * ch_run_attach_papers:
 * @document: id of a document asked for
 * @papers: (element-type ChPaper): what is to be uploaded; replaces earlier files
 *
 * Chooses files, which become one document. Its upload begins at once when there is an application already,
 * else when the step is reached.
 */
void
ch_run_attach_papers (ChRun *self, const char *document, GPtrArray *papers)
{
  ChAttachment *attachment;

  g_return_if_fail (CH_IS_RUN (self));

  ch_run_fill_attachments (self);
  attachment = find_attachment (self, document);
  g_return_if_fail (attachment != NULL);

  ch_attachment_choose (attachment, papers);
  if (self->application != NULL)
    begin_upload (self, attachment);
}

/**
 * ch_run_attach:
 * @document: id of a document asked for
 * @file: what is to be uploaded; replaces earlier files
 *
 * Chooses one file; see ch_run_attach_papers().
 */
void
ch_run_attach (ChRun *self, const char *document, GFile *file)
{
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (papers, ch_paper_new (file));
  ch_run_attach_papers (self, document, papers);
}

/**
 * ch_run_attach_again:
 * @document: id of a document whose upload broke off
 *
 * Goes on with it where it stopped.
 */
void
ch_run_attach_again (ChRun *self, const char *document)
{
  ChAttachment *attachment = find_attachment (self, document);

  g_return_if_fail (attachment != NULL);

  if (ch_attachment_get_papers (attachment) != NULL && self->application != NULL)
    begin_upload (self, attachment);
}

/**
 * ch_run_detach:
 * @document: id of a document asked for
 *
 * Stops its upload and forgets the files. What the server has stays until another takes its place.
 */
void
ch_run_detach (ChRun *self, const char *document)
{
  ChAttachment *attachment = find_attachment (self, document);

  g_return_if_fail (attachment != NULL);

  ch_run_keep_document (self, attachment, NULL);
  ch_attachment_clear (attachment);
  ch_run_fill_attachments (self);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChRun *self = CH_RUN (source);
  g_autoptr (GError) error = NULL;
  ChApplication *application = ch_run_call_finish (self, result, &error);

  /* What is there is found out with the next call too */
  if (application != NULL)
    ch_run_take_application (self, application);
  else
    g_debug ("looking at the application again: %s", error->message);
}

/**
 * ch_run_look_again:
 *
 * Somebody else, a phone, has added documents to the application: shows them.
 */
void
ch_run_look_again (ChRun *self)
{
  const char *args[] = { NULL, NULL };

  g_return_if_fail (CH_IS_RUN (self));

  if (self->application == NULL)
    return;
  args[0] = self->application->id;
  ch_run_call_async (self, &ch_route_application, args, NULL, NULL, on_looked_cb, NULL);
}
