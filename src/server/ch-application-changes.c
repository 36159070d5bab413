#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-application-changes.h"

/**
 * ch_changes_note:
 * @field: id of a field or a document
 * @place: (nullable): name of the PC
 *
 * Notes that @field was changed by the version the application has now.
 */
gboolean
ch_changes_note (ChDbTx *tx, const char *application, const char *field, const char *place, GError **error)
{
  return ch_db_run (
      tx,
      "INSERT INTO application_change (application, field, version, at, place) "
      "SELECT id, $2, version, $3, $4 FROM application WHERE id = $1 "
      "ON CONFLICT (application, field) DO UPDATE SET version = excluded.version, "
      "at = excluded.at, place = excluded.place",
      CH_BIND (CH_TEXT (application), CH_TEXT (field), CH_INT (ch_clock_now ()), CH_TEXT (place)), error);
}

static gboolean
note_different (ChDbTx *tx,
                const char *application,
                GHashTable *in,
                GHashTable *other,
                gboolean only_missing,
                const char *place,
                GError **error)
{
  GHashTableIter iter;
  gpointer field, value;

  g_hash_table_iter_init (&iter, in);
  while (g_hash_table_iter_next (&iter, &field, &value))
    {
      const char *there = g_hash_table_lookup (other, field);

      if (only_missing ? there != NULL : g_strcmp0 (there, value) == 0)
        continue;
      if (!ch_changes_note (tx, application, field, place, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * ch_changes_note_answers:
 * @before: as it was
 * @answers: as they are now
 * @place: (nullable): name of the PC
 *
 * Notes every answer that is another one now, or none any more.
 */
gboolean
ch_changes_note_answers (ChDbTx *tx,
                         const ChApplicationRecord *before,
                         GHashTable *answers,
                         const char *place,
                         GError **error)
{
  return note_different (tx, before->id, answers, before->answers, FALSE, place, error)
         && note_different (tx, before->id, before->answers, answers, TRUE, place, error);
}

/* The fields changed since @version, and the newest of these changes */
static gboolean
explain (ChDbTx *tx, const char *application, gint64 version, GError *conflict, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT field, at, place FROM application_change WHERE application = $1 AND version > $2 "
      "ORDER BY version DESC, field LIMIT 40",
      CH_BIND (CH_TEXT (application), CH_INT (version)), error);
  g_autoptr (GString) fields = g_string_new (NULL);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      if (fields->len == 0)
        {
          g_autofree char *at = ch_clock_format (ch_stmt_get_int (stmt, 1));

          ch_error_set_detail (conflict, "changed-at", at);
          if (!ch_stmt_is_null (stmt, 2))
            ch_error_set_detail (conflict, "changed-by", ch_stmt_get_text (stmt, 2));
        }
      g_string_append_printf (fields, "%s%s", fields->len > 0 ? " " : "", ch_stmt_get_text (stmt, 0));
    }

  if (fields->len > 0)
    ch_error_set_detail (conflict, "changed", fields->str);
  return step == CH_STEP_DONE;
}

/**
 * ch_changes_check_version:
 * @version: the one the writer saw
 * @error: %CH_ERROR_CONFLICT with details `version` (the newest), `changed` (fields and documents),
 * `changed-at` and `changed-by` (the PC)
 *
 * Returns: whether the writer saw the newest version
 */
gboolean
ch_changes_check_version (ChDbTx *tx, const ChApplicationRecord *record, gint64 version, GError **error)
{
  g_autoptr (GError) conflict = NULL;

  if (ch_application_record_check_version (record, version, &conflict))
    return TRUE;
  if (explain (tx, record->id, version, conflict, error))
    g_propagate_error (error, g_steal_pointer (&conflict));
  return FALSE;
}
