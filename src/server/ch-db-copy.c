#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-db-copy.h"
#include "server/ch-db-private.h"

/* Nobody is kept waiting for it, so it may wait itself */
#define BUSY_MS 60000

static sqlite3 *
open_file (const char *path, GError **error)
{
  sqlite3 *handle = NULL;
  int result = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

  if (result == SQLITE_OK)
    {
      sqlite3_busy_timeout (handle, BUSY_MS);
      return handle;
    }
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s: %s", path, sqlite3_errstr (result));
  sqlite3_close (handle);
  return NULL;
}

/* Runs a statement; the first column of its first row, if there is one, goes to @text */
static gboolean
run (sqlite3 *handle, const char *sql, const char *value, char **text, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int result = sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL);

  if (result == SQLITE_OK && value != NULL)
    result = sqlite3_bind_text (stmt, 1, value, -1, SQLITE_STATIC);
  if (result == SQLITE_OK)
    result = sqlite3_step (stmt);
  if (result == SQLITE_ROW && text != NULL)
    *text = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
  if (result == SQLITE_ROW || result == SQLITE_DONE)
    return TRUE;
  g_set_error (error, CH_ERROR, (result & 0xff) == SQLITE_FULL ? CH_ERROR_NO_SPACE : CH_ERROR_FILE, "%s",
               sqlite3_errmsg (handle));
  return FALSE;
}

/**
 * ch_db_copy:
 * @from: the file of a store, which may be in use by another process
 * @to: must not exist
 *
 * Copies what was committed at one moment. Whoever writes meanwhile is not kept waiting; what was deleted is
 * not in the copy.
 */
gboolean
ch_db_copy (const char *from, const char *to, GError **error)
{
  sqlite3 *handle = open_file (from, error);
  gboolean is_copied = handle != NULL && run (handle, "VACUUM INTO ?1", to, NULL, error);

  sqlite3_close (handle);
  return is_copied;
}

/**
 * ch_db_check:
 * @path: the file of a store that nobody uses
 * @error: %CH_ERROR_FILE when it is damaged
 */
gboolean
ch_db_check (const char *path, GError **error)
{
  sqlite3 *handle = open_file (path, error);
  g_autofree char *verdict = NULL;
  g_autofree char *orphan = NULL;
  gboolean is_read = handle != NULL && run (handle, "PRAGMA integrity_check (1)", NULL, &verdict, error)
                     && run (handle, "PRAGMA foreign_key_check", NULL, &orphan, error);

  sqlite3_close (handle);
  if (!is_read || (g_strcmp0 (verdict, "ok") == 0 && orphan == NULL))
    return is_read;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s is damaged: %s", path, orphan != NULL ? orphan : verdict);
  return FALSE;
}
