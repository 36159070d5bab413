#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-login-delay.h"

/* Wrong passwords delay the next try by 1, 2, 4 … seconds, and never lock anybody out. */
#define MAX_DELAY 60

/* Tries for one name come one after the other; more than so many may not even wait. */
#define MAX_WAITING 8

static GMutex turns_lock;
static GCond turns_changed;
static GHashTable *turns; /* (owned) (nullable): name → how many are in there */

/**
 * ch_login_turn_take:
 * @name: whose turn
 * @error: %CH_ERROR_TOO_OFTEN when too many wait
 *
 * Waits for the turn of one who tries: two guesses at once would both be made before the first one delays the
 * second.
 */
gboolean
ch_login_turn_take (const char *name, GError **error)
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

void
ch_login_turn_give (const char *name)
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

/**
 * ch_login_delay_init:
 * @kind: what @name is: the same name of another kind is delayed by itself
 *
 * Says whose wrong passwords are counted.
 */
void
ch_login_delay_init (ChLoginDelay *self, ChService *service, const char *kind, const char *name)
{
  self->name = ch_service_make_mac (service, kind, name, strlen (name));
  self->n_failures = 0;
  self->wait = 0;
}

void
ch_login_delay_clear (ChLoginDelay *self)
{
  g_clear_pointer (&self->name, g_bytes_unref);
}

/**
 * ch_login_delay_read:
 *
 * Finds out how often it was wrong, and how long it is until the next try is looked at.
 */
gboolean
ch_login_delay_read (ChDbTx *tx, ChLoginDelay *self, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT n_failures, until FROM login_delay WHERE name = $1",
                                         CH_BIND (CH_BYTES (self->name)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  if (step == CH_STEP_ROW)
    {
      self->n_failures = ch_stmt_get_int (stmt, 0);
      self->wait = MIN (ch_stmt_get_int (stmt, 1) - ch_clock_now (), MAX_DELAY);
    }
  return step != CH_STEP_FAILED;
}

/**
 * ch_login_delay_refuse:
 * @error: (out): %CH_ERROR_TOO_OFTEN with `retry-after`
 */
void
ch_login_delay_refuse (const ChLoginDelay *self, GError **error)
{
  GError *local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "the last password was wrong");

  ch_error_set_retry_after (local, self->wait);
  g_propagate_error (error, local);
}

/**
 * ch_login_delay_note:
 * @is_right: a right one forgets those that were wrong
 */
gboolean
ch_login_delay_note (ChDbTx *tx, ChLoginDelay *self, gboolean is_right, GError **error)
{
  gint64 n;

  if (is_right)
    return ch_db_run (tx, "DELETE FROM login_delay WHERE name = $1", CH_BIND (CH_BYTES (self->name)), error);

  if (!ch_login_delay_read (tx, self, error))
    return FALSE;
  n = MIN (self->n_failures, 30);
  return ch_db_run (
      tx,
      "INSERT INTO login_delay (name, n_failures, until) VALUES ($1, $2, $3) "
      "ON CONFLICT (name) DO UPDATE SET n_failures = excluded.n_failures, until = excluded.until",
      CH_BIND (CH_BYTES (self->name), CH_INT (n + 1),
               CH_INT (ch_clock_now () + MIN ((gint64) 1 << n, MAX_DELAY))),
      error);
}
