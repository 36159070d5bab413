#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "server/ch-password.h"
#include "server/ch-store-accounts.h"
#include "wire/ch-route.h"

/* -- Accounts -- */

static const char *
get (const ChAccountDraft *draft, const char *field)
{
  const char *value = g_hash_table_lookup (draft->answers, field);

  return value != NULL ? value : "";
}

static gboolean
check_taken (ChDbTx *tx, const ChAccountDraft *draft, GError **error)
{
  static const struct
  {
    const char *sql;
    const char *field;
  } rows[] = {
    { "SELECT COUNT (*) FROM account WHERE user_name = $1", "user-name" },
    { "SELECT COUNT (*) FROM account WHERE mobile = $1", "handler-mobile" },
  };
  g_autoptr (GError) taken = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 n = 0;

      if (!ch_db_query_int (tx, rows[i].sql, CH_BIND (CH_TEXT (get (draft, rows[i].field))), &n, error))
        return FALSE;
      if (n == 0)
        continue;
      if (taken == NULL)
        taken = g_error_new (CH_ERROR, CH_ERROR_ACCOUNT_EXISTS, "there is an account already");
      ch_error_add_field (taken, rows[i].field, CH_REASON_TAKEN, NULL);
    }

  if (taken == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&taken));
  return FALSE;
}

/**
 * ch_accounts_add:
 * @tx: a transaction to write in
 * @error: %CH_ERROR_ACCOUNT_EXISTS naming what is taken
 *
 * Returns: (transfer full): the new account
 */
ChAccount *
ch_accounts_add (ChDbTx *tx, const ChAccountDraft *draft, GError **error)
{
  g_autofree char *id = ch_random_new_id ();

  if (!check_taken (tx, draft, error)
      || !ch_db_run (
          tx,
          "INSERT INTO account (id, user_name, mobile, name, document_kind, document_number, password, "
          "created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
          CH_BIND (CH_TEXT (id), CH_TEXT (get (draft, "user-name")), CH_TEXT (get (draft, "handler-mobile")),
                   CH_TEXT (get (draft, "handler-name")), CH_TEXT (get (draft, "handler-document-kind")),
                   CH_TEXT (get (draft, "handler-document-number")), CH_TEXT (draft->password),
                   CH_INT (ch_clock_now ())),
          error)
      || !ch_accounts_add_consents (tx, id, draft->consents, error))
    return NULL;
  return ch_accounts_get (tx, id, error);
}

/**
 * ch_accounts_add_consents:
 * @consents: (element-type ChConsent): what was agreed to; what was agreed to before stays as it is
 */
gboolean
ch_accounts_add_consents (ChDbTx *tx, const char *account, GPtrArray *consents, GError **error)
{
  for (guint i = 0; consents != NULL && i < consents->len; i++)
    {
      const ChConsent *consent = consents->pdata[i];

      if (!ch_db_run (tx,
                      "INSERT INTO consent (account, consent, version, agreed) VALUES ($1, $2, $3, $4) "
                      "ON CONFLICT (account, consent, version) DO NOTHING",
                      CH_BIND (CH_TEXT (account), CH_TEXT (consent->id), CH_TEXT (consent->version),
                               CH_INT (ch_clock_now ())),
                      error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ch_accounts_get:
 *
 * Returns: (transfer full): the account as it is shown: numbers masked
 */
ChAccount *
ch_accounts_get (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx, "SELECT user_name, name, mobile, document_number, created, email FROM account WHERE id = $1",
      CH_BIND (CH_TEXT (id)), error);
  ChAccount *account;

  if (stmt == NULL)
    return NULL;

  account = ch_wire_new (&ChAccount_wire);
  account->id = g_strdup (id);
  account->user_name = ch_stmt_dup_text (stmt, 0);
  account->name = ch_stmt_dup_text (stmt, 1);
  account->mobile = ch_mask_number (ch_stmt_get_text (stmt, 2));
  account->document_number = ch_mask_number (ch_stmt_get_text (stmt, 3));
  account->created = ch_stmt_get_int (stmt, 4);
  if (*ch_stmt_get_text (stmt, 5) != 0)
    account->email = ch_mask_email (ch_stmt_get_text (stmt, 5));
  return account;
}

/**
 * ch_accounts_get_mobile:
 *
 * Returns: (transfer full): where messages to the account go
 */
char *
ch_accounts_get_mobile (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query_row (tx, "SELECT mobile FROM account WHERE id = $1", CH_BIND (CH_TEXT (id)), error);

  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

/* -- Staff -- */

static const struct
{
  const char *id;
  ChPrincipals bit;
} roles[] = {
  { "reviewer", CH_PRINCIPAL_REVIEWER },
  { "maker", CH_PRINCIPAL_MAKER },
  { "support", CH_PRINCIPAL_SUPPORT },
  { "auditor", CH_PRINCIPAL_AUDITOR },
};

/**
 * ch_staff_role_from_id:
 *
 * Returns: a bit of #ChPrincipals; 0 when there is no such role
 */
guint
ch_staff_role_from_id (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (roles[i].id, id))
      return roles[i].bit;
  return 0;
}

static GStrv
format_roles (guint bits)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if ((bits & roles[i].bit) != 0)
      g_strv_builder_add (builder, roles[i].id);
  return g_strv_builder_end (builder);
}

static gpointer
write_staff (ChDbTx *tx, gpointer data, GError **error)
{
  const ChLoginRow *row = data;

  return ch_db_run (
             tx,
             "INSERT INTO staff (name, roles, password, certificate, created) VALUES ($1, $2, $3, $4, $5)",
             CH_BIND (CH_TEXT (row->id), CH_INT (row->roles), CH_TEXT (row->password),
                      CH_BYTES (row->certificate), CH_INT (ch_clock_now ())),
             error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_staff_add:
 * @role_bits: of #ChPrincipals
 * @password: (nullable): good in a store for trying out only
 * @certificate: (nullable): in DER
 * @error: %CH_ERROR_CONFLICT when there is somebody of that name
 */
gboolean
ch_staff_add (ChService *service,
              const char *name,
              guint role_bits,
              ChSecret *password,
              GBytes *certificate,
              GError **error)
{
  g_autofree char *hash = NULL;
  ChLoginRow row = { (char *) name, (char *) name, NULL, certificate, role_bits };

  if (password != NULL)
    {
      hash = ch_passwords_hash (ch_service_get_passwords (service), password, error);
      if (hash == NULL)
        return FALSE;
      row.password = hash;
    }
  return ch_db_write (ch_service_get_db (service), write_staff, &row, NULL, error) != NULL;
}

/* -- Logging in -- */

typedef struct
{
  const char *name;
  gboolean is_staff;
} Find;

static gpointer
read_login_row (ChDbTx *tx, gpointer data, GError **error)
{
  const Find *find = data;
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx,
      find->is_staff
          ? "SELECT name, name, password, certificate, roles, NULL, NULL, 0 FROM staff WHERE name = $1"
          : "SELECT id, name, password, NULL, 0, mobile, once, once_expires FROM account "
            "WHERE user_name = $1 AND closed = 0",
      CH_BIND (CH_TEXT (find->name)), error);
  ChLoginRow *row;

  if (stmt == NULL)
    return NULL;

  row = g_new0 (ChLoginRow, 1);
  row->id = ch_stmt_dup_text (stmt, 0);
  row->name = ch_stmt_dup_text (stmt, 1);
  row->password = ch_stmt_dup_text (stmt, 2);
  row->certificate = ch_stmt_dup_bytes (stmt, 3);
  row->roles = ch_stmt_get_int (stmt, 4);
  row->mobile = ch_stmt_dup_text (stmt, 5);
  row->once = ch_stmt_dup_bytes (stmt, 6);
  row->once_expires = ch_stmt_get_int (stmt, 7);
  return row;
}

/**
 * ch_login_row_find:
 * @error: %CH_ERROR_NOT_FOUND when nobody is called that
 *
 * Returns: (transfer full): what is needed to let them in
 */
ChLoginRow *
ch_login_row_find (ChService *service, const char *name, gboolean is_staff, GError **error)
{
  Find find = { name, is_staff };

  return ch_db_read (ch_service_get_db (service), read_login_row, &find, error);
}

void
ch_login_row_free (ChLoginRow *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->password);
  g_free (self->serial);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->once, g_bytes_unref);
  g_clear_pointer (&self->number, g_bytes_unref);
  g_free (self->mobile);
  g_free (self);
}

/* -- Sessions -- */

typedef struct
{
  const ChLoginRow *row;
  const char *installation_name; /* (nullable) */
  GPtrArray *consents;           /* (nullable) */
  GBytes *token;                 /* SHA-256 */
} Start;

/* The PC is known from now on. Returns its id, empty when it told no number. */
static char *
note_installation (ChDbTx *tx, const Start *start, gint64 now, GError **error)
{
  const ChLoginRow *row = start->row;
  const char *name = start->installation_name != NULL ? start->installation_name : "";
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (ChStmt) stmt = NULL;

  if (row->number == NULL)
    return g_strdup ("");
  if (!ch_db_run (tx,
                  "INSERT INTO installation (id, account, number, name, created, used) "
                  "VALUES ($1, $2, $3, $4, $5, $6) "
                  "ON CONFLICT (number) DO UPDATE SET name = excluded.name, used = excluded.used",
                  CH_BIND (CH_TEXT (id), CH_TEXT (row->id), CH_BYTES (row->number), CH_TEXT (name),
                           CH_INT (now), CH_INT (now)),
                  error))
    return NULL;
  stmt = ch_db_query_row (tx, "SELECT id FROM installation WHERE number = $1",
                          CH_BIND (CH_BYTES (row->number)), error);
  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

/* With the one-time password the old one has had its time, and so has whoever is logged in with it. */
static gboolean
spend_once (ChDbTx *tx, const ChLoginRow *row, GError **error)
{
  return ch_db_run_one (tx, "UPDATE account SET password = '*', once = NULL WHERE id = $1 AND once = $2",
                        CH_BIND (CH_TEXT (row->id), CH_BYTES (row->once)), error)
         && ch_db_run (tx, "DELETE FROM session WHERE account = $1", CH_BIND (CH_TEXT (row->id)), error);
}

static gpointer
write_session (ChDbTx *tx, gpointer data, GError **error)
{
  const Start *start = data;
  const ChLoginRow *row = start->row;
  g_autofree char *id = ch_random_new_id ();
  g_autofree char *installation = NULL;
  gint64 now = ch_clock_now ();

  if (row->is_once && !spend_once (tx, row, error))
    return NULL;
  installation = note_installation (tx, start, now, error);
  if (installation == NULL)
    return NULL;
  return ch_db_run (tx,
                    "INSERT INTO session (token, id, account, staff, created, used, certificate, is_fresh, "
                    "installation) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    CH_BIND (CH_BYTES (start->token), CH_TEXT (id),
                             CH_TEXT (row->roles == 0 ? row->id : NULL),
                             CH_TEXT (row->roles != 0 ? row->id : NULL), CH_INT (now), CH_INT (now),
                             CH_TEXT (row->serial), CH_INT (row->is_once), CH_TEXT (installation)),
                    error)
                 && ch_accounts_add_consents (tx, row->id, start->consents, error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_session_start:
 * @row: who was let in
 * @installation_name: (nullable): how the PC is called
 * @consents: (nullable) (element-type ChConsent): what was agreed to at login
 *
 * Returns: (transfer full): the session with its token, of which only the SHA-256 is stored
 */
ChSession *
ch_session_start (ChService *service,
                  const ChLoginRow *row,
                  const char *installation_name,
                  GPtrArray *consents,
                  GError **error)
{
  const ChLimits *limits = ch_service_get_profile (service)->limits;
  gboolean is_staff = row->roles != 0;
  guint8 bits[32];
  char *token;
  g_autoptr (GBytes) digest = NULL;
  g_autoptr (ChSession) session = ch_wire_new (&ChSession_wire);
  Start start = { row, installation_name, consents, NULL };

  ch_random_fill (bits, sizeof bits);
  token = g_base64_encode (bits, sizeof bits);
  ch_secret_wipe (bits, sizeof bits);
  digest = ch_sha256 (token, strlen (token));
  session->token = ch_secret_take_text (token);
  start.token = digest;

  if (ch_db_write (ch_service_get_db (service), write_session, &start, NULL, error) == NULL)
    return NULL;

  session->principal = g_strdup (is_staff ? "staff" : row->serial != NULL ? "holder" : "member");
  session->name = g_strdup (row->name);
  session->roles = is_staff ? format_roles (row->roles) : NULL;
  session->must_change = row->is_once;
  session->idle = is_staff ? limits->staff_idle : limits->session_idle;
  session->ends = ch_clock_now () + (is_staff ? limits->staff_total : limits->session_total);
  return g_steal_pointer (&session);
}

static gpointer
delete_session (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "DELETE FROM session WHERE id = $1", CH_BIND (CH_TEXT (data)), error) ? CH_DB_DONE
                                                                                              : NULL;
}

/**
 * ch_session_end:
 * @id: of the session, not its token
 */
gboolean
ch_session_end (ChService *service, const char *id, GError **error)
{
  return ch_db_write (ch_service_get_db (service), delete_session, (gpointer) id, NULL, error) != NULL;
}
