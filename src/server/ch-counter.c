#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"

/**
 * ch_error_set_retry_after:
 * @seconds: until it is worth trying again
 */
void
ch_error_set_retry_after (GError *error, gint64 seconds)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (seconds, 1));

  ch_error_set_detail (error, "retry-after", text);
}

static gboolean
refuse (const ChCounterLimit *limit, gint64 seconds, GError **error)
{
  GError *local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "%s: too often", limit->kind);

  ch_error_set_retry_after (local, seconds);
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
count (ChDbTx *tx,
       ChService *service,
       const ChCounterLimit *limit,
       const char *object,
       gboolean is_taken,
       GError **error)
{
  /* mobiles and addresses are personal data: they are counted without being kept */
  g_autoptr (GBytes) mac = ch_service_make_mac (service, limit->kind, object, strlen (object));
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT n, ends FROM counter WHERE kind = $1 AND object = $2",
                                         CH_BIND (CH_TEXT (limit->kind), CH_BYTES (mac)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gint64 now = ch_clock_now (), n = 0, ends = 0;

  if (step == CH_STEP_FAILED)
    return FALSE;
  if (step == CH_STEP_ROW)
    {
      n = ch_stmt_get_int (stmt, 0);
      ends = ch_stmt_get_int (stmt, 1);
    }

  if (ends <= now)
    {
      n = 0;
      ends = now + limit->window;
    }
  if (n >= limit->max)
    return refuse (limit, ends - now, error);

  return !is_taken
         || ch_db_run (
             tx,
             "INSERT INTO counter (kind, object, since, ends, n) VALUES ($1, $2, $3, $4, $5) "
             "ON CONFLICT (kind, object) DO UPDATE SET since = excluded.since, ends = excluded.ends, "
             "n = excluded.n",
             CH_BIND (CH_TEXT (limit->kind), CH_BYTES (mac), CH_INT (ends - limit->window), CH_INT (ends),
                      CH_INT (n + 1)),
             error);
}

/**
 * ch_counter_take:
 * @tx: a transaction to write in
 * @limit: how often
 * @object: what is counted, e.g. a mobile; only its HMAC is kept
 * @error: %CH_ERROR_TOO_OFTEN with `retry-after`
 *
 * Counts one more, if that is still allowed.
 */
gboolean
ch_counter_take (ChDbTx *tx,
                 ChService *service,
                 const ChCounterLimit *limit,
                 const char *object,
                 GError **error)
{
  return count (tx, service, limit, object, TRUE, error);
}

/**
 * ch_counter_check:
 * @error: %CH_ERROR_TOO_OFTEN with `retry-after`
 *
 * Says whether one more is allowed, and does not count it.
 */
gboolean
ch_counter_check (ChDbTx *tx,
                  ChService *service,
                  const ChCounterLimit *limit,
                  const char *object,
                  GError **error)
{
  return count (tx, service, limit, object, FALSE, error);
}
