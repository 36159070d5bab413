#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A transaction, given to a ChDbFunc and valid only in it */
typedef struct _ChDbTx ChDbTx;

/* A statement with its values, prepared once per connection and SQL text */
typedef struct _ChStmt ChStmt;

typedef enum
{
  CH_DB_END, /* no more values; so that a list may be ended by zeros */
  CH_DB_TEXT,
  CH_DB_INT,
  CH_DB_BYTES,
  CH_DB_NULL,
} ChDbKind;

/* A value for $1, $2, …: the numbers of PostgreSQL. Nothing is copied: it must live until the call returns,
 * or the statement is freed. */
typedef struct
{
  ChDbKind kind;
  const char *text; /* (nullable): NULL is SQL’s NULL */
  gint64 number;
  GBytes *bytes; /* (nullable) */
} ChDbValue;

#define CH_TEXT(value)                                                                                       \
  {                                                                                                          \
    CH_DB_TEXT, .text = (value)                                                                              \
  }
#define CH_INT(value)                                                                                        \
  {                                                                                                          \
    CH_DB_INT, .number = (value)                                                                             \
  }
#define CH_BYTES(value)                                                                                      \
  {                                                                                                          \
    CH_DB_BYTES, .bytes = (value)                                                                            \
  }
#define CH_BIND(...) ((const ChDbValue[]){ __VA_ARGS__, { CH_DB_END } })

typedef enum
{
  CH_STEP_FAILED = -1,
  CH_STEP_DONE = 0,
  CH_STEP_ROW = 1,
} ChStep;

gboolean ch_db_run (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error);
gboolean ch_db_run_one (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error);
gint64 ch_db_get_n_changes (ChDbTx *tx);

ChStmt *ch_db_query (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error);
ChStmt *ch_db_query_row (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error);
gboolean
ch_db_query_int (ChDbTx *tx, const char *sql, const ChDbValue *values, gint64 *number, GError **error);

ChStep ch_stmt_step (ChStmt *self, GError **error);
int ch_stmt_get_n_columns (ChStmt *self);
const char *ch_stmt_get_name (ChStmt *self, int column);
ChDbKind ch_stmt_get_kind (ChStmt *self, int column);
gboolean ch_stmt_is_null (ChStmt *self, int column);
const char *ch_stmt_get_text (ChStmt *self, int column);
char *ch_stmt_dup_text (ChStmt *self, int column);
gint64 ch_stmt_get_int (ChStmt *self, int column);
GBytes *ch_stmt_dup_bytes (ChStmt *self, int column);
void ch_stmt_free (ChStmt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChStmt, ch_stmt_free)

G_END_DECLS
