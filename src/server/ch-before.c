#include "config.h"

#include "server/ch-before.h"
#include "wire/ch-field.h"

/* Answers about who acts are those of the form for it, whatever the business */
static gboolean
is_about_handler (const char *field)
{
  for (gsize i = 0; ch_form_handler.fields[i] != NULL; i++)
    if (g_str_equal (ch_form_handler.fields[i]->id, field))
      return TRUE;
  return FALSE;
}

static gboolean
read_answers (ChDbTx *tx, const char *application, gboolean of_handler, GHashTable *answers, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT field, value FROM answer WHERE application = $1",
                                         CH_BIND (CH_TEXT (application)), error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    if (is_about_handler (ch_stmt_get_text (stmt, 0)) == of_handler)
      g_hash_table_insert (answers, ch_stmt_dup_text (stmt, 0), ch_stmt_dup_text (stmt, 1));
  return step == CH_STEP_DONE;
}

/* Returns: (transfer full): id of the application that is told by @column of @certificate */
static char *
read_application (ChDbTx *tx, const char *column, const char *certificate, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM certificate WHERE serial = $1", column);
  g_autoptr (ChStmt) row = ch_db_query_row (tx, sql, CH_BIND (CH_TEXT (certificate)), error);

  return row != NULL ? ch_stmt_dup_text (row, 0) : NULL;
}

/**
 * ch_before_read:
 * @certificate: a serial number
 * @handler_from: the application with the answers about who acts
 *
 * Returns: (transfer full): field id → value, all that was answered for the certificate
 */
GHashTable *
ch_before_read (ChDbTx *tx, const char *certificate, const char *handler_from, GError **error)
{
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autofree char *application = read_application (tx, "application", certificate, error);

  return application != NULL && read_answers (tx, application, FALSE, answers, error)
                 && read_answers (tx, handler_from, TRUE, answers, error)
             ? g_steal_pointer (&answers)
             : NULL;
}

/**
 * ch_before_find_handler:
 * @certificate: a serial number
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): id of the application with the answers about who acts for it now
 */
char *
ch_before_find_handler (ChDbTx *tx, const char *certificate, GError **error)
{
  return read_application (tx, "COALESCE (handler, application)", certificate, error);
}

/**
 * ch_before_get_handler_answer:
 * @certificate: a serial number
 * @field: of the form of the handler: `handler-mobile`
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Who acts for a certificate now: whose mobile unlocks it, and is told of it.
 *
 * Returns: (transfer full): the answer
 */
char *
ch_before_get_handler_answer (ChDbTx *tx, const char *certificate, const char *field, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT a.value FROM certificate AS c JOIN answer AS a ON a.application = COALESCE (c.handler, "
      "c.application) WHERE c.serial = $1 AND a.field = $2",
      CH_BIND (CH_TEXT (certificate), CH_TEXT (field)), error);

  return row != NULL ? ch_stmt_dup_text (row, 0) : NULL;
}
