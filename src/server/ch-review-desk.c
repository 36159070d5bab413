#include "config.h"

#include "server/ch-review-desk.h"
#include "server/ch-store-applications.h"

/**
 * ch_review_desk_write:
 * @data: a #ChReviewJob
 * @error: %CH_ERROR_CONFLICT, %CH_ERROR_WRONG_STATE, %CH_ERROR_INVALID_INPUT
 *
 * A #ChDbFunc that ends a review.
 *
 * Returns: (transfer full): the #ChApplication as the staff see it
 */
gpointer
ch_review_desk_write (ChDbTx *tx, gpointer data, GError **error)
{
  ChReviewJob *job = data;
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->application, error);

  if (record == NULL || !ch_application_record_check_version (record, job->review->version, error)
      || !ch_applications_review (tx, record, job->profile, job->review, job->who, error))
    return NULL;
  return ch_applications_get (tx, job->application, job->profile, CH_VIEW_STAFF, error);
}

/**
 * ch_review_desk_tell:
 * @application: approved or refused just now
 *
 * Tells the handler by SMS how the review ended. That it could not be sent changes nothing: the list says it
 * too.
 */
void
ch_review_desk_tell (ChService *service, const ChApplication *application)
{
  ChSms *sms = ch_service_get_sms (service);
  const char *mobile
      = application->answers != NULL ? g_hash_table_lookup (application->answers, "handler-mobile") : NULL;
  gboolean is_approved = application->state == CH_APPLICATION_APPROVED;
  const char *args[] = { application->id, NULL };
  g_autoptr (GError) error = NULL;

  if (sms == NULL || mobile == NULL)
    return;
  if (!ch_sms_send (sms, mobile, is_approved ? CH_SMS_TEMPLATE_APPROVED : CH_SMS_TEMPLATE_REFUSED, args,
                    &error))
    g_warning ("the result of a review could not be sent: %s", error->message);
}
