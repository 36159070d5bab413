#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-format.h"
#include "papers/ch-document-check.h"
#include "ui/ch-doc-row.h"
#include "ui/ch-documents-page.h"
#include "ui/ch-field-message.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-page-header.h"
#include "ui/ch-papers-window.h"
#include "ui/ch-pick-window.h"
#include "ui/ch-picture-window.h"
#include "ui/ch-scan-window.h"
#include "wire/ch-policy.h"

struct _ChDocumentsPage
{
  ChPage parent_instance;

  GPtrArray *rows;     /* (element-type ChDocRow): in @group */
  GPtrArray *messages; /* (element-type ChFieldMessage): the one below each row */
  GQueue waiting;      /* (element-type ChPaper): files not sorted yet */
  GHashTable *sorted;  /* (owned): document id → papers that came in together, in their order */
  guint n_pasted;
  ChDocRow *asking; /* for which row files are being chosen; NULL: for any */

  ChPageHeader *header;       /* template child */
  AdwPreferencesGroup *group; /* template child */
  GtkWidget *drop;            /* template child */
  GtkLabel *accepted;         /* template child */
};

G_DEFINE_FINAL_TYPE (ChDocumentsPage, ch_documents_page, CH_TYPE_PAGE)

static void sort_next (ChDocumentsPage *self);

static const ChDocumentRule *
get_rule (ChDocRow *row)
{
  return ch_attachment_get_rule (ch_doc_row_get_attachment (row));
}

/* Messages */

static void
set_message (ChDocumentsPage *self, guint i, const char *text)
{
  ch_field_message_set_text (self->messages->pdata[i], text);
  ch_doc_row_set_message (self->rows->pdata[i], text != NULL ? self->messages->pdata[i] : NULL);
}

static char *
say_refusal (ChDocumentsPage *self, guint i)
{
  const ChFieldReason *reason
      = ch_run_get_reason (ch_page_get_run (CH_PAGE (self)), get_rule (self->rows->pdata[i])->id);
  ChAttachmentState state = ch_attachment_get_state (ch_doc_row_get_attachment (self->rows->pdata[i]));

  if (reason == NULL || state != CH_ATTACHMENT_MISSING)
    return NULL;
  if (reason->remark != NULL && *reason->remark != 0)
    return g_strdup (reason->remark);
  return g_strdup (_ (ch_reason_get_text (ch_reason_from_id (reason->reason))));
}

static void
refresh_message (ChDocumentsPage *self, guint i)
{
  const GError *error = ch_attachment_get_error (ch_doc_row_get_attachment (self->rows->pdata[i]));
  g_autofree char *text = error != NULL ? ch_format_document_error (error) : say_refusal (self, i);

  set_message (self, i, text);
}

static void
on_row_changed_cb (ChDocRow *row, ChDocumentsPage *self)
{
  guint index;

  if (g_ptr_array_find (self->rows, row, &index))
    refresh_message (self, index);
  ch_page_ask_refresh (CH_PAGE (self));
}

/* Sorting files to documents */

/* Files that come in together for one document become its pages; to a bundle they are added */
static void
collect (ChDocumentsPage *self, const char *document, ChPaper *paper)
{
  GPtrArray *papers = g_hash_table_lookup (self->sorted, document);

  if (papers == NULL)
    {
      papers = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->sorted, g_strdup (document), papers);
    }
  g_ptr_array_add (papers, g_object_ref (paper));
}

static ChDocRow *
find_row (ChDocumentsPage *self, const char *document)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (get_rule (self->rows->pdata[i])->id, document))
      return self->rows->pdata[i];
  return NULL;
}

static void
attach (ChDocumentsPage *self, const char *document, GPtrArray *papers)
{
  ChDocRow *row = find_row (self, document);
  GPtrArray *before = row != NULL ? ch_attachment_get_papers (ch_doc_row_get_attachment (row)) : NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  /* What is bundled grows; another picture of the licence takes the place of the first */
  if (before != NULL && ch_document_takes_bundle (get_rule (row)))
    for (guint i = 0; i < before->len; i++)
      g_ptr_array_add (all, g_object_ref (before->pdata[i]));
  for (guint i = 0; i < papers->len; i++)
    g_ptr_array_add (all, g_object_ref (papers->pdata[i]));
  ch_run_attach_papers (ch_page_get_run (CH_PAGE (self)), document, all);
}

static void
attach_sorted (ChDocumentsPage *self)
{
  g_autoptr (GHashTable) sorted = g_steal_pointer (&self->sorted);
  GHashTableIter iter;
  gpointer document, papers;

  self->sorted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_hash_table_iter_init (&iter, sorted);
  while (g_hash_table_iter_next (&iter, &document, &papers))
    attach (self, document, papers);
}

static gboolean
is_accepted (const ChDocumentRule *rule, ChPaper *paper)
{
  const char *name = ch_paper_get_name (paper);
  const char *dot = strrchr (name, '.');
  g_autofree char *ending = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  if (g_strcmp0 (ending, "jpeg") == 0)
    return g_strv_contains ((const char *const *) rule->formats, "jpg");
  /* What is bundled by the program may be of any kind; pictures are more likely something else */
  return ending != NULL && g_strv_contains ((const char *const *) rule->formats, ending);
}

static gboolean
is_open (ChDocRow *row)
{
  ChAttachmentState state = ch_attachment_get_state (ch_doc_row_get_attachment (row));

  return state == CH_ATTACHMENT_MISSING || state == CH_ATTACHMENT_FAILED;
}

/* The documents @paper may be: open ones that take its ending, else any that takes it, else all. The content
 * decides in the end, when it is sent. */
static GPtrArray *
list_candidates (ChDocumentsPage *self, ChPaper *paper)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint pass = 0; pass < 3 && list->len == 0; pass++)
    for (guint i = 0; i < self->rows->len; i++)
      if ((pass == 2 || is_accepted (get_rule (self->rows->pdata[i]), paper))
          && (pass > 0 || is_open (self->rows->pdata[i])))
        g_ptr_array_add (list, self->rows->pdata[i]);
  return list;
}

static void
on_picked_cb (ChPickWindow *window, const char *id, ChDocumentsPage *self)
{
  g_autoptr (ChPaper) paper = g_queue_pop_head (&self->waiting);

  if (paper != NULL)
    collect (self, id, paper);
}

static void
on_pick_closed_cb (ChPickWindow *window, ChDocumentsPage *self)
{
  /* Not picked: this file is left out, the next one is asked for */
  if (g_object_get_data (G_OBJECT (window), "paper") == g_queue_peek_head (&self->waiting)
      && !g_queue_is_empty (&self->waiting))
    g_object_unref (g_queue_pop_head (&self->waiting));
  sort_next (self);
}

static void
ask_document (ChDocumentsPage *self, ChPaper *paper, GPtrArray *candidates)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_choice_free);
  /* Translators: %s is the name of a file */
  g_autofree char *title = g_strdup_printf (_ ("Which document is %s?"), ch_paper_get_name (paper));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  ChPickWindow *window;

  for (guint i = 0; i < candidates->len; i++)
    {
      const ChDocumentRule *rule = get_rule (candidates->pdata[i]);
      ChChoice *choice = g_new0 (ChChoice, 1);

      choice->id = g_strdup (rule->id);
      choice->label = g_strdup (ch_text_get (rule->name));
      choice->note = g_strdup (ch_text_get (rule->note));
      g_ptr_array_add (choices, choice);
    }

  window = ch_pick_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, title, choices, NULL);
  g_object_set_data (G_OBJECT (window), "paper", paper);
  g_signal_connect_object (window, "picked", G_CALLBACK (on_picked_cb), self, 0);
  g_signal_connect_object (window, "unmap", G_CALLBACK (on_pick_closed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static void
sort_next (ChDocumentsPage *self)
{
  while (!g_queue_is_empty (&self->waiting))
    {
      ChPaper *paper = g_queue_peek_head (&self->waiting);
      g_autoptr (GPtrArray) candidates = list_candidates (self, paper);

      if (candidates->len > 1)
        {
          ask_document (self, paper, candidates);
          return;
        }
      collect (self, get_rule (candidates->pdata[0])->id, paper);
      g_object_unref (g_queue_pop_head (&self->waiting));
    }
  attach_sorted (self);
}

/* @row: (nullable): where they were put; else they are sorted */
static void
take_papers (ChDocumentsPage *self, ChDocRow *row, GPtrArray *papers)
{
  if (papers->len == 0 || self->rows->len == 0)
    return;
  if (row != NULL || self->rows->len == 1)
    {
      attach (self, get_rule (row != NULL ? row : self->rows->pdata[0])->id, papers);
      return;
    }
  for (guint i = 0; i < papers->len; i++)
    g_queue_push_tail (&self->waiting, g_object_ref (papers->pdata[i]));
  sort_next (self);
}

/* Choosing, dropping, pasting */

static void
on_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocumentsPage) self = user_data;
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (source), result, NULL);
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);
  ChDocRow *row = self->asking;

  self->asking = NULL;
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      g_ptr_array_add (papers, ch_paper_new (file));
    }
  take_papers (self, row, papers);
}

static void
choose (ChDocumentsPage *self, ChDocRow *row)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) formats = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    if (row == NULL || row == self->rows->pdata[i])
      g_strv_builder_addv (builder, (const char **) get_rule (self->rows->pdata[i])->formats);
  formats = g_strv_builder_end (builder);

  self->asking = row;
  ch_file_picker_open_async (GTK_WIDGET (self),
                             row != NULL ? ch_text_get (get_rule (row)->name) : _ ("Choose files"),
                             (const char *const *) formats, on_chosen_cb, g_object_ref (self));
}

static void
on_choose_cb (ChDocRow *row, ChDocumentsPage *self)
{
  choose (self, row);
}

static void
on_choose_any_cb (GtkButton *button, ChDocumentsPage *self)
{
  choose (self, NULL);
}

static void
on_photograph_cb (GtkButton *button, ChDocumentsPage *self)
{
  ch_scan_window_present (GTK_WIDGET (self), ch_page_get_run (CH_PAGE (self)));
}

static void
on_cancel_cb (ChDocRow *row, ChDocumentsPage *self)
{
  ch_run_detach (ch_page_get_run (CH_PAGE (self)), get_rule (row)->id);
}

static void
take_files (ChDocumentsPage *self, ChDocRow *row, const GValue *value)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (papers, ch_paper_new (l->data));
  take_papers (self, row, papers);
}

static gboolean
on_drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, ChDocumentsPage *self)
{
  GtkWidget *under = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = under != NULL ? gtk_widget_get_ancestor (under, CH_TYPE_DOC_ROW) : NULL;

  take_files (self, row != NULL ? CH_DOC_ROW (row) : NULL, value);
  return TRUE;
}

static void
on_drop_enter_cb (GtkDropTarget *target, GParamSpec *pspec, ChDocumentsPage *self)
{
  if (gtk_drop_target_get_current_drop (target) != NULL)
    gtk_widget_add_css_class (self->drop, "active");
  else
    gtk_widget_remove_css_class (self->drop, "active");
}

/* As it was copied: it is the child that decodes it, not this program */
static void
on_pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocumentsPage) self = user_data;
  GOutputStream *memory = G_OUTPUT_STREAM (source);
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  gsize len;
  const guint8 *data;

  if (g_output_stream_splice_finish (memory, result, NULL) <= 0)
    return;
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  data = g_bytes_get_data (bytes, &len);
  /* Translators: name of a picture that came from the clipboard; %u counts them, %s is an ending: png */
  name = g_strdup_printf (_ ("Pasted %u.%s"), ++self->n_pasted, ch_content_get_id (ch_sniff (data, len)));
  g_ptr_array_add (papers, ch_paper_new_for_bytes (bytes, name));
  take_papers (self, NULL, papers);
}

static void
on_clipboard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocumentsPage) self = user_data;
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (stream != NULL)
    g_output_stream_splice_async (memory, stream,
                                  G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                  G_PRIORITY_DEFAULT, NULL, on_pasted_cb, g_object_ref (self));
}

static void
on_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocumentsPage) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL)
    take_files (self, NULL, value);
}

static gboolean
on_paste_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  static const char *const pictures[]
      = { "image/png", "image/jpeg", "image/bmp", "image/tiff", "image/gif", NULL };
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    {
      gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL, on_files_cb,
                                      g_object_ref (widget));
      return TRUE;
    }
  for (gsize i = 0; pictures[i] != NULL; i++)
    if (gdk_content_formats_contain_mime_type (formats, pictures[i]))
      {
        gdk_clipboard_read_async (clipboard, (const char **) pictures, G_PRIORITY_DEFAULT, NULL,
                                  on_clipboard_cb, g_object_ref (widget));
        return TRUE;
      }
  return FALSE;
}

/* Looking at a document and its pages */

static void
on_pages_done_cb (ChPapersWindow *window, GPtrArray *papers, ChDocumentsPage *self)
{
  const char *document = g_object_get_data (G_OBJECT (window), "document");

  ch_run_attach_papers (ch_page_get_run (CH_PAGE (self)), document, papers);
}

static void
on_pages_cb (ChDocRow *row, ChDocumentsPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GPtrArray *papers = ch_attachment_get_papers (ch_doc_row_get_attachment (row));
  GtkWidget *window;

  if (papers == NULL)
    return;
  window = ch_papers_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, get_rule (row), papers);
  g_object_set_data_full (G_OBJECT (window), "document", g_strdup (get_rule (row)->id), g_free);
  g_signal_connect_object (window, "done", G_CALLBACK (on_pages_done_cb), self, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocRow) row = user_data;
  g_autoptr (ChDocumentContent) content = ch_run_call_finish (CH_RUN (source), result, NULL);
  g_autoptr (ChPaper) paper = content != NULL ? ch_paper_new_for_bytes (content->bytes, content->name) : NULL;

  if (paper != NULL && gtk_widget_get_root (GTK_WIDGET (row)) != NULL)
    ch_picture_window_present (GTK_WIDGET (row), ch_text_get (get_rule (row)->name), paper);
}

/* Turned while it was looked at: it is made ready and sent anew, so */
static void
on_looked_cb (GtkWidget *window, ChDocumentsPage *self)
{
  const char *document = g_object_get_data (G_OBJECT (window), "document");
  ChPaper *looked = g_object_get_data (G_OBJECT (window), "paper");
  ChDocRow *row = find_row (self, document);
  GPtrArray *papers = row != NULL ? ch_attachment_get_papers (ch_doc_row_get_attachment (row)) : NULL;
  g_autoptr (GPtrArray) turned = g_ptr_array_new ();

  if (papers == NULL || papers->len != 1
      || ch_paper_get_turns (papers->pdata[0]) == ch_paper_get_turns (looked))
    return;
  g_ptr_array_add (turned, looked);
  ch_run_attach_papers (ch_page_get_run (CH_PAGE (self)), document, turned);
}

static void
look_at (ChDocumentsPage *self, ChDocRow *row, ChPaper *paper)
{
  g_autoptr (ChPaper) copy = ch_paper_copy (paper);
  GtkWidget *window = ch_picture_window_present (GTK_WIDGET (self), ch_text_get (get_rule (row)->name), copy);

  g_object_set_data_full (G_OBJECT (window), "document", g_strdup (get_rule (row)->id), g_free);
  g_object_set_data_full (G_OBJECT (window), "paper", g_object_ref (copy), g_object_unref);
  g_signal_connect_object (window, "unmap", G_CALLBACK (on_looked_cb), self, 0);
}

/* What was chosen here is shown with its pages; what came from elsewhere as the server has it */
static void
on_open_cb (ChDocRow *row, ChDocumentsPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  GPtrArray *papers = ch_attachment_get_papers (ch_doc_row_get_attachment (row));
  const ChApplication *application = ch_run_get_application (run);
  const char *args[] = { NULL, get_rule (row)->id, NULL };

  if (papers != NULL)
    {
      if (papers->len > 1)
        on_pages_cb (row, self);
      else
        look_at (self, row, papers->pdata[0]);
      return;
    }
  if (application == NULL)
    return;
  args[0] = application->id;
  ch_run_call_async (run, &ch_route_document, args, NULL, NULL, on_fetched_cb, g_object_ref (row));
}

static void
on_retry_cb (ChDocRow *row, ChDocumentsPage *self)
{
  ch_run_attach_again (ch_page_get_run (CH_PAGE (self)), get_rule (row)->id);
}

/* The page */

static void
refresh_accepted (ChDocumentsPage *self)
{
  g_autoptr (GString) formats = g_string_new (NULL);
  g_autofree char *text = NULL;
  gint64 max = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChDocumentRule *rule = get_rule (self->rows->pdata[i]);

      max = MAX (max, rule->max_bytes);
      for (gsize j = 0; rule->formats[j] != NULL; j++)
        if (strstr (formats->str, rule->formats[j]) == NULL)
          /* Translators: between the things of a list */
          g_string_append_printf (formats, "%s%s", formats->len > 0 ? _ (", ") : "", rule->formats[j]);
    }

  /* Translators: %s is a list of endings: jpg, png */
  text = g_strdup_printf (
      _ ("Accepted are %s. Photographs are made smaller, several pages are joined. Ctrl+V pastes a picture."),
      formats->str);
  gtk_label_set_label (self->accepted, text);
}

static void
add_rows (ChDocumentsPage *self, GListModel *attachments)
{
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);
      GtkWidget *row = ch_doc_row_new (attachment);
      GtkWidget *message = ch_field_message_new ();

      adw_preferences_group_add (self->group, row);
      adw_preferences_group_add (self->group, message);
      g_ptr_array_add (self->rows, row);
      g_ptr_array_add (self->messages, message);
      g_signal_connect_object (row, "choose", G_CALLBACK (on_choose_cb), self, 0);
      g_signal_connect_object (row, "cancel", G_CALLBACK (on_cancel_cb), self, 0);
      g_signal_connect_object (row, "retry", G_CALLBACK (on_retry_cb), self, 0);
      g_signal_connect_object (row, "pages", G_CALLBACK (on_pages_cb), self, 0);
      g_signal_connect_object (row, "open", G_CALLBACK (on_open_cb), self, 0);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed_cb), self, 0);
      refresh_message (self, i);
    }
  refresh_accepted (self);
}

static void
ch_documents_page_focus (ChPage *page)
{
  ChDocumentsPage *self = CH_DOCUMENTS_PAGE (page);

  for (guint i = 0; i < self->rows->len; i++)
    if (is_open (self->rows->pdata[i]))
      {
        ch_doc_row_focus_button (self->rows->pdata[i]);
        return;
      }
}

static const char *
ch_documents_page_get_next_label (ChPage *page)
{
  return _ ("Next");
}

static gboolean
ch_documents_page_explains (ChPage *page, const GError *error)
{
  ChDocumentsPage *self = CH_DOCUMENTS_PAGE (page);
  GPtrArray *fields = ch_error_get_fields (error);
  guint n_found = 0;

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *field = fields->pdata[i];

      for (guint j = 0; j < self->rows->len; j++)
        if (g_str_equal (get_rule (self->rows->pdata[j])->id, field->field))
          {
            set_message (self, j, _ (ch_reason_get_text (field->reason)));
            n_found++;
          }
    }

  ch_documents_page_focus (page);
  /* The upload’s own error stands at its row already */
  for (guint i = 0; fields == NULL && i < self->rows->len; i++)
    n_found += ch_attachment_get_error (ch_doc_row_get_attachment (self->rows->pdata[i])) != NULL;
  return n_found > 0;
}

static void
ch_documents_page_dispose (GObject *object)
{
  ChDocumentsPage *self = CH_DOCUMENTS_PAGE (object);

  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->messages, 0);
  g_queue_clear_full (&self->waiting, g_object_unref);
  adw_bin_set_child (ADW_BIN (object), NULL);
  G_OBJECT_CLASS (ch_documents_page_parent_class)->dispose (object);
}

static void
ch_documents_page_finalize (GObject *object)
{
  ChDocumentsPage *self = CH_DOCUMENTS_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->messages);
  g_hash_table_unref (self->sorted);
  G_OBJECT_CLASS (ch_documents_page_parent_class)->finalize (object);
}

static void
ch_documents_page_class_init (ChDocumentsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ChPageClass *page_class = CH_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_documents_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_documents_page_finalize;
  page_class->focus = ch_documents_page_focus;
  page_class->get_next_label = ch_documents_page_get_next_label;
  page_class->explains = ch_documents_page_explains;

  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-documents-page"));
  gtk_widget_class_bind_template_child (widget_class, ChDocumentsPage, header);
  gtk_widget_class_bind_template_child (widget_class, ChDocumentsPage, group);
  gtk_widget_class_bind_template_child (widget_class, ChDocumentsPage, drop);
  gtk_widget_class_bind_template_child (widget_class, ChDocumentsPage, accepted);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_any_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_photograph_cb);
}

static void
ch_documents_page_init (ChDocumentsPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->rows = g_ptr_array_new ();
  self->messages = g_ptr_array_new ();
  self->sorted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_queue_init (&self->waiting);
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, 0);
  g_signal_connect_object (target, "notify::current-drop", G_CALLBACK (on_drop_enter_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  /* Wherever the focus is: there is nothing else to paste into here */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                                                        gtk_callback_action_new (on_paste_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/**
 * ch_documents_page_new:
 * @run: the run
 * @step: the step that collects files
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_documents_page_new (ChRun *run, const ChStep *step)
{
  ChDocumentsPage *self = g_object_new (CH_TYPE_DOCUMENTS_PAGE, NULL);

  ch_page_set_up (CH_PAGE (self), run, step);
  ch_page_header_set_title (self->header, _ (step->title));
  ch_page_header_set_description (self->header, step->lead != NULL ? _ (step->lead) : NULL);
  add_rows (self, ch_run_get_attachments (run));
  return GTK_WIDGET (self);
}
