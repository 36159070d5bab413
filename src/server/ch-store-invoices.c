#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-sniff.h"
#include "server/ch-listing.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-invoices.h"
#include "wire/ch-field.h"

static gboolean
read_answers (ChDbTx *tx, const char *application, GHashTable *answers, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT field, value FROM invoice_answer WHERE application = $1",
                                         CH_BIND (CH_TEXT (application)), error);
  ChStep step;

  if (stmt == NULL)
    return FALSE;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_hash_table_replace (answers, ch_stmt_dup_text (stmt, 0), ch_stmt_dup_text (stmt, 1));
  return step == CH_STEP_DONE;
}

static void
read_row (ChStmt *row, ChInvoice *self)
{
  int state = CH_INVOICE_DUE, kind = CH_INVOICE_PLAIN;

  ch_wire_enum_from_id (&ChInvoiceState_enum, ch_stmt_get_text (row, 0), &state);
  ch_wire_enum_from_id (&ChInvoiceKind_enum, ch_stmt_get_text (row, 6), &kind);
  self->state = state;
  self->kind = kind;
  self->flow = ch_stmt_dup_text (row, 1);
  self->order = ch_stmt_dup_text (row, 2);
  self->fen = ch_stmt_get_int (row, 3);
  self->applicant = ch_stmt_dup_text (row, 4);
  self->asked = ch_stmt_get_int (row, 7);
  self->number = ch_stmt_dup_text (row, 8);
  if (self->number != NULL && *self->number == 0)
    g_clear_pointer (&self->number, g_free);
  self->made = ch_stmt_get_int (row, 9);
  self->has_file = ch_stmt_get_int (row, 10) != 0;
}

/**
 * ch_invoices_get:
 * @error: %CH_ERROR_NOT_FOUND when nothing was paid that an invoice could be about
 *
 * Returns: (transfer full): the invoice of an application, asked for or not
 */
ChInvoice *
ch_invoices_get (ChDbTx *tx, const char *application, GError **error)
{
  g_autoptr (ChInvoice) self = NULL;
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT l.invoice, a.flow, p.id, p.fen, COALESCE (n.value, c.name), l.account, i.kind, "
      "COALESCE (i.asked, 0), i.number, COALESCE (i.made, 0), i.file IS NOT NULL "
      "FROM listing AS l JOIN application AS a ON a.id = l.application JOIN account AS c ON c.id = a.account "
      "JOIN purchase AS p ON p.application = a.id LEFT JOIN invoice AS i ON i.application = a.id "
      "LEFT JOIN answer AS n ON n.application = a.id AND n.field = 'unit-name' "
      "WHERE l.application = $1 AND l.invoice <> 'none'",
      CH_BIND (CH_TEXT (application)), error);

  if (row == NULL)
    return NULL;

  self = ch_wire_new (&ChInvoice_wire);
  self->application = g_strdup (application);
  read_row (row, self);
  self->answers = ch_wire_map_new ();
  return read_answers (tx, application, self->answers, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * ch_invoices_list:
 * @account: whose, or %CH_LISTING_EVERYBODY
 * @query: what is wanted of them
 *
 * Returns: (transfer full): a page
 */
ChInvoiceList *
ch_invoices_list (ChDbTx *tx, const char *account, const ChListQuery *query, GError **error)
{
  g_autoptr (ChListingPage) page = ch_listing_read (tx, CH_LISTING_INVOICES, account, query, error);
  g_autoptr (ChInvoiceList) list = NULL;

  if (page == NULL)
    return NULL;

  list = ch_wire_new (&ChInvoiceList_wire);
  list->items = ch_wire_list_new (&ChInvoice_wire);
  list->next = g_steal_pointer (&page->next);
  list->total = page->total;
  for (guint i = 0; i < page->ids->len; i++)
    {
      ChInvoice *invoice = ch_invoices_get (tx, page->ids->pdata[i], error);

      if (invoice == NULL)
        return NULL;
      g_ptr_array_add (list->items, invoice);
    }
  return g_steal_pointer (&list);
}

/**
 * ch_invoices_read_file:
 * @error: %CH_ERROR_NOT_FOUND while it is not made out
 *
 * Returns: (transfer full): the PDF
 */
ChInvoiceFile *
ch_invoices_read_file (ChDbTx *tx, const char *application, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT number, file FROM invoice WHERE application = $1 AND file IS NOT NULL",
                         CH_BIND (CH_TEXT (application)), error);
  ChInvoiceFile *self;

  if (row == NULL)
    return NULL;

  self = ch_wire_new (&ChInvoiceFile_wire);
  self->name = g_strdup_printf ("%s.pdf", ch_stmt_get_text (row, 0));
  self->bytes = ch_stmt_dup_bytes (row, 1);
  return self;
}

static gboolean
check_state (const ChInvoice *invoice, ChInvoiceState wanted, GError **error)
{
  if (invoice->state == wanted)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the invoice is %s",
               ch_wire_enum_get_id (&ChInvoiceState_enum, invoice->state));
  return FALSE;
}

static gboolean
put_answers (ChDbTx *tx, const char *application, GHashTable *answers, GError **error)
{
  for (gsize i = 0; ch_form_invoice.fields[i] != NULL; i++)
    {
      const char *field = ch_form_invoice.fields[i]->id;

      if (!ch_db_run (tx, "INSERT INTO invoice_answer (application, field, value) VALUES ($1, $2, $3)",
                      CH_BIND (CH_TEXT (application), CH_TEXT (field),
                               CH_TEXT (g_hash_table_lookup (answers, field))),
                      error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ch_invoices_ask:
 * @answers: of the form of invoices, as they came
 * @error: %CH_ERROR_INVALID_INPUT naming each wrong field, %CH_ERROR_WRONG_STATE when it was asked for
 *
 * Asks for the invoice of what was paid.
 */
gboolean
ch_invoices_ask (ChDbTx *tx,
                 const char *application,
                 const ChProfile *profile,
                 GHashTable *answers,
                 const char *who,
                 GError **error)
{
  g_autoptr (ChInvoice) invoice = ch_invoices_get (tx, application, error);
  g_autoptr (GHashTable) mended = ch_wire_map_new ();
  ChAxes axes;

  if (invoice == NULL || !check_state (invoice, CH_INVOICE_DUE, error))
    return FALSE;

  for (gsize i = 0; ch_form_invoice.fields[i] != NULL; i++)
    {
      const ChField *field = ch_form_invoice.fields[i];
      const char *value = g_hash_table_lookup (answers, field->id);

      if (value != NULL)
        g_hash_table_insert (mended, g_strdup (field->id), ch_field_normalize (field, value));
    }
  if (!ch_axes_parse (invoice->flow, &axes)
      || !ch_form_check (&ch_form_invoice, profile, &axes, mended, error))
    return FALSE;

  return ch_db_run (tx,
                    "INSERT INTO invoice (application, state, kind, email, fen, asked, number, made) "
                    "VALUES ($1, 'asked', $2, $3, $4, $5, '', 0)",
                    CH_BIND (CH_TEXT (application), CH_TEXT (g_hash_table_lookup (mended, "invoice-kind")),
                             CH_TEXT (g_hash_table_lookup (mended, "invoice-email")), CH_INT (invoice->fen),
                             CH_INT (ch_clock_now ())),
                    error)
         && put_answers (tx, application, mended, error)
         && ch_applications_add_history (tx, application, "invoice-asked", who, error);
}

/* The number stands in the name of the file too */
static gboolean
is_number (const char *number)
{
  gsize len = strspn (number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

  return len >= 6 && number[len] == 0;
}

/**
 * ch_invoices_make:
 * @made: number and file
 * @error: %CH_ERROR_WRONG_STATE when nobody asks for it, %CH_ERROR_DOCUMENT_TYPE when the file is no PDF
 *
 * Says that an invoice is made out.
 */
gboolean
ch_invoices_make (ChDbTx *tx,
                  const char *application,
                  const ChInvoiceMade *made,
                  const char *who,
                  GError **error)
{
  g_autoptr (ChInvoice) invoice = ch_invoices_get (tx, application, error);
  gsize size;
  gconstpointer data = g_bytes_get_data (made->file, &size);

  if (invoice == NULL || !check_state (invoice, CH_INVOICE_ASKED, error))
    return FALSE;
  if (!is_number (made->number))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "the number of an invoice is letters and digits");
      return FALSE;
    }
  if (ch_sniff (data, size) != CH_CONTENT_PDF)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE, "an invoice is a PDF");
      return FALSE;
    }

  return ch_db_run_one (
             tx,
             "UPDATE invoice SET state = 'made', number = $2, file = $3, made = $4 WHERE application = $1",
             CH_BIND (CH_TEXT (application), CH_TEXT (made->number), CH_BYTES (made->file),
                      CH_INT (ch_clock_now ())),
             error)
         && ch_applications_add_history (tx, application, "invoice-made", who, error);
}
