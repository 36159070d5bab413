#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "server/ch-application-turns.h"
#include "server/ch-crl-desk.h"
#include "server/ch-escrow.h"
#include "server/ch-handler.h"
#include "server/ch-issuing.h"
#include "server/ch-lookup.h"
#include "server/ch-making.h"
#include "server/ch-nonce.h"
#include "server/ch-replacing.h"
#include "server/ch-store-applications.h"

typedef struct
{
  ChService *service;
  const ChCaller *caller;
  const char *id; /* of an application, or a serial number */
  gpointer request;
  ChCertificateRecord *certificate; /* (unowned): just signed, or to be confirmed */
  const char *place;                /* (nullable) */
  gboolean has_revoked;             /* an old certificate: the lists are to be made anew */
} Job;

static Job
make_job (ChCall *call, gpointer request)
{
  gboolean has_id = ch_call_get_route (call)->owned != CH_OWNED_NONE;

  return (Job){ ch_call_get_service (call),
                ch_call_get_caller (call),
                has_id ? ch_call_get_arg (call, 0) : NULL,
                request,
                NULL,
                ch_call_get_place (call) };
}

static gpointer
write_issued (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *who = ch_caller_get_id (job->caller);

  return ch_issuing_complete (tx, job->certificate, who, error)
                 && ch_applications_set_key_place (tx, job->id, job->place, error)
             ? ch_certificate_record_format (job->certificate, ch_service_get_ca (job->service))
             : NULL;
}

static gboolean
is_of_staff (const Job *job)
{
  return (job->caller->principals & CH_PRINCIPAL_MAKING_TICKET) != 0;
}

static gboolean
check_not_made_here (ChDbTx *tx, Job *job, GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, job->id, error);

  if (record == NULL)
    return FALSE;
  if (!ch_profile_is_made_here (ch_service_get_profile (job->service), &record->axes))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the CA makes its key");
  return FALSE;
}

/* Where the CA makes the key, its applicant’s is none: it may lie anywhere. By a code of support it is
 * theirs. Of the staff, whoever took a medium for it in hand last.
 */
static gboolean
check_maker (ChDbTx *tx, gpointer user_data, GError **error)
{
  Job *job = user_data;
  g_autofree char *who = NULL;

  if (is_of_staff (job))
    {
      who = ch_caller_get_id (job->caller);
      return ch_making_check_in_hand (tx, job->id, who, error);
    }
  return job->caller->ticket != NULL || check_not_made_here (tx, job, error);
}

static gpointer
handle_issue (ChCall *call, gpointer request, GError **error)
{
  const ChCsrMessage *message = request;
  Job job = make_job (call, request);
  g_autoptr (ChCertificateRecord) record
      = ch_issuing_record (job.service, job.id, message->csr, check_maker, &job, error);

  if (record == NULL || !ch_issuing_sign (job.service, record, error))
    return NULL;
  job.certificate = record;
  return ch_call_commit (call, write_issued, &job, error);
}

static gpointer
read_live (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  ChCertificateRecord *record;

  if (!ch_certificates_find_live (tx, job->id, &record, error))
    return NULL;
  if (record != NULL && record->der != NULL)
    return record;

  ch_certificate_record_free (record);
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "no certificate is issued yet");
  return NULL;
}

/* The key signs what only it and this server can know about: that it lies where its owner says */
static gboolean
check_possession (Job *job, GError **error)
{
  const ChPossession *possession = job->request;
  g_autoptr (GBytes) statement
      = ch_statement_build (CH_STATEMENT_POSSESSION, ch_service_get_tls_certificate (job->service),
                            job->certificate->der, possession->nonce, NULL, error);
  g_autoptr (GBytes) spki = statement != NULL ? ch_cert_get_spki (job->certificate->der, error) : NULL;

  return spki != NULL
         && ch_spki_verify (spki, statement, possession->signature,
                            ch_profile_get_sm2_id (ch_service_get_profile (job->service)), error);
}

static gpointer
write_installed (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChPossession *possession = job->request;
  g_autofree char *who = ch_caller_get_id (job->caller);
  g_autoptr (ChCertificateRecord) now = ch_certificate_record_load (tx, job->certificate->serial, error);
  ChApplication *answer;

  if (now == NULL || !ch_nonce_spend (tx, job->service, CH_STATEMENT_POSSESSION, possession->nonce, error))
    return NULL;
  /* Proved before: nothing is to be done twice */
  if (now->state == CH_CERTIFICATE_ISSUED
      && ((is_of_staff (job) && !ch_making_check_in_hand (tx, job->id, who, error))
          || !ch_certificates_set_installed (tx, now->serial, error)
          || !ch_applications_set_state (tx, job->id, CH_APPLICATION_DONE, "installed", who, error)
          || !ch_replacing_finish (tx, ch_service_get_profile (job->service), job->id, who, &job->has_revoked,
                                   error)
          || !ch_escrow_bind (tx, job->id, who, error)))
    return NULL;
  answer = ch_applications_get (tx, job->id, ch_service_get_profile (job->service), CH_VIEW_MEMBER, error);
  if (answer != NULL && job->caller->ticket != NULL)
    ch_lookup_reduce (answer);
  return answer;
}

static gpointer
handle_installed (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);
  g_autoptr (ChCertificateRecord) record
      = ch_db_read (ch_service_get_db (job.service), read_live, &job, error);

  gpointer answer;

  if (record == NULL)
    return NULL;
  job.certificate = record;
  if (!check_possession (&job, error))
    return NULL;

  answer = ch_call_commit (call, write_installed, &job, error);
  if (answer != NULL && job.has_revoked)
    ch_crl_desk_renew_all (job.service);
  return answer;
}

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (job->caller->certificate != NULL)
    return ch_certificates_list_held (tx, ch_service_get_ca (job->service), job->caller->certificate, error);
  return ch_certificates_list (tx, ch_service_get_ca (job->service), job->caller->account, job->request,
                               error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (ch_service_get_db (job.service), read_list, &job, error);
}

static gpointer
read_one (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChCertificateRecord) record = ch_certificate_record_load (tx, job->id, error);

  if (record != NULL && record->der != NULL)
    return ch_certificate_record_format (record, ch_service_get_ca (job->service));
  if (record != NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "the certificate is not signed yet");
  return NULL;
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  Job job = make_job (call, request);

  return ch_db_read (ch_service_get_db (job.service), read_one, &job, error);
}

const ChHandlerRow ch_handlers_certificate[] = {
  { &ch_route_issue, handle_issue, CH_HANDLER_WORKER, 0 },
  { &ch_route_installed, handle_installed, CH_HANDLER_WORKER, 0 },
  { &ch_route_certificate_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_certificate, handle_get, CH_HANDLER_WORKER, 0 },
  { NULL },
};
