#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-crl-builder.h"
#include "server/ch-crl-desk.h"

/* A list says when the next one comes; there is a new one long before, so that nobody stands without */
#define LIFETIME    (7 * 86400)
#define RENEW_AFTER (1 * 86400)

/* How long an OCSP answer may be kept by those who asked */
#define ANSWER_LIFETIME 3600

#define MAX_ROOT_LIST (64 * 1024 * 1024)

/* The list that init wrote had this number */
#define FIRST_NUMBER 1

typedef struct
{
  ChService *service;
  ChHierarchy hierarchy;
  const char *serial;
  ChRevocation reason;
  guint n_asked;
} Job;

static gpointer
write_crl (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  ChIssuer *issuer = ch_ca_get_issuing (ch_service_get_ca (job->service), job->hierarchy);
  const char *id = ch_hierarchy_get_id (job->hierarchy);
  g_autoptr (GPtrArray) rows = ch_certificates_list_revoked (tx, job->hierarchy, error);
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GBytes) der = NULL;
  gint64 now = ch_clock_now ();
  gint64 number = FIRST_NUMBER;

  if (rows == NULL
      || !ch_db_query_int (tx, "SELECT COALESCE (MAX (number), $2) FROM crl WHERE hierarchy = $1",
                           CH_BIND (CH_TEXT (id), CH_INT (FIRST_NUMBER)), &number, error))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      const ChCertificateRecord *row = rows->pdata[i];

      if (!ch_crl_builder_add (builder, row->serial, row->revoked, row->reason, error))
        return NULL;
    }

  der = ch_crl_builder_sign (builder, issuer, number + 1, now, now + LIFETIME, error);
  if (der == NULL
      || !ch_db_run (tx,
                     "INSERT INTO crl (hierarchy, number, der, next_update) VALUES ($1, $2, $3, $4) "
                     "ON CONFLICT (hierarchy) DO UPDATE SET number = excluded.number, der = excluded.der, "
                     "next_update = excluded.next_update",
                     CH_BIND (CH_TEXT (id), CH_INT (number + 1), CH_BYTES (der), CH_INT (now + LIFETIME)),
                     error))
    return NULL;
  return g_steal_pointer (&der);
}

static GBytes *
renew (ChService *service, ChHierarchy hierarchy, GError **error)
{
  Job job = { service, hierarchy };
  g_autofree char *name = g_strconcat (ch_hierarchy_get_id (hierarchy), ".crl", NULL);
  g_autofree char *path = ch_ca_get_path (ch_service_get_ca (service), name);
  g_autoptr (GBytes) der
      = ch_db_write (ch_service_get_db (service), write_crl, &job, (GDestroyNotify) g_bytes_unref, error);

  /* The file is for those who copy it elsewhere; what is served comes from the store */
  if (der == NULL
      || !ch_file_write_durably (path, g_bytes_get_data (der, NULL), g_bytes_get_size (der), 0644, error))
    return NULL;
  return g_steal_pointer (&der);
}

/**
 * ch_crl_desk_renew:
 *
 * Makes a new list, after a change or because the old one gets old.
 */
gboolean
ch_crl_desk_renew (ChService *service, ChHierarchy hierarchy, GError **error)
{
  g_autoptr (GBytes) der = renew (service, hierarchy, error);

  return der != NULL;
}

static gpointer
read_crl (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT der FROM crl WHERE hierarchy = $1 AND next_update > $2",
                         CH_BIND (CH_TEXT (ch_hierarchy_get_id (job->hierarchy)),
                                  CH_INT (ch_clock_now () + LIFETIME - RENEW_AFTER)),
                         error);

  return row != NULL ? ch_stmt_dup_bytes (row, 0) : NULL;
}

/**
 * ch_crl_desk_get:
 *
 * Returns: (transfer full): the newest list; never one that ends soon
 */
GBytes *
ch_crl_desk_get (ChService *service, ChHierarchy hierarchy, GError **error)
{
  Job job = { service, hierarchy };
  g_autoptr (GError) missing = NULL;
  GBytes *der = ch_db_read (ch_service_get_db (service), read_crl, &job, &missing);

  return der != NULL ? der : renew (service, hierarchy, error);
}

/**
 * ch_crl_desk_get_root:
 *
 * Returns: (transfer full): the list of the root, which was made where its key is: only its file is here
 */
GBytes *
ch_crl_desk_get_root (ChService *service, ChHierarchy hierarchy, GError **error)
{
  g_autofree char *name = g_strdup_printf ("root-%s.crl", ch_hierarchy_get_id (hierarchy));
  g_autofree char *path = ch_ca_get_path (ch_service_get_ca (service), name);

  return ch_file_read (path, MAX_ROOT_LIST, error);
}

static gpointer
write_revoked (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  ChCertificateRecord *record;

  if (!ch_certificates_revoke (tx, job->serial, job->reason, ch_clock_now (), error))
    return NULL;
  record = ch_certificate_record_load (tx, job->serial, error);
  if (record != NULL)
    job->hierarchy = record->hierarchy;
  return record;
}

/**
 * ch_crl_desk_revoke:
 * @error: %CH_ERROR_CONFLICT when it is revoked already
 *
 * Revokes a certificate; when this returns, list and answers say so.
 */
gboolean
ch_crl_desk_revoke (ChService *service, const char *serial, ChRevocation reason, GError **error)
{
  Job job = { service, CH_HIERARCHY_RSA, serial, reason };
  g_autoptr (ChCertificateRecord) record = ch_db_write (ch_service_get_db (service), write_revoked, &job,
                                                        (GDestroyNotify) ch_certificate_record_free, error);

  return record != NULL && ch_crl_desk_renew (service, record->hierarchy, error);
}

static gpointer
read_certificate (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  return ch_certificate_record_load (tx, job->serial, error);
}

static gboolean
look_up (const char *serial, ChOcspState *state, gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificateRecord) record = NULL;

  job->serial = serial;
  job->n_asked++;
  record = ch_db_read (ch_service_get_db (job->service), read_certificate, job, &error);
  if (record == NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND))
    return FALSE;

  if (record == NULL || record->hierarchy != job->hierarchy || record->der == NULL)
    state->status = CH_OCSP_UNKNOWN;
  else if (record->revoked != 0)
    *state = (ChOcspState){ CH_OCSP_REVOKED, record->reason, record->revoked };
  else
    state->status = CH_OCSP_GOOD;
  return TRUE;
}

/**
 * ch_crl_desk_renew_all:
 *
 * After a revocation, which has happened already: a list that cannot be made now is made by the clock.
 */
void
ch_crl_desk_renew_all (ChService *service)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!ch_crl_desk_renew (service, i, &error))
        g_warning ("the list of revoked certificates is late: %s", error->message);
    }
}

/**
 * ch_crl_desk_answer:
 * @request: an OCSP request in DER, from anybody
 *
 * Returns: (transfer full): the answer in DER: good, revoked or unknown, or what is wrong with the request
 */
GBytes *
ch_crl_desk_answer (ChService *service, GBytes *request)
{
  GBytes *answer = NULL;

  /* One address serves all hierarchies: whose issuer is asked about, answers; the first one says “unknown” */
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      Job job = { service, i };
      gint64 now = ch_clock_now ();
      g_autoptr (GBytes) one = ch_ocsp_responder_answer (ch_ca_get_responder (ch_service_get_ca (service), i),
                                                         request, now, now + ANSWER_LIFETIME, look_up, &job);

      if (answer == NULL || job.n_asked > 0)
        {
          g_clear_pointer (&answer, g_bytes_unref);
          answer = g_steal_pointer (&one);
        }
      if (job.n_asked > 0)
        break;
    }

  return answer;
}
