#include "config.h"

#include "base/ch-error.h"
#include "server/ch-handler.h"
#include "server/ch-listing.h"
#include "server/ch-review-desk.h"
#include "server/ch-store-applications.h"

typedef struct
{
  const ChProfile *profile;
  const char *application;
  const ChListQuery *query;
  const char *who;
} Job;

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_applications_list (tx, job->profile, CH_LISTING_EVERYBODY, job->query, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  ChListQuery *query = request;
  Job job = { ch_service_get_profile (service), NULL, query, NULL };

  /* What was not handed in is the applicant’s alone */
  if (g_strcmp0 (query->state, "draft") == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "drafts are the applicant’s");
      return NULL;
    }
  if (query->state == NULL)
    query->state = g_strdup ("submitted");
  return ch_db_read (ch_service_get_db (service), read_list, &job, error);
}

static gpointer
write_look (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (!ch_applications_note_opened (tx, job->application, NULL, job->who, error))
    return NULL;
  return ch_applications_get (tx, job->application, job->profile, CH_VIEW_STAFF, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  Job job = { ch_service_get_profile (service), ch_call_get_arg (call, 0), NULL, who };

  return ch_db_write (ch_service_get_db (service), write_look, &job, (GDestroyNotify) ch_application_free,
                      error);
}

static gpointer
handle_review (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  ChReviewJob job = { ch_service_get_profile (service), ch_call_get_arg (call, 0), request, who };
  ChApplication *answer = ch_call_commit (call, ch_review_desk_write, &job, error);

  if (answer != NULL)
    ch_review_desk_ended (service, answer);
  return answer;
}

const ChHandlerRow ch_handlers_staff[] = {
  { &ch_route_staff_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_staff_application, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_staff_review, handle_review, CH_HANDLER_WORKER, 0 },
  { NULL },
};
