#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-access.h"
#include "server/ch-ticket.h"

/* A session’s last use is written at most this often, seconds */
#define TOUCH_AFTER   60
#define SECONDS_A_DAY 86400

/* Whose the thing is that the first {name} of the path names, whether staff may see it (what is not handed in
 * is the applicant’s alone), and the application it belongs to. */
static const char *const owners[] = {
  [CH_OWNED_NONE] = NULL,
  [CH_OWNED_APPLICATION] = "SELECT account, state <> 'draft', id FROM application WHERE id = $1",
  [CH_OWNED_UPLOAD]
  = "SELECT a.account, 0, a.id FROM upload AS u JOIN application AS a ON a.id = u.application "
    "WHERE u.id = $1",
  [CH_OWNED_ORDER]
  = "SELECT a.account, 0, a.id FROM purchase AS p JOIN application AS a ON a.id = p.application "
    "WHERE p.id = $1",
  [CH_OWNED_CERTIFICATE]
  = "SELECT a.account, 0, a.id FROM certificate AS c JOIN application AS a ON a.id = c.application "
    "WHERE c.serial = $1 AND c.der IS NOT NULL",
  [CH_OWNED_SESSION] = "SELECT account, 0, NULL FROM session WHERE id = $1",
  [CH_OWNED_INSTALLATION] = "SELECT account, 0, NULL FROM installation WHERE id = $1",
  [CH_OWNED_PHONE] = "SELECT account, 0, NULL FROM phone WHERE id = $1",
  [CH_OWNED_BATCH] = "SELECT account, 0, NULL FROM batch WHERE id = $1",
};

static gpointer
write_touch (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "UPDATE session SET used = $1 WHERE token = $2",
                    CH_BIND (CH_INT (ch_clock_now ()), CH_BYTES (data)), error)
             ? CH_DB_DONE
             : NULL;
}

/* A certificate that is revoked or on hold ends the sessions it began. Of a holder, the date decides what the
 * session is good for. Returns: 0 when it is good for nothing. */
static ChPrincipals
judge_certificate (ChService *service, ChStmt *row, gboolean is_staff, gint64 now)
{
  const char *state = ch_stmt_get_text (row, 7);
  gint64 not_after = ch_stmt_get_int (row, 8);
  gint64 grace = ch_service_get_profile (service)->limits->grace_days * SECONDS_A_DAY;

  if (g_strcmp0 (state, "issued") != 0 && g_strcmp0 (state, "installed") != 0)
    return 0;
  if (is_staff)
    return now <= not_after ? (ChPrincipals) ch_stmt_get_int (row, 5) : 0;
  if (now <= not_after)
    return CH_PRINCIPAL_HOLDER;
  return now <= not_after + grace ? CH_PRINCIPAL_LATE_HOLDER : 0;
}

/* Finds who holds the session; leaves @caller alone when it has ended. @is_use: it is not idle any more */
static gboolean
find_session (ChDbTx *tx,
              ChService *service,
              GBytes *token_sha256,
              gboolean is_use,
              ChCaller *caller,
              GError **error)
{
  const ChLimits *limits = ch_service_get_profile (service)->limits;
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT s.id, s.account, s.staff, s.created, s.used, COALESCE (p.roles, 0), s.certificate, c.state, "
      "c.not_after, s.is_fresh FROM session AS s LEFT JOIN staff AS p ON p.name = s.staff "
      "LEFT JOIN certificate AS c ON c.serial = s.certificate WHERE s.token = $1",
      CH_BIND (CH_BYTES (token_sha256)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gint64 now = ch_clock_now (), idle, total, used;
  gboolean is_staff, by_certificate;
  ChPrincipals principals;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  is_staff = !ch_stmt_is_null (stmt, 2);
  by_certificate = !ch_stmt_is_null (stmt, 6);
  idle = is_staff ? limits->staff_idle : limits->session_idle;
  total = is_staff ? limits->staff_total : limits->session_total;
  used = ch_stmt_get_int (stmt, 4);
  if (now - used > idle || now - ch_stmt_get_int (stmt, 3) > total)
    return TRUE;

  if (by_certificate)
    principals = judge_certificate (service, stmt, is_staff, now);
  else
    principals = is_staff                         ? (ChPrincipals) ch_stmt_get_int (stmt, 5)
                 : ch_stmt_get_int (stmt, 9) != 0 ? CH_PRINCIPAL_FRESH
                                                  : CH_PRINCIPAL_MEMBER;
  if (principals == 0)
    return TRUE;

  caller->session = ch_stmt_dup_text (stmt, 0);
  caller->staff = ch_stmt_dup_text (stmt, 2);
  if (by_certificate && !is_staff)
    caller->certificate = ch_stmt_dup_text (stmt, 6);
  else
    caller->account = ch_stmt_dup_text (stmt, 1);
  caller->principals |= principals;

  if (is_use && now - used >= TOUCH_AFTER)
    ch_db_post (ch_service_get_db (service), write_touch, g_bytes_ref (token_sha256),
                (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

/* What came as a session may be a ticket */
static gboolean
find_caller (ChDbTx *tx,
             ChService *service,
             GBytes *token_sha256,
             gboolean is_use,
             ChCaller *caller,
             GError **error)
{
  return find_session (tx, service, token_sha256, is_use, caller, error)
         && (caller->session != NULL || ch_ticket_find (tx, token_sha256, caller, error));
}

/* A holder’s are the applications about the certificate; the one on which it was issued is there to be looked
 * at, but for who is late: that is over */
static gboolean
is_holders (ChDbTx *tx,
            const ChRoute *route,
            const ChCaller *caller,
            const char *application,
            gboolean *is_own,
            GError **error)
{
  gboolean is_late = (caller->principals & CH_PRINCIPAL_HOLDER) == 0;
  gboolean is_about_only
      = (route->flags & CH_ROUTE_CHANGES) != 0 || (is_late && route->owned != CH_OWNED_CERTIFICATE);
  gint64 n = 0;

  if (!ch_db_query_int (
          tx,
          "SELECT COUNT (*) FROM certificate AS c JOIN application AS a ON a.id = $2 "
          "WHERE c.serial = $1 AND (a.base = c.serial OR ($3 = 0 AND a.id = c.application))",
          CH_BIND (CH_TEXT (caller->certificate), CH_TEXT (application), CH_INT (is_about_only)), &n, error))
    return FALSE;
  *is_own = n == 1;
  return TRUE;
}

static gboolean
check_owner (ChDbTx *tx,
             const ChRoute *route,
             const ChCaller *caller,
             const char *const *args,
             GError **error)
{
  g_autoptr (ChStmt) stmt = NULL;
  gboolean is_own;

  if (route->owned == CH_OWNED_NONE)
    return TRUE;
  g_return_val_if_fail (args != NULL && args[0] != NULL, FALSE);

  stmt = ch_db_query_row (tx, owners[route->owned], CH_BIND (CH_TEXT (args[0])), error);
  if (stmt == NULL)
    return FALSE;

  if (caller->certificate != NULL)
    {
      if (!is_holders (tx, route, caller, ch_stmt_get_text (stmt, 2), &is_own, error))
        return FALSE;
    }
  else if (caller->ticket != NULL)
    {
      if (!ch_ticket_covers (tx, caller->ticket, ch_stmt_get_text (stmt, 2), &is_own, error))
        return FALSE;
    }
  else if (caller->account != NULL)
    is_own = g_strcmp0 (caller->account, ch_stmt_get_text (stmt, 0)) == 0;
  else /* a member of staff has no account: what is theirs by office is what was handed in */
    is_own = caller->staff != NULL && ch_stmt_get_int (stmt, 1) != 0;

  if (!is_own)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such row");
  return is_own;
}

static gboolean
check_principals (const ChRoute *route, const ChCaller *caller, GError **error)
{
  if ((caller->principals & route->principals) != 0)
    return TRUE;

  if (caller->session == NULL && caller->ticket == NULL)
    g_set_error (error, CH_ERROR, caller->is_late ? CH_ERROR_TICKET_ENDED : CH_ERROR_NOT_LOGGED_IN,
                 "there is no session, or it has ended");
  else if ((caller->principals & CH_PRINCIPAL_FRESH) != 0 && (route->principals & CH_PRINCIPAL_MEMBER) != 0)
    g_set_error (error, CH_ERROR, CH_ERROR_PASSWORD_EXPIRED, "another password is to be chosen first");
  else
    g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "this session may not call %s", route->id);
  return FALSE;
}

/**
 * ch_access_check:
 * @tx: a transaction to read in
 * @route: what is called
 * @token_sha256: (nullable): SHA-256 of the session’s token, if one came
 * @args: what stands in the path
 * @error: %CH_ERROR_NOT_LOGGED_IN, %CH_ERROR_PASSWORD_EXPIRED, %CH_ERROR_FORBIDDEN, or %CH_ERROR_NOT_FOUND
 * for another’s thing
 *
 * The one place that decides who may call what about whose thing: reads the route’s row, nothing else.
 *
 * Returns: (transfer full): who calls
 */
ChCaller *
ch_access_check (ChDbTx *tx,
                 ChService *service,
                 const ChRoute *route,
                 GBytes *token_sha256,
                 const char *const *args,
                 GError **error)
{
  g_autoptr (ChCaller) caller = ch_caller_new ();

  if (token_sha256 != NULL && !find_caller (tx, service, token_sha256, TRUE, caller, error))
    return NULL;
  return check_principals (route, caller, error) && check_owner (tx, route, caller, args, error)
             ? g_steal_pointer (&caller)
             : NULL;
}

/**
 * ch_access_still_holds:
 * @token_sha256: of a session with which @route was called some time ago
 *
 * Looks at what began once and goes on since. Nobody uses the session by that: it grows old as before.
 *
 * Returns: whether it may go on
 */
gboolean
ch_access_still_holds (ChDbTx *tx, ChService *service, const ChRoute *route, GBytes *token_sha256)
{
  g_autoptr (ChCaller) caller = ch_caller_new ();

  return find_caller (tx, service, token_sha256, FALSE, caller, NULL)
         && check_principals (route, caller, NULL);
}
