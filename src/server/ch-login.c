#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "server/ch-counter.h"
#include "server/ch-login.h"
#include "server/ch-nonce.h"
#include "server/ch-password.h"

/* Wrong passwords delay the next try by 1, 2, 4 … seconds, and never lock anybody out. */
#define MAX_DELAY 60

/* Tries for one name come one after the other; more than so many may not even wait. */
#define MAX_WAITING 8

typedef struct
{
  GBytes *name; /* HMAC */
  gboolean is_right;
  gint64 wait; /* seconds until the next try is looked at */
} Delay;

static GMutex turns_lock;
static GCond turns_changed;
static GHashTable *turns; /* (owned) (nullable): name → how many are in there */

/* Two guesses at once would both be made before the first one delays the second. */
static gboolean
take_turn (const char *name, GError **error)
{
  gboolean is_taken;
  guint n;

  g_mutex_lock (&turns_lock);
  if (turns == NULL)
    turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  /* n counts who waits and who is served; the lowest bit says whether somebody is served */
  n = GPOINTER_TO_UINT (g_hash_table_lookup (turns, name));
  is_taken = n < 2 * MAX_WAITING;
  if (is_taken)
    {
      g_hash_table_replace (turns, g_strdup (name), GUINT_TO_POINTER (n + 2));
      while ((GPOINTER_TO_UINT (g_hash_table_lookup (turns, name)) & 1) != 0)
        g_cond_wait (&turns_changed, &turns_lock);
      n = GPOINTER_TO_UINT (g_hash_table_lookup (turns, name));
      g_hash_table_replace (turns, g_strdup (name), GUINT_TO_POINTER (n | 1));
    }
  g_mutex_unlock (&turns_lock);

  if (!is_taken)
    {
      GError *local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "too many tries at once");

      ch_error_set_retry_after (local, 1);
      g_propagate_error (error, local);
    }
  return is_taken;
}

static void
give_turn (const char *name)
{
  guint n;

  g_mutex_lock (&turns_lock);
  n = (GPOINTER_TO_UINT (g_hash_table_lookup (turns, name)) & ~1u) - 2;
  if (n == 0)
    g_hash_table_remove (turns, name);
  else
    g_hash_table_replace (turns, g_strdup (name), GUINT_TO_POINTER (n));
  g_cond_broadcast (&turns_changed);
  g_mutex_unlock (&turns_lock);
}

static gpointer
read_delay (ChDbTx *tx, gpointer data, GError **error)
{
  Delay *delay = data;
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT until FROM login_delay WHERE name = $1",
                                         CH_BIND (CH_BYTES (delay->name)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  if (step == CH_STEP_ROW)
    delay->wait = MIN (ch_stmt_get_int (stmt, 0) - ch_clock_now (), MAX_DELAY);
  return step != CH_STEP_FAILED ? CH_DB_DONE : NULL;
}

static gpointer
write_delay (ChDbTx *tx, gpointer data, GError **error)
{
  const Delay *delay = data;
  gint64 n = 0;
  g_autoptr (ChStmt) stmt = NULL;
  ChStep step;

  if (delay->is_right)
    return ch_db_run (tx, "DELETE FROM login_delay WHERE name = $1", CH_BIND (CH_BYTES (delay->name)), error)
               ? CH_DB_DONE
               : NULL;

  stmt = ch_db_query (tx, "SELECT n_failures FROM login_delay WHERE name = $1",
                      CH_BIND (CH_BYTES (delay->name)), error);
  step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  if (step == CH_STEP_FAILED)
    return NULL;
  if (step == CH_STEP_ROW)
    n = MIN (ch_stmt_get_int (stmt, 0), 30);

  return ch_db_run (
             tx,
             "INSERT INTO login_delay (name, n_failures, until) VALUES ($1, $2, $3) "
             "ON CONFLICT (name) DO UPDATE SET n_failures = excluded.n_failures, until = excluded.until",
             CH_BIND (CH_BYTES (delay->name), CH_INT (n + 1),
                      CH_INT (ch_clock_now () + MIN ((gint64) 1 << n, MAX_DELAY))),
             error)
             ? CH_DB_DONE
             : NULL;
}

static gboolean
check_delay (ChService *service, Delay *delay, GError **error)
{
  GError *local;

  if (ch_db_read (ch_service_get_db (service), read_delay, delay, error) == NULL)
    return FALSE;
  if (delay->wait <= 0)
    return TRUE;

  local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "the last password was wrong");
  ch_error_set_retry_after (local, delay->wait);
  g_propagate_error (error, local);
  return FALSE;
}

/* Somebody unknown takes the same way, with a password nobody has. */
static ChLoginRow *
try_password (ChService *service,
              Delay *delay,
              const char *name,
              gboolean is_staff,
              ChSecret *password,
              GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (ChLoginRow) row = NULL;

  if (!check_delay (service, delay, error))
    return NULL;

  row = ch_login_row_find (service, name, is_staff, &local);
  if (row == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  g_clear_error (&local);
  delay->is_right = ch_passwords_verify (ch_service_get_passwords (service), password,
                                         row != NULL ? row->password : NULL, &local);
  if (!delay->is_right && !g_error_matches (local, CH_ERROR, CH_ERROR_LOGIN_WRONG))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  if (ch_db_write (ch_service_get_db (service), write_delay, delay, NULL, error) == NULL)
    return NULL;
  if (delay->is_right)
    return g_steal_pointer (&row);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * ch_login_by_password:
 * @name: user name, or name of a member of staff
 * @error: %CH_ERROR_LOGIN_WRONG, the same for unknown names; %CH_ERROR_TOO_OFTEN with `retry-after`
 *
 * Blocks while the password is hashed.
 *
 * Returns: (transfer full): who may come in
 */
ChLoginRow *
ch_login_by_password (ChService *service,
                      const char *name,
                      gboolean is_staff,
                      ChSecret *password,
                      GError **error)
{
  g_autofree char *whole = g_strconcat (is_staff ? "staff:" : "account:", name, NULL);
  g_autoptr (GBytes) mac = ch_service_make_mac (service, "login", whole, strlen (whole));
  Delay delay = { mac, FALSE, 0 };
  ChLoginRow *row;

  if (is_staff && !ch_service_is_trial (service))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "staff log in by certificate");
      return NULL;
    }
  if (!take_turn (whole, error))
    return NULL;
  row = try_password (service, &delay, name, is_staff, password, error);
  give_turn (whole);
  return row;
}

typedef struct
{
  ChService *service;
  const ChStaffLogin *request;
} Spend;

static gpointer
write_spent (ChDbTx *tx, gpointer data, GError **error)
{
  const Spend *spend = data;

  return ch_nonce_spend (tx, spend->service, CH_STATEMENT_LOGIN, spend->request->nonce, error) ? CH_DB_DONE
                                                                                               : NULL;
}

static gboolean
check_signature (ChService *service, const ChStaffLogin *request, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (request->certificate, error);
  g_autoptr (GBytes) statement = NULL;
  gint64 now = ch_clock_now ();

  if (info == NULL)
    return FALSE;
  if (now < info->not_before || now > info->not_after)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_EXPIRED, "the certificate is outside its validity");
      return FALSE;
    }

  statement = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (service),
                                  request->certificate, request->nonce, NULL, error);
  return statement != NULL && ch_spki_verify (info->spki, statement, request->signature, NULL, error);
}

/**
 * ch_login_by_certificate:
 * @request: with certificate, nonce and signature
 * @error: %CH_ERROR_LOGIN_WRONG; %CH_ERROR_FORBIDDEN for a nonce that is not good
 *
 * Returns: (transfer full): the member of staff
 */
ChLoginRow *
ch_login_by_certificate (ChService *service, const ChStaffLogin *request, GError **error)
{
  Spend spend = { service, request };
  g_autoptr (GError) local = NULL;
  g_autoptr (ChLoginRow) row = NULL;

  if (request->certificate == NULL || request->nonce == NULL || request->signature == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "certificate, nonce and signature belong together");
      return NULL;
    }
  /* a nonce is used up whether the signature is right or not */
  if (ch_db_write (ch_service_get_db (service), write_spent, &spend, NULL, error) == NULL)
    return NULL;

  row = ch_login_row_find (service, request->name, TRUE, &local);
  if (row != NULL && row->certificate != NULL && g_bytes_equal (row->certificate, request->certificate)
      && check_signature (service, request, &local))
    return g_steal_pointer (&row);

  if (local == NULL || g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND)
      || local->code != CH_ERROR_CERTIFICATE_EXPIRED)
    g_set_error (error, CH_ERROR, CH_ERROR_LOGIN_WRONG, "name, certificate or signature is wrong");
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
