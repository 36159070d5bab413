#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-application-facts.h"
#include "server/ch-application-record.h"
#include "server/ch-application-turns.h"
#include "server/ch-before.h"
#include "server/ch-store-refunds.h"
#include "wire/ch-field.h"

/* Each row is one SELECT whose rows are added to the record by a function */
typedef struct
{
  const char *sql; /* $1 is the application; answers come first */
  void (*add) (ChApplicationRecord *self, ChStmt *row);
} Part;

static void
add_answer (ChApplicationRecord *self, ChStmt *row)
{
  g_hash_table_insert (self->answers, ch_stmt_dup_text (row, 0), ch_stmt_dup_text (row, 1));
}

static void
add_document (ChApplicationRecord *self, ChStmt *row)
{
  ChDocument *document = ch_wire_new (&ChDocument_wire);

  document->id = ch_stmt_dup_text (row, 0);
  document->name = ch_stmt_dup_text (row, 1);
  document->size = ch_stmt_get_int (row, 2);
  document->content = ch_stmt_dup_text (row, 3);
  document->sha256 = ch_stmt_dup_bytes (row, 4);
  document->created = ch_stmt_get_int (row, 5);
  g_ptr_array_add (self->documents, document);
}

static void
add_mark (ChApplicationRecord *self, ChStmt *row)
{
  ChFieldReason *mark = ch_wire_new (&ChFieldReason_wire);

  mark->field = ch_stmt_dup_text (row, 0);
  mark->reason = ch_stmt_dup_text (row, 1);
  mark->remark = ch_stmt_dup_text (row, 2);
  g_ptr_array_add (self->marks, mark);
}

/* Where the old end is kept the price goes by no term; that of the old certificate is an answer all the same
 */
static void
add_order (ChApplicationRecord *self, ChStmt *row)
{
  const char *term = ch_application_record_get_answer (self, "term");
  const char *priced = ch_stmt_get_text (row, 3);

  self->order = ch_stmt_dup_text (row, 0);
  self->is_paid = g_strcmp0 (ch_stmt_get_text (row, 1), "paid") == 0;
  self->is_priced = self->is_paid
                    || (g_strcmp0 (ch_stmt_get_text (row, 2), self->project) == 0
                        && (*priced == 0 || g_strcmp0 (priced, term) == 0));
}

static void
add_certificate (ChApplicationRecord *self, ChStmt *row)
{
  g_free (self->certificate);
  self->certificate = ch_stmt_dup_text (row, 0);
}

static const Part parts[] = {
  { "SELECT field, value FROM answer WHERE application = $1", add_answer },
  { "SELECT document.id, upload.name, upload.size, document.content, upload.sha256, document.created "
    "FROM document JOIN upload ON upload.id = document.upload WHERE document.application = $1 "
    "ORDER BY document.id",
    add_document },
  { "SELECT field, reason, remark FROM mark WHERE application = $1 ORDER BY field", add_mark },
  { "SELECT id, state, project, term FROM purchase WHERE application = $1", add_order },
  { "SELECT serial FROM certificate WHERE application = $1 AND der IS NOT NULL ORDER BY created",
    add_certificate },
};

static gboolean
load_part (ChDbTx *tx, ChApplicationRecord *self, const Part *part, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, part->sql, CH_BIND (CH_TEXT (self->id)), error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    part->add (self, stmt);
  return step == CH_STEP_DONE;
}

static ChApplicationRecord *
read_row (ChStmt *row)
{
  ChApplicationRecord *self = g_new0 (ChApplicationRecord, 1);
  int state = CH_APPLICATION_DRAFT;

  self->id = ch_stmt_dup_text (row, 0);
  self->account = ch_stmt_dup_text (row, 1);
  self->flow = ch_stmt_dup_text (row, 2);
  self->project = ch_stmt_dup_text (row, 3);
  ch_wire_enum_from_id (&ChApplicationState_enum, ch_stmt_get_text (row, 4), &state);
  self->state = state;
  self->version = ch_stmt_get_int (row, 5);
  self->trust_id = ch_stmt_dup_text (row, 6);
  self->serial_time = ch_stmt_dup_text (row, 7);
  self->review_by = ch_stmt_get_int (row, 8);
  self->created = ch_stmt_get_int (row, 9);
  self->updated = ch_stmt_get_int (row, 10);
  self->applicant = ch_stmt_dup_text (row, 11);
  self->key_place = ch_stmt_dup_text (row, 12);
  self->key_made = ch_stmt_get_int (row, 13);
  self->base = ch_stmt_dup_text (row, 14);
  self->base_end = ch_stmt_get_int (row, 15);
  self->handler_from = ch_stmt_dup_text (row, 16);
  self->proved = ch_stmt_get_int (row, 17);
  self->answers = ch_wire_map_new ();
  self->documents = ch_wire_list_new (&ChDocument_wire);
  self->marks = ch_wire_list_new (&ChFieldReason_wire);
  return self;
}

/**
 * ch_application_record_load:
 * @id: of an application the caller may see
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the application with all that belongs to it
 */
ChApplicationRecord *
ch_application_record_load (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx,
      "SELECT application.id, account, flow, project, state, version, COALESCE (holder_id, trust_id), "
      "serial_time, review_by, application.created, updated, account.name, key_place, key_made, base, "
      "base_end, handler_from, proved "
      "FROM application JOIN account ON account.id = application.account "
      "WHERE application.id = $1",
      CH_BIND (CH_TEXT (id)), error);
  g_autoptr (ChApplicationRecord) self = stmt != NULL ? read_row (stmt) : NULL;

  if (self == NULL)
    return NULL;
  if (!ch_axes_parse (self->flow, &self->axes))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "the store names a flow that is none");
      return NULL;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!load_part (tx, self, &parts[i], error))
      return NULL;
  if (self->base != NULL && ch_business_changes (self->axes.business) != CH_FACT_NONE)
    {
      self->before = ch_before_read (tx, self->base, self->handler_from, error);
      if (self->before == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
ch_application_record_free (ChApplicationRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->account);
  g_free (self->flow);
  g_free (self->project);
  g_free (self->trust_id);
  g_free (self->serial_time);
  g_free (self->applicant);
  g_free (self->order);
  g_free (self->certificate);
  g_free (self->key_place);
  g_free (self->base);
  g_free (self->handler_from);
  g_clear_pointer (&self->before, g_hash_table_unref);
  g_hash_table_unref (self->answers);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->marks);
  g_free (self);
}

/**
 * ch_application_record_get_facts:
 *
 * Returns: the facts, by ch_application_facts()
 */
ChFact
ch_application_record_get_facts (const ChApplicationRecord *self, const ChProfile *profile)
{
  g_autoptr (GHashTable) documents = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) marked = g_hash_table_new (g_str_hash, g_str_equal);
  ChApplicationView view = { self->state,     self->answers, documents,    marked,
                             self->is_priced, self->is_paid, self->before, self->proved > 0 };

  for (guint i = 0; i < self->documents->len; i++)
    g_hash_table_add (documents, ((ChDocument *) self->documents->pdata[i])->id);
  for (guint i = 0; i < self->marks->len; i++)
    g_hash_table_add (marked, ((ChFieldReason *) self->marks->pdata[i])->field);

  return ch_application_facts (&view, profile, &self->axes);
}

/**
 * ch_application_record_is_open:
 *
 * Returns: whether the applicant may change what is in it
 */
gboolean
ch_application_record_is_open (const ChApplicationRecord *self)
{
  return self->state == CH_APPLICATION_DRAFT || self->state == CH_APPLICATION_REFUSED;
}

/**
 * ch_application_record_check_version:
 * @version: the one the writer saw
 * @error: %CH_ERROR_CONFLICT with detail `version`, the newest one
 */
gboolean
ch_application_record_check_version (const ChApplicationRecord *self, gint64 version, GError **error)
{
  g_autofree char *newest = NULL;
  GError *conflict;

  if (self->version == version)
    return TRUE;

  newest = g_strdup_printf ("%" G_GINT64_FORMAT, self->version);
  conflict
      = g_error_new (CH_ERROR, CH_ERROR_CONFLICT, "version %" G_GINT64_FORMAT " is not the newest", version);
  ch_error_set_detail (conflict, "version", newest);
  g_propagate_error (error, conflict);
  return FALSE;
}

/**
 * ch_application_record_check_open:
 * @error: %CH_ERROR_WRONG_STATE when it is with the reviewer or further
 */
gboolean
ch_application_record_check_open (const ChApplicationRecord *self, GError **error)
{
  if (ch_application_record_is_open (self))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the application is %s",
               ch_wire_enum_get_id (&ChApplicationState_enum, self->state));
  return FALSE;
}

/**
 * ch_application_record_get_answer:
 *
 * Returns: (transfer none) (nullable): the value
 */
const char *
ch_application_record_get_answer (const ChApplicationRecord *self, const char *field)
{
  return g_hash_table_lookup (self->answers, field);
}

/* People of the CA are known to the applicant by their office, not by name */
static char *
format_who (const char *who, ChApplicationDetail detail)
{
  const char *colon = strchr (who, ':');

  return detail == CH_VIEW_STAFF || colon == NULL ? g_strdup (who) : g_strndup (who, colon - who);
}

static GPtrArray *
read_history (ChDbTx *tx, const char *id, ChApplicationDetail detail, GError **error)
{
  g_autoptr (GPtrArray) rows = ch_wire_list_new (&ChHistoryRow_wire);
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT at, what, who FROM history WHERE application = $1 ORDER BY n LIMIT 1000",
                     CH_BIND (CH_TEXT (id)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      ChHistoryRow *row = ch_wire_new (&ChHistoryRow_wire);

      row->at = ch_stmt_get_int (stmt, 0);
      row->what = ch_stmt_dup_text (stmt, 1);
      row->who = format_who (ch_stmt_get_text (stmt, 2), detail);
      g_ptr_array_add (rows, row);
    }

  return step == CH_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

static GHashTable *
copy_answers (GHashTable *answers)
{
  GHashTable *copy = ch_wire_map_new ();
  GHashTableIter iter;
  gpointer field, value;

  g_hash_table_iter_init (&iter, answers);
  while (g_hash_table_iter_next (&iter, &field, &value))
    g_hash_table_insert (copy, g_strdup (field), g_strdup (value));
  return copy;
}

/* While the name is still to be changed, the one it had */
static const char *
get_name (const ChApplicationRecord *self)
{
  const char *field = ch_forms_get_name_field (&self->axes);
  const char *name = ch_application_record_get_answer (self, field);

  if (name == NULL && self->before != NULL)
    name = g_hash_table_lookup (self->before, field);
  return name != NULL ? name : self->applicant;
}

/**
 * ch_application_record_format:
 * @tx: where @self was loaded
 * @detail: how much of it
 *
 * Returns: (transfer full): the message
 */
ChApplication *
ch_application_record_format (ChDbTx *tx,
                              const ChApplicationRecord *self,
                              const ChProfile *profile,
                              ChApplicationDetail detail,
                              GError **error)
{
  g_autoptr (ChApplication) message = ch_wire_new (&ChApplication_wire);

  message->id = g_strdup (self->id);
  message->version = self->version;
  message->flow = g_strdup (self->flow);
  message->project = g_strdup (self->project);
  message->state = self->state;
  message->facts = ch_facts_format (ch_application_record_get_facts (self, profile));
  message->order = g_strdup (self->order);
  /* While another is to be made the one that was revoked is none */
  if (self->state != CH_APPLICATION_APPROVED)
    message->certificate = g_strdup (self->certificate);
  message->applicant = g_strdup (get_name (self));
  message->created = self->created;
  message->updated = self->updated;
  message->review_by = self->review_by;
  message->base = g_strdup (self->base);
  message->base_end = self->base_end;
  if (self->order != NULL)
    {
      message->refunds = ch_refunds_list_of_order (tx, self->order, error);
      if (message->refunds == NULL)
        return NULL;
    }
  if (detail == CH_VIEW_LIST)
    return g_steal_pointer (&message);

  message->answers = copy_answers (self->answers);
  if (self->before != NULL)
    message->before = copy_answers (self->before);
  if (self->state == CH_APPLICATION_ISSUED)
    {
      message->key_place = g_strdup (self->key_place);
      message->key_made = self->key_made;
      if (!ch_applications_count_again (tx, self->id, &message->again_left, error))
        return NULL;
    }
  message->documents = g_ptr_array_ref (self->documents);
  message->reasons = g_ptr_array_ref (self->marks);
  message->history = read_history (tx, self->id, detail, error);
  return message->history != NULL ? g_steal_pointer (&message) : NULL;
}
