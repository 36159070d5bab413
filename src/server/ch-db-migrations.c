#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-db-private.h"
#include "server/ch-server-resources.h"

typedef struct
{
  int number;
  const char *file; /* in migrations/ */
} Migration;

/* What made the tables, in order. A migration that was released is never changed: what is wrong in it the
 * next one mends. */
/* clang-format off */
static const Migration migrations[] = {
  { 1, "001-accounts.sql" },
  { 2, "002-applications.sql" },
  { 3, "003-trial.sql" },
  { 4, "004-account-care.sql" },
  { 5, "005-holders.sql" },
  { 6, "006-applications-wide.sql" },
  { 8, "008-money.sql" },
  { 9, "009-lists.sql" },
  { 10, "010-tickets.sql" },
  { 11, "011-replacing.sql" },
  { 12, "012-download-codes.sql" },
  { 13, "013-escrow.sql" },
  { 14, "014-changes.sql" },
  { 15, "015-phones.sql" },
  { 16, "016-batches.sql" },
};
/* clang-format on */

static gboolean
apply (ChDbTx *tx, const Migration *migration, GError **error)
{
  g_autofree char *path = g_strconcat ("/org/certhall/server/migrations/", migration->file, NULL);
  g_autoptr (GBytes) text = g_resource_lookup_data (ch_server_get_resource (), path, 0, error);

  if (text == NULL || !ch_db_run (tx, "BEGIN IMMEDIATE", NULL, error))
    return FALSE;

  if (ch_db_run_script (tx, g_bytes_get_data (text, NULL), error)
      && ch_db_run (tx, "INSERT INTO migration (number, file, applied) VALUES ($1, $2, $3)",
                    CH_BIND (CH_INT (migration->number), CH_TEXT (migration->file), CH_INT (ch_clock_now ())),
                    error)
      && ch_db_run (tx, "COMMIT", NULL, error))
    return TRUE;

  g_prefix_error (error, "%s: ", migration->file);
  ch_db_run (tx, "ROLLBACK", NULL, NULL);
  return FALSE;
}

/* Applies what is missing, each in its own transaction. */
gboolean
ch_db_migrate (ChDbTx *tx, GError **error)
{
  gint64 newest = 0;

  if (!ch_db_run_script (tx,
                         "CREATE TABLE IF NOT EXISTS migration "
                         "(number INTEGER PRIMARY KEY, file TEXT NOT NULL, applied BIGINT NOT NULL)",
                         error)
      || !ch_db_query_int (tx, "SELECT COALESCE (MAX (number), 0) FROM migration", NULL, &newest, error))
    return FALSE;

  if (newest > migrations[G_N_ELEMENTS (migrations) - 1].number)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "the store was written by a newer program");
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (migrations); i++)
    if (migrations[i].number > newest && !apply (tx, &migrations[i], error))
      return FALSE;
  return TRUE;
}
