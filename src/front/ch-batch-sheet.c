#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-csv.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-validate.h"
#include "front/ch-batch-files.h"
#include "front/ch-batch-sheet.h"
#include "steps/ch-catalog.h"
#include "wire/ch-batch.h"

/* Where the value of a field or the files of a document stand */
typedef struct
{
  const ChField *field;       /* (nullable) */
  const ChDocumentRule *rule; /* (nullable) */
  int cell;                   /* -1: the sheet has no such column */
} Column;

struct _ChBatchSheet
{
  GObject parent_instance;

  const ChProfile *profile; /* (unowned): while it is read */
  const ChFlow *flow;
  char *project;
  char *name;           /* of the file */
  GArray *columns;      /* (element-type Column) */
  GPtrArray *documents; /* (element-type ChDocumentRule): what the columns point to */
  GPtrArray *csv;       /* (element-type ChCsvRow) */
  GPtrArray *rows;      /* (element-type ChBatchLine) */
  GPtrArray *problems;  /* (element-type ChBatchProblem) */
};

G_DEFINE_FINAL_TYPE (ChBatchSheet, ch_batch_sheet, G_TYPE_OBJECT)

static const ChFact facts[] = { CH_FACT_SUBJECT, CH_FACT_HANDLER };

/* Columns of what we write about a batch: a result may be corrected and sent again */
static const char *const ours[] = { "batch-row", "batch-result", "batch-application", "batch-reason" };

static void
problem_free (gpointer data)
{
  ChBatchProblem *problem = data;

  g_free (problem->column);
  g_free (problem->field);
  g_free (problem->cell);
  g_free (problem);
}

static void
line_free (gpointer data)
{
  ChBatchLine *line = data;

  g_hash_table_unref (line->answers);
  g_hash_table_unref (line->hashes);
  g_hash_table_unref (line->paths);
  g_free (line);
}

static void
ch_batch_sheet_finalize (GObject *object)
{
  ChBatchSheet *self = CH_BATCH_SHEET (object);

  g_free (self->project);
  g_free (self->name);
  g_array_unref (self->columns);
  g_clear_pointer (&self->documents, g_ptr_array_unref);
  g_clear_pointer (&self->csv, g_ptr_array_unref);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->problems);
  G_OBJECT_CLASS (ch_batch_sheet_parent_class)->finalize (object);
}

static void
ch_batch_sheet_class_init (ChBatchSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_batch_sheet_finalize;
}

static void
ch_batch_sheet_init (ChBatchSheet *self)
{
  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  self->rows = g_ptr_array_new_with_free_func (line_free);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
}

/* -- Columns -- */

static const char *
get_column_id (const Column *column)
{
  return column->field != NULL ? column->field->id : column->rule->id;
}

static const char *
get_column_label (const Column *column)
{
  return column->field != NULL ? _ (column->field->label) : ch_text_get (column->rule->name);
}

/* What is asked for, in the order of the pages */
static void
list_columns (const ChProfile *profile, const ChFlow *flow, GPtrArray *documents, GArray *columns)
{
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const ChForm *form = ch_form_of_fact (facts[i], &flow->axes);

      for (gsize j = 0; form->fields[j] != NULL; j++)
        {
          const Column column = { form->fields[j], NULL, -1 };

          g_array_append_val (columns, column);
        }
    }
  for (guint i = 0; i < documents->len; i++)
    {
      const Column column = { NULL, documents->pdata[i], -1 };

      g_array_append_val (columns, column);
    }
}

static gboolean
is_alike (const char *folded, const char *text)
{
  g_autofree char *other = ch_fold_text (text);

  return g_str_equal (folded, other);
}

/* By its id, which may stand in brackets behind the name, or by its name in one of the languages */
static gboolean
is_called (const Column *column, const char *heading)
{
  g_autofree char *ending = g_strdup_printf ("(%s)", get_column_id (column));
  g_autofree char *folded = ch_fold_text (heading);

  if (g_str_equal (heading, get_column_id (column)) || g_str_has_suffix (heading, ending)
      || is_alike (folded, get_column_label (column)))
    return TRUE;
  return column->field != NULL
             ? is_alike (folded, column->field->label)
             : is_alike (folded, column->rule->name->zh) || is_alike (folded, column->rule->name->en);
}

static gboolean
is_ours (const char *heading)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    {
      g_autofree char *ending = g_strdup_printf ("(%s)", ours[i]);

      if (g_str_equal (heading, ours[i]) || g_str_has_suffix (heading, ending))
        return TRUE;
    }
  return FALSE;
}

static void
add_problem (ChBatchSheet *self,
             guint row,
             const char *column,
             const char *field,
             const char *cell,
             ChReason reason)
{
  ChBatchProblem *problem = g_new0 (ChBatchProblem, 1);

  problem->row = row;
  problem->line = ((const ChCsvRow *) self->csv->pdata[row])->line;
  problem->column = g_strdup (column);
  problem->field = g_strdup (field);
  problem->cell = g_strdup (cell);
  problem->reason = reason;
  g_ptr_array_add (self->problems, problem);
}

static Column *
find_column (ChBatchSheet *self, const char *heading)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = &g_array_index (self->columns, Column, i);

      if (is_called (column, heading))
        return column;
    }
  return NULL;
}

static gboolean
is_wanted (const Column *column)
{
  return column->field != NULL ? !column->field->optional && column->field->initial == NULL
                               : column->rule->required;
}

static void
read_heading (ChBatchSheet *self)
{
  const ChCsvRow *heading = self->csv->pdata[0];

  for (guint i = 0; i < heading->n_cells; i++)
    {
      g_autofree char *text = g_strstrip (ch_csv_restore (heading->cells[i]));
      Column *column = find_column (self, text);

      if (*text == 0 || is_ours (text))
        continue;
      if (column != NULL && column->cell < 0)
        column->cell = i;
      else
        add_problem (self, 0, text, text, text, CH_REASON_COLUMN);
    }
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = &g_array_index (self->columns, Column, i);

      if (column->cell < 0 && is_wanted (column))
        add_problem (self, 0, get_column_label (column), get_column_id (column), "",
                     CH_REASON_COLUMN_MISSING);
    }
}

/* -- Values -- */

/* 1.10101E+17: what is behind the first places is lost */
static gboolean
is_rounded (const ChField *field, const char *text)
{
  const char *e = strpbrk (text, "Ee");
  gsize n = strspn (text, "0123456789.");

  return (field->kind == CH_FIELD_CODE || field->kind == CH_FIELD_MOBILE || field->kind == CH_FIELD_PHONE)
         && e != NULL && n > 0 && text + n == e && e[1] == '+'
         && strspn (e + 2, "0123456789") == strlen (e + 2) && e[2] != 0;
}

/* People write what they read: the name of a choice stands for it */
static char *
read_value (ChBatchSheet *self, const ChField *field, const char *text)
{
  const ChProject *project = ch_profile_get_project (self->profile, self->project);
  g_autofree char *folded = ch_fold_text (text);

  for (const ChFieldChoice *choice = field->choices; choice != NULL && choice->id != NULL; choice++)
    if (is_alike (folded, choice->label) || is_alike (folded, _ (choice->label)))
      return g_strdup (choice->id);
  for (guint i = 0; field->kind == CH_FIELD_TERM && project != NULL && i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];

      if (is_alike (folded, term->name->zh) || is_alike (folded, term->name->en))
        return g_strdup (term->id);
    }
  return ch_field_normalize (field, text);
}

static const char *
get_cell (const ChCsvRow *row, const Column *column)
{
  return column->cell >= 0 && column->cell < (int) row->n_cells ? row->cells[column->cell] : "";
}

static void
read_answer (ChBatchSheet *self, guint row, const Column *column, ChBatchLine *line)
{
  const char *cell = get_cell (self->csv->pdata[row], column);
  g_autofree char *text = g_strstrip (ch_csv_restore (cell));

  if (*cell == '=' || is_rounded (column->field, text))
    add_problem (self, row, get_column_label (column), column->field->id, cell,
                 *cell == '=' ? CH_REASON_FORMULA : CH_REASON_NUMBER_ROUNDED);
  else if (*text != 0)
    g_hash_table_insert (line->answers, g_strdup (column->field->id), read_value (self, column->field, text));
  else if (column->field->initial != NULL)
    g_hash_table_insert (line->answers, g_strdup (column->field->id), g_strdup (column->field->initial));
}

static gboolean
has_problem (ChBatchSheet *self, guint row, const char *field)
{
  for (guint i = self->problems->len; i > 0; i--)
    {
      const ChBatchProblem *problem = self->problems->pdata[i - 1];

      if (problem->row != row)
        return FALSE;
      if (g_str_equal (problem->field, field))
        return TRUE;
    }
  return FALSE;
}

/* As the server will: by the declaration of the field */
static void
check_answer (ChBatchSheet *self, guint row, const Column *column, ChBatchLine *line)
{
  ChReason reason = ch_field_check_in (column->field, self->profile, &self->flow->axes, line->answers);

  if (reason == CH_REASON_OK || (column->cell < 0 && is_wanted (column))
      || has_problem (self, row, column->field->id))
    return;
  add_problem (self, row, get_column_label (column), column->field->id,
               get_cell (self->csv->pdata[row], column), reason);
}

static void
read_document (ChBatchSheet *self, ChBatchFiles *files, guint row, const Column *column, ChBatchLine *line)
{
  const char *cell = get_cell (self->csv->pdata[row], column);
  g_autofree char *text = g_strstrip (ch_csv_restore (cell));
  ChReason reason = CH_REASON_OK;
  char *sha256 = NULL;
  GStrv paths;

  if (*text == 0 && (!column->rule->required || column->cell < 0))
    return;
  paths = ch_batch_files_resolve (files, column->rule, text, &sha256, &reason);
  if (paths == NULL)
    {
      add_problem (self, row, get_column_label (column), column->rule->id, cell, reason);
      return;
    }
  g_hash_table_insert (line->hashes, g_strdup (column->rule->id), sha256);
  g_hash_table_insert (line->paths, g_strdup (column->rule->id), paths);
}

static ChBatchLine *
make_line (ChBatchSheet *self, guint row)
{
  ChBatchLine *line = g_new0 (ChBatchLine, 1);

  line->line = ((const ChCsvRow *) self->csv->pdata[row])->line;
  line->answers = ch_wire_map_new ();
  line->hashes = ch_wire_map_new ();
  line->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  g_hash_table_insert (line->answers, g_strdup ("project"), g_strdup (self->project));
  g_hash_table_insert (line->answers, g_strdup ("certificate-type"),
                       g_strdup (ch_wire_enum_get_id (&ChSubjectKind_enum, self->flow->axes.subject)));
  return line;
}

static void
read_row (ChBatchSheet *self, ChBatchFiles *files, guint row)
{
  ChBatchLine *line = make_line (self, row);

  g_ptr_array_add (self->rows, line);
  for (guint i = 0; i < self->columns->len; i++)
    if (g_array_index (self->columns, Column, i).field != NULL)
      read_answer (self, row, &g_array_index (self->columns, Column, i), line);
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = &g_array_index (self->columns, Column, i);

      if (column->field != NULL)
        check_answer (self, row, column, line);
      else
        read_document (self, files, row, column, line);
    }
}

/* What tells one applicant from the other */
static const char *
get_number_field (const ChAxes *axes)
{
  static const char *const fields[] = {
    [CH_SUBJECT_ENTERPRISE] = "unit-code",
    [CH_SUBJECT_LEGAL_PERSON] = "legal-person-document-number",
    [CH_SUBJECT_PERSON] = "person-document-number",
  };

  return fields[axes->subject];
}

static void
check_duplicate (ChBatchSheet *self, GHashTable *numbers, guint row)
{
  const char *field = get_number_field (&self->flow->axes);
  const ChBatchLine *line = self->rows->pdata[row - 1];
  const char *number = g_hash_table_lookup (line->answers, field);

  if (number == NULL || *number == 0 || g_hash_table_add (numbers, (gpointer) number))
    return;
  add_problem (self, row, _ (ch_field_lookup (field)->label), field, number, CH_REASON_DUPLICATE);
}

static void
read_rows (ChBatchSheet *self, const char *path)
{
  g_autoptr (ChBatchFiles) files = ch_batch_files_new (path);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint row = 1; row < self->csv->len; row++)
    {
      read_row (self, files, row);
      check_duplicate (self, numbers, row);
    }
}

/**
 * ch_batch_sheet_read:
 * @project: of the profile, in which all are applied for
 * @path: of a CSV file
 * @error: as of ch_csv_read(); %CH_ERROR_BATCH_COLUMNS when there is nothing but a heading or less
 *
 * Reads a sheet and checks all that is in it, with the files it names. Nothing is sent. Blocks.
 *
 * Returns: (transfer full): the sheet, with what is wrong in it
 */
ChBatchSheet *
ch_batch_sheet_read (const ChProfile *profile,
                     const ChFlow *flow,
                     const char *project,
                     const char *path,
                     GError **error)
{
  g_autoptr (GBytes) bytes = ch_file_read (path, CH_CSV_MAX_BYTES, error);
  g_autoptr (GPtrArray) csv = bytes != NULL ? ch_csv_read (bytes, error) : NULL;
  g_autoptr (ChBatchSheet) self = NULL;

  if (csv == NULL)
    return NULL;
  if (csv->len < 2)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BATCH_COLUMNS, "there are no rows");
      return NULL;
    }

  self = g_object_new (CH_TYPE_BATCH_SHEET, NULL);
  self->profile = profile;
  self->flow = flow;
  self->project = g_strdup (project);
  self->name = g_path_get_basename (path);
  self->csv = g_steal_pointer (&csv);
  self->documents = ch_profile_list_documents (profile, &flow->axes);
  list_columns (profile, flow, self->documents, self->columns);
  read_heading (self);
  read_rows (self, path);
  return g_steal_pointer (&self);
}

const ChFlow *
ch_batch_sheet_get_flow (ChBatchSheet *self)
{
  return self->flow;
}

const char *
ch_batch_sheet_get_project (ChBatchSheet *self)
{
  return self->project;
}

const char *
ch_batch_sheet_get_name (ChBatchSheet *self)
{
  return self->name;
}

guint
ch_batch_sheet_get_n_rows (ChBatchSheet *self)
{
  return self->rows->len;
}

/**
 * ch_batch_sheet_get_row:
 * @row: counted from 1
 */
const ChBatchLine *
ch_batch_sheet_get_row (ChBatchSheet *self, guint row)
{
  g_return_val_if_fail (row >= 1 && row <= self->rows->len, NULL);

  return self->rows->pdata[row - 1];
}

/**
 * ch_batch_sheet_format_applicant:
 *
 * Returns: (transfer full): for whom a row applies
 */
char *
ch_batch_sheet_format_applicant (ChBatchSheet *self, guint row)
{
  const ChBatchLine *line = ch_batch_sheet_get_row (self, row);
  const char *name = g_hash_table_lookup (line->answers, ch_forms_get_name_field (&self->flow->axes));

  return g_strdup (name != NULL ? name : "");
}

/**
 * ch_batch_sheet_get_problems:
 *
 * Returns: (transfer none) (element-type ChBatchProblem): what is wrong, by rows; nothing is sent before it
 *   is empty
 */
GPtrArray *
ch_batch_sheet_get_problems (ChBatchSheet *self)
{
  return self->problems;
}

/**
 * ch_batch_problem_format:
 *
 * Returns: (transfer full): where it is and what is wrong, in words
 */
char *
ch_batch_problem_format (const ChBatchProblem *self)
{
  const char *text = _ (ch_reason_get_text (self->reason));

  if (self->row == 0)
    /* Translators: name of a column, what is wrong */
    return g_strdup_printf (_ ("Heading, column “%1$s”: %2$s"), self->column, text);
  /* Translators: number of a row, line of the file, name of a column, what is wrong */
  return g_strdup_printf (_ ("Row %1$u (line %2$u), column “%3$s”: %4$s"), self->row, self->line,
                          self->column, text);
}

/**
 * ch_batch_sheet_make_digests:
 *
 * Returns: (transfer full): what stands for the rows in what is signed
 */
GBytes *
ch_batch_sheet_make_digests (ChBatchSheet *self)
{
  GByteArray *digests = g_byte_array_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChBatchLine *line = self->rows->pdata[i];
      guint8 digest[CH_BATCH_DIGEST_SIZE];

      ch_batch_digest_row (&self->flow->axes, line->answers, line->hashes, digest);
      g_byte_array_append (digests, digest, sizeof digest);
    }
  return g_byte_array_free_to_bytes (digests);
}

/**
 * ch_batch_sheet_get_columns:
 *
 * Returns: (transfer none): the heading, as it stands in the file
 */
GStrv
ch_batch_sheet_get_columns (ChBatchSheet *self)
{
  return ((const ChCsvRow *) self->csv->pdata[0])->cells;
}

/**
 * ch_batch_sheet_get_cells:
 *
 * Returns: (transfer none): a row, as it stands in the file
 */
GStrv
ch_batch_sheet_get_cells (ChBatchSheet *self, guint row)
{
  g_return_val_if_fail (row >= 1 && row <= self->rows->len, NULL);

  return ((const ChCsvRow *) self->csv->pdata[row])->cells;
}

/* -- Templates -- */

/**
 * ch_batch_offers:
 *
 * Returns: whether many applications of @flow can be sent at once: new certificates the enterprise settles
 */
gboolean
ch_batch_offers (const ChProfile *profile, const ChFlow *flow)
{
  return flow->axes.business == CH_BUSINESS_APPLY && flow->axes.settlement == CH_SETTLEMENT_ENTERPRISE_PAY
         && ch_profile_offers (profile, &flow->axes);
}

/**
 * ch_batch_is_offered:
 *
 * Returns: whether there is something of which many can be applied for at once
 */
gboolean
ch_batch_is_offered (const ChProfile *profile)
{
  guint n_flows;
  const ChFlow *const *flows = ch_catalog_get (&n_flows);

  for (guint i = 0; i < n_flows; i++)
    if (ch_batch_offers (profile, flows[i]))
      return TRUE;
  return FALSE;
}

/**
 * ch_batch_make_template:
 *
 * Returns: (transfer full): a sheet with nothing but its heading, which every spreadsheet program opens
 */
GBytes *
ch_batch_make_template (const ChProfile *profile, const ChFlow *flow)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, TRUE, sizeof (Column));
  g_autoptr (GPtrArray) documents = ch_profile_list_documents (profile, &flow->axes);
  g_autoptr (GStrvBuilder) heading = g_strv_builder_new ();
  g_auto (GStrv) cells = NULL;
  GString *out = g_string_new ("\xEF\xBB\xBF");

  list_columns (profile, flow, documents, columns);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);
      g_autofree char *cell = g_strdup_printf ("%s (%s)", get_column_label (column), get_column_id (column));

      g_strv_builder_add (heading, cell);
    }
  cells = g_strv_builder_end (heading);
  ch_csv_append_row (out, (const char *const *) cells);
  return g_string_free_to_bytes (out);
}
