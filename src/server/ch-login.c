#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-login.h"
#include "server/ch-password.h"
#include "wire/ch-policy.h"

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

/**
 * ch_login_check_consents:
 * @where: `register` or `login`
 * @given: (element-type ChConsent): what was agreed to
 * @error: %CH_ERROR_CONSENT_MISSING
 *
 * Sees that everything that has to be agreed to there was, in the version of the profile.
 */
gboolean
ch_login_check_consents (ChService *service, const char *where, GPtrArray *given, GError **error)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (ch_service_get_profile (service), where);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      gboolean is_given = FALSE;

      for (guint j = 0; j < given->len; j++)
        {
          const ChConsent *consent = given->pdata[j];

          is_given
              = is_given
                || (g_str_equal (consent->id, text->id) && g_str_equal (consent->version, text->version));
        }
      if (!is_given)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING, "%s in version %s is not agreed to",
                       text->id, text->version);
          return FALSE;
        }
    }
  return TRUE;
}
