#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "server/ch-handler.h"
#include "server/ch-nonce.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-batches.h"

/* Many applications, confirmed by one signature. Each is an application like any other: created, filled in
 * and handed in by the same calls; here is only what ties it to its row. */

typedef struct
{
  ChService *service;
  const ChCaller *caller;
  const char *batch; /* (nullable): that the path names */
  gpointer request;
  char *digest; /* (owned) (nullable): of what is confirmed */
  char *serial; /* (owned) (nullable): of the signer’s certificate */
} Job;

static void
job_clear (Job *self)
{
  g_clear_pointer (&self->digest, g_free);
  g_clear_pointer (&self->serial, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static Job
make_job (ChCall *call, gpointer request)
{
  gboolean has_batch = ch_call_get_route (call)->owned == CH_OWNED_BATCH;

  return (Job){ ch_call_get_service (call), ch_call_get_caller (call),
                has_batch ? ch_call_get_arg (call, 0) : NULL, request };
}

static const ChProfile *
get_profile (const Job *job)
{
  return ch_service_get_profile (job->service);
}

/* -- A batch is confirmed -- */

static gboolean
refuse_signer (GError **error, const char *why)
{
  g_set_error (error, CH_ERROR, CH_ERROR_BATCH_SIGNER, "%s", why);
  return FALSE;
}

static gboolean
check_rows (const ChBatchNew *request, const ChProfile *profile, GError **error)
{
  const ChProject *project = ch_profile_get_project (profile, request->project);
  gsize size = g_bytes_get_size (request->digests);
  ChAxes axes;

  if (size == 0 || size % CH_BATCH_DIGEST_SIZE != 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "digests: not whole rows");
      return FALSE;
    }
  if (!ch_axes_parse (request->flow, &axes) || !ch_profile_offers (profile, &axes) || project == NULL
      || !ch_project_fits (project, &axes) || axes.business != CH_BUSINESS_APPLY
      || axes.settlement != CH_SETTLEMENT_ENTERPRISE_PAY)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "such applications do not come in batches");
      return FALSE;
    }
  return TRUE;
}

/* The signature is over what the digests of the rows add up to, for this server, once */
static gboolean
check_signature (Job *job, GBytes *digest, GError **error)
{
  const ChBatchNew *request = job->request;
  g_autoptr (ChCertInfo) info = ch_cert_info_new (request->certificate, NULL);
  g_autoptr (GBytes) statement = NULL;

  if (info == NULL)
    return refuse_signer (error, "the certificate cannot be read");
  statement = ch_statement_build (CH_STATEMENT_CONFIRM, ch_service_get_tls_certificate (job->service),
                                  request->certificate, request->nonce, digest, error);
  if (statement == NULL)
    return FALSE;
  if (!ch_spki_verify (info->spki, statement, request->signature, ch_profile_get_sm2_id (get_profile (job)),
                       NULL))
    return refuse_signer (error, "the signature is wrong");
  job->serial = g_strdup (info->serial);
  return TRUE;
}

/* What is shown must be what was issued, byte for byte, to this account, and be in force */
static gboolean
check_certificate (ChDbTx *tx, const Job *job, GError **error)
{
  const ChBatchNew *request = job->request;
  gint64 n = 0;

  if (!ch_db_query_int (
          tx,
          "SELECT COUNT (*) FROM certificate AS c JOIN application AS a ON a.id = c.application "
          "WHERE c.serial = $1 AND c.der = $2 AND a.account = $3 "
          "AND c.state IN ('issued', 'installed') AND c.not_before <= $4 AND c.not_after >= $4",
          CH_BIND (CH_TEXT (job->serial), CH_BYTES (request->certificate), CH_TEXT (job->caller->account),
                   CH_INT (ch_clock_now ())),
          &n, error))
    return FALSE;
  return n == 1 || refuse_signer (error, "the certificate is not one of this account, or not in force");
}

/* What was confirmed before is that batch: a sheet chosen once more goes on where it stopped */
static gpointer
write_new (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChBatchNew *request = job->request;
  const ChBatchSigned batch = { request, job->caller->account, job->serial, job->digest };
  g_autofree char *id = NULL;

  if (!ch_nonce_spend (tx, job->service, CH_STATEMENT_CONFIRM, request->nonce, error)
      || !check_certificate (tx, job, error)
      || !ch_batches_find (tx, job->caller->account, job->digest, &id, error))
    return NULL;
  if (id == NULL)
    id = ch_batches_create (tx, &batch, error);
  return id != NULL ? ch_batches_get (tx, id, error) : NULL;
}

static gpointer
handle_new (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);
  const ChBatchNew *batch = request;
  g_autoptr (GBytes) digest = NULL;

  if (!check_rows (batch, get_profile (&job), error))
    return NULL;
  digest = ch_batch_digest (batch->flow, batch->project, batch->digests);
  job.digest = ch_batch_format_digest (digest);
  return check_signature (&job, digest, error) ? ch_call_commit (call, write_new, &job, error) : NULL;
}

/* -- Its rows -- */

static gpointer
write_row (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChBatchRowNew *request = job->request;
  g_autoptr (ChBatch) batch = ch_batches_get (tx, job->batch, error);
  const ChApplicationNew wanted
      = { .flow = batch != NULL ? batch->flow : NULL, .project = batch != NULL ? batch->project : NULL };
  g_autofree char *application = NULL;

  if (batch == NULL)
    return NULL;
  if (request->row < 1 || request->row > batch->rows)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "the batch has no such row");
      return NULL;
    }
  if (!ch_batches_find_row (tx, job->batch, request->row, &application, error))
    return NULL;
  if (application == NULL)
    {
      application = ch_applications_create (tx, get_profile (job), job->caller, &wanted, error);
      if (application == NULL || !ch_batches_add_row (tx, job->batch, request, application, error))
        return NULL;
    }
  return ch_applications_get (tx, application, get_profile (job), CH_VIEW_MEMBER, error);
}

static gpointer
handle_row (ChCall *call, gpointer request, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  return ch_call_commit (call, write_row, &job, error);
}

/* -- Looking -- */

static gpointer
read_list (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  const ChBatchQuery *query = job->request;

  return ch_batches_list (tx, job->caller->account, query->digest, error);
}

static gpointer
read_one (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_batches_get (tx, ((Job *) data)->batch, error);
}

static gpointer
read_rows (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_batches_list_rows (tx, ((Job *) data)->batch, error);
}

static gpointer
look (ChCall *call, gpointer request, ChDbFunc func, GError **error)
{
  g_auto (Job) job = make_job (call, request);

  return ch_db_read (ch_service_get_db (job.service), func, &job, error);
}

static gpointer
handle_list (ChCall *call, gpointer request, GError **error)
{
  return look (call, request, read_list, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  return look (call, request, read_one, error);
}

static gpointer
handle_rows (ChCall *call, gpointer request, GError **error)
{
  return look (call, request, read_rows, error);
}

const ChHandlerRow ch_handlers_batch[] = {
  /* 10,000 digests in base64 */
  { &ch_route_batch_new, handle_new, CH_HANDLER_WORKER, 512 * 1024 },
  { &ch_route_batch_list, handle_list, CH_HANDLER_WORKER, 0 },
  { &ch_route_batch, handle_get, CH_HANDLER_WORKER, 0 },
  { &ch_route_batch_rows, handle_rows, CH_HANDLER_WORKER, 0 },
  { &ch_route_batch_row_new, handle_row, CH_HANDLER_WORKER, 0 },
  { NULL },
};
