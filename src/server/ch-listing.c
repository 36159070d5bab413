#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-listing.h"
#include "wire/messages-application.h"
#include "wire/messages-certificate.h"
#include "wire/messages-delivery.h"
#include "wire/messages-invoice.h"
#include "wire/messages-order.h"

/* A column a list can go by, and whether people expect it downwards */
typedef struct
{
  const char *column;
  gboolean is_text;
  gboolean falls;
} Key;

typedef struct
{
  const char *from;
  const char *id;
  const char *account; /* column: whose */
  const char *time;    /* column: what `since` and `until` are about */
  const char *state;   /* column */
  const char *words;   /* column */
  const char *where;   /* what else makes a row one of this kind */
  const ChWireEnum *states;
  Key keys[CH_N_LIST_SORTS];
} Source;

#define LISTING_KEYS                                                                                         \
  {                                                                                                          \
    [CH_LIST_BY_ATTENTION] = { "listing.place", FALSE, FALSE },                                              \
    [CH_LIST_BY_UPDATED] = { "listing.updated", FALSE, TRUE },                                               \
    [CH_LIST_BY_CREATED] = { "listing.created", FALSE, TRUE },                                               \
    [CH_LIST_BY_NAME] = { "listing.name", TRUE, FALSE },                                                     \
  }
#define OF_LISTING(kind_id, state_column, kind_states, kind_where)                                           \
  {                                                                                                          \
    .from = "listing", .id = kind_id, .account = "listing.account", .time = "listing.updated",               \
    .state = state_column, .words = "listing.words", .where = kind_where, .states = kind_states,             \
    .keys = LISTING_KEYS                                                                                     \
  }

static const Source sources[] = {
  [CH_LISTING_APPLICATIONS] = OF_LISTING ("listing.application", "listing.state", &ChApplicationState_enum, "TRUE"),
  [CH_LISTING_ORDERS] = OF_LISTING ("listing.purchase", "listing.purchase_state", &ChOrderState_enum,
                                    "listing.purchase IS NOT NULL"),
  [CH_LISTING_INVOICES] = OF_LISTING ("listing.application", "listing.invoice", &ChInvoiceState_enum,
                                      "listing.invoice <> 'none'"),
  [CH_LISTING_DELIVERIES] = OF_LISTING ("listing.application", "listing.delivery", &ChDeliveryState_enum,
                                        "listing.delivery <> 'none'"),
  [CH_LISTING_CERTIFICATES]
  = { .from = "certificate JOIN listing ON listing.application = certificate.application",
      .id = "certificate.serial",
      .account = "certificate.account",
      .time = "certificate.not_after",
      .state = "certificate.state",
      .words = "certificate.words",
      .where = "certificate.der IS NOT NULL",
      .states = &ChCertificateState_enum,
      .keys = {
          [CH_LIST_BY_ATTENTION] = { "certificate.not_after", FALSE, FALSE },
          [CH_LIST_BY_UPDATED] = { "certificate.created", FALSE, TRUE },
          [CH_LIST_BY_CREATED] = { "certificate.created", FALSE, TRUE },
          [CH_LIST_BY_NAME] = { "certificate.name", TRUE, FALSE },
      } },
};

/* What a part of the list is; TURN: see ch-listing-refresh.c */
static const char *const parts[CH_N_LIST_PARTS] = {
  [CH_LIST_PART_ALL] = "TRUE",
  [CH_LIST_PART_TURN] = "listing.place < 0",
  [CH_LIST_PART_OPEN] = "listing.state <> 'done' AND listing.state <> 'withdrawn'",
  [CH_LIST_PART_INVOICE] = "listing.invoice <> 'none'",
  [CH_LIST_PART_DELIVERY] = "listing.delivery <> 'none'",
};

void
ch_listing_page_free (ChListingPage *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->ids);
  g_free (self->next);
  g_free (self);
}

/* (transfer full) (nullable): for LIKE, escaped; NULL when nothing is looked for */
static char *
make_pattern (const char *text)
{
  g_autofree char *folded = ch_fold_text (text);
  GString *pattern;

  if (*folded == 0)
    return NULL;

  pattern = g_string_new ("%");
  for (const char *p = folded; *p != 0; p++)
    {
      if (strchr ("%_\\", *p) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  return g_string_free (g_string_append_c (pattern, '%'), FALSE);
}

static gboolean
check_word (const ChWireEnum *words, const char *word, GError **error)
{
  int value;

  if (word == NULL || ch_wire_enum_from_id (words, word, &value))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "%s: unknown word", words->name);
  return FALSE;
}

/* A page ends with where the next one begins: id and key of its last row, and the key it went by */
static gboolean
parse_cursor (const Key *key, const char *after, char **id, char **value, gint64 *number, GError **error)
{
  const char *dot = after != NULL ? strchr (after, '.') : NULL;
  char *end = NULL;

  if (after == NULL)
    return TRUE;
  if (dot != NULL)
    {
      *id = g_strndup (after, dot - after);
      *value = g_strdup (dot + 1);
      *number = g_ascii_strtoll (*value, &end, 10);
      if (key->is_text || (end != *value && *end == 0))
        return TRUE;
    }

  g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "after: not the end of a page");
  return FALSE;
}

/* $1 account, $2 state, $3 business, $4 subject, $5 since, $6 until, $7 pattern. Account and state stand
 * there only when they are given, so that an index is found for them. */
static char *
make_where (const Source *source, const char *account, const ChListQuery *query)
{
  return g_strdup_printf (
      " FROM %s WHERE %s AND %s"
      " AND %s %s"
      " AND ($3 IS NULL OR listing.business = $3) AND ($4 IS NULL OR listing.subject = $4)"
      " AND ($5 = 0 OR %s >= $5) AND ($6 = 0 OR %s < $6)"
      " AND ($7 IS NULL OR %s LIKE $7 ESCAPE '\\') AND %s%s",
      source->from, source->where, parts[query->part], query->state != NULL ? source->state : "$2 IS",
      query->state != NULL ? "= $2" : "NULL", source->time, source->time, source->words,
      *account != 0 ? source->account : "$1", *account != 0 ? " = $1" : " IS NOT NULL");
}

static gboolean
read_rows (ChDbTx *tx,
           const char *sql,
           const ChDbValue *values,
           guint limit,
           ChListingPage *page,
           GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      if (page->ids->len == limit)
        return TRUE;
      g_ptr_array_add (page->ids, ch_stmt_dup_text (stmt, 0));
      g_free (page->next);
      page->next = g_strconcat (ch_stmt_get_text (stmt, 0), ".", ch_stmt_get_text (stmt, 1), NULL);
    }

  /* That was the last page */
  g_clear_pointer (&page->next, g_free);
  return step == CH_STEP_DONE;
}

/**
 * ch_listing_read:
 * @kind: what is listed
 * @account: whose, or %CH_LISTING_EVERYBODY
 * @query: what is wanted of it
 * @error: %CH_ERROR_BAD_ANSWER when @query names a word or a page there is not
 *
 * Finds a page of a list. Pages hang on the key of their last row, not on how many were before: what comes
 * and goes meanwhile moves no row to another page.
 *
 * Returns: (transfer full): the page
 */
ChListingPage *
ch_listing_read (ChDbTx *tx,
                 ChListingKind kind,
                 const char *account,
                 const ChListQuery *query,
                 GError **error)
{
  const Source *source = &sources[kind];
  const Key *key = &source->keys[query->sort];
  gboolean falls = key->falls != query->reverse;
  g_autofree char *where = make_where (source, account, query);
  g_autofree char *pattern = make_pattern (query->text);
  g_autofree char *last_id = NULL, *last_value = NULL, *rows_sql = NULL, *count_sql = NULL;
  g_autoptr (ChListingPage) page = g_new0 (ChListingPage, 1);
  guint limit = query->limit != 0 ? query->limit : CH_LIST_DEFAULT_LIMIT;
  gint64 last_number = 0;

  g_return_val_if_fail (account != NULL, NULL);

  page->ids = g_ptr_array_new_with_free_func (g_free);
  if (!check_word (source->states, query->state, error)
      || !check_word (&ChBusiness_enum, query->business, error)
      || !check_word (&ChSubjectKind_enum, query->subject, error)
      || !parse_cursor (key, query->after, &last_id, &last_value, &last_number, error))
    return NULL;

  rows_sql = g_strdup_printf ("SELECT %s, %s%s AND ($8 IS NULL OR (%s, %s) %s ($9, $8)) "
                              "ORDER BY %s %s, %s %s LIMIT $10 OFFSET $11",
                              source->id, key->column, where, key->column, source->id, falls ? "<" : ">",
                              key->column, falls ? "DESC" : "ASC", source->id, falls ? "DESC" : "ASC");
  const ChDbValue number = CH_INT (last_number), text = CH_TEXT (last_value);
  if (!read_rows (tx, rows_sql,
                  CH_BIND (CH_TEXT (account), CH_TEXT (query->state), CH_TEXT (query->business),
                           CH_TEXT (query->subject), CH_INT (query->since), CH_INT (query->until),
                           CH_TEXT (pattern), CH_TEXT (last_id), key->is_text ? text : number,
                           CH_INT (limit + 1), CH_INT (query->skip)),
                  limit, page, error))
    return NULL;

  if (query->after != NULL)
    return g_steal_pointer (&page);
  count_sql = g_strconcat ("SELECT COUNT (*)", where, NULL);
  return ch_db_query_int (tx, count_sql,
                          CH_BIND (CH_TEXT (account), CH_TEXT (query->state), CH_TEXT (query->business),
                                   CH_TEXT (query->subject), CH_INT (query->since), CH_INT (query->until),
                                   CH_TEXT (pattern)),
                          &page->total, error)
             ? g_steal_pointer (&page)
             : NULL;
}
