#include "config.h"

#include "base/ch-validate.h"
#include "server/ch-listing.h"
#include "wire/ch-axes.h"

/* The answers people look for an application by; the first that is there is its name. Until they are changed
 * they are those of the certificate it is about. */
static const char *const named_by[] = { "unit-name", "person-name", "legal-person-name", "unit-code" };

/* More than any time: whose turn it is goes before when it changed */
#define PLACE G_GINT64_CONSTANT (100000000000)

/* Whose turn it is by the state: before zero stands what waits for the applicant */
static const struct
{
  const char *state;
  gint64 turn;
} turns[] = {
  { "refused", -3 }, { "approved", -1 }, { "issued", -1 }, { "submitted", 1 }, { "draft", 2 },
};

typedef struct
{
  char *account, *flow, *state, *name, *purchase, *purchase_state;
  char *invoice, *delivery;
  gint64 fen, created, updated;
  gboolean is_made_here; /* the CA makes the medium: it was asked where that is to go */
  GString *words;
} Row;

static void
row_clear (Row *row)
{
  g_free (row->account);
  g_free (row->flow);
  g_free (row->state);
  g_free (row->name);
  g_free (row->purchase);
  g_free (row->purchase_state);
  g_free (row->invoice);
  g_free (row->delivery);
  g_string_free (row->words, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static void
add_word (Row *row, const char *word)
{
  g_autofree char *folded = ch_fold_text (word);

  /* a blank between two words is in no folded text: nothing is found across them */
  if (*folded != 0)
    g_string_append_printf (row->words, "%s%s", row->words->len > 0 ? " " : "", folded);
}

static gboolean
read_application (ChDbTx *tx, const char *id, Row *row, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx,
      "SELECT a.account, a.flow, a.state, a.created, a.updated, a.trust_id, p.id, p.state, p.fen, c.name, "
      "i.state, i.number, d.state, d.number, EXISTS (SELECT 1 FROM answer AS w WHERE w.application = a.id "
      "AND w.field = 'delivery-way') FROM application AS a JOIN account AS c ON c.id = a.account "
      "LEFT JOIN purchase AS p ON p.application = a.id LEFT JOIN invoice AS i ON i.application = a.id "
      "LEFT JOIN delivery AS d ON d.application = a.id WHERE a.id = $1",
      CH_BIND (CH_TEXT (id)), error);

  if (stmt == NULL)
    return FALSE;

  row->account = ch_stmt_dup_text (stmt, 0);
  row->flow = ch_stmt_dup_text (stmt, 1);
  row->state = ch_stmt_dup_text (stmt, 2);
  row->created = ch_stmt_get_int (stmt, 3);
  row->updated = ch_stmt_get_int (stmt, 4);
  row->purchase = ch_stmt_dup_text (stmt, 6);
  row->purchase_state = ch_stmt_dup_text (stmt, 7);
  row->fen = ch_stmt_get_int (stmt, 8);
  row->name = ch_stmt_dup_text (stmt, 9);
  row->invoice = ch_stmt_dup_text (stmt, 10);
  row->delivery = ch_stmt_dup_text (stmt, 12);
  row->is_made_here = ch_stmt_get_int (stmt, 14) != 0;
  add_word (row, id);
  for (int column = 5; column <= 13; column++)
    if (column == 5 || column == 6 || column == 9 || column == 11 || column == 13)
      add_word (row, ch_stmt_get_text (stmt, column));
  return TRUE;
}

static gboolean
read_names (ChDbTx *tx, const char *id, Row *row, GError **error)
{
  for (gsize i = G_N_ELEMENTS (named_by); i > 0; i--)
    {
      g_autoptr (ChStmt) stmt
          = ch_db_query (tx,
                         "SELECT value, 0 AS of_base FROM answer WHERE application = $1 AND field = $2 "
                         "UNION SELECT o.value, 1 FROM application AS a JOIN certificate AS c "
                         "ON c.serial = a.base JOIN answer AS o ON o.application = c.application "
                         "WHERE a.id = $1 AND o.field = $2 ORDER BY of_base LIMIT 1",
                         CH_BIND (CH_TEXT (id), CH_TEXT (named_by[i - 1])), error);
      ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

      if (step == CH_STEP_FAILED)
        return FALSE;
      if (step != CH_STEP_ROW)
        continue;
      add_word (row, ch_stmt_get_text (stmt, 0));
      g_free (row->name);
      row->name = ch_stmt_dup_text (stmt, 0);
    }
  return TRUE;
}

static gboolean
read_certificates (ChDbTx *tx, const char *id, Row *row, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT serial FROM certificate WHERE application = $1 AND der IS NOT NULL",
                     CH_BIND (CH_TEXT (id)), error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    add_word (row, ch_stmt_get_text (stmt, 0));
  return step == CH_STEP_DONE;
}

static gint64
get_place (const Row *row)
{
  gboolean is_unpaid = g_strcmp0 (row->purchase_state, "unpaid") == 0;
  gint64 turn = 3; /* it is over */

  for (gsize i = 0; i < G_N_ELEMENTS (turns); i++)
    if (g_str_equal (turns[i].state, row->state))
      turn = turns[i].turn;
  if (turn == -1 && row->is_made_here)
    turn = 1;
  if (turn == 2 && is_unpaid)
    turn = -2;
  return turn * PLACE - row->updated;
}

/* What was paid for can have an invoice; what is a thing is sent once it was approved */
static void
fill_in (Row *row, const ChAxes *axes)
{
  gboolean is_paid = g_strcmp0 (row->purchase_state, "paid") == 0 && row->fen > 0;
  gboolean is_approved = g_str_equal (row->state, "approved") || g_str_equal (row->state, "issued")
                         || g_str_equal (row->state, "done");

  if (row->invoice == NULL)
    row->invoice = g_strdup (is_paid && axes->settlement == CH_SETTLEMENT_SELF_PAY ? "due" : "none");
  if (row->delivery == NULL)
    row->delivery
        = g_strdup (is_approved && axes->medium == CH_MEDIUM_UKEY
                            && (axes->business == CH_BUSINESS_APPLY || axes->business == CH_BUSINESS_REPLACE)
                        ? "waiting"
                        : "none");
}

/**
 * ch_listing_refresh:
 * @application: that was changed
 *
 * Writes anew what lists know of an application. Whatever changes one adds to its history, and that calls
 * this.
 */
gboolean
ch_listing_refresh (ChDbTx *tx, const char *application, GError **error)
{
  g_auto (Row) row = { .words = g_string_new (NULL) };
  g_autofree char *name = NULL;
  ChAxes axes = { 0 };

  if (!read_application (tx, application, &row, error) || !read_names (tx, application, &row, error)
      || !read_certificates (tx, application, &row, error))
    return FALSE;

  if (!ch_axes_parse (row.flow, &axes))
    g_warning ("the store names a flow that is none");
  fill_in (&row, &axes);
  name = ch_fold_text (row.name);
  return ch_db_run (
      tx,
      "INSERT INTO listing (application, account, business, subject, state, place, name, words, purchase, "
      "purchase_state, invoice, delivery, created, updated) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (application) DO UPDATE SET state = excluded.state, place = excluded.place, "
      "name = excluded.name, words = excluded.words, purchase = excluded.purchase, "
      "purchase_state = excluded.purchase_state, invoice = excluded.invoice, delivery = excluded.delivery, "
      "updated = excluded.updated",
      CH_BIND (CH_TEXT (application), CH_TEXT (row.account),
               CH_TEXT (ch_wire_enum_get_id (&ChBusiness_enum, axes.business)),
               CH_TEXT (ch_wire_enum_get_id (&ChSubjectKind_enum, axes.subject)), CH_TEXT (row.state),
               CH_INT (get_place (&row)), CH_TEXT (name), CH_TEXT (row.words->str), CH_TEXT (row.purchase),
               CH_TEXT (row.purchase_state), CH_TEXT (row.invoice), CH_TEXT (row.delivery),
               CH_INT (row.created), CH_INT (row.updated)),
      error);
}
