#include "config.h"

#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "server/ch-application-record.h"
#include "server/ch-lookup.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-deliveries.h"
#include "server/ch-store-orders.h"

/* Of the answers, what says which application it is, and how it is shown: a ticket proves a mobile, not that
 * it is still in the hand of whom it was given to. What is not here is left out. */
static const struct
{
  const char *field;
  gboolean is_masked;
} shown[] = {
  { "term", FALSE },
  { "unit-name", FALSE },
  { "unit-code", FALSE },
  { "legal-person-name", FALSE },
  { "person-name", FALSE },
  { "person-document-number", TRUE },
  { "handler-document-number", TRUE },
  { "handler-mobile", TRUE },
};

/**
 * ch_lookup_knows_mobile:
 * @is_known: (out): whether it is the mobile of any application’s handler
 */
gboolean
ch_lookup_knows_mobile (ChDbTx *tx, const char *mobile, gboolean *is_known, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM answer WHERE field = 'handler-mobile' AND value = $1",
                        CH_BIND (CH_TEXT (mobile)), &n, error))
    return FALSE;
  *is_known = n > 0;
  return TRUE;
}

/**
 * ch_lookup_find:
 * @mobile: of the handler
 * @document_number: normalized: of the handler, of the person, or the code of the unit
 *
 * Returns: (transfer full) (element-type utf8): ids of the applications with both, the newest first
 */
GPtrArray *
ch_lookup_find (ChDbTx *tx, const char *mobile, const char *document_number, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT a.id FROM answer AS h JOIN application AS a ON a.id = h.application "
      "WHERE h.field = 'handler-mobile' AND h.value = $1 AND EXISTS (SELECT 1 FROM answer AS n "
      "WHERE n.application = a.id AND n.value = $2 "
      "AND n.field IN ('handler-document-number', 'person-document-number', 'unit-code')) "
      "ORDER BY a.updated DESC, a.id LIMIT $3",
      CH_BIND (CH_TEXT (mobile), CH_TEXT (document_number), CH_INT (CH_LOOKUP_MAX)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (ids, ch_stmt_dup_text (stmt, 0));
  return step == CH_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/**
 * ch_lookup_reduce:
 * @application: as its member sees it
 *
 * Leaves of an application what may be shown to who has a ticket and no account.
 */
void
ch_lookup_reduce (ChApplication *application)
{
  g_autoptr (GHashTable) answers = g_steal_pointer (&application->answers);

  application->answers = ch_wire_map_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      const char *value = g_hash_table_lookup (answers, shown[i].field);

      if (value != NULL)
        g_hash_table_insert (application->answers, g_strdup (shown[i].field),
                             shown[i].is_masked ? ch_mask_number (value) : g_strdup (value));
    }
  g_clear_pointer (&application->before, g_hash_table_unref);
  g_clear_pointer (&application->documents, g_ptr_array_unref);
  g_clear_pointer (&application->key_place, g_free);
  application->key_made = 0;
}

static gboolean
add_order (ChDbTx *tx, ChLookupRow *row, GError **error)
{
  if (row->application->order == NULL)
    return TRUE;

  row->order = ch_orders_get (tx, row->application->order, error);
  if (row->order != NULL)
    g_clear_pointer (&row->order->attempt, ch_attempt_free);
  return row->order != NULL;
}

static gboolean
add_delivery (ChDbTx *tx, ChLookupRow *row, GError **error)
{
  g_autoptr (GError) local = NULL;

  row->delivery = ch_deliveries_get (tx, row->application->id, &local);
  if (row->delivery == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  /* Where a courier brings it is somebody’s address */
  if (row->delivery != NULL && row->delivery->way == CH_DELIVERY_BY_COURIER)
    g_clear_pointer (&row->delivery->place, g_free);
  return TRUE;
}

static ChLookupRow *
read_row (ChDbTx *tx, const ChProfile *profile, const char *id, GError **error)
{
  g_autoptr (ChLookupRow) row = ch_wire_new (&ChLookupRow_wire);

  row->application = ch_applications_get (tx, id, profile, CH_VIEW_MEMBER, error);
  if (row->application == NULL)
    return NULL;
  ch_lookup_reduce (row->application);
  return add_order (tx, row, error) && add_delivery (tx, row, error) ? g_steal_pointer (&row) : NULL;
}

/**
 * ch_lookup_read:
 * @ticket: id of a ticket
 *
 * Returns: (transfer full): what the ticket is for, as it stands now
 */
ChLookupList *
ch_lookup_read (ChDbTx *tx, const ChProfile *profile, const char *ticket, GError **error)
{
  g_autoptr (ChLookupList) list = ch_wire_new (&ChLookupList_wire);
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT a.id FROM ticket_application AS t JOIN application AS a ON a.id = t.application "
                     "WHERE t.ticket = $1 ORDER BY a.updated DESC, a.id",
                     CH_BIND (CH_TEXT (ticket)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  list->items = ch_wire_list_new (&ChLookupRow_wire);
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      ChLookupRow *row = read_row (tx, profile, ch_stmt_get_text (stmt, 0), error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (list->items, row);
    }
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}
