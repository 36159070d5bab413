#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-before.h"
#include "server/ch-replacing.h"
#include "server/ch-store-applications.h"
#include "wire/ch-field.h"

static gboolean
refuse_not_offered (GError **error, const char *why)
{
  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "%s", why);
  return FALSE;
}

/* Only about what is in force something can be done */
static gboolean
check_state (const ChCertificateRecord *base, GError **error)
{
  switch (base->state)
    {
    case CH_CERTIFICATE_INSTALLED:
      return TRUE;
    case CH_CERTIFICATE_ON_HOLD:
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_HELD, "the certificate is on hold");
      return FALSE;
    case CH_CERTIFICATE_REVOKED:
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_REVOKED, "the certificate is revoked");
      return FALSE;
    case CH_CERTIFICATE_ISSUED:
    default:
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the certificate was never installed");
      return FALSE;
    }
}

/* By the clock of the server, whatever the user’s says */
static gboolean
check_time (const ChProfile *profile, ChBusiness business, gint64 not_after, GError **error)
{
  g_autofree char *begin = NULL;
  GError *early;

  if (business != CH_BUSINESS_RENEW && ch_clock_now () <= not_after)
    return TRUE;
  if (business != CH_BUSINESS_RENEW)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_ENDED, "the certificate has ended");
      return FALSE;
    }

  switch (ch_profile_judge_renewal (profile, not_after, ch_clock_now ()))
    {
    case CH_RENEWAL_EARLY:
      begin = ch_clock_format (ch_profile_get_renewal_begin (profile, not_after));
      early = g_error_new (CH_ERROR, CH_ERROR_RENEW_EARLY, "it can be renewed from %s", begin);
      ch_error_set_detail (early, "from", begin);
      g_propagate_error (error, early);
      return FALSE;
    case CH_RENEWAL_LATE:
      g_set_error (error, CH_ERROR, CH_ERROR_RENEW_LATE, "it has ended, and the days of grace are over");
      return FALSE;
    case CH_RENEWAL_OPEN:
    case CH_RENEWAL_GRACE:
    default:
      return TRUE;
    }
}

/* Two PCs, two windows: the second one is told where the first is */
static gboolean
check_alone (ChDbTx *tx, const char *serial, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT id FROM application WHERE base = $1 AND state NOT IN ('done', 'withdrawn')",
                     CH_BIND (CH_TEXT (serial)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  GError *open;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  open = g_error_new (CH_ERROR, CH_ERROR_CERTIFICATE_OPEN, "application %s is about it",
                      ch_stmt_get_text (stmt, 0));
  ch_error_set_detail (open, "application", ch_stmt_get_text (stmt, 0));
  g_propagate_error (error, open);
  return FALSE;
}

/* Subject and medium stay; so does the project, as long as there is one of that name */
static gboolean
check_fits (ChDbTx *tx,
            const ChProfile *profile,
            const ChAxes *axes,
            const char *project,
            const ChCertificateRecord *base,
            GError **error)
{
  g_autoptr (ChApplicationRecord) before = ch_application_record_load (tx, base->application, error);

  if (before == NULL)
    return FALSE;
  if (before->axes.subject != axes->subject || before->axes.medium != axes->medium)
    return refuse_not_offered (error, "the certificate is of another kind");
  if (ch_profile_get_project (profile, before->project) != NULL && !g_str_equal (before->project, project))
    return refuse_not_offered (error, "the certificate was issued in another project");
  return TRUE;
}

/**
 * ch_replacing_check_new:
 * @caller: whose the certificate must be
 * @axes: of the flow that was asked for
 * @request: names the certificate
 * @error: %CH_ERROR_NOT_FOUND also for another’s, %CH_ERROR_RENEW_EARLY with detail `from`,
 * %CH_ERROR_RENEW_LATE, %CH_ERROR_CERTIFICATE_ENDED, %CH_ERROR_CERTIFICATE_OPEN with detail `application`,
 * and what the certificate’s state stands in the way
 *
 * Looks whether what is asked for may be done about a certificate now.
 *
 * Returns: (transfer full): the certificate
 */
ChCertificateRecord *
ch_replacing_check_new (ChDbTx *tx,
                        const ChProfile *profile,
                        const ChCaller *caller,
                        const ChAxes *axes,
                        const ChApplicationNew *request,
                        GError **error)
{
  g_autofree char *serial = g_ascii_strup (request->certificate, -1);
  g_autoptr (ChCertificateRecord) base = ch_certificate_record_load (tx, serial, error);
  gboolean is_own;

  if (base == NULL)
    return NULL;

  is_own = caller->certificate != NULL ? g_str_equal (caller->certificate, base->serial)
                                       : g_strcmp0 (caller->account, base->account) == 0;
  if (!is_own || base->der == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such row");
      return NULL;
    }

  return check_state (base, error) && check_fits (tx, profile, axes, request->project, base, error)
                 && check_alone (tx, base->serial, error)
                 && check_time (profile, axes->business, base->not_after, error)
             ? g_steal_pointer (&base)
             : NULL;
}

/* What this business asks for by itself is to be answered anew */
static gboolean
copy_answers (ChDbTx *tx, const char *application, const ChAxes *axes, GHashTable *answers, GError **error)
{
  GHashTableIter iter;
  gpointer field, value;

  g_hash_table_iter_init (&iter, answers);
  while (g_hash_table_iter_next (&iter, &field, &value))
    if (ch_forms_find_field (axes, field) == NULL
        && !ch_applications_put_answer (tx, application, field, value, error))
      return FALSE;
  return TRUE;
}

/**
 * ch_replacing_take_over:
 * @application: just made
 * @axes: of its flow
 * @base: the certificate it is about
 *
 * What was answered for the certificate holds on, but for what the business asks.
 */
gboolean
ch_replacing_take_over (ChDbTx *tx,
                        const char *application,
                        const ChAxes *axes,
                        const ChCertificateRecord *base,
                        GError **error)
{
  g_autofree char *handler = ch_before_find_handler (tx, base->serial, error);
  g_autoptr (GHashTable) answers = handler != NULL ? ch_before_read (tx, base->serial, handler, error) : NULL;

  return answers != NULL
         && ch_db_run_one (
             tx,
             "UPDATE application SET base = $2, base_end = $3, handler_from = $5, holder_id = "
             "(SELECT COALESCE (holder_id, trust_id) FROM application AS a WHERE a.id = $4) WHERE id = $1",
             CH_BIND (CH_TEXT (application), CH_TEXT (base->serial), CH_INT (base->not_after),
                      CH_TEXT (base->application), CH_TEXT (handler)),
             error)
         && copy_answers (tx, application, axes, answers, error)
         && ch_applications_put_answer (tx, application, "certificate", base->serial, error);
}

/**
 * ch_replacing_check:
 * @record: an application; one that is about no certificate is always right
 * @error: as of ch_replacing_check_new()
 *
 * Looks whether what was begun may still go on: the certificate must be in force, and while nothing was paid
 * it must be time.
 */
gboolean
ch_replacing_check (ChDbTx *tx, const ChProfile *profile, const ChApplicationRecord *record, GError **error)
{
  g_autoptr (ChCertificateRecord) base = NULL;

  if (record->base == NULL)
    return TRUE;

  base = ch_certificate_record_load (tx, record->base, error);
  return base != NULL && check_state (base, error)
         && (record->is_paid || check_time (profile, record->axes.business, base->not_after, error));
}

/* Whoever finds a key that was lost has it: the list says so. All else is for nobody’s eyes but the CA’s. */
static ChRevocation
get_reason (const ChApplicationRecord *record)
{
  return g_strcmp0 (ch_application_record_get_answer (record, "replacement-reason"), "lost") == 0
             ? CH_REVOCATION_KEY_COMPROMISE
             : CH_REVOCATION_SUPERSEDED;
}

/**
 * ch_replacing_finish:
 * @application: whose certificate was just proved to work
 * @has_revoked: (out): the lists are to be made anew
 *
 * What becomes of the old certificate, by the rule of the profile; nothing where there is none. One that was
 * put on hold for it is revoked whatever the rule: nobody takes the hold away any more.
 */
gboolean
ch_replacing_finish (ChDbTx *tx,
                     const ChProfile *profile,
                     const char *application,
                     const char *who,
                     gboolean *has_revoked,
                     GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, application, error);
  g_autoptr (ChCertificateRecord) base = NULL;
  const ChReplacingRule *rule;

  *has_revoked = FALSE;
  if (record == NULL || record->base == NULL)
    return record != NULL;

  rule = ch_profile_get_replacing (profile, record->axes.business);
  if (!ch_business_holds (record->axes.business) && (rule == NULL || rule->old == CH_OLD_FATE_KEPT))
    return TRUE;
  base = ch_certificate_record_load (tx, record->base, error);
  if (base == NULL || base->state == CH_CERTIFICATE_REVOKED)
    return base != NULL;

  *has_revoked = TRUE;
  return ch_certificates_revoke (tx, base->serial, get_reason (record), ch_clock_now (), error)
         && ch_applications_add_history (tx, base->application, "superseded", who, error);
}
