#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-erase.h"
#include "server/ch-relations.h"

/* Where the profile is silent: as long as the law demands of certificates */
#define DEFAULT_MONTHS 60

#define CERTIFICATE "certificate"
#define PAYMENT     "payment"

/* What keeps an account open */
static const struct
{
  const char *kind;
  const char *sql;
} obstacles[] = {
  { "under-way",
    "SELECT id FROM application WHERE account = $1 AND state IN ('submitted', 'refused', 'approved')" },
  { "not-installed", "SELECT id FROM application WHERE account = $1 AND state = 'issued'" },
  { "paid", "SELECT a.id FROM application AS a JOIN purchase AS p ON p.application = a.id "
            "WHERE a.account = $1 AND a.state = 'draft' AND p.state = 'paid'" },
  { "refund", "SELECT DISTINCT a.id FROM application AS a JOIN purchase AS p ON p.application = a.id "
              "JOIN attempt AS t ON t.purchase = p.id JOIN refund AS r ON r.trade_no = t.trade_no "
              "WHERE a.account = $1 AND r.state <> 'done'" },
};

/* Serial, state and key of a certificate stay, so that it can be verified and its key is never certified
 * again; there is no person in them. */
static const char *const with_payment[]
    = { "certificate", "known_key", "purchase", "invoice", "invoice_answer", NULL };

/* Until when the parts of an application are kept; 0: they are not there */
typedef struct
{
  char *id;
  gint64 certificate;
  gint64 payment;
} Terms;

static void
terms_free (gpointer data)
{
  Terms *terms = data;

  g_free (terms->id);
  g_free (terms);
}

/* -- How long -- */

static gint64
add_term (ChService *service, const char *kind, gint64 from)
{
  const ChProfile *profile = ch_service_get_profile (service);
  gint64 months = DEFAULT_MONTHS;
  g_autoptr (GDateTime) start = NULL;
  g_autoptr (GDateTime) end = NULL;

  if (from <= 0)
    return 0;
  for (guint i = 0; profile->retention != NULL && i < profile->retention->len; i++)
    {
      const ChRetention *rule = profile->retention->pdata[i];

      if (g_str_equal (rule->kind, kind))
        months = rule->months;
    }
  start = g_date_time_new_from_unix_utc (from);
  end = start != NULL ? g_date_time_add_months (start, (int) months) : NULL;
  return end != NULL ? g_date_time_to_unix (end) : G_MAXINT64;
}

/* @account: (nullable): %NULL for those of every closed account */
static GPtrArray *
list_terms (ChDbTx *tx, ChService *service, const char *account, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (terms_free);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      account != NULL
          ? "SELECT a.id, "
            "(SELECT MAX (c.not_after) FROM certificate AS c WHERE c.application = a.id AND c.der IS NOT "
            "NULL), "
            "(SELECT MAX (p.paid) FROM purchase AS p WHERE p.application = a.id) "
            "FROM application AS a WHERE a.account = $1"
          : "SELECT a.id, "
            "(SELECT MAX (c.not_after) FROM certificate AS c WHERE c.application = a.id AND c.der IS NOT "
            "NULL), "
            "(SELECT MAX (p.paid) FROM purchase AS p WHERE p.application = a.id) "
            "FROM application AS a JOIN account AS o ON o.id = a.account WHERE o.closed > 0 AND $1 IS NULL",
      CH_BIND (CH_TEXT (account)), error);
  ChStep step;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      Terms *terms;

      if (step == CH_STEP_FAILED)
        return NULL;
      terms = g_new0 (Terms, 1);
      terms->id = ch_stmt_dup_text (stmt, 0);
      terms->certificate = add_term (service, CERTIFICATE, ch_stmt_get_int (stmt, 1));
      terms->payment = add_term (service, PAYMENT, ch_stmt_get_int (stmt, 2));
      g_ptr_array_add (list, terms);
    }
  return stmt != NULL ? g_steal_pointer (&list) : NULL;
}

/* -- What would happen -- */

static gboolean
add_obstacles (ChDbTx *tx, const char *account, GPtrArray *list, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (obstacles); i++)
    {
      g_autoptr (ChStmt) stmt = ch_db_query (tx, obstacles[i].sql, CH_BIND (CH_TEXT (account)), error);
      ChStep step;

      while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
        {
          ChObstacle *obstacle;

          if (step == CH_STEP_FAILED)
            return FALSE;
          if (list->len >= 100)
            return TRUE;
          obstacle = ch_wire_new (&ChObstacle_wire);
          obstacle->kind = g_strdup (obstacles[i].kind);
          obstacle->application = ch_stmt_dup_text (stmt, 0);
          g_ptr_array_add (list, obstacle);
        }
      if (stmt == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
add_kept (GPtrArray *list, const char *kind, gint64 until)
{
  ChKept *kept = NULL;

  if (until <= ch_clock_now ())
    return;
  for (guint i = 0; i < list->len && kept == NULL; i++)
    if (g_str_equal (((ChKept *) list->pdata[i])->kind, kind))
      kept = list->pdata[i];
  if (kept == NULL)
    {
      kept = ch_wire_new (&ChKept_wire);
      kept->kind = g_strdup (kind);
      g_ptr_array_add (list, kept);
    }
  kept->n++;
  kept->until = MAX (kept->until, until);
}

/**
 * ch_erase_foresee:
 *
 * Returns: (transfer full): what keeps the account from being closed, and what would be kept after it
 */
ChClosing *
ch_erase_foresee (ChDbTx *tx, ChService *service, const char *account, GError **error)
{
  g_autoptr (ChClosing) closing = ch_wire_new (&ChClosing_wire);
  g_autoptr (GPtrArray) list = list_terms (tx, service, account, error);

  closing->obstacles = ch_wire_list_new (&ChObstacle_wire);
  closing->kept = ch_wire_list_new (&ChKept_wire);
  if (list == NULL || !add_obstacles (tx, account, closing->obstacles, error))
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      const Terms *terms = list->pdata[i];

      add_kept (closing->kept, CERTIFICATE, terms->certificate);
      add_kept (closing->kept, PAYMENT, terms->payment);
    }
  return g_steal_pointer (&closing);
}

/* -- Erasing -- */

static gboolean
erase_below (ChDbTx *tx, const char *table, const char *id, const char *const *except, GError **error)
{
  g_autoptr (GPtrArray) relations = ch_relations_list (tx, table, except, error);

  for (guint i = 0; relations != NULL && i < relations->len; i++)
    {
      const ChRelation *relation = relations->pdata[i];
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s AS t%u WHERE %s", relation->table,
                                              relation->depth, relation->condition);

      if (!ch_db_run (tx, sql, CH_BIND (CH_TEXT (id)), error))
        return FALSE;
    }
  return relations != NULL;
}

/* What is left of a certificate whose time is over: that there was one, and what became of it */
static gboolean
blank_certificates (ChDbTx *tx, const char *application, GError **error)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  return ch_db_run (tx,
                    "UPDATE certificate SET name = '', words = '', tbs = $2, der = $2 WHERE application = $1 "
                    "AND name <> ''",
                    CH_BIND (CH_TEXT (application), CH_BYTES (nothing)), error);
}

/* What was answered to staff that looked at it, and would be answered again */
static gboolean
erase_answers (ChDbTx *tx, const char *application, GError **error)
{
  return ch_db_run (tx,
                    "DELETE FROM idempotency WHERE principal >= 'staff:' AND principal < 'staff;' "
                    "AND instr (answer, CAST ($1 AS BLOB)) > 0",
                    CH_BIND (CH_TEXT (application)), error);
}

static gboolean
erase_application (ChDbTx *tx, const Terms *terms, gint64 now, GError **error)
{
  static const char *const but_certificates[] = { "certificate", "known_key", NULL };
  gint64 n_keys = 0;

  if (terms->certificate > now)
    return TRUE;
  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM known_key WHERE application = $1",
                        CH_BIND (CH_TEXT (terms->id)), &n_keys, error)
      || !blank_certificates (tx, terms->id, error) || !erase_answers (tx, terms->id, error))
    return FALSE;
  if (terms->payment > now)
    return erase_below (tx, "application", terms->id, with_payment, error);
  if (n_keys > 0)
    return erase_below (tx, "application", terms->id, but_certificates, error);
  return erase_below (tx, "application", terms->id, NULL, error)
         && ch_db_run (tx, "DELETE FROM application WHERE id = $1", CH_BIND (CH_TEXT (terms->id)), error);
}

static gboolean
erase_terms (ChDbTx *tx, GPtrArray *list, GError **error)
{
  gint64 now = ch_clock_now ();

  for (guint i = 0; i < list->len; i++)
    if (!erase_application (tx, list->pdata[i], now, error))
      return FALSE;
  return TRUE;
}

/* Closed accounts of which nothing is kept any more */
static gboolean
erase_empty (ChDbTx *tx, GError **error)
{
  static const char empty[]
      = "closed > 0 AND NOT EXISTS (SELECT 1 FROM application AS a WHERE a.account = account.id)";
  g_autofree char *consents
      = g_strdup_printf ("DELETE FROM consent WHERE account IN (SELECT id FROM account WHERE %s)", empty);
  g_autofree char *accounts = g_strdup_printf ("DELETE FROM account WHERE %s", empty);

  return ch_db_run (tx, consents, NULL, error) && ch_db_run (tx, accounts, NULL, error);
}

/* What names the person without pointing to the account */
static gboolean
erase_traces (ChDbTx *tx, const char *account, GError **error)
{
  static const char *const sql[] = {
    "DELETE FROM sms_code WHERE mobile IN (SELECT mobile FROM account WHERE id = $1)",
    "DELETE FROM sms_code WHERE mobile IN (SELECT email FROM account WHERE id = $1 AND email <> '')",
    "DELETE FROM idempotency WHERE principal = 'account:' || $1",
    /* the answer to the registration, which nobody had an account for */
    "DELETE FROM idempotency WHERE principal = 'anybody' AND route = 'register' "
    "AND instr (answer, CAST ($1 AS BLOB)) > 0",
    "UPDATE account SET user_name = 'closed:' || id, mobile = 'closed:' || id, name = '', document_kind = "
    "'', "
    "document_number = '', email = '', password = '*', once = NULL, once_expires = 0 WHERE id = $1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    if (!ch_db_run (tx, sql[i], CH_BIND (CH_TEXT (account)), error))
      return FALSE;
  return TRUE;
}

/**
 * ch_erase_account:
 * @error: %CH_ERROR_CLOSING_REFUSED when money is owed or something is under way
 *
 * Closes an account. What the law keeps stays until ch_erase_expired() finds its time over; everything else
 * goes at once, and the user name and mobile are free again.
 */
gboolean
ch_erase_account (ChDbTx *tx, ChService *service, const char *account, GError **error)
{
  static const char *const kept[] = { "application", "consent", NULL };
  g_autoptr (ChClosing) closing = ch_erase_foresee (tx, service, account, error);
  g_autoptr (GPtrArray) list = NULL;

  if (closing == NULL)
    return FALSE;
  if (closing->obstacles->len > 0)
    {
      const ChObstacle *first = closing->obstacles->pdata[0];

      g_set_error (error, CH_ERROR, CH_ERROR_CLOSING_REFUSED, "%s: %s", first->application, first->kind);
      return FALSE;
    }

  list = list_terms (tx, service, account, error);
  return list != NULL && erase_terms (tx, list, error) && erase_traces (tx, account, error)
         && erase_below (tx, "account", account, kept, error)
         && ch_db_run (tx, "UPDATE account SET closed = $2 WHERE id = $1",
                       CH_BIND (CH_TEXT (account), CH_INT (ch_clock_now ())), error)
         && erase_empty (tx, error);
}

/**
 * ch_erase_expired:
 *
 * Erases what was kept of closed accounts and has had its time. Called now and then.
 */
gboolean
ch_erase_expired (ChDbTx *tx, ChService *service, GError **error)
{
  g_autoptr (GPtrArray) list = list_terms (tx, service, NULL, error);

  return list != NULL && erase_terms (tx, list, error) && erase_empty (tx, error);
}
