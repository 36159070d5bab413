#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "server/ch-phone.h"
#include "server/ch-random.h"

#define SALT_SIZE     32
#define VERIFIER_SIZE 32

/* Phones of one account */
#define MAX_PHONES 20

/**
 * ch_phone_load:
 * @error: %CH_ERROR_PHONE_UNKNOWN
 *
 * Returns: (transfer full): the phone
 */
ChPhoneRow *
ch_phone_load (ChDbTx *tx, const char *id, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT account, salt, verifier, n_wrong FROM phone WHERE id = $1", CH_BIND (CH_TEXT (id)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  ChPhoneRow *self;

  if (step == CH_STEP_DONE)
    g_set_error (error, CH_ERROR, CH_ERROR_PHONE_UNKNOWN, "there is no such phone");
  if (step != CH_STEP_ROW)
    return NULL;

  self = g_new0 (ChPhoneRow, 1);
  self->id = g_strdup (id);
  self->account = ch_stmt_dup_text (stmt, 0);
  self->salt = ch_stmt_dup_bytes (stmt, 1);
  self->verifier = ch_stmt_dup_bytes (stmt, 2);
  self->n_wrong = ch_stmt_get_int (stmt, 3);
  return self;
}

void
ch_phone_row_free (ChPhoneRow *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->account);
  g_clear_pointer (&self->salt, g_bytes_unref);
  g_clear_pointer (&self->verifier, g_bytes_unref);
  g_free (self);
}

static GBytes *
mac_of (ChService *service, const char *purpose, GBytes *bytes)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);

  return ch_service_make_mac (service, purpose, data, len);
}

/* The share is not in the store: who carries the database off has nothing to try PINs with. */
static ChPhoneShare *
make_share (ChService *service, const char *id, GBytes *salt)
{
  g_autoptr (GBytes) mac = mac_of (service, "phone-share", salt);
  ChPhoneShare *share = ch_wire_new (&ChPhoneShare_wire);

  share->phone = g_strdup (id);
  share->share = ch_secret_take_text (g_base64_encode (g_bytes_get_data (mac, NULL), g_bytes_get_size (mac)));
  ch_secret_wipe ((gpointer) g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
  return share;
}

/**
 * ch_phone_check_key:
 * @request: of a new phone
 * @error: %CH_ERROR_PHONE_PROOF_WRONG
 *
 * Looks whether it is a P-256 key and has signed. The nonce is used up by who calls.
 */
gboolean
ch_phone_check_key (ChService *service, const ChPhoneNew *request, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) statement
      = ch_statement_build (CH_STATEMENT_POSSESSION, ch_service_get_tls_certificate (service), request->key,
                            request->nonce, NULL, &local);

  if (statement != NULL && g_bytes_get_size (request->verifier) == VERIFIER_SIZE
      && ch_spki_get_kind (request->key, NULL, &local) == CH_KEY_KIND_P256
      && ch_spki_verify (request->key, statement, request->signature, NULL, &local))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_PHONE_PROOF_WRONG, "a new phone: %s",
               local != NULL ? local->message : "not a key of P-256 with its verifier");
  return FALSE;
}

/**
 * ch_phone_add:
 * @request: checked
 * @error: %CH_ERROR_CONFLICT for a key that is known, %CH_ERROR_TOO_LARGE for one phone too many
 *
 * Returns: (transfer full): its id and the share
 */
ChPhoneShare *
ch_phone_add (ChDbTx *tx, ChService *service, const char *account, const ChPhoneNew *request, GError **error)
{
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (GBytes) verifier = mac_of (service, "phone-verifier", request->verifier);
  g_autoptr (GBytes) salt = NULL;
  guint8 random[SALT_SIZE];
  gint64 now = ch_clock_now (), n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM phone WHERE account = $1", CH_BIND (CH_TEXT (account)), &n,
                        error))
    return NULL;
  if (n >= MAX_PHONES)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOO_LARGE, "%d phones are enough", MAX_PHONES);
      return NULL;
    }

  ch_random_fill (random, sizeof random);
  salt = g_bytes_new (random, sizeof random);
  return ch_db_run (tx,
                    "INSERT INTO phone (id, account, name, key, salt, verifier, n_wrong, created, used) "
                    "VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)",
                    CH_BIND (CH_TEXT (id), CH_TEXT (account), CH_TEXT (request->name),
                             CH_BYTES (request->key), CH_BYTES (salt), CH_BYTES (verifier), CH_INT (now)),
                    error)
             ? make_share (service, id, salt)
             : NULL;
}

/**
 * ch_phone_open:
 * @self: whose wrong tries are counted on
 * @verifier: derived from the PIN that was typed
 * @error: when it could not be looked at
 *
 * Compares and counts; a wrong try is written too, so this succeeds in both cases.
 *
 * Returns: (transfer full): the share, an empty one for a wrong PIN
 */
ChPhoneShare *
ch_phone_open (ChDbTx *tx, ChService *service, ChPhoneRow *self, GBytes *verifier, GError **error)
{
  g_autoptr (GBytes) mac = mac_of (service, "phone-verifier", verifier);
  gboolean is_right = ch_equal_in_constant_time (
      g_bytes_get_data (mac, NULL), g_bytes_get_data (self->verifier, NULL), g_bytes_get_size (mac));

  self->n_wrong = is_right ? 0 : self->n_wrong + 1;
  if (!ch_db_run_one (
          tx, "UPDATE phone SET n_wrong = $2, used = CASE WHEN $2 = 0 THEN $3 ELSE used END WHERE id = $1",
          CH_BIND (CH_TEXT (self->id), CH_INT (self->n_wrong), CH_INT (ch_clock_now ())), error))
    return NULL;
  return is_right ? make_share (service, self->id, self->salt) : ch_wire_new (&ChPhoneShare_wire);
}

/**
 * ch_phone_unlock:
 *
 * Forgets the wrong tries, once its owner has given the code of a message.
 */
gboolean
ch_phone_unlock (ChDbTx *tx, const char *id, GError **error)
{
  return ch_db_run_one (tx, "UPDATE phone SET n_wrong = 0 WHERE id = $1", CH_BIND (CH_TEXT (id)), error);
}

/**
 * ch_phones_list:
 *
 * Returns: (transfer full): the phones of @account, the one used last first
 */
ChPhoneList *
ch_phones_list (ChDbTx *tx, const char *account, GError **error)
{
  g_autoptr (ChPhoneList) list = ch_wire_new (&ChPhoneList_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT id, name, created, used FROM phone WHERE account = $1 ORDER BY used DESC, id",
      CH_BIND (CH_TEXT (account)), error);
  ChStep step;

  if (stmt == NULL)
    return NULL;
  list->items = ch_wire_list_new (&ChPhone_wire);
  while ((step = ch_stmt_step (stmt, error)) == CH_STEP_ROW)
    {
      ChPhone *phone = ch_wire_new (&ChPhone_wire);

      phone->id = ch_stmt_dup_text (stmt, 0);
      phone->name = ch_stmt_dup_text (stmt, 1);
      phone->created = ch_stmt_get_int (stmt, 2);
      phone->used = ch_stmt_get_int (stmt, 3);
      g_ptr_array_add (list->items, phone);
    }
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}
