#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-relations.h"

/* No chain of foreign keys is longer; one that goes round would be */
#define MAX_DEPTH 8

/* A foreign key: its columns and those they point to, in the same order */
typedef struct
{
  char *table;
  GString *columns; /* how they fit: `t1.application = t0.id` */
} Key;

typedef struct
{
  ChDbTx *tx;
  const char *const *except; /* (nullable) */
  GPtrArray *found;          /* (element-type ChRelation) */
} Walk;

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free (key->table);
  g_string_free (key->columns, TRUE);
  g_free (key);
}

static void
relation_free (gpointer data)
{
  ChRelation *relation = data;

  g_free (relation->table);
  g_free (relation->condition);
  g_free (relation);
}

/* The keys that point to @table, in the words of the store itself: what is added to it later belongs to the
 * account without anybody thinking of it. (PostgreSQL has the same in information_schema.) */
static GPtrArray *
list_keys (ChDbTx *tx, const char *table, guint depth, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (key_free);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT m.name, k.seq, k.\"from\", k.\"to\" FROM sqlite_master AS m "
      "JOIN pragma_foreign_key_list (m.name) AS k "
      "WHERE m.type = 'table' AND k.\"table\" = $1 AND m.name <> $1 ORDER BY m.name, k.id, k.seq",
      CH_BIND (CH_TEXT (table)), error);
  ChStep step;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      Key *key;

      if (step == CH_STEP_FAILED)
        return NULL;
      if (ch_stmt_get_int (stmt, 1) == 0)
        {
          key = g_new0 (Key, 1);
          key->table = ch_stmt_dup_text (stmt, 0);
          key->columns = g_string_new (NULL);
          g_ptr_array_add (keys, key);
        }
      key = keys->pdata[keys->len - 1];
      g_string_append_printf (key->columns, "%st%u.%s = t%u.%s", key->columns->len > 0 ? " AND " : "",
                              depth + 1, ch_stmt_get_text (stmt, 2), depth, ch_stmt_get_text (stmt, 3));
    }
  return stmt != NULL ? g_steal_pointer (&keys) : NULL;
}

/* What points to what was found comes first: in this order it can be deleted. */
static gboolean
walk_down (Walk *walk, const char *table, const char *condition, guint depth, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;

  if (depth >= MAX_DEPTH)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "the foreign keys of %s go round", table);
      return FALSE;
    }

  keys = list_keys (walk->tx, table, depth, error);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const Key *key = keys->pdata[i];
      g_autofree char *own = NULL;
      ChRelation *relation;

      if (walk->except != NULL && g_strv_contains (walk->except, key->table))
        continue;
      own = g_strdup_printf ("EXISTS (SELECT 1 FROM %s AS t%u WHERE %s AND %s)", table, depth,
                             key->columns->str, condition);
      if (!walk_down (walk, key->table, own, depth + 1, error))
        return FALSE;

      relation = g_new0 (ChRelation, 1);
      relation->table = g_strdup (key->table);
      relation->condition = g_strdup (own);
      relation->depth = depth + 1;
      g_ptr_array_add (walk->found, relation);
    }
  return keys != NULL;
}

/**
 * ch_relations_list:
 * @tx: a transaction to read in
 * @table: where everything begins: the row whose `id` is $1
 * @except: (nullable) (array zero-terminated=1): tables that are left out, with what belongs to them
 *
 * Finds everything that belongs to a row, by the foreign keys. A table to which several ways lead comes
 * several times.
 *
 * Returns: (transfer full) (element-type ChRelation): what points to others before those
 */
GPtrArray *
ch_relations_list (ChDbTx *tx, const char *table, const char *const *except, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (relation_free);
  Walk walk = { tx, except, found };

  return walk_down (&walk, table, "t0.id = $1", 0, error) ? g_steal_pointer (&found) : NULL;
}
