#include "config.h"

#include "base/ch-clock.h"
#include "server/ch-conclusion.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-certificates.h"

/**
 * ch_conclusion_hold:
 * @record: just handed in
 *
 * Puts the certificate on hold where the business does so: what somebody wants to be rid of is trusted no
 * more, and until the review nothing is decided.
 */
gboolean
ch_conclusion_hold (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error)
{
  g_autoptr (ChCertificateRecord) base = NULL;

  if (!ch_business_holds (record->axes.business))
    return TRUE;

  base = ch_certificate_record_load (tx, record->base, error);
  return base != NULL && ch_certificates_revoke (tx, base->serial, CH_REVOCATION_HOLD, ch_clock_now (), error)
         && ch_applications_add_history (tx, base->application, "held", who, error);
}

/**
 * ch_conclusion_lift:
 * @record: as it was until now: refused or withdrawn just now
 *
 * Takes the hold away again, if there is one of this application.
 */
gboolean
ch_conclusion_lift (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error)
{
  g_autoptr (ChCertificateRecord) base = NULL;

  if (!ch_business_holds (record->axes.business) || record->state == CH_APPLICATION_DRAFT
      || record->state == CH_APPLICATION_REFUSED)
    return TRUE;

  /* Handed in again, it is confirmed again */
  if (!ch_db_run (tx, "UPDATE application SET proved = 0 WHERE id = $1", CH_BIND (CH_TEXT (record->id)),
                  error))
    return FALSE;
  base = ch_certificate_record_load (tx, record->base, error);
  if (base == NULL || base->state != CH_CERTIFICATE_ON_HOLD)
    return base != NULL;
  return ch_certificates_release (tx, base->serial, error)
         && ch_applications_add_history (tx, base->application, "released", who, error);
}

/* The old answers stay where they are: whoever acts from now on is in the application that was approved */
static gboolean
hand_over (ChDbTx *tx, const ChApplicationRecord *record, const ChCertificateRecord *base, GError **error)
{
  return ch_db_run_one (tx, "UPDATE certificate SET handler = $2 WHERE serial = $1",
                        CH_BIND (CH_TEXT (base->serial), CH_TEXT (record->id)), error);
}

static gboolean
end_it (ChDbTx *tx, const ChApplicationRecord *record, const ChCertificateRecord *base, GError **error)
{
  ChRevocation reason = CH_REVOCATION_UNSPECIFIED;

  /* Somebody of the CA was faster: it is what was wanted */
  if (base->state == CH_CERTIFICATE_REVOKED)
    return TRUE;
  ch_revocation_from_id (ch_application_record_get_answer (record, "revocation-reason"), &reason);
  return ch_certificates_revoke (tx, base->serial, reason, ch_clock_now (), error);
}

/* What it comes to, and what is said of it where the certificate was issued */
static const struct
{
  gboolean (*reach) (ChDbTx *tx,
                     const ChApplicationRecord *record,
                     const ChCertificateRecord *base,
                     GError **error);
  const char *what;
} conclusions[CH_N_BUSINESSES] = {
  [CH_BUSINESS_CHANGE_HANDLER] = { hand_over, "handler-changed" },
  [CH_BUSINESS_REVOKE] = { end_it, "revoked" },
};

/**
 * ch_conclusion_reach:
 * @record: approved just now
 *
 * Does what was asked for, where no certificate comes of it, and ends the application.
 */
gboolean
ch_conclusion_reach (ChDbTx *tx, const ChApplicationRecord *record, const char *who, GError **error)
{
  g_autoptr (ChCertificateRecord) base = ch_certificate_record_load (tx, record->base, error);
  ChBusiness business = record->axes.business;

  return base != NULL && conclusions[business].reach (tx, record, base, error)
         && ch_applications_add_history (tx, base->application, conclusions[business].what, who, error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_DONE, "approved", who, error);
}
