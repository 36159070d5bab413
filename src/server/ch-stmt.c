#include "config.h"

#include <errno.h>

#include "base/ch-error.h"
#include "server/ch-db-private.h"

struct _ChDbTx
{
  sqlite3 *handle;      /* (owned) */
  GHashTable *prepared; /* (owned): SQL → ChStmt */
};

struct _ChStmt
{
  ChDbTx *tx;           /* (unowned): the connection outlives its statements */
  sqlite3_stmt *handle; /* (owned) */
  gboolean is_busy;     /* handed out and not yet freed */
  gboolean is_kept;     /* in the table of its connection */
};

/* A quota or a limit of the process is a full disk too. SQLite knows it only of the file it wrote to. */
static gboolean
is_full (ChDbTx *tx, int result)
{
  static const int files[] = { SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER };
  int saved = sqlite3_system_errno (tx->handle);

  for (guint i = 0; result == SQLITE_IOERR_WRITE && i < G_N_ELEMENTS (files); i++)
    {
      sqlite3_file *file = NULL;

      if (saved == ENOSPC || saved == EDQUOT || saved == EFBIG)
        return TRUE;
      sqlite3_file_control (tx->handle, NULL, files[i], &file);
      if (file != NULL && file->pMethods != NULL)
        file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &saved);
    }
  return saved == ENOSPC || saved == EDQUOT || saved == EFBIG;
}

static gboolean
set_error (ChDbTx *tx, int result, const char *what, GError **error)
{
  ChErrorCode code = CH_ERROR_INTERNAL;

  switch (result & 0xff)
    {
    case SQLITE_FULL:
      code = CH_ERROR_NO_SPACE;
      break;
    case SQLITE_IOERR:
      if (tx != NULL && is_full (tx, result))
        code = CH_ERROR_NO_SPACE;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      code = CH_ERROR_BUSY;
      break;
    case SQLITE_CONSTRAINT:
      if (result == SQLITE_CONSTRAINT_UNIQUE || result == SQLITE_CONSTRAINT_PRIMARYKEY)
        code = CH_ERROR_CONFLICT;
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_NOTADB:
      code = CH_ERROR_FILE;
      break;
    default:
      break;
    }

  /* SQLite’s words name tables and columns, never values */
  g_set_error (error, CH_ERROR, code, "%s: %s (%d)", what,
               tx != NULL ? sqlite3_errmsg (tx->handle) : sqlite3_errstr (result), result);
  return FALSE;
}

static void
free_prepared (gpointer data)
{
  ChStmt *stmt = data;

  sqlite3_finalize (stmt->handle);
  g_free (stmt);
}

/* A connection of the store. It serves one thread at a time. */
ChDbTx *
ch_db_tx_new (const char *path, gboolean can_write, GError **error)
{
  static const char *const settings[] = {
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    /* what is deleted is overwritten */
    "PRAGMA secure_delete = ON",
  };
  g_autoptr (ChDbTx) self = g_new0 (ChDbTx, 1);
  int flags
      = SQLITE_OPEN_NOMUTEX | (can_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  int result;

  self->prepared = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_prepared);
  result = sqlite3_open_v2 (path, &self->handle, flags, NULL);
  if (result != SQLITE_OK)
    {
      set_error (self->handle != NULL ? self : NULL, result, "the store cannot be opened", error);
      return NULL;
    }

  sqlite3_extended_result_codes (self->handle, TRUE);
  sqlite3_busy_timeout (self->handle, 5000);
  /* a reader finds the way of journalling in the file */
  for (guint i = can_write ? 0 : 2; i < G_N_ELEMENTS (settings); i++)
    if (!ch_db_run_script (self, settings[i], error))
      return NULL;

  return g_steal_pointer (&self);
}

void
ch_db_tx_free (ChDbTx *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->prepared);
  sqlite3_close (self->handle);
  g_free (self);
}

/* Whether a transaction is still open: SQLite ends it by itself when the disk is full. */
gboolean
ch_db_tx_is_open (ChDbTx *self)
{
  return !sqlite3_get_autocommit (self->handle);
}

/* Several statements without values: migrations and settings. */
gboolean
ch_db_run_script (ChDbTx *tx, const char *script, GError **error)
{
  int result = sqlite3_exec (tx->handle, script, NULL, NULL, NULL);

  return result == SQLITE_OK ? TRUE : set_error (tx, result, "a script failed", error);
}

static ChStmt *
prepare (ChDbTx *tx, const char *sql, GError **error)
{
  ChStmt *stmt = g_hash_table_lookup (tx->prepared, sql);
  sqlite3_stmt *handle = NULL;
  int result;

  if (stmt != NULL && !stmt->is_busy)
    return stmt;

  result = sqlite3_prepare_v3 (tx->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (result != SQLITE_OK)
    {
      set_error (tx, result, "a statement was not understood", error);
      return NULL;
    }

  /* one that is in use further up runs beside it and is not kept */
  stmt = g_new0 (ChStmt, 1);
  stmt->tx = tx;
  stmt->handle = handle;
  stmt->is_kept = !g_hash_table_contains (tx->prepared, sql);
  if (stmt->is_kept)
    g_hash_table_insert (tx->prepared, (gpointer) sqlite3_sql (handle), stmt);
  return stmt;
}

static int
bind_value (sqlite3_stmt *handle, int place, const ChDbValue *value)
{
  gconstpointer data;
  gsize len;

  switch (value->kind)
    {
    case CH_DB_TEXT:
      return sqlite3_bind_text (handle, place, value->text, -1, SQLITE_STATIC);
    case CH_DB_INT:
      return sqlite3_bind_int64 (handle, place, value->number);
    case CH_DB_BYTES:
      if (value->bytes == NULL)
        return sqlite3_bind_null (handle, place);
      data = g_bytes_get_data (value->bytes, &len);
      return sqlite3_bind_blob64 (handle, place, data != NULL ? data : "", len, SQLITE_STATIC);
    default:
      return sqlite3_bind_null (handle, place);
    }
}

/**
 * ch_db_query:
 * @tx: the transaction
 * @sql: a statement of constant text; its values are $1, $2, …
 * @values: (nullable): made by CH_BIND(); text and bytes are not copied and must outlive the statement
 * @error: %CH_ERROR_INTERNAL when it cannot be prepared
 *
 * Returns: (transfer full): the statement before its first row
 */
ChStmt *
ch_db_query (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error)
{
  ChStmt *stmt = prepare (tx, sql, error);
  int n_places;

  if (stmt == NULL)
    return NULL;

  stmt->is_busy = TRUE;
  n_places = sqlite3_bind_parameter_count (stmt->handle);
  for (int i = 0; values != NULL && values[i].kind != CH_DB_END; i++)
    {
      char name[16];
      int place, result;

      g_snprintf (name, sizeof name, "$%d", i + 1);
      place = sqlite3_bind_parameter_index (stmt->handle, name);
      result = place > 0 ? bind_value (stmt->handle, place, &values[i]) : SQLITE_RANGE;
      if (result != SQLITE_OK)
        {
          set_error (tx, result, "a value was not taken", error);
          ch_stmt_free (stmt);
          return NULL;
        }
      n_places--;
    }

  if (n_places != 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "a statement lacks values: %s", sql);
      ch_stmt_free (stmt);
      return NULL;
    }
  return stmt;
}

/**
 * ch_stmt_step:
 * @error: what SQLite said, mapped: a full disk is %CH_ERROR_NO_SPACE, what must be unique %CH_ERROR_CONFLICT
 *
 * Goes to the next row.
 */
ChStep
ch_stmt_step (ChStmt *self, GError **error)
{
  int result = sqlite3_step (self->handle);

  if (result == SQLITE_ROW)
    return CH_STEP_ROW;
  if (result == SQLITE_DONE)
    return CH_STEP_DONE;
  set_error (self->tx, result, "a statement failed", error);
  return CH_STEP_FAILED;
}

/**
 * ch_stmt_free:
 *
 * Ends the statement; it is kept prepared for the next time.
 */
void
ch_stmt_free (ChStmt *self)
{
  if (self == NULL)
    return;

  if (!self->is_kept)
    {
      free_prepared (self);
      return;
    }
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->is_busy = FALSE;
}

/**
 * ch_db_run:
 *
 * Runs a statement that yields no rows.
 */
gboolean
ch_db_run (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);

  return stmt != NULL && ch_stmt_step (stmt, error) != CH_STEP_FAILED;
}

/**
 * ch_db_run_one:
 * @error: %CH_ERROR_CONFLICT when another number of rows than one was changed
 *
 * Runs a change that must hit exactly one row, e.g. one with `AND version = $2`.
 */
gboolean
ch_db_run_one (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error)
{
  if (!ch_db_run (tx, sql, values, error))
    return FALSE;
  if (ch_db_get_n_changes (tx) == 1)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_CONFLICT, "the row has been changed");
  return FALSE;
}

/**
 * ch_db_get_n_changes:
 *
 * Returns: how many rows the last statement that changes something changed
 */
gint64
ch_db_get_n_changes (ChDbTx *tx)
{
  return sqlite3_changes64 (tx->handle);
}

/**
 * ch_db_query_row:
 * @error: %CH_ERROR_NOT_FOUND when there is none
 *
 * Returns: (transfer full): the statement at its first row
 */
ChStmt *
ch_db_query_row (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  if (step == CH_STEP_DONE)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such row");
  return step == CH_STEP_ROW ? g_steal_pointer (&stmt) : NULL;
}

/**
 * ch_db_query_int:
 * @number: (out): the first column of the first row
 * @error: %CH_ERROR_NOT_FOUND when there is no row
 */
gboolean
ch_db_query_int (ChDbTx *tx, const char *sql, const ChDbValue *values, gint64 *number, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (tx, sql, values, error);

  if (stmt == NULL)
    return FALSE;
  *number = ch_stmt_get_int (stmt, 0);
  return TRUE;
}

int
ch_stmt_get_n_columns (ChStmt *self)
{
  return sqlite3_column_count (self->handle);
}

/**
 * ch_stmt_get_name:
 *
 * Returns: (transfer none): how the column is called
 */
const char *
ch_stmt_get_name (ChStmt *self, int column)
{
  return sqlite3_column_name (self->handle, column);
}

/**
 * ch_stmt_get_kind:
 *
 * Returns: what stands in @column of this row
 */
ChDbKind
ch_stmt_get_kind (ChStmt *self, int column)
{
  switch (sqlite3_column_type (self->handle, column))
    {
    case SQLITE_INTEGER:
      return CH_DB_INT;
    case SQLITE_TEXT:
      return CH_DB_TEXT;
    case SQLITE_BLOB:
      return CH_DB_BYTES;
    default:
      return CH_DB_NULL;
    }
}

gboolean
ch_stmt_is_null (ChStmt *self, int column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

/**
 * ch_stmt_get_text:
 *
 * Returns: (transfer none) (nullable): the text, until the next step
 */
const char *
ch_stmt_get_text (ChStmt *self, int column)
{
  return (const char *) sqlite3_column_text (self->handle, column);
}

/**
 * ch_stmt_dup_text:
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
ch_stmt_dup_text (ChStmt *self, int column)
{
  return g_strdup (ch_stmt_get_text (self, column));
}

gint64
ch_stmt_get_int (ChStmt *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

/**
 * ch_stmt_dup_bytes:
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL for SQL’s NULL
 */
GBytes *
ch_stmt_dup_bytes (ChStmt *self, int column)
{
  gconstpointer data;

  if (ch_stmt_is_null (self, column))
    return NULL;
  data = sqlite3_column_blob (self->handle, column);
  return g_bytes_new (data, sqlite3_column_bytes (self->handle, column));
}
