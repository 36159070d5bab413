#pragma once

#include "server/ch-db.h"

G_BEGIN_DECLS

/* The rows of a table that belong to one row: those for which the condition holds. In it the table is called
 * `t` and its depth, $1 is the id that everything begins with. */
typedef struct
{
  char *table;     /* (owned) */
  char *condition; /* (owned) */
  guint depth;
} ChRelation;

GPtrArray *ch_relations_list (ChDbTx *tx, const char *table, const char *const *except, GError **error);

G_END_DECLS
