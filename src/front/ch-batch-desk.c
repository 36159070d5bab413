#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-csv.h"
#include "base/ch-error.h"
#include "front/ch-batch-confirm.h"
#include "front/ch-batch-desk.h"
#include "front/ch-batch-files.h"
#include "steps/ch-catalog.h"

struct _ChBatchDesk
{
  GObject parent_instance;

  ChPorts *ports;      /* (owned) */
  ChBatchSheet *sheet; /* (owned) */
  GArray *results;     /* (owned) (element-type ChBatchResult) */
  char *batch;         /* (owned) (nullable) */
  guint n_done;
  gboolean is_sending;
};

/* The row that is under way */
typedef struct
{
  guint row;
  ChRun *run;         /* (owned) (nullable) */
  GHashTable *papers; /* (owned) (nullable): document id → GPtrArray of ChPaper */
  gulong state_id;
  guint next_id;
} Way;

enum
{
  PROP_N_DONE = 1,
  PROP_BATCH,
};

static GParamSpec *props[PROP_BATCH + 1];

G_DEFINE_FINAL_TYPE (ChBatchDesk, ch_batch_desk, G_TYPE_OBJECT)

static void begin_row (GTask *task);
static void on_state_cb (ChRun *run, GParamSpec *pspec, gpointer user_data);

static void
result_clear (gpointer data)
{
  ChBatchResult *result = data;

  g_clear_pointer (&result->application, g_free);
  g_clear_pointer (&result->error, g_free);
  g_clear_pointer (&result->detail, g_free);
}

static void
way_leave (Way *self)
{
  if (self->run != NULL)
    g_clear_signal_handler (&self->state_id, self->run);
  g_clear_handle_id (&self->next_id, g_source_remove);
  g_clear_object (&self->run);
  g_clear_pointer (&self->papers, g_hash_table_unref);
}

static void
way_free (gpointer data)
{
  way_leave (data);
  g_free (data);
}

static ChBatchResult *
get_result (ChBatchDesk *self, guint row)
{
  return &g_array_index (self->results, ChBatchResult, row - 1);
}

static void
set_n_done (ChBatchDesk *self, guint n_done)
{
  self->n_done = n_done;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_DONE]);
}

/* What stands in the way of every row, not of this one alone */
static gboolean
stops_all (const GError *error)
{
  switch (error->domain == CH_ERROR ? error->code : -1)
    {
    case CH_ERROR_SERVER_UNREACHABLE:
    case CH_ERROR_TIMED_OUT:
    case CH_ERROR_CANCELLED:
    case CH_ERROR_BUSY:
    case CH_ERROR_NOT_LOGGED_IN:
    case CH_ERROR_FORBIDDEN:
    case CH_ERROR_INTERNAL:
    case CH_ERROR_BAD_ANSWER:
    case CH_ERROR_NO_SPACE:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
stop (GTask *task, GError *error) /* both (transfer full) */
{
  ChBatchDesk *self = g_task_get_source_object (task);

  way_leave (g_task_get_task_data (task));
  self->is_sending = FALSE;
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
go_on (GTask *task)
{
  ChBatchDesk *self = g_task_get_source_object (task);
  Way *way = g_task_get_task_data (task);

  way_leave (way);
  set_n_done (self, way->row);
  begin_row (task);
}

/* Words of an error: its headline, and which field with why */
static char *
format_error (const GError *error)
{
  GString *text = g_string_new (_ (ch_error_get_info (error)->title));
  GPtrArray *fields = ch_error_get_fields (error);

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *wrong = fields->pdata[i];
      const ChField *field = ch_field_lookup (wrong->field);

      g_string_append_printf (text, "%s%s: %s", i == 0 ? ". " : "; ",
                              field != NULL ? _ (field->label) : wrong->field,
                              _ (ch_reason_get_text (wrong->reason)));
    }
  return g_string_free (text, FALSE);
}

static void
fail_row (GTask *task, GError *error) /* (transfer full) */
{
  ChBatchDesk *self = g_task_get_source_object (task);
  Way *way = g_task_get_task_data (task);
  ChBatchResult *result;

  if (stops_all (error))
    {
      stop (task, error);
      return;
    }
  result = get_result (self, way->row);
  result->state = CH_BATCH_ROW_FAILED;
  g_free (result->error);
  g_free (result->detail);
  result->error = g_strdup (ch_error_get_info (error)->id);
  result->detail = format_error (error);
  g_error_free (error);
  go_on (task);
}

/* -- One row, through the flow of its application -- */

static gboolean
on_next_cb (gpointer user_data)
{
  GTask *task = user_data;
  Way *way = g_task_get_task_data (task);
  ChBatchDesk *self = g_task_get_source_object (task);
  const GError *error;

  way->next_id = 0;
  if ((ch_run_get_facts (way->run) & CH_FACT_SUBMITTED) != 0)
    {
      get_result (self, way->row)->state = CH_BATCH_ROW_SENT;
      go_on (task);
      return G_SOURCE_REMOVE;
    }

  switch (ch_run_get_state (way->run))
    {
    case CH_RUN_READY:
      ch_run_next (way->run);
      on_state_cb (way->run, NULL, task);
      break;
    case CH_RUN_BUSY:
      break;
    default:
      error = ch_run_get_error (way->run);
      fail_row (task, error != NULL ? g_error_copy (error)
                                    : g_error_new (CH_ERROR, CH_ERROR_WRONG_STATE, "the row rests"));
    }
  return G_SOURCE_REMOVE;
}

/* Not from within the run: it may be about to move on by itself */
static void
on_state_cb (ChRun *run, GParamSpec *pspec, gpointer user_data)
{
  GTask *task = user_data;
  Way *way = g_task_get_task_data (task);

  if (ch_run_get_state (run) != CH_RUN_BUSY && way->next_id == 0)
    way->next_id = g_idle_add (on_next_cb, task);
}

static void
attach (ChRun *run, GHashTable *papers)
{
  GListModel *attachments = ch_run_get_attachments (run);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *id = ch_attachment_get_rule (attachment)->id;
      GPtrArray *chosen = g_hash_table_lookup (papers, id);

      if (chosen != NULL && ch_attachment_get_state (attachment) == CH_ATTACHMENT_MISSING)
        ch_run_attach_papers (run, id, chosen);
    }
}

/* All fields of the forms, so that nothing is taken over from a draft or the account that was not confirmed
 */
static void
answer (ChRun *run, const ChBatchLine *line)
{
  static const ChFact facts[] = { CH_FACT_SUBJECT, CH_FACT_HANDLER };

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const ChForm *form = ch_form_of_fact (facts[i], ch_run_get_axes (run));

      for (gsize j = 0; form->fields[j] != NULL; j++)
        {
          const char *value = g_hash_table_lookup (line->answers, form->fields[j]->id);

          ch_run_set_answer (run, form->fields[j]->id, value != NULL ? value : "");
        }
    }
}

static void
on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChBatchDesk *self = g_task_get_source_object (task);
  Way *way = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ChApplication) application = ch_server_call_finish (CH_SERVER (source), result, &error);
  ChBatchResult *row = get_result (self, way->row);

  if (application != NULL)
    {
      g_free (row->application);
      row->application = g_strdup (application->id);
      way->run = ch_catalog_resume (self->ports, application, &error);
    }
  if (way->run == NULL)
    {
      fail_row (task, error);
      return;
    }

  answer (way->run, ch_batch_sheet_get_row (self->sheet, way->row));
  attach (way->run, way->papers);
  way->state_id = g_signal_connect (way->run, "notify::state", G_CALLBACK (on_state_cb), task);
  ch_run_start (way->run);
  on_state_cb (way->run, NULL, task);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const ChBatchLine *line = data;
  g_autoptr (GHashTable) papers
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer id, paths;
  GError *error = NULL;

  g_hash_table_iter_init (&iter, line->paths);
  while (g_hash_table_iter_next (&iter, &id, &paths))
    {
      GPtrArray *loaded = ch_batch_files_load (paths, g_hash_table_lookup (line->hashes, id), &error);

      if (loaded == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      g_hash_table_insert (papers, g_strdup (id), loaded);
    }
  g_task_return_pointer (task, g_steal_pointer (&papers), (GDestroyNotify) g_hash_table_unref);
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChBatchDesk *self = CH_BATCH_DESK (source);
  GTask *task = user_data;
  Way *way = g_task_get_task_data (task);
  const char *const args[] = { self->batch, NULL };
  const ChBatchRowNew request
      = { .row = way->row, .files = ch_batch_sheet_get_row (self->sheet, way->row)->hashes };
  g_autofree char *key = g_uuid_string_random ();
  GError *error = NULL;

  way->papers = g_task_propagate_pointer (G_TASK (result), &error);
  if (way->papers == NULL)
    {
      fail_row (task, error);
      return;
    }
  /* The server knows the row by its number: whatever became of an earlier call, there is one application */
  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_batch_row_new, args, &request, key,
                        g_task_get_cancellable (task), on_application_cb, task);
}

/* The next row that was not sent yet */
static void
begin_row (GTask *task)
{
  ChBatchDesk *self = g_task_get_source_object (task);
  Way *way = g_task_get_task_data (task);
  g_autoptr (GTask) load = NULL;

  do
    way->row++;
  while (way->row <= self->results->len && get_result (self, way->row)->state == CH_BATCH_ROW_SENT);

  if (way->row > self->results->len)
    {
      set_n_done (self, self->results->len);
      self->is_sending = FALSE;
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      stop (task, g_error_new (CH_ERROR, CH_ERROR_CANCELLED, "the sending was stopped"));
      return;
    }

  load = g_task_new (self, NULL, on_loaded_cb, task);
  g_task_set_task_data (load, (gpointer) ch_batch_sheet_get_row (self->sheet, way->row), NULL);
  g_task_run_in_thread (load, load_thread);
}

/* -- The batch -- */

static void
on_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChBatchDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (ChBatchRowList) list = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (list == NULL)
    {
      stop (task, error);
      return;
    }
  for (guint i = 0; i < list->items->len; i++)
    {
      const ChBatchRow *known = list->items->pdata[i];
      ChBatchResult *row
          = known->row >= 1 && known->row <= self->results->len ? get_result (self, known->row) : NULL;

      if (row == NULL)
        continue;
      g_free (row->application);
      row->application = g_strdup (known->application);
      row->was_sent = known->is_sent;
      if (known->is_sent || known->state != CH_APPLICATION_DRAFT)
        row->state = CH_BATCH_ROW_SENT;
    }
  begin_row (task);
}

static void
on_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChBatchDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (ChBatch) batch = ch_batch_confirm_finish (CH_PORTS (source), result, &error);
  const char *args[] = { NULL, NULL };

  if (batch == NULL)
    {
      stop (task, error);
      return;
    }
  g_free (self->batch);
  self->batch = g_strdup (batch->id);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BATCH]);
  args[0] = self->batch;
  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_batch_rows, args, NULL, NULL,
                        g_task_get_cancellable (task), on_rows_cb, task);
}

static void
ch_batch_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChBatchDesk *self = CH_BATCH_DESK (object);

  switch (id)
    {
    case PROP_N_DONE:
      g_value_set_uint (value, self->n_done);
      break;
    case PROP_BATCH:
      g_value_set_string (value, self->batch);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_batch_desk_finalize (GObject *object)
{
  ChBatchDesk *self = CH_BATCH_DESK (object);

  g_object_unref (self->ports);
  g_object_unref (self->sheet);
  g_array_unref (self->results);
  g_free (self->batch);
  G_OBJECT_CLASS (ch_batch_desk_parent_class)->finalize (object);
}

static void
ch_batch_desk_class_init (ChBatchDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ch_batch_desk_get_property;
  object_class->finalize = ch_batch_desk_finalize;
  props[PROP_N_DONE] = g_param_spec_uint ("n-done", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_BATCH] = g_param_spec_string ("batch", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
ch_batch_desk_init (ChBatchDesk *self)
{
  self->results = g_array_new (FALSE, TRUE, sizeof (ChBatchResult));
  g_array_set_clear_func (self->results, result_clear);
}

/**
 * ch_batch_desk_new:
 * @sheet: with nothing wrong in it
 *
 * Returns: (transfer full): a desk that has sent nothing yet
 */
ChBatchDesk *
ch_batch_desk_new (ChPorts *ports, ChBatchSheet *sheet)
{
  ChBatchDesk *self = g_object_new (CH_TYPE_BATCH_DESK, NULL);

  self->ports = g_object_ref (ports);
  self->sheet = g_object_ref (sheet);
  g_array_set_size (self->results, ch_batch_sheet_get_n_rows (sheet));
  return self;
}

ChBatchSheet *
ch_batch_desk_get_sheet (ChBatchDesk *self)
{
  return self->sheet;
}

const char *
ch_batch_desk_get_batch (ChBatchDesk *self)
{
  return self->batch;
}

guint
ch_batch_desk_get_n_done (ChBatchDesk *self)
{
  return self->n_done;
}

guint
ch_batch_desk_count (ChBatchDesk *self, ChBatchRowState state)
{
  guint n = 0;

  for (guint row = 1; row <= self->results->len; row++)
    n += get_result (self, row)->state == state;
  return n;
}

/**
 * ch_batch_desk_get_result:
 * @row: counted from 1
 */
const ChBatchResult *
ch_batch_desk_get_result (ChBatchDesk *self, guint row)
{
  g_return_val_if_fail (row >= 1 && row <= self->results->len, NULL);

  return get_result (self, row);
}

const char *
ch_batch_row_state_get_id (ChBatchRowState state)
{
  static const char *const ids[] = { "waiting", "sent", "failed" };

  return ids[state];
}

/**
 * ch_batch_row_state_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_batch_row_state_get_title (ChBatchRowState state)
{
  static const char *const titles[]
      = { N_ ("Not sent yet"), N_ ("Sent for review"), N_ ("Not sent: see why") };

  return titles[state];
}

static void
append_report_row (GString *out, GStrv cells, const char *const *more)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_auto (GStrv) row = NULL;

  g_strv_builder_addv (all, (const char **) more);
  g_strv_builder_addv (all, (const char **) cells);
  row = g_strv_builder_end (all);
  ch_csv_append_row (out, (const char *const *) row);
}

/**
 * ch_batch_desk_make_report:
 *
 * Returns: (transfer full): the sheet with what became of each row in front, as a CSV file; what begins like
 * a formula is text in it
 */
GBytes *
ch_batch_desk_make_report (ChBatchDesk *self)
{
  GString *out = g_string_new ("\xEF\xBB\xBF");
  g_autofree char *result = g_strdup_printf ("%s (batch-result)", _ ("Result"));
  g_autofree char *application = g_strdup_printf ("%s (batch-application)", _ ("Application number"));
  g_autofree char *reason = g_strdup_printf ("%s (batch-reason)", _ ("Why"));
  const char *const heading[] = { result, application, reason, NULL };

  append_report_row (out, ch_batch_sheet_get_columns (self->sheet), heading);
  for (guint row = 1; row <= self->results->len; row++)
    {
      const ChBatchResult *now = get_result (self, row);
      const char *const more[]
          = { _ (ch_batch_row_state_get_title (now->state)), now->application != NULL ? now->application : "",
              now->detail != NULL ? now->detail : "", NULL };

      append_report_row (out, ch_batch_sheet_get_cells (self->sheet, row), more);
    }
  return g_string_free_to_bytes (out);
}

static void
try_failed_again (ChBatchDesk *self)
{
  for (guint row = 1; row <= self->results->len; row++)
    {
      ChBatchResult *result = get_result (self, row);

      if (result->state != CH_BATCH_ROW_FAILED)
        continue;
      result->state = CH_BATCH_ROW_WAITING;
      g_clear_pointer (&result->error, g_free);
      g_clear_pointer (&result->detail, g_free);
    }
}

/**
 * ch_batch_desk_send_async:
 * @token: (nullable): serial of the token that is to sign, as ch_batch_confirm_async()
 * @asker: (nullable): who is asked for the PIN or passphrase
 * @cancellable: (nullable): stops after the row under way
 *
 * Sends what was not sent yet. Whatever it breaks off at, sending again goes on; no row is sent twice.
 */
void
ch_batch_desk_send_async (ChBatchDesk *self,
                          const char *token,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (ch_batch_sheet_get_problems (self->sheet)->len == 0);
  g_return_if_fail (!self->is_sending);

  g_task_set_source_tag (task, ch_batch_desk_send_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_new0 (Way, 1), way_free);
  self->is_sending = TRUE;
  try_failed_again (self);
  set_n_done (self, 0);
  ch_batch_confirm_async (self->ports, self->sheet, token, asker, cancellable, on_confirmed_cb, task);
}

/**
 * ch_batch_desk_send_finish:
 *
 * Returns: whether all rows were looked after: sent, or failed each for its own reason. %FALSE when something
 *   stands in the way of all.
 */
gboolean
ch_batch_desk_send_finish (ChBatchDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
