#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "server/ch-holder-login.h"
#include "server/ch-nonce.h"
#include "server/ch-store-certificates.h"
#include "wire/ch-policy.h"

#define SECONDS_A_DAY 86400

/* A certificate that somebody shows, and what this store knows of it */
typedef struct
{
  ChService *service;
  GBytes *nonce;
  GBytes *certificate;
  char *serial; /* (owned) (nullable): of a certificate that could be read */
  char *account;
  char *name;
  int state;         /* of ChCertificateState; -1: not issued here */
  gint64 not_before; /* of what was issued here */
  gint64 not_after;
} Shown;

static void
shown_clear (Shown *self)
{
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shown, shown_clear)

static gpointer
write_spent (ChDbTx *tx, gpointer data, GError **error)
{
  const Shown *shown = data;

  return ch_nonce_spend (tx, shown->service, CH_STATEMENT_LOGIN, shown->nonce, error) ? CH_DB_DONE : NULL;
}

/* A serial number alone says nothing: what is shown must be what was issued, byte for byte. Without anything
 * shown it was looked at before. */
static gpointer
read_issued (ChDbTx *tx, gpointer data, GError **error)
{
  Shown *shown = data;
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx,
      "SELECT c.state, c.name, c.not_before, c.not_after, a.account FROM certificate AS c "
      "JOIN application AS a ON a.id = c.application WHERE c.serial = $1 AND (c.der = $2 OR $2 IS NULL)",
      CH_BIND (CH_TEXT (shown->serial), CH_BYTES (shown->certificate)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;

  shown->state = -1;
  if (step == CH_STEP_ROW)
    {
      ch_wire_enum_from_id (&ChCertificateState_enum, ch_stmt_get_text (stmt, 0), &shown->state);
      shown->name = ch_stmt_dup_text (stmt, 1);
      shown->not_before = ch_stmt_get_int (stmt, 2);
      shown->not_after = ch_stmt_get_int (stmt, 3);
      shown->account = ch_stmt_dup_text (stmt, 4);
    }
  return step != CH_STEP_FAILED ? CH_DB_DONE : NULL;
}

static gboolean
is_in_force (const Shown *shown)
{
  return shown->state == CH_CERTIFICATE_ISSUED || shown->state == CH_CERTIFICATE_INSTALLED;
}

/* What cannot be read, and what is signed by another key, differ in nothing for who shows it. */
static gboolean
check_signature (Shown *shown, GBytes *signature, GError **error)
{
  const char *sm2_id = ch_profile_get_sm2_id (ch_service_get_profile (shown->service));
  g_autoptr (ChCertInfo) info = ch_cert_info_new (shown->certificate, error);
  g_autoptr (GBytes) statement = NULL;

  if (info == NULL)
    return FALSE;

  shown->serial = g_strdup (info->serial);
  statement = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (shown->service),
                                  shown->certificate, shown->nonce, NULL, error);
  return statement != NULL && ch_spki_verify (info->spki, statement, signature, sm2_id, error);
}

/* Uses the nonce up, whether the signature is right or not; then looks at signature and store. */
static gboolean
examine (Shown *shown, GBytes *signature, gboolean *is_signed, GError **error)
{
  ChDb *db = ch_service_get_db (shown->service);
  g_autoptr (GError) local = NULL;

  if (ch_db_write (db, write_spent, shown, NULL, error) == NULL)
    return FALSE;

  *is_signed = check_signature (shown, signature, &local);
  if (!*is_signed)
    g_debug ("logging in by certificate: %s", local->message);
  return shown->serial == NULL || ch_db_read (db, read_issued, shown, error) != NULL;
}

static gint64
get_grace (ChService *service)
{
  return ch_service_get_profile (service)->limits->grace_days * SECONDS_A_DAY;
}

/* Only who has the key hears what became of its certificate. Returns: %CH_N_ERRORS when it is accepted */
static ChErrorCode
find_refusal (const Shown *shown, gboolean is_signed, gint64 grace)
{
  gint64 now = ch_clock_now ();

  if (!is_signed || (shown->state >= 0 && now < shown->not_before))
    return CH_ERROR_CERTIFICATE_REFUSED;
  if (shown->state < 0)
    return CH_ERROR_HOLDER_UNKNOWN;
  if (shown->state == CH_CERTIFICATE_ON_HOLD)
    return CH_ERROR_HOLDER_HELD;
  if (!is_in_force (shown))
    return CH_ERROR_HOLDER_REVOKED;
  return now > shown->not_after + grace ? CH_ERROR_HOLDER_ENDED : CH_N_ERRORS;
}

static ChLoginRow *
make_row (Shown *shown, gboolean is_signed, GError **error)
{
  ChErrorCode refusal = find_refusal (shown, is_signed, get_grace (shown->service));
  ChLoginRow *row;

  if (refusal != CH_N_ERRORS)
    {
      g_set_error (error, CH_ERROR, (int) refusal, "the certificate is not accepted");
      return NULL;
    }

  row = g_new0 (ChLoginRow, 1);
  row->id = g_steal_pointer (&shown->account);
  row->name = g_steal_pointer (&shown->name);
  row->serial = g_steal_pointer (&shown->serial);
  row->is_late = ch_clock_now () > shown->not_after;
  return row;
}

/**
 * ch_holder_login:
 * @request: certificate, nonce and signature
 * @error: %CH_ERROR_NONCE_SPENT for a nonce that is not good; %CH_ERROR_CERTIFICATE_REFUSED for what is
 * wrongly signed; who has the key is told more: %CH_ERROR_HOLDER_UNKNOWN, %CH_ERROR_HOLDER_REVOKED,
 * %CH_ERROR_HOLDER_HELD, %CH_ERROR_HOLDER_ENDED
 *
 * Looks at what a certificate’s key signed.
 *
 * Returns: (transfer full): the holder
 */
ChLoginRow *
ch_holder_login (ChService *service, const ChHolderLogin *request, GError **error)
{
  g_auto (Shown) shown
      = { .service = service, .nonce = request->nonce, .certificate = request->certificate, .state = -1 };
  gboolean is_signed = FALSE;

  if (!examine (&shown, request->signature, &is_signed, error))
    return NULL;
  return make_row (&shown, is_signed, error);
}

/**
 * ch_holder_load:
 * @serial: of a certificate whose key has signed a moment ago
 * @error: when it is good no longer
 *
 * Returns: (transfer full): the holder
 */
ChLoginRow *
ch_holder_load (ChService *service, const char *serial, GError **error)
{
  g_auto (Shown) shown = { .service = service, .serial = g_strdup (serial), .state = -1 };

  return ch_db_read (ch_service_get_db (service), read_issued, &shown, error) != NULL
             ? make_row (&shown, TRUE, error)
             : NULL;
}

/* A certificate of this CA is what this store says of it; one of another CA is good as long as it is
 * registered here, for who made it may not be asked. */
static gboolean
check_staff (const Shown *shown, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (shown->certificate, error);
  gint64 now = ch_clock_now ();

  if (info == NULL)
    return FALSE;
  if (now < info->not_before || now > info->not_after)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_EXPIRED, "the certificate is outside its validity");
      return FALSE;
    }
  if (shown->state >= 0 && !is_in_force (shown))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_REVOKED, "the certificate is revoked or on hold");
      return FALSE;
    }
  return TRUE;
}

/**
 * ch_staff_login_by_certificate:
 * @request: with certificate, nonce and signature
 * @error: %CH_ERROR_NONCE_SPENT for a nonce that is not good, %CH_ERROR_LOGIN_WRONG; to who has the key also
 * %CH_ERROR_CERTIFICATE_EXPIRED and %CH_ERROR_CERTIFICATE_REVOKED
 *
 * Returns: (transfer full): the member of staff
 */
ChLoginRow *
ch_staff_login_by_certificate (ChService *service, const ChStaffLogin *request, GError **error)
{
  g_auto (Shown) shown
      = { .service = service, .nonce = request->nonce, .certificate = request->certificate, .state = -1 };
  g_autoptr (GError) local = NULL;
  g_autoptr (ChLoginRow) row = NULL;
  gboolean is_signed = FALSE;

  if (request->certificate == NULL || request->nonce == NULL || request->signature == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "certificate, nonce and signature belong together");
      return NULL;
    }
  if (!examine (&shown, request->signature, &is_signed, error))
    return NULL;

  row = ch_login_row_find (service, request->name, TRUE, &local);
  if (row == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (!is_signed || row == NULL || row->certificate == NULL
      || !g_bytes_equal (row->certificate, request->certificate))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_LOGIN_WRONG, "name, certificate or signature is wrong");
      return NULL;
    }
  if (!check_staff (&shown, error))
    return NULL;

  /* Should it be revoked while the session lasts, the session ends */
  if (shown.state >= 0)
    row->serial = g_steal_pointer (&shown.serial);
  return g_steal_pointer (&row);
}
