#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-store-accounts.h"
#include "server/ch-store-care.h"

/* -- What is known -- */

/* Rows of id, name, created, used; @current is the one that asks */
static GPtrArray *
list_places (ChDbTx *tx, const char *sql, const char *account, const char *current, GError **error)
{
  g_autoptr (GPtrArray) places = ch_wire_list_new (&ChSessionInfo_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, CH_BIND (CH_TEXT (account)), error);
  ChStep step;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      ChSessionInfo *place;

      if (step == CH_STEP_FAILED)
        return NULL;
      place = ch_wire_new (&ChSessionInfo_wire);
      place->id = ch_stmt_dup_text (stmt, 0);
      place->name = ch_stmt_dup_text (stmt, 1);
      place->created = ch_stmt_get_int (stmt, 2);
      place->used = ch_stmt_get_int (stmt, 3);
      place->is_current = g_strcmp0 (place->id, current) == 0;
      g_ptr_array_add (places, place);
    }
  return stmt != NULL ? g_steal_pointer (&places) : NULL;
}

static GPtrArray *
list_given (ChDbTx *tx, const char *account, GError **error)
{
  g_autoptr (GPtrArray) consents = ch_wire_list_new (&ChConsentGiven_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (tx,
                                         "SELECT consent, version, agreed FROM consent WHERE account = $1 "
                                         "ORDER BY agreed DESC, consent LIMIT 1000",
                                         CH_BIND (CH_TEXT (account)), error);
  ChStep step;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      ChConsentGiven *consent;

      if (step == CH_STEP_FAILED)
        return NULL;
      consent = ch_wire_new (&ChConsentGiven_wire);
      consent->id = ch_stmt_dup_text (stmt, 0);
      consent->version = ch_stmt_dup_text (stmt, 1);
      consent->agreed = ch_stmt_get_int (stmt, 2);
      g_ptr_array_add (consents, consent);
    }
  return stmt != NULL ? g_steal_pointer (&consents) : NULL;
}

/* On which PC the session that asks was begun */
static char *
find_installation (ChDbTx *tx, const char *session, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query_row (tx, "SELECT COALESCE (installation, '') FROM session WHERE id = $1",
                         CH_BIND (CH_TEXT (session)), error);

  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

/**
 * ch_care_get:
 * @caller: a member
 *
 * Returns: (transfer full): what an account’s owner looks at: numbers masked, where they are logged in, which
 *   PCs are known, and what they agreed to when
 */
ChCare *
ch_care_get (ChDbTx *tx, const ChCaller *caller, GError **error)
{
  g_autoptr (ChCare) care = ch_wire_new (&ChCare_wire);
  g_autofree char *installation = find_installation (tx, caller->session, error);

  if (installation == NULL)
    return NULL;
  care->account = ch_accounts_get (tx, caller->account, error);
  if (care->account == NULL)
    return NULL;
  care->sessions = list_places (tx,
                                "SELECT s.id, COALESCE (i.name, ''), s.created, s.used FROM session AS s "
                                "LEFT JOIN installation AS i ON i.id = s.installation WHERE s.account = $1 "
                                "ORDER BY s.used DESC LIMIT 1000",
                                caller->account, caller->session, error);
  if (care->sessions == NULL)
    return NULL;
  care->installations = list_places (
      tx, "SELECT id, name, created, used FROM installation WHERE account = $1 ORDER BY used DESC LIMIT 1000",
      caller->account, installation, error);
  if (care->installations == NULL)
    return NULL;
  care->consents = list_given (tx, caller->account, error);
  return care->consents != NULL ? g_steal_pointer (&care) : NULL;
}

/* -- What is changed -- */

/**
 * ch_care_end_other_sessions:
 *
 * Logs the account out everywhere but here.
 */
gboolean
ch_care_end_other_sessions (ChDbTx *tx, const ChCaller *caller, GError **error)
{
  return ch_db_run (tx, "DELETE FROM session WHERE account = $1 AND id <> $2",
                    CH_BIND (CH_TEXT (caller->account), CH_TEXT (caller->session)), error);
}

/**
 * ch_care_set_password:
 * @hash: of the new one
 *
 * The session that does it may do everything from now on; all others end.
 */
gboolean
ch_care_set_password (ChDbTx *tx, const ChCaller *caller, const char *hash, GError **error)
{
  return ch_db_run_one (tx, "UPDATE account SET password = $2, once = NULL WHERE id = $1",
                        CH_BIND (CH_TEXT (caller->account), CH_TEXT (hash)), error)
         && ch_care_end_other_sessions (tx, caller, error)
         && ch_db_run (tx, "UPDATE session SET is_fresh = 0 WHERE id = $1",
                       CH_BIND (CH_TEXT (caller->session)), error);
}

/**
 * ch_care_set_mobile:
 * @error: %CH_ERROR_ACCOUNT_EXISTS when another account has it
 */
gboolean
ch_care_set_mobile (ChDbTx *tx, const char *account, const char *mobile, GError **error)
{
  gint64 n = 0;
  GError *taken;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM account WHERE mobile = $1 AND id <> $2",
                        CH_BIND (CH_TEXT (mobile), CH_TEXT (account)), &n, error))
    return FALSE;
  if (n > 0)
    {
      taken = g_error_new (CH_ERROR, CH_ERROR_ACCOUNT_EXISTS, "another account has this mobile");
      ch_error_add_field (taken, "new-mobile", CH_REASON_TAKEN, NULL);
      g_propagate_error (error, taken);
      return FALSE;
    }
  return ch_db_run_one (tx, "UPDATE account SET mobile = $2 WHERE id = $1",
                        CH_BIND (CH_TEXT (account), CH_TEXT (mobile)), error);
}

gboolean
ch_care_set_email (ChDbTx *tx, const char *account, const char *email, GError **error)
{
  return ch_db_run_one (tx, "UPDATE account SET email = $2 WHERE id = $1",
                        CH_BIND (CH_TEXT (account), CH_TEXT (email)), error);
}

/* -- Forgotten passwords -- */

/**
 * ch_care_find_owner:
 * @error: set only when the store fails
 *
 * Returns: (transfer full): id and user name of the account, with a line break between; empty when there is
 *   none with both
 */
char *
ch_care_find_owner (ChDbTx *tx, const char *mobile, const char *document_number, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT id, user_name FROM account WHERE mobile = $1 AND document_number = $2 AND closed = 0",
      CH_BIND (CH_TEXT (mobile), CH_TEXT (document_number)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  if (step == CH_STEP_FAILED)
    return NULL;
  if (step == CH_STEP_DONE)
    return g_strdup ("");
  return g_strconcat (ch_stmt_get_text (stmt, 0), "\n", ch_stmt_get_text (stmt, 1), NULL);
}

/**
 * ch_care_set_once:
 * @once: HMAC of a one-time password; a new one voids the old
 *
 * The old password stays good until this one is used: somebody else’s asking locks nobody out. Whoever is
 * logged in is logged out.
 */
gboolean
ch_care_set_once (ChDbTx *tx, const char *account, GBytes *once, gint64 expires, GError **error)
{
  return ch_db_run_one (tx, "UPDATE account SET once = $2, once_expires = $3 WHERE id = $1",
                        CH_BIND (CH_TEXT (account), CH_BYTES (once), CH_INT (expires)), error)
         && ch_db_run (tx, "DELETE FROM session WHERE account = $1", CH_BIND (CH_TEXT (account)), error);
}
