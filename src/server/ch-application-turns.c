#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-application-turns.h"
#include "server/ch-conclusion.h"
#include "server/ch-order-desk.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-certificates.h"
#include "server/ch-store-documents.h"
#include "wire/ch-field.h"

#define DAY (24 * 60 * 60)

/* What hangs on an application and goes with its draft; others go by themselves */
static const char *const parts_of_a_draft[] = {
  "DELETE FROM batch_file WHERE application = $1",
  "DELETE FROM batch_row WHERE application = $1",
  "DELETE FROM document WHERE application = $1",
  "DELETE FROM piece WHERE upload IN (SELECT id FROM upload WHERE application = $1)",
  "DELETE FROM upload WHERE application = $1",
  "DELETE FROM answer WHERE application = $1",
  "DELETE FROM mark WHERE application = $1",
  "DELETE FROM opened WHERE application = $1",
  "DELETE FROM history WHERE application = $1",
  "DELETE FROM purchase WHERE application = $1",
  "DELETE FROM listing WHERE application = $1",
  "DELETE FROM application WHERE id = $1",
};

static gboolean
refuse_state (const ChApplicationRecord *record, GError **error)
{
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the application is %s",
               ch_wire_enum_get_id (&ChApplicationState_enum, record->state));
  return FALSE;
}

/**
 * ch_applications_withdraw:
 * @error: %CH_ERROR_WRONG_STATE when a certificate was or is being issued, or it was withdrawn before
 *
 * Ends an application for its applicant. What was paid is due to go back.
 */
gboolean
ch_applications_withdraw (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error)
{
  g_autoptr (ChCertificateRecord) live = NULL;

  if (record->state == CH_APPLICATION_ISSUED || record->state == CH_APPLICATION_DONE
      || record->state == CH_APPLICATION_WITHDRAWN)
    return refuse_state (record, error);
  /* One that is written down will be signed, whatever happens meanwhile */
  if (!ch_certificates_find_live (tx, record->id, &live, error))
    return FALSE;
  if (live != NULL)
    return refuse_state (record, error);

  return ch_db_run (tx, "DELETE FROM mark WHERE application = $1", CH_BIND (CH_TEXT (record->id)), error)
         && ch_conclusion_lift (tx, record, who, error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_WITHDRAWN, "withdrawn", who, error)
         && (record->order == NULL
             || ch_order_desk_refund (tx, record->order, CH_REFUND_REASON_WITHDRAWN, who, error));
}

static gboolean
was_ever_paid_for (ChDbTx *tx, const char *application, gboolean *was, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (tx,
                        "SELECT COUNT (*) FROM attempt JOIN purchase ON purchase.id = attempt.purchase "
                        "WHERE purchase.application = $1",
                        CH_BIND (CH_TEXT (application)), &n, error))
    return FALSE;
  *was = n > 0;
  return TRUE;
}

/**
 * ch_applications_discard:
 * @error: %CH_ERROR_WRONG_STATE when it is no draft, or somebody may have paid for it: then it is withdrawn
 *
 * Deletes a draft with all that was given, as if it had never been.
 */
gboolean
ch_applications_discard (ChDbTx *tx, const ChApplicationRecord *record, GError **error)
{
  gint64 n_submitted = 0;
  gboolean was_paid_for = FALSE;

  if (!was_ever_paid_for (tx, record->id, &was_paid_for, error)
      || !ch_db_query_int (tx, "SELECT COUNT (*) FROM history WHERE application = $1 AND what = 'submitted'",
                           CH_BIND (CH_TEXT (record->id)), &n_submitted, error))
    return FALSE;
  if (record->state != CH_APPLICATION_DRAFT || was_paid_for || record->is_paid || n_submitted > 0)
    return refuse_state (record, error);

  for (gsize i = 0; i < G_N_ELEMENTS (parts_of_a_draft); i++)
    if (!ch_db_run (tx, parts_of_a_draft[i], CH_BIND (CH_TEXT (record->id)), error))
      return FALSE;
  return TRUE;
}

/* Answers and documents that the new flow does not ask for; the rest stays */
static gboolean
drop_what_does_not_fit (ChDbTx *tx,
                        const ChApplicationRecord *record,
                        const ChProfile *profile,
                        const ChProject *project,
                        const ChAxes *axes,
                        GError **error)
{
  const char *term = ch_application_record_get_answer (record, "term");
  GHashTableIter iter;
  gpointer field;

  g_hash_table_iter_init (&iter, record->answers);
  while (g_hash_table_iter_next (&iter, &field, NULL))
    if ((ch_forms_find_field (axes, field) == NULL
         || (g_str_equal (field, "term") && ch_project_get_term (project, term) == NULL))
        && !ch_applications_put_answer (tx, record->id, field, NULL, error))
      return FALSE;

  for (guint i = 0; i < record->documents->len; i++)
    {
      const ChDocument *document = record->documents->pdata[i];

      if (ch_profile_get_document (profile, axes, document->id) == NULL
          && !ch_db_run (tx, "DELETE FROM document WHERE application = $1 AND id = $2",
                         CH_BIND (CH_TEXT (record->id), CH_TEXT (document->id)), error))
        return FALSE;
    }

  return ch_db_run (tx,
                    "DELETE FROM piece WHERE upload IN (SELECT id FROM upload WHERE application = $1 "
                    "AND is_finished = 1 AND id NOT IN (SELECT upload FROM document WHERE application = $1))",
                    CH_BIND (CH_TEXT (record->id)), error)
         && ch_db_run (tx,
                       "DELETE FROM upload WHERE application = $1 AND is_finished = 1 "
                       "AND id NOT IN (SELECT upload FROM document WHERE application = $1)",
                       CH_BIND (CH_TEXT (record->id)), error);
}

/**
 * ch_applications_change_flow:
 * @flow: of the same business
 * @project: that makes its certificates
 * @error: %CH_ERROR_NOT_OFFERED; %CH_ERROR_WRONG_STATE once it is paid or was handed in, and where it is
 * about a certificate
 *
 * Turns a draft to another project or type of certificate. What the new one asks for too is kept, price and
 * documents are reckoned anew.
 */
gboolean
ch_applications_change_flow (ChDbTx *tx,
                             const ChApplicationRecord *record,
                             const ChProfile *profile,
                             const char *flow,
                             const char *project,
                             const char *who,
                             GError **error)
{
  const ChProject *chosen = ch_profile_get_project (profile, project);
  ChAxes axes;

  /* What is about a certificate goes by that: who pays, too */
  if (record->state != CH_APPLICATION_DRAFT || record->is_paid || record->base != NULL)
    return refuse_state (record, error);
  if (!ch_axes_parse (flow, &axes) || !ch_profile_offers (profile, &axes) || chosen == NULL
      || !ch_project_fits (chosen, &axes) || axes.business != record->axes.business)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "flow and project are not offered together");
      return FALSE;
    }
  if (g_str_equal (record->flow, flow) && g_str_equal (record->project, project))
    return TRUE;

  return drop_what_does_not_fit (tx, record, profile, chosen, &axes, error)
         && ch_db_run_one (tx, "UPDATE application SET flow = $2, project = $3 WHERE id = $1",
                           CH_BIND (CH_TEXT (record->id), CH_TEXT (flow), CH_TEXT (project)), error)
         && ch_applications_put_answer (tx, record->id, "project", project, error)
         && ch_applications_put_answer (tx, record->id, "certificate-type",
                                        ch_wire_enum_get_id (&ChSubjectKind_enum, axes.subject), error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_DRAFT, "project-changed", who, error);
}

/**
 * ch_applications_count_again:
 * @n_left: (out): how often the certificate may still be made again now
 */
gboolean
ch_applications_count_again (ChDbTx *tx, const char *application, gint64 *n_left, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (
          tx, "SELECT COUNT (*) FROM history WHERE application = $1 AND what = 'made-again' AND at > $2",
          CH_BIND (CH_TEXT (application), CH_INT (ch_clock_now () - CH_AGAIN_DAYS * DAY)), &n, error))
    return FALSE;
  *n_left = MAX (CH_AGAIN_MAX - n, 0);
  return TRUE;
}

/**
 * ch_applications_make_again:
 * @error: %CH_ERROR_WRONG_STATE when the certificate was not issued or is installed, %CH_ERROR_TOO_OFTEN
 *
 * Revokes the certificate that never reached its holder; another one can be issued then, for nothing. The
 * list of revoked certificates is renewed by the caller, outside of the transaction.
 */
gboolean
ch_applications_make_again (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error)
{
  g_autoptr (ChCertificateRecord) live = NULL;
  gint64 n_left = 0;

  if (!ch_certificates_find_live (tx, record->id, &live, error)
      || !ch_applications_count_again (tx, record->id, &n_left, error))
    return FALSE;
  if (record->state != CH_APPLICATION_ISSUED || live == NULL || live->der == NULL
      || live->state != CH_CERTIFICATE_ISSUED)
    return refuse_state (record, error);
  if (n_left == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_AGAIN_SPENT, "made again %d times within %d days", CH_AGAIN_MAX,
                   CH_AGAIN_DAYS);
      return FALSE;
    }

  return ch_certificates_revoke (tx, live->serial, CH_REVOCATION_SUPERSEDED, ch_clock_now (), error)
         && ch_applications_set_key_place (tx, record->id, NULL, error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_APPROVED, "made-again", who, error);
}

/**
 * ch_applications_set_key_place:
 * @place: (nullable): name of the PC on which the key was made; %NULL when it is none any more
 *
 * Notes where the key of the certificate lies.
 */
gboolean
ch_applications_set_key_place (ChDbTx *tx, const char *application, const char *place, GError **error)
{
  return ch_db_run_one (
      tx, "UPDATE application SET key_place = $2, key_made = $3 WHERE id = $1",
      CH_BIND (CH_TEXT (application), CH_TEXT (place), CH_INT (place != NULL ? ch_clock_now () : 0)), error);
}
