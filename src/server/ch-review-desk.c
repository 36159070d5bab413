#include "config.h"

#include "base/ch-mask.h"
#include "server/ch-crl-desk.h"
#include "server/ch-notify.h"
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

static ChSmsTemplate
pick_template (const ChApplication *application)
{
  switch (application->state)
    {
    case CH_APPLICATION_APPROVED:
      /* Only of what the CA makes it asks how it is to be delivered */
      return application->answers != NULL && g_hash_table_contains (application->answers, "delivery-way")
                 ? CH_SMS_TEMPLATE_MAKING
                 : CH_SMS_TEMPLATE_APPROVED;
    case CH_APPLICATION_DONE:
      return CH_SMS_TEMPLATE_CARRIED_OUT;
    default:
      return CH_SMS_TEMPLATE_REFUSED;
    }
}

/* Tells the handler by SMS how the review ended. That it could not be sent changes nothing: the list says it
 * too. */
static void
tell (ChService *service, const ChApplication *application)
{
  ChSms *sms = ch_service_get_sms (service);
  const char *mobile
      = application->answers != NULL ? g_hash_table_lookup (application->answers, "handler-mobile") : NULL;
  const char *args[] = { application->id, NULL };
  g_autoptr (GError) error = NULL;

  if (sms == NULL || mobile == NULL)
    return;
  if (!ch_sms_send (sms, mobile, pick_template (application), args, &error))
    g_warning ("the result of a review could not be sent: %s", error->message);
}

/* Of another person than the one who gets the result: so that nobody is put in their place unnoticed */
static void
tell_handler_before (ChService *service, const ChApplication *application, ChSmsTemplate template_id)
{
  const char *now
      = application->answers != NULL ? g_hash_table_lookup (application->answers, "handler-mobile") : NULL;
  const char *before
      = application->before != NULL ? g_hash_table_lookup (application->before, "handler-mobile") : NULL;
  g_autofree char *masked = now != NULL ? ch_mask_number (now) : NULL;
  const char *args[] = { application->applicant, masked, NULL };

  if (now != NULL && before != NULL && !g_str_equal (before, now))
    ch_notify_post_sms (service, before, template_id, args);
}

/**
 * ch_review_desk_submitted:
 * @application: handed in just now
 *
 * Does what follows on a submission and is no part of it: the lists name what is on hold, and who is to be
 * replaced as handler is told before it is done.
 */
void
ch_review_desk_submitted (ChService *service, const ChApplication *application)
{
  ChAxes axes;

  if (!ch_axes_parse (application->flow, &axes))
    return;
  if (ch_business_holds (axes.business))
    ch_crl_desk_renew_all (service);
  tell_handler_before (service, application, CH_SMS_TEMPLATE_HANDLER_ASKED);
}

/**
 * ch_review_desk_ended:
 * @application: approved, refused or withdrawn just now
 *
 * Does what follows on the end of a review and is no part of it: the lists, and who is told.
 */
void
ch_review_desk_ended (ChService *service, const ChApplication *application)
{
  ChAxes axes;

  if (!ch_axes_parse (application->flow, &axes))
    return;
  if (ch_business_holds (axes.business))
    ch_crl_desk_renew_all (service);
  if (application->state == CH_APPLICATION_WITHDRAWN)
    return;
  tell (service, application);
  if (application->state == CH_APPLICATION_DONE)
    tell_handler_before (service, application, CH_SMS_TEMPLATE_HANDLER_CHANGED);
}
