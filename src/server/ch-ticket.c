#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/ch-ticket.h"

/* What a ticket is for, as it is stored, and what its holder is then: one purpose, one principal */
static const struct
{
  const char *purpose;
  ChPrincipals principal;
} purposes[] = {
  { "lookup", CH_PRINCIPAL_LOOKUP_TICKET },
  { "download", CH_PRINCIPAL_DOWNLOAD_TICKET },
  { "unlock", CH_PRINCIPAL_UNLOCK_TICKET },
  { "scan", CH_PRINCIPAL_SCAN_TICKET },
  { "phone", CH_PRINCIPAL_PHONE_TICKET },
  { "phone-install", CH_PRINCIPAL_PHONE_INSTALL },
  { "phone-papers", CH_PRINCIPAL_PHONE_PAPERS },
  { "making", CH_PRINCIPAL_MAKING_TICKET },
};

static const char *
name_purpose (ChPrincipals principal)
{
  for (gsize i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (purposes[i].principal == principal)
      return purposes[i].purpose;
  return NULL;
}

static ChPrincipals
parse_purpose (const char *purpose)
{
  for (gsize i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (g_strcmp0 (purposes[i].purpose, purpose) == 0)
      return purposes[i].principal;
  return 0;
}

/**
 * ch_ticket_start:
 * @tx: the transaction in which what gives a right to it is used up
 * @purpose: what its holder will be: one of the principals of tickets
 * @object: what it is about, for who looks into the store later; no personal data
 * @applications: (element-type utf8): ids of what it may look at
 *
 * Makes a ticket, of whose token only the SHA-256 is stored.
 *
 * Returns: (transfer full): the ticket
 */
ChTicket *
ch_ticket_start (ChDbTx *tx,
                 ChPrincipals purpose,
                 const char *object,
                 GPtrArray *applications,
                 GError **error)
{
  const char *name = name_purpose (purpose);
  g_autoptr (ChTicket) ticket = ch_wire_new (&ChTicket_wire);
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (GBytes) digest = NULL;
  gint64 now = ch_clock_now ();
  guint8 bits[32];
  char *token;

  g_return_val_if_fail (name != NULL, NULL);

  ch_random_fill (bits, sizeof bits);
  token = g_base64_encode (bits, sizeof bits);
  ch_secret_wipe (bits, sizeof bits);
  digest = ch_sha256 (token, strlen (token));
  ticket->token = ch_secret_take_text (token);
  ticket->ends = now + CH_TICKET_SECONDS;

  if (!ch_db_run (tx, "INSERT INTO ticket (token, id, purpose, object, created) VALUES ($1, $2, $3, $4, $5)",
                  CH_BIND (CH_BYTES (digest), CH_TEXT (id), CH_TEXT (name), CH_TEXT (object), CH_INT (now)),
                  error))
    return NULL;
  for (guint i = 0; i < applications->len; i++)
    if (!ch_db_run (tx, "INSERT INTO ticket_application (ticket, application) VALUES ($1, $2)",
                    CH_BIND (CH_TEXT (id), CH_TEXT (applications->pdata[i])), error))
      return NULL;
  return g_steal_pointer (&ticket);
}

/**
 * ch_ticket_find:
 * @token_sha256: of what came as a session
 * @caller: (inout): is told who holds the ticket, or that it has ended; left alone when there is none
 *
 * A ticket does not live longer by being used.
 */
gboolean
ch_ticket_find (ChDbTx *tx, GBytes *token_sha256, ChCaller *caller, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT id, purpose, created > $2 FROM ticket WHERE token = $1",
                     CH_BIND (CH_BYTES (token_sha256), CH_INT (ch_clock_now () - CH_TICKET_SECONDS)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  ChPrincipals principal;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  principal = parse_purpose (ch_stmt_get_text (stmt, 1));
  caller->is_late = ch_stmt_get_int (stmt, 2) == 0;
  if (principal == 0 || caller->is_late)
    return TRUE;
  caller->ticket = ch_stmt_dup_text (stmt, 0);
  caller->principals |= principal;
  return TRUE;
}

/**
 * ch_ticket_covers:
 * @ticket: its id
 * @is_covered: (out): whether @application is one of those it was made for
 */
gboolean
ch_ticket_covers (ChDbTx *tx,
                  const char *ticket,
                  const char *application,
                  gboolean *is_covered,
                  GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM ticket_application WHERE ticket = $1 AND application = $2",
                        CH_BIND (CH_TEXT (ticket), CH_TEXT (application)), &n, error))
    return FALSE;
  *is_covered = n == 1;
  return TRUE;
}

/**
 * ch_ticket_get_object:
 * @ticket: its id
 *
 * Returns: (transfer full): what ch_ticket_start() was told that it is about
 */
char *
ch_ticket_get_object (ChDbTx *tx, const char *ticket, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT object FROM ticket WHERE id = $1", CH_BIND (CH_TEXT (ticket)), error);

  return row != NULL ? ch_stmt_dup_text (row, 0) : NULL;
}

/**
 * ch_ticket_delete_old:
 *
 * Forgets tickets that have ended, with what they were for.
 */
gboolean
ch_ticket_delete_old (ChDbTx *tx, GError **error)
{
  return ch_db_run (tx, "DELETE FROM ticket WHERE created <= $1",
                    CH_BIND (CH_INT (ch_clock_now () - CH_TICKET_SECONDS)), error);
}
