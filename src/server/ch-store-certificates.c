#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-listing.h"
#include "server/ch-store-certificates.h"

#define COLUMNS                                                                                              \
  "certificate.serial, certificate.application, hierarchy, certificate.state, certificate.name, "            \
  "spki_sha256, tbs, "                                                                                       \
  "der, not_before, not_after, revoked, reason, certificate.account, "                                       \
  "(SELECT a.flow FROM application AS a WHERE a.id = certificate.application), "                             \
  "(SELECT a.project FROM application AS a WHERE a.id = certificate.application), "                          \
  "(SELECT a.id FROM application AS a WHERE a.base = certificate.serial "                                    \
  "AND a.state NOT IN ('done', 'withdrawn'))"
#define SELECT_CERTIFICATE "SELECT " COLUMNS " FROM certificate WHERE "

static ChHierarchy
parse_hierarchy (const char *id)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    if (g_strcmp0 (ch_hierarchy_get_id (i), id) == 0)
      return i;

  g_warning ("the store names a hierarchy that is none");
  return CH_HIERARCHY_RSA;
}

static ChCertificateRecord *
read_row (ChStmt *row)
{
  ChCertificateRecord *self = g_new0 (ChCertificateRecord, 1);
  int state = CH_CERTIFICATE_ISSUED;

  self->serial = ch_stmt_dup_text (row, 0);
  self->application = ch_stmt_dup_text (row, 1);
  self->hierarchy = parse_hierarchy (ch_stmt_get_text (row, 2));
  ch_wire_enum_from_id (&ChCertificateState_enum, ch_stmt_get_text (row, 3), &state);
  self->state = state;
  self->name = ch_stmt_dup_text (row, 4);
  self->spki_sha256 = ch_stmt_dup_bytes (row, 5);
  self->tbs = ch_stmt_dup_bytes (row, 6);
  self->der = ch_stmt_dup_bytes (row, 7);
  self->not_before = ch_stmt_get_int (row, 8);
  self->not_after = ch_stmt_get_int (row, 9);
  self->revoked = ch_stmt_get_int (row, 10);
  ch_revocation_from_id (ch_stmt_get_text (row, 11), &self->reason);
  self->account = ch_stmt_dup_text (row, 12);
  self->flow = ch_stmt_dup_text (row, 13);
  self->project = ch_stmt_dup_text (row, 14);
  self->open = ch_stmt_dup_text (row, 15);
  return self;
}

static GPtrArray *
read_rows (ChDbTx *tx, const char *sql, const ChDbValue *values, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_certificate_record_free);
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, values, error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    g_ptr_array_add (rows, read_row (stmt));
  return step == CH_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

/**
 * ch_certificate_record_load:
 * @error: %CH_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the certificate
 */
ChCertificateRecord *
ch_certificate_record_load (ChDbTx *tx, const char *serial, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, SELECT_CERTIFICATE "serial = $1", CH_BIND (CH_TEXT (serial)), error);

  return row != NULL ? read_row (row) : NULL;
}

void
ch_certificate_record_free (ChCertificateRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->application);
  g_free (self->account);
  g_free (self->flow);
  g_free (self->project);
  g_free (self->open);
  g_free (self->name);
  g_clear_pointer (&self->spki_sha256, g_bytes_unref);
  g_clear_pointer (&self->tbs, g_bytes_unref);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self);
}

/**
 * ch_certificate_record_format:
 * @self: a signed certificate
 *
 * Returns: (transfer full): the message, with the chain
 */
ChCertificate *
ch_certificate_record_format (const ChCertificateRecord *self, ChCa *ca)
{
  ChCertificate *message = ch_wire_new (&ChCertificate_wire);

  message->serial = g_strdup (self->serial);
  message->state = self->state;
  message->application = g_strdup (self->application);
  message->name = g_strdup (self->name);
  message->not_before = self->not_before;
  message->not_after = self->not_after;
  message->der = g_bytes_ref (self->der);
  message->issuing_ca = g_bytes_ref (ch_issuer_get_cert (ch_ca_get_issuing (ca, self->hierarchy)));
  message->root_ca = g_bytes_ref (ch_ca_get_root (ca, self->hierarchy));
  message->flow = g_strdup (self->flow);
  message->project = g_strdup (self->project);
  message->open = g_strdup (self->open);
  return message;
}

/**
 * ch_certificates_find_live:
 * @record: (out) (nullable): the certificate of an application that is not revoked, signed or not
 */
gboolean
ch_certificates_find_live (ChDbTx *tx, const char *application, ChCertificateRecord **record, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, SELECT_CERTIFICATE "application = $1 AND state <> 'revoked'",
                                         CH_BIND (CH_TEXT (application)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  *record = step == CH_STEP_ROW ? read_row (stmt) : NULL;
  return step != CH_STEP_FAILED;
}

static gboolean
add_known_key (ChDbTx *tx, const ChCertificateRecord *record, GError **error)
{
  if (!ch_db_run (
          tx,
          "INSERT INTO known_key (spki_sha256, application, created) VALUES ($1, $2, $3) "
          "ON CONFLICT (spki_sha256) DO NOTHING",
          CH_BIND (CH_BYTES (record->spki_sha256), CH_TEXT (record->application), CH_INT (ch_clock_now ())),
          error))
    return FALSE;
  if (ch_db_get_n_changes (tx) == 1)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_KEY_KNOWN, "there is a certificate for this key already");
  return FALSE;
}

/**
 * ch_certificates_add:
 * @record: with serial and what is to be signed; not signed
 * @error: %CH_ERROR_KEY_KNOWN when the key was ever seen anywhere
 *
 * Records what the CA is about to sign. Only when this is on the disk the CA’s key may be used.
 */
gboolean
ch_certificates_add (ChDbTx *tx, const ChCertificateRecord *record, GError **error)
{
  g_autofree char *serial = ch_fold_text (record->serial);
  g_autofree char *name = ch_fold_text (record->name);
  g_autofree char *words = g_strjoin (" ", serial, name, NULL);

  return add_known_key (tx, record, error)
         && ch_db_run (
             tx,
             "INSERT INTO certificate (serial, application, hierarchy, state, name, spki_sha256, tbs, "
             "not_before, not_after, revoked, reason, created, words, account) "
             "VALUES ($1, $2, $3, 'issued', $4, $5, $6, $7, $8, 0, 'unspecified', $9, $10, "
             "(SELECT account FROM application WHERE id = $2))",
             CH_BIND (CH_TEXT (record->serial), CH_TEXT (record->application),
                      CH_TEXT (ch_hierarchy_get_id (record->hierarchy)), CH_TEXT (record->name),
                      CH_BYTES (record->spki_sha256), CH_BYTES (record->tbs), CH_INT (record->not_before),
                      CH_INT (record->not_after), CH_INT (ch_clock_now ()), CH_TEXT (words)),
             error);
}

/**
 * ch_certificates_set_signed:
 *
 * Stores what the CA has signed.
 */
gboolean
ch_certificates_set_signed (ChDbTx *tx, const char *serial, GBytes *der, GError **error)
{
  return ch_db_run_one (tx, "UPDATE certificate SET der = $2 WHERE serial = $1",
                        CH_BIND (CH_TEXT (serial), CH_BYTES (der)), error);
}

gboolean
ch_certificates_set_installed (ChDbTx *tx, const char *serial, GError **error)
{
  return ch_db_run_one (tx,
                        "UPDATE certificate SET state = 'installed' WHERE serial = $1 AND state = 'issued'",
                        CH_BIND (CH_TEXT (serial)), error);
}

/**
 * ch_certificates_revoke:
 * @reason: %CH_REVOCATION_HOLD can be followed by another one, all others are final
 * @since: seconds since 1970
 * @error: %CH_ERROR_CONFLICT when it is revoked already or there is no such certificate
 *
 * Revokes a certificate or puts it on hold. The list is made anew by ch_crl_desk_renew().
 */
gboolean
ch_certificates_revoke (ChDbTx *tx, const char *serial, ChRevocation reason, gint64 since, GError **error)
{
  const char *state = reason == CH_REVOCATION_HOLD ? "on-hold" : "revoked";

  return ch_db_run_one (
      tx,
      "UPDATE certificate SET state = $2, reason = $3, revoked = $4 WHERE serial = $1 "
      "AND state <> 'revoked'",
      CH_BIND (CH_TEXT (serial), CH_TEXT (state), CH_TEXT (ch_revocation_get_id (reason)), CH_INT (since)),
      error);
}

/**
 * ch_certificates_release:
 * @error: %CH_ERROR_CONFLICT when it is not on hold
 *
 * Takes a certificate off hold: it is good again, as if nothing had been. The list is made anew by the
 * caller.
 */
gboolean
ch_certificates_release (ChDbTx *tx, const char *serial, GError **error)
{
  return ch_db_run_one (tx,
                        "UPDATE certificate SET state = 'installed', reason = 'unspecified', revoked = 0 "
                        "WHERE serial = $1 AND state = 'on-hold'",
                        CH_BIND (CH_TEXT (serial)), error);
}

/**
 * ch_certificates_list_unsigned:
 *
 * Returns: (transfer full) (element-type ChCertificateRecord): what was recorded, but perhaps never signed
 */
GPtrArray *
ch_certificates_list_unsigned (ChDbTx *tx, GError **error)
{
  return read_rows (tx, SELECT_CERTIFICATE "der IS NULL ORDER BY created", NULL, error);
}

/**
 * ch_certificates_list_revoked:
 *
 * Returns: (transfer full) (element-type ChCertificateRecord): what the list names: revoked or on hold, and
 * not ended by itself
 */
GPtrArray *
ch_certificates_list_revoked (ChDbTx *tx, ChHierarchy hierarchy, GError **error)
{
  return read_rows (tx,
                    SELECT_CERTIFICATE
                    "hierarchy = $1 AND state IN ('on-hold', 'revoked') AND not_after >= $2 ORDER BY revoked",
                    CH_BIND (CH_TEXT (ch_hierarchy_get_id (hierarchy)), CH_INT (ch_clock_now ())), error);
}

/**
 * ch_certificates_list:
 * @account: whose
 * @query: what is wanted of them
 *
 * Returns: (transfer full): a page
 */
ChCertificateList *
ch_certificates_list (ChDbTx *tx, ChCa *ca, const char *account, const ChListQuery *query, GError **error)
{
  g_autoptr (ChListingPage) page = ch_listing_read (tx, CH_LISTING_CERTIFICATES, account, query, error);
  g_autoptr (ChCertificateList) list = NULL;

  if (page == NULL)
    return NULL;

  list = ch_wire_new (&ChCertificateList_wire);
  list->items = ch_wire_list_new (&ChCertificate_wire);
  list->next = g_steal_pointer (&page->next);
  list->total = page->total;
  for (guint i = 0; i < page->ids->len; i++)
    {
      g_autoptr (ChCertificateRecord) record = ch_certificate_record_load (tx, page->ids->pdata[i], error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (list->items, ch_certificate_record_format (record, ca));
    }
  return g_steal_pointer (&list);
}

/**
 * ch_certificates_list_held:
 *
 * Returns: (transfer full): what the holder of a certificate sees: that one
 */
ChCertificateList *
ch_certificates_list_held (ChDbTx *tx, ChCa *ca, const char *serial, GError **error)
{
  g_autoptr (ChCertificateRecord) record = ch_certificate_record_load (tx, serial, error);
  ChCertificateList *list;

  if (record == NULL)
    return NULL;

  list = ch_wire_new (&ChCertificateList_wire);
  list->items = ch_wire_list_new (&ChCertificate_wire);
  g_ptr_array_add (list->items, ch_certificate_record_format (record, ca));
  return list;
}
