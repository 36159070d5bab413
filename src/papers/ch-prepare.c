#include "config.h"

#include "papers/ch-prepare.h"

#include <string.h>

#include "base/ch-error.h"
#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"
#include "papers/ch-pdf-writer.h"
#include "papers/ch-zip-writer.h"
#include "wire/ch-policy.h"

/* What a PDF or zip needs besides its pages: so much for each */
#define PAGE_OVERHEAD   2048
#define MAX_STACK_PAGES 20

/* One file as it was read */
typedef struct
{
  ChPaper *paper; /* (unowned) */
  GBytes *bytes;  /* (owned) */
  ChContent content;
} Source;

typedef struct
{
  const ChDocumentRule *rule;
  GArray *sources; /* (owned) (element-type Source) */
  GCancellable *cancellable;
  gint64 size_before;
  guint changes;
} Job;

/* Each change and what is said of it */
static const struct
{
  ChPreparedChanges change;
  const char *id;
} changes[] = {
  { CH_PREPARED_JOINED, "joined" }, { CH_PREPARED_BUNDLED, "bundled" },
  { CH_PREPARED_TURNED, "turned" }, { CH_PREPARED_CONVERTED, "converted" },
  { CH_PREPARED_SHRUNK, "shrunk" }, { CH_PREPARED_CLEANED, "cleaned" },
};

static const struct
{
  ChContent content;
  ChPictureFormats format;
} formats[] = {
  { CH_CONTENT_JPEG, CH_PICTURE_JPEG },
  { CH_CONTENT_PNG, CH_PICTURE_PNG },
  { CH_CONTENT_GIF, CH_PICTURE_GIF },
  { CH_CONTENT_BMP, CH_PICTURE_BMP },
};

static void
source_clear (gpointer data)
{
  g_bytes_unref (((Source *) data)->bytes);
}

static Source *
get_source (Job *job, guint i)
{
  return &g_array_index (job->sources, Source, i);
}

/* -- Refusing
 * --------------------------------------------------------------------------------------------------- */

/* Which file it is is said where there are several */
static gpointer
refuse (Job *job, const Source *source, ChReason reason, GError **error)
{
  const char *name = source != NULL && job->sources->len > 1 ? ch_paper_get_name (source->paper) : NULL;

  g_propagate_error (error, ch_document_refuse (job->rule->id, reason, name, ch_reason_get_id (reason)));
  return NULL;
}

/* The child knows a picture only; here it belongs to a document */
static gpointer
refuse_picture (Job *job, const Source *source, GError *wrong, GError **error) /* @wrong: (transfer full) */
{
  GPtrArray *fields = ch_error_get_fields (wrong);
  ChReason reason
      = fields != NULL && fields->len > 0 ? ((const ChFieldError *) fields->pdata[0])->reason : CH_REASON_OK;

  if (reason == CH_REASON_OK)
    {
      g_propagate_error (error, wrong);
      return NULL;
    }
  g_error_free (wrong);
  if (reason == CH_REASON_FILE_TOO_LARGE && job->sources->len > 1)
    reason = CH_REASON_FILE_PAGES;
  return refuse (job, source, reason, error);
}

/* -- Pictures
 * --------------------------------------------------------------------------------------------------- */

static ChPictureFormats
list_formats (const ChDocumentRule *rule)
{
  ChPictureFormats found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (ch_document_takes (rule, formats[i].content))
      found |= formats[i].format;
  return found;
}

static ChPictureOutput *
make_page (Job *job, const Source *source, gsize max_bytes, ChPictureFormats accepted, GError **error)
{
  const ChPictureOrder order = { .job = CH_PICTURE_PAGE, .max_bytes = max_bytes, .formats = accepted };
  const ChPictureInput input = { source->bytes, ch_paper_get_turns (source->paper) };
  GError *wrong = NULL;
  ChPictureOutput *output = ch_picture_run (&order, &input, 1, job->cancellable, &wrong);

  if (output == NULL)
    return refuse_picture (job, source, wrong, error);
  job->changes |= output->changes;
  return output;
}

static char *
replace_ending (const char *name, const char *ending)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *stem = dot != NULL && dot != name ? g_strndup (name, dot - name) : g_strdup (name);

  return g_strconcat (stem, ".", ending, NULL);
}

static gboolean
has_ending (const char *name, ChContent content)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *ending = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  return ch_content_from_id (ending) == content;
}

/* Returns: (transfer full): takes over @bytes */
static ChPrepared *
make_prepared (Job *job, GBytes *bytes, const char *name, ChContent content)
{
  ChPrepared *self = g_new0 (ChPrepared, 1);

  self->bytes = bytes;
  self->content = content;
  self->name
      = has_ending (name, content) ? g_strdup (name) : replace_ending (name, ch_content_get_id (content));
  self->n_papers = job->sources->len;
  self->size_before = job->size_before;
  self->changes = job->changes;
  return self;
}

static ChPrepared *
make_from_output (Job *job, const ChPictureOutput *output, const char *name)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (output->bytes, &len);

  return make_prepared (job, g_bytes_ref (output->bytes), name, ch_sniff (data, len));
}

static ChPrepared *
prepare_picture (Job *job, GError **error)
{
  Source *source = get_source (job, 0);
  g_autoptr (ChPictureOutput) output
      = make_page (job, source, job->rule->max_bytes, list_formats (job->rule), error);

  return output != NULL ? make_from_output (job, output, ch_paper_get_name (source->paper)) : NULL;
}

static ChPrepared *
prepare_stack (Job *job, GError **error)
{
  const ChPictureOrder order
      = { .job = CH_PICTURE_STACK, .max_bytes = job->rule->max_bytes, .formats = list_formats (job->rule) };
  g_autofree ChPictureInput *inputs = g_new0 (ChPictureInput, job->sources->len);
  g_autoptr (ChPictureOutput) output = NULL;
  GError *wrong = NULL;

  if (job->sources->len > MAX_STACK_PAGES)
    return refuse (job, NULL, CH_REASON_FILE_PAGES, error);
  for (guint i = 0; i < job->sources->len; i++)
    inputs[i]
        = (ChPictureInput){ get_source (job, i)->bytes, ch_paper_get_turns (get_source (job, i)->paper) };

  output = ch_picture_run (&order, inputs, job->sources->len, job->cancellable, &wrong);
  if (output == NULL)
    return refuse_picture (job, NULL, wrong, error);
  job->changes |= output->changes | CH_PREPARED_JOINED;
  return make_from_output (job, output, ch_paper_get_name (get_source (job, 0)->paper));
}

/* -- Pages joined into a PDF
 * ------------------------------------------------------------------------------------ */

static void
pdf_page_clear (gpointer data)
{
  g_bytes_unref (((ChPdfPage *) data)->jpeg);
}

static gboolean
add_page (Job *job, guint i, gsize max_bytes, GArray *pages, gsize *size, GError **error)
{
  g_autoptr (ChPictureOutput) output
      = make_page (job, get_source (job, i), max_bytes, CH_PICTURE_JPEG, error);
  ChPdfPage page;

  if (output == NULL)
    return FALSE;
  page = (ChPdfPage){ g_bytes_ref (output->bytes), output->width, output->height, output->n_channels };
  g_array_append_val (pages, page);
  *size += g_bytes_get_size (page.jpeg) + PAGE_OVERHEAD;
  return TRUE;
}

/* First each page as it likes; where all together are too large, each gets its share */
static ChPrepared *
prepare_pdf (Job *job, GError **error)
{
  guint n = job->sources->len;
  gsize share
      = job->rule->max_bytes > (gint64) n * PAGE_OVERHEAD ? job->rule->max_bytes / n - PAGE_OVERHEAD : 1;

  for (guint pass = 0; pass < 2; pass++)
    {
      g_autoptr (GArray) pages = g_array_new (FALSE, FALSE, sizeof (ChPdfPage));
      gsize size = PAGE_OVERHEAD;

      g_array_set_clear_func (pages, pdf_page_clear);
      job->changes = CH_PREPARED_JOINED;
      for (guint i = 0; i < n; i++)
        {
          if (!add_page (job, i, pass == 0 ? (gsize) job->rule->max_bytes : share, pages, &size, error))
            return NULL;
          if (pass == 0 && size > (gsize) job->rule->max_bytes)
            break;
        }
      if (pages->len == n && size <= (gsize) job->rule->max_bytes)
        return make_prepared (job, ch_pdf_write ((const ChPdfPage *) pages->data, pages->len),
                              ch_paper_get_name (get_source (job, 0)->paper), CH_CONTENT_PDF);
    }

  return refuse (job, NULL, CH_REASON_FILE_PAGES, error);
}

/* -- Files bundled into a zip
 * ----------------------------------------------------------------------------------- */

static void
member_clear (gpointer data)
{
  ChZipMember *member = data;

  g_free (member->name);
  g_bytes_unref (member->bytes);
}

static gboolean
is_archive (ChContent content)
{
  return content == CH_CONTENT_ZIP || content == CH_CONTENT_RAR || content == CH_CONTENT_ARCHIVE;
}

static gboolean
is_handled (const Source *source)
{
  return ch_content_is_picture (source->content) && source->content != CH_CONTENT_GIF;
}

/* A photograph is turned, cleaned and, when it has to be, made smaller; a kind nothing here reads goes as it
 * is */
static gboolean
add_member (Job *job, const Source *source, gsize picture_bytes, GArray *members, gsize *size, GError **error)
{
  const char *name = ch_paper_get_name (source->paper);
  g_autoptr (ChPictureOutput) output = NULL;
  ChZipMember member;

  if (is_handled (source) && source->content != CH_CONTENT_HEIC)
    {
      output = make_page (job, source, picture_bytes, CH_PICTURE_JPEG | CH_PICTURE_PNG, error);
      if (output == NULL)
        return FALSE;
      member.bytes = g_bytes_ref (output->bytes);
    }
  else
    member.bytes = g_bytes_ref (source->bytes);

  if (output != NULL)
    {
      gsize len;
      const guint8 *data = g_bytes_get_data (output->bytes, &len);
      ChContent content = ch_sniff (data, len);

      member.name
          = has_ending (name, content) ? g_strdup (name) : replace_ending (name, ch_content_get_id (content));
    }
  else
    member.name = g_strdup (name);

  g_array_append_val (members, member);
  *size += g_bytes_get_size (member.bytes) + PAGE_OVERHEAD;
  return TRUE;
}

/* What is left for each photograph when everything else has its room */
static gsize
share_for_pictures (Job *job)
{
  gint64 others = PAGE_OVERHEAD;
  guint n = 0;

  for (guint i = 0; i < job->sources->len; i++)
    if (is_handled (get_source (job, i)))
      n++;
    else
      others += g_bytes_get_size (get_source (job, i)->bytes) + PAGE_OVERHEAD;
  return n > 0 ? MAX ((job->rule->max_bytes - others) / n - PAGE_OVERHEAD, 1) : 1;
}

static ChPrepared *
prepare_bundle (Job *job, GError **error)
{
  g_autofree char *name = g_strconcat (ch_text_get (job->rule->name), ".zip", NULL);

  if (job->sources->len > CH_DOCUMENT_MAX_ENTRIES)
    return refuse (job, NULL, CH_REASON_BUNDLE_MANY, error);
  for (guint i = 0; i < job->sources->len; i++)
    {
      const Source *source = get_source (job, i);

      if (is_archive (source->content))
        return refuse (job, source, CH_REASON_BUNDLE_NESTED, error);
      if (source->content == CH_CONTENT_PROGRAM)
        return refuse (job, source, CH_REASON_FILE_PROGRAM, error);
    }

  for (guint pass = 0; pass < 2; pass++)
    {
      g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (ChZipMember));
      g_autoptr (GBytes) zip = NULL;
      gsize picture_bytes = pass == 0 ? (gsize) job->rule->max_bytes : share_for_pictures (job);
      gsize size = PAGE_OVERHEAD;

      g_array_set_clear_func (members, member_clear);
      job->changes = CH_PREPARED_BUNDLED;
      for (guint i = 0; i < job->sources->len; i++)
        if (!add_member (job, get_source (job, i), picture_bytes, members, &size, error))
          return NULL;

      /* Stored where there is room: a bundle that unpacks to a hundred times its size looks like a trap */
      zip = ch_zip_write ((const ChZipMember *) members->data, members->len,
                          size > (gsize) job->rule->max_bytes, error);
      if (zip == NULL)
        return NULL;
      if (g_bytes_get_size (zip) <= (gsize) job->rule->max_bytes)
        return make_prepared (job, g_steal_pointer (&zip), name, CH_CONTENT_ZIP);
    }

  return refuse (job, NULL, CH_REASON_FILE_TOO_LARGE, error);
}

/* -- Deciding
 * --------------------------------------------------------------------------------------------------- */

static gboolean
read_sources (Job *job, GPtrArray *papers, GError **error)
{
  for (guint i = 0; i < papers->len; i++)
    {
      Source source = { .paper = papers->pdata[i] };
      gsize len;
      const guint8 *data;

      source.bytes = ch_paper_load (source.paper, error);
      if (source.bytes == NULL)
        return FALSE;
      data = g_bytes_get_data (source.bytes, &len);
      source.content = ch_sniff (data, len);
      job->size_before += len;
      g_array_append_val (job->sources, source);
      if (len == 0)
        return refuse (job, get_source (job, i), CH_REASON_FILE_EMPTY, error) != NULL;
      if (job->size_before > CH_DOCUMENT_MAX_UNPACKED)
        return refuse (job, get_source (job, i), CH_REASON_BUNDLE_LARGE, error) != NULL;
    }
  return TRUE;
}

/* What is taken as it is */
static ChPrepared *
pass_on (Job *job, GError **error)
{
  Source *source = get_source (job, 0);
  ChContent content;

  if (!ch_document_check (source->bytes, job->rule, &content, error))
    return NULL;
  return make_prepared (job, g_bytes_ref (source->bytes), ch_paper_get_name (source->paper), content);
}

static gboolean
are_all (Job *job, gboolean (*match) (ChContent content))
{
  for (guint i = 0; i < job->sources->len; i++)
    if (!match (get_source (job, i)->content))
      return FALSE;
  return TRUE;
}

static gboolean
is_page (ChContent content)
{
  return ch_content_is_picture (content) || content == CH_CONTENT_PDF;
}

static ChPrepared *
refuse_kind (Job *job, gboolean (*match) (ChContent content), GError **error)
{
  for (guint i = 0; i < job->sources->len; i++)
    {
      const Source *source = get_source (job, i);
      ChReason reason = ch_document_judge_kind (job->rule, source->content);

      if (!match (source->content))
        return refuse (job, source, reason != CH_REASON_OK ? reason : CH_REASON_FILE_TYPE, error);
    }
  return refuse (job, NULL, CH_REASON_FILE_TYPE, error);
}

static ChPrepared *
decide (Job *job, GError **error)
{
  gboolean takes_pictures = list_formats (job->rule) != 0;
  gboolean takes_pdf = ch_document_takes (job->rule, CH_CONTENT_PDF);
  gboolean takes_zip = ch_document_takes (job->rule, CH_CONTENT_ZIP);
  ChContent first = get_source (job, 0)->content;
  gboolean is_alone = job->sources->len == 1;

  if (is_alone && (is_archive (first) || first == CH_CONTENT_PDF) && ch_document_takes (job->rule, first))
    return pass_on (job, error);
  if (is_alone && takes_pictures && ch_content_is_picture (first))
    return prepare_picture (job, error);
  if (!is_alone && are_all (job, ch_content_is_picture) && (takes_pdf || takes_pictures))
    return takes_pdf ? prepare_pdf (job, error) : prepare_stack (job, error);
  if (is_alone && takes_pdf && ch_content_is_picture (first))
    return prepare_pdf (job, error);
  if (takes_zip && (!is_alone || !is_archive (first)))
    return prepare_bundle (job, error);
  if (!is_alone && are_all (job, is_page))
    return refuse (job, NULL, CH_REASON_PDF_JOIN, error);
  return refuse_kind (job, takes_pictures ? (takes_pdf ? is_page : ch_content_is_picture) : is_page, error);
}

/**
 * ch_prepare:
 * @papers: (element-type ChPaper): files the user gave for one document, in their order
 * @rule: what the CA takes
 * @cancellable: (nullable): stops it
 * @error: %CH_ERROR_DOCUMENT_TYPE that says which file, why, and what to do
 *
 * Makes one document of them: pictures are turned, made small enough and cleaned of place and time; several
 * become pages of one PDF, or one picture where no PDF is taken; where an archive is asked for, it is made.
 * What the server would refuse is refused here. Blocks: for a thread. The same papers always make the same
 * bytes.
 *
 * Returns: (transfer full): the document
 */
ChPrepared *
ch_prepare (GPtrArray *papers, const ChDocumentRule *rule, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, TRUE, sizeof (Source));
  Job job = { .rule = rule, .sources = sources, .cancellable = cancellable };
  g_autoptr (ChPrepared) prepared = NULL;
  ChContent content;

  g_return_val_if_fail (papers->len > 0, NULL);

  g_array_set_clear_func (sources, source_clear);
  if (!read_sources (&job, papers, error))
    return NULL;
  prepared = decide (&job, error);
  if (prepared == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  /* As the server will look at it */
  if (!ch_document_check (prepared->bytes, rule, &content, error))
    return NULL;
  prepared->content = content;
  return g_steal_pointer (&prepared);
}

typedef struct
{
  GPtrArray *papers;
  const ChDocumentRule *rule;
} Wish;

static void
wish_free (gpointer data)
{
  g_ptr_array_unref (((Wish *) data)->papers);
  g_free (data);
}

static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Wish *wish = data;
  GError *error = NULL;
  ChPrepared *prepared = ch_prepare (wish->papers, wish->rule, cancellable, &error);

  if (prepared != NULL)
    g_task_return_pointer (task, prepared, (GDestroyNotify) ch_prepared_free);
  else
    g_task_return_error (task, error);
}

/**
 * ch_prepare_async:
 * @papers: (element-type ChPaper): as they are now; turning them later changes nothing
 * @rule: must outlive the call
 *
 * See ch_prepare().
 */
void
ch_prepare_async (GPtrArray *papers,
                  const ChDocumentRule *rule,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->rule = rule;
  wish->papers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < papers->len; i++)
    g_ptr_array_add (wish->papers, ch_paper_copy (papers->pdata[i]));
  g_task_set_source_tag (task, ch_prepare_async);
  g_task_set_task_data (task, wish, wish_free);
  g_task_run_in_thread (task, prepare_thread);
}

/**
 * ch_prepare_finish:
 *
 * Returns: (transfer full): the document
 */
ChPrepared *
ch_prepare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ch_prepared_free (ChPrepared *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_free (self->name);
  g_free (self);
}

/**
 * ch_prepared_list_changes:
 *
 * Returns: (transfer full): ids of what was done: joined, bundled, turned, converted, shrunk, cleaned
 */
GStrv
ch_prepared_list_changes (const ChPrepared *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    if ((self->changes & changes[i].change) != 0)
      g_strv_builder_add (builder, changes[i].id);
  return g_strv_builder_end (builder);
}
