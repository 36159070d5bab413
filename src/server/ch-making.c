#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-envelope.h"
#include "server/ch-application-turns.h"
#include "server/ch-escrow.h"
#include "server/ch-issuing.h"
#include "server/ch-lookup.h"
#include "server/ch-making.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-deliveries.h"
#include "server/ch-ticket.h"

/* As much of the digest of a key as its id has */
#define KEY_ID_BYTES 20

/* Where a key goes is shown to who makes it; the rest of what a ticket sees is masked */
static const char *const delivery_fields[] = { "delivery-way",
                                               "delivery-payer",
                                               "delivery-unit",
                                               "delivery-name",
                                               "delivery-phone",
                                               "delivery-address",
                                               NULL };

/* Whoever approved it does not make it too */
static gboolean
check_second (ChDbTx *tx, ChService *service, const char *application, const char *who, GError **error)
{
  gint64 n = 0;

  if (!ch_service_needs_two_people (service))
    return TRUE;
  if (!ch_db_query_int (tx,
                        "SELECT COUNT (*) FROM history WHERE application = $1 AND what = 'approved' "
                        "AND who = $2",
                        CH_BIND (CH_TEXT (application), CH_TEXT (who)), &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_SECOND_PERSON, "%s approved it", who);
  return FALSE;
}

/**
 * ch_making_find_medium:
 * @medium: (out) (transfer full) (nullable): serial number of the medium it was or is being made on
 */
gboolean
ch_making_find_medium (ChDbTx *tx, const char *application, char **medium, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query (tx,
                                        "SELECT serial FROM escrow WHERE making = $1 OR application = $1 "
                                        "ORDER BY making IS NULL, updated DESC LIMIT 1",
                                        CH_BIND (CH_TEXT (application)), error);
  ChStep step = row != NULL ? ch_stmt_step (row, error) : CH_STEP_FAILED;

  *medium = step == CH_STEP_ROW ? ch_stmt_dup_text (row, 0) : NULL;
  return step != CH_STEP_FAILED;
}

/* What was handed over is its holder’s: nobody here sets its PIN any more */
static gboolean
check_not_left (ChDbTx *tx, const ChApplicationRecord *record, GError **error)
{
  g_autoptr (ChDelivery) delivery = ch_deliveries_get (tx, record->id, error);

  if (delivery == NULL)
    return FALSE;
  if (delivery->state == CH_DELIVERY_WAITING)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the medium has left");
  return FALSE;
}

static gboolean
can_make (ChDbTx *tx, const ChApplicationRecord *record, const ChProfile *profile, GError **error)
{
  if (!ch_profile_is_made_here (profile, &record->axes))
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "its medium is not made here");
  else if (record->state != CH_APPLICATION_APPROVED && record->state != CH_APPLICATION_ISSUED
           && record->state != CH_APPLICATION_DONE)
    g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the application is %s",
                 ch_wire_enum_get_id (&ChApplicationState_enum, record->state));
  else
    return check_not_left (tx, record, error);
  return FALSE;
}

static char *
make_key_id (GBytes *spki_sha256)
{
  const guint8 *data = g_bytes_get_data (spki_sha256, NULL);
  GString *id = g_string_new (NULL);

  for (gsize i = 0; i < MIN (g_bytes_get_size (spki_sha256), KEY_ID_BYTES); i++)
    g_string_append_printf (id, "%02x", data[i]);
  return g_string_free (id, FALSE);
}

/* Keys of it that are worth nothing any more: whoever goes on must not take one of them for the one in the
 * making */
static gboolean
list_former (ChDbTx *tx, const char *application, GStrv *former, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (ChStmt) rows
      = ch_db_query (tx,
                     "SELECT spki_sha256 FROM certificate WHERE application = $1 AND state = 'revoked' "
                     "ORDER BY created DESC LIMIT $2",
                     CH_BIND (CH_TEXT (application), CH_INT (CH_MAKING_MAX_FORMER)), error);
  ChStep step;

  while (rows != NULL && (step = ch_stmt_step (rows, error)) != CH_STEP_DONE)
    {
      g_autoptr (GBytes) digest = NULL;
      g_autofree char *id = NULL;

      if (step == CH_STEP_FAILED)
        return FALSE;
      digest = ch_stmt_dup_bytes (rows, 0);
      id = make_key_id (digest);
      g_strv_builder_add (ids, id);
    }
  if (rows == NULL)
    return FALSE;

  *former = g_strv_builder_end (ids);
  return TRUE;
}

/* What is in the certificate, or will be in it */
static gboolean
describe (ChDbTx *tx,
          const ChProfile *profile,
          const ChApplicationRecord *record,
          ChMaking *making,
          GError **error)
{
  const ChProject *project = ch_profile_get_project (profile, record->project);
  const char *term_id = ch_application_record_get_answer (record, "term");
  const ChTerm *term = project != NULL && term_id != NULL ? ch_project_get_term (project, term_id) : NULL;
  g_autoptr (ChSubject) subject = ch_issuing_make_subject (profile, record, error);
  g_autoptr (ChCertificateRecord) live = NULL;

  if (subject == NULL || !ch_certificates_find_live (tx, record->id, &live, error))
    return FALSE;

  making->name = g_strdup (ch_subject_find (subject, "CN"));
  making->subject = ch_subject_format (subject);
  making->trust_id = g_strdup (record->trust_id);
  making->not_before = live != NULL && live->der != NULL ? live->not_before : ch_clock_now ();
  making->not_after
      = live != NULL && live->der != NULL
            ? live->not_after
            : ch_profile_get_end (profile, record->axes.business, term, record->base_end, making->not_before);
  making->serial = live != NULL && live->der != NULL ? g_strdup (live->serial) : NULL;
  making->key = live != NULL ? make_key_id (live->spki_sha256) : NULL;
  return ch_making_find_medium (tx, record->id, &making->medium, error)
         && list_former (tx, record->id, &making->former, error);
}

/* As somebody with a ticket sees it, and where it goes */
static ChApplication *
format (ChDbTx *tx, const ChApplicationRecord *record, const ChProfile *profile, GError **error)
{
  ChApplication *application = ch_applications_get (tx, record->id, profile, CH_VIEW_MEMBER, error);

  if (application == NULL)
    return NULL;
  ch_lookup_reduce (application);
  for (gsize i = 0; delivery_fields[i] != NULL; i++)
    {
      const char *value = ch_application_record_get_answer (record, delivery_fields[i]);

      if (value != NULL)
        g_hash_table_insert (application->answers, g_strdup (delivery_fields[i]), g_strdup (value));
    }
  return application;
}

/**
 * ch_making_begin:
 * @who: of the staff
 * @error: %CH_ERROR_NOT_OFFERED when its medium is the applicant’s; %CH_ERROR_WRONG_STATE before it is
 * approved, and once it has left; %CH_ERROR_SECOND_PERSON for who approved it; %CH_ERROR_AGAIN_SPENT
 *
 * Takes an application in hand. As often as is wanted: what was begun is gone on with.
 *
 * Returns: (transfer full): a ticket that is good for this application and nothing else
 */
ChMaking *
ch_making_begin (ChDbTx *tx,
                 ChService *service,
                 const char *application,
                 const ChMakingNew *request,
                 const char *who,
                 GError **error)
{
  const ChProfile *profile = ch_service_get_profile (service);
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, application, error);
  g_autoptr (ChMaking) making = ch_wire_new (&ChMaking_wire);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (ChTicket) ticket = NULL;

  if (record == NULL || !can_make (tx, record, profile, error)
      || !check_second (tx, service, application, who, error))
    return NULL;
  if (request->again)
    {
      if (!ch_applications_make_again (tx, record, who, error))
        return NULL;
      g_clear_pointer (&record, ch_application_record_free);
      record = ch_application_record_load (tx, application, error);
      if (record == NULL)
        return NULL;
    }

  g_ptr_array_add (ids, (gpointer) application);
  ticket = ch_ticket_start (tx, CH_PRINCIPAL_MAKING_TICKET, application, ids, error);
  if (ticket == NULL || !ch_applications_add_history (tx, application, "making-begun", who, error))
    return NULL;
  making->application = format (tx, record, profile, error);
  if (making->application == NULL || !describe (tx, profile, record, making, error))
    return NULL;
  making->token = g_steal_pointer (&ticket->token);
  making->ends = ticket->ends;
  return g_steal_pointer (&making);
}

/* A medium with somebody’s certificate is set up for another one only when that is over */
static gboolean
check_free (ChDbTx *tx, const char *application, const char *medium, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (
          tx,
          "SELECT COUNT (*) FROM escrow AS e JOIN application AS a ON a.id = e.making "
          "WHERE e.serial = $1 AND e.making <> $2 AND a.state IN ('approved', 'issued') "
          "AND e.updated > $3",
          CH_BIND (CH_TEXT (medium), CH_TEXT (application), CH_INT (ch_clock_now () - CH_TICKET_SECONDS)), &n,
          error))
    return FALSE;
  if (n == 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BUSY, "it is being made for another application");
  return FALSE;
}

/* What is certified lies on the medium it was begun with: another one would be set up for nothing, and what
 * opens it be taken for what opens the other */
static gboolean
check_same (ChDbTx *tx, const char *application, const char *medium, GError **error)
{
  g_autoptr (ChCertificateRecord) live = NULL;
  g_autofree char *begun = NULL;

  if (!ch_certificates_find_live (tx, application, &live, error)
      || !ch_making_find_medium (tx, application, &begun, error))
    return FALSE;
  if (live == NULL || begun == NULL || g_str_equal (begun, medium))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "its key was certified on another medium");
  return FALSE;
}

/**
 * ch_making_take_medium:
 * @request: the medium, and whom the answer is for
 * @error: %CH_ERROR_WRONG_STATE once it has left, %CH_ERROR_TOKEN_BUSY while it is made for another one,
 * %CH_ERROR_KEY_MISSING once another one has the certificate
 *
 * Keeps what the medium is to be initialised with. Nothing must be done to it before this is on the disk.
 *
 * Returns: (transfer full): the PIN of its security officer, sealed for the run that asked
 */
ChMakingOfficer *
ch_making_take_medium (ChDbTx *tx,
                       ChService *service,
                       const char *application,
                       const ChMakingMedium *request,
                       const char *who,
                       GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, application, error);
  g_autoptr (ChMakingOfficer) answer = ch_wire_new (&ChMakingOfficer_wire);
  g_autoptr (ChSecret) pin = NULL;

  if (record == NULL || !can_make (tx, record, ch_service_get_profile (service), error)
      || !check_free (tx, application, request->medium, error)
      || !check_same (tx, application, request->medium, error))
    return NULL;

  pin = ch_escrow_begin (tx, service, request->medium, application, who, error);
  if (pin != NULL)
    answer->sealed = ch_envelope_seal (request->key, request->medium, pin, error);
  return answer->sealed != NULL ? g_steal_pointer (&answer) : NULL;
}

/**
 * ch_making_check_in_hand:
 * @who: holds a ticket for making @application
 * @error: %CH_ERROR_MAKING_TAKEN
 *
 * Whether nobody has taken a medium for @application in hand since: two of the staff may have begun at once,
 * and what lies in the store must be of the one that gets the certificate.
 */
gboolean
ch_making_check_in_hand (ChDbTx *tx, const char *application, const char *who, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query (tx,
                     "SELECT h.who FROM escrow AS e JOIN escrow_history AS h ON h.serial = e.serial "
                     "WHERE e.making = $1 AND h.what = 'making' ORDER BY h.n DESC LIMIT 1",
                     CH_BIND (CH_TEXT (application)), error);
  ChStep step = row != NULL ? ch_stmt_step (row, error) : CH_STEP_FAILED;

  if (step == CH_STEP_FAILED)
    return FALSE;
  if (step == CH_STEP_ROW && g_strcmp0 (ch_stmt_get_text (row, 0), who) == 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_MAKING_TAKEN, "it is in the hands of somebody else");
  return FALSE;
}

/**
 * ch_making_check_medium:
 * @error: %CH_ERROR_WRONG_STATE when @application was not made on @medium, or it has left
 *
 * Whether the first PIN of @medium may be passed on.
 */
gboolean
ch_making_check_medium (ChDbTx *tx, const char *application, const char *medium, GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, application, error);
  g_autofree char *made = NULL;

  if (record == NULL || !check_not_left (tx, record, error)
      || !ch_making_find_medium (tx, application, &made, error))
    return FALSE;
  if (record->state == CH_APPLICATION_DONE && g_strcmp0 (made, medium) == 0)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "it was not made on that medium");
  return FALSE;
}
