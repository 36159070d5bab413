#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-builder.h"
#include "pki/ch-csr.h"
#include "server/ch-application-record.h"
#include "server/ch-crl-desk.h"
#include "server/ch-issuing.h"
#include "server/ch-store-applications.h"

#define RECOVERED "server"

typedef struct
{
  ChService *service;
  const char *application;
  GBytes *spki_sha256;
  ChIssuingCheck check; /* (nullable) */
  gpointer check_data;
  ChApplicationRecord *record;      /* (owned): what was approved */
  ChCertificateRecord *certificate; /* (owned): what is to be signed */
} Job;

/* Where the values of a name come from */
typedef struct
{
  const ChApplicationRecord *record;
  const ChProfile *profile;
} Source;

/* Placeholders that are no answers */
/* clang-format off */
static const struct
{
  const char *name;
  gsize offset; /* of a text in the record */
} own_placeholders[] = {
  { "trust-id",    G_STRUCT_OFFSET (ChApplicationRecord, trust_id) },
  { "serial-time", G_STRUCT_OFFSET (ChApplicationRecord, serial_time) },
};
/* clang-format on */

static char *
look_up_value (const char *placeholder, gpointer user_data)
{
  Source *source = user_data;

  for (gsize i = 0; i < G_N_ELEMENTS (own_placeholders); i++)
    if (g_str_equal (placeholder, own_placeholders[i].name))
      return g_strdup (G_STRUCT_MEMBER (char *, source->record, own_placeholders[i].offset));
  if (g_str_equal (placeholder, "organisation"))
    return g_strdup (source->profile->issue->organisation);

  return g_strdup (ch_application_record_get_answer (source->record, placeholder));
}

static ChSubject *
make_subject (Source *source, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) rows = NULL;

  for (guint i = 0; i < source->profile->issue->subject->len; i++)
    {
      const ChSubjectRow *row = source->profile->issue->subject->pdata[i];
      g_autofree char *text = g_strdup_printf ("%s=%s", row->type, row->value);

      if (ch_subjects_have (row->subjects, source->record->axes.subject))
        g_strv_builder_add (builder, text);
    }

  rows = g_strv_builder_end (builder);
  return ch_subject_new_from_template ((const char *const *) rows, look_up_value, source, error);
}

/* A value of one placeholder, or a text without any */
static char *
expand (const char *pattern, Source *source)
{
  gsize len = strlen (pattern);
  g_autofree char *name = NULL;

  if (*pattern != '{' || pattern[len - 1] != '}')
    return g_strdup (pattern);
  name = g_strndup (pattern + 1, len - 2);
  return look_up_value (name, source);
}

static gboolean
add_extensions (ChBuilder *builder, Source *source, GError **error)
{
  GPtrArray *rows = source->profile->issue->extensions;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const ChExtensionRow *row = rows->pdata[i];
      g_autofree char *value = ch_subjects_have (row->subjects, source->record->axes.subject)
                                   ? expand (row->value, source)
                                   : NULL;

      /* What there is no value for is left out, as in the name */
      if (value != NULL && !ch_builder_add_text_extension (builder, row->oid, value, error))
        return FALSE;
    }

  return TRUE;
}

static guint
get_allowed_keys (const ChProfile *profile)
{
  guint allowed = 0;

  for (gsize i = 0; profile->issue->keys[i] != NULL; i++)
    {
      ChKeySpec spec;

      if (ch_key_spec_from_id (profile->issue->keys[i], &spec))
        allowed |= 1u << spec;
    }

  return allowed;
}

static GBytes *
check_request (ChService *service, GBytes *csr, ChHierarchy *hierarchy, GError **error)
{
  g_autoptr (GBytes) spki
      = ch_csr_verify (csr, ch_profile_get_sm2_id (ch_service_get_profile (service)), NULL, error);
  ChKeyKind kind;

  if (spki == NULL)
    return NULL;
  kind = ch_spki_get_kind (spki, NULL, error);
  if (!ch_spki_check_policy (spki, get_allowed_keys (ch_service_get_profile (service)), error))
    return NULL;

  *hierarchy = kind == CH_KEY_KIND_SM2 ? CH_HIERARCHY_SM2 : CH_HIERARCHY_RSA;
  return g_steal_pointer (&spki);
}

/* Read for itself, without the rest of the application: it is asked twice for each certificate */
static gboolean
check_state (ChDbTx *tx, const Job *job, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT a.state IN ('approved', 'issued', 'done'), a.flow, COALESCE (p.state, '') = 'paid' "
      "FROM application AS a LEFT JOIN purchase AS p ON p.application = a.id WHERE a.id = $1",
      CH_BIND (CH_TEXT (job->application)), error);
  const ChProfile *profile = ch_service_get_profile (job->service);
  ChAxes axes;

  if (row == NULL)
    return FALSE;
  /* What ends with its approval asks for no certificate */
  if (ch_stmt_get_int (row, 0) == 0 || !ch_axes_parse (ch_stmt_get_text (row, 1), &axes)
      || !ch_business_makes_certificate (axes.business))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_APPROVED, "the application is not approved");
      return FALSE;
    }
  if (ch_stmt_get_int (row, 2) != 0 || axes.settlement == CH_SETTLEMENT_ENTERPRISE_PAY
      || !ch_profile_charges (profile, axes.business))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_PAID, "the order is not settled");
  return FALSE;
}

/* The same key again is the same certificate: the answer to the first request got lost. Another key is
 * refused while there is a certificate. */
static gboolean
check_certificate (ChDbTx *tx, Job *job, GError **error)
{
  g_clear_pointer (&job->certificate, ch_certificate_record_free);
  if (!ch_certificates_find_live (tx, job->application, &job->certificate, error))
    return FALSE;
  if (job->certificate == NULL || g_bytes_equal (job->certificate->spki_sha256, job->spki_sha256))
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "there is a certificate on the application already");
  return FALSE;
}

/* Of what is replaced: once it is revoked, nothing follows on it. One that has ended meanwhile was in time,
 * and one on hold is so because of this very application where the business holds it: there is no other about
 * it.
 */
static gboolean
check_old (ChDbTx *tx, const ChApplicationRecord *record, GError **error)
{
  g_autoptr (ChCertificateRecord) old = NULL;

  if (record->base == NULL)
    return TRUE;
  old = ch_certificate_record_load (tx, record->base, error);
  if (old == NULL)
    return FALSE;
  if (old->state == CH_CERTIFICATE_ON_HOLD && ch_business_holds (record->axes.business))
    return TRUE;
  if (old->state != CH_CERTIFICATE_REVOKED && old->state != CH_CERTIFICATE_ON_HOLD)
    return TRUE;

  g_set_error (error, CH_ERROR,
               old->state == CH_CERTIFICATE_REVOKED ? CH_ERROR_CERTIFICATE_REVOKED
                                                    : CH_ERROR_CERTIFICATE_HELD,
               "the certificate to be replaced is no longer in force");
  return FALSE;
}

/* Whether anything stands against it */
static gboolean
check_all (ChDbTx *tx, Job *job, GError **error)
{
  return (job->check == NULL || job->check (tx, job->check_data, error)) && check_state (tx, job, error)
         && check_certificate (tx, job, error);
}

static gpointer
read_application (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;

  if (!check_all (tx, job, error))
    return NULL;
  if (job->certificate != NULL)
    return CH_DB_DONE;

  job->record = ch_application_record_load (tx, job->application, error);
  return job->record != NULL && check_old (tx, job->record, error) ? CH_DB_DONE : NULL;
}

/* Everything is looked at once more where nobody can come in between */
static gpointer
write_record (ChDbTx *tx, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (ChCertificateRecord) made = g_steal_pointer (&job->certificate);

  if (!check_all (tx, job, error))
    return NULL;
  if (job->certificate != NULL)
    return CH_DB_DONE;

  if (!check_old (tx, job->record, error) || !ch_certificates_add (tx, made, error))
    return NULL;
  job->certificate = g_steal_pointer (&made);
  return CH_DB_DONE;
}

static ChCertificateRecord *
build (Job *job, ChHierarchy hierarchy, GBytes *spki, GError **error)
{
  const ChProfile *profile = ch_service_get_profile (job->service);
  const ChProject *project = ch_profile_get_project (profile, job->record->project);
  const char *term_id = ch_application_record_get_answer (job->record, "term");
  const ChTerm *term = project != NULL ? ch_project_get_term (project, term_id) : NULL;
  Source source = { job->record, profile };
  g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_HOLDER);
  g_autoptr (ChSubject) subject = make_subject (&source, error);
  g_autoptr (ChCertificateRecord) made = g_new0 (ChCertificateRecord, 1);
  ChBusiness business = job->record->axes.business;

  if (subject == NULL)
    return NULL;
  if (term == NULL && ch_profile_has_term (profile, business))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED,
                   "the profile no longer has the term that was bought");
      return NULL;
    }

  made->application = g_strdup (job->application);
  made->hierarchy = hierarchy;
  made->name = g_strdup (ch_subject_find (subject, "CN"));
  made->spki_sha256 = g_bytes_ref (job->spki_sha256);
  made->not_before = ch_clock_now ();
  made->not_after = ch_profile_get_end (profile, business, term, job->record->base_end, made->not_before);

  ch_builder_set_subject (builder, subject);
  ch_builder_set_spki (builder, spki);
  ch_builder_set_validity (builder, made->not_before, made->not_after);
  if (!add_extensions (builder, &source, error))
    return NULL;
  made->tbs = ch_builder_build (builder, ch_ca_get_issuing (ch_service_get_ca (job->service), hierarchy),
                                &made->serial, error);
  return made->tbs != NULL ? g_steal_pointer (&made) : NULL;
}

static gboolean
record (Job *job, ChHierarchy hierarchy, GBytes *spki, GError **error)
{
  if (ch_db_read (ch_service_get_db (job->service), read_application, job, error) == NULL)
    return FALSE;
  if (job->certificate != NULL)
    return TRUE;

  job->certificate = build (job, hierarchy, spki, error);
  return job->certificate != NULL
         && ch_db_write (ch_service_get_db (job->service), write_record, job, NULL, error) != NULL;
}

/**
 * ch_issuing_make_subject:
 * @approved: an application
 *
 * Returns: (transfer full): the name that stands in its certificate
 */
ChSubject *
ch_issuing_make_subject (const ChProfile *profile, const ChApplicationRecord *approved, GError **error)
{
  Source source = { approved, profile };

  return make_subject (&source, error);
}

/**
 * ch_issuing_record:
 * @application: approved and settled
 * @csr: a request; nothing of it is used but its key
 * @check: (nullable): what else must hold, also at the moment it is written
 * @error: that of @check; %CH_ERROR_CSR_REFUSED, %CH_ERROR_KEY_KNOWN, %CH_ERROR_NOT_APPROVED,
 * %CH_ERROR_NOT_PAID, %CH_ERROR_WRONG_STATE
 *
 * Decides about a request and writes durably what is to be signed. The same key again gives what was written
 * then.
 *
 * Returns: (transfer full): the certificate, signed or not
 */
ChCertificateRecord *
ch_issuing_record (ChService *service,
                   const char *application,
                   GBytes *csr,
                   ChIssuingCheck check,
                   gpointer user_data,
                   GError **error)
{
  ChHierarchy hierarchy = CH_HIERARCHY_RSA;
  g_autoptr (GBytes) spki = check_request (service, csr, &hierarchy, error);
  g_autoptr (GBytes) spki_sha256
      = spki != NULL ? ch_sha256 (g_bytes_get_data (spki, NULL), g_bytes_get_size (spki)) : NULL;
  Job job = { .service = service,
              .application = application,
              .spki_sha256 = spki_sha256,
              .check = check,
              .check_data = user_data };
  gboolean is_recorded;

  if (spki == NULL)
    return NULL;

  is_recorded = record (&job, hierarchy, spki, error);
  g_clear_pointer (&job.record, ch_application_record_free);
  if (!is_recorded)
    g_clear_pointer (&job.certificate, ch_certificate_record_free);
  return job.certificate;
}

/**
 * ch_issuing_sign:
 * @record: from ch_issuing_record(); one that is signed is left as it is
 *
 * Signs what is written. Nothing is stored yet.
 */
gboolean
ch_issuing_sign (ChService *service, ChCertificateRecord *record, GError **error)
{
  if (record->der != NULL)
    return TRUE;

  record->der = ch_builder_sign (ch_ca_get_issuing (ch_service_get_ca (service), record->hierarchy),
                                 record->tbs, error);
  return record->der != NULL;
}

/**
 * ch_issuing_complete:
 * @record: signed
 * @who: for the history
 *
 * Stores the certificate and moves its application on; what is done already is left as it is.
 */
gboolean
ch_issuing_complete (ChDbTx *tx, const ChCertificateRecord *record, const char *who, GError **error)
{
  gint64 is_signed = 0;

  if (!ch_db_query_int (tx, "SELECT der IS NOT NULL FROM certificate WHERE serial = $1",
                        CH_BIND (CH_TEXT (record->serial)), &is_signed, error))
    return FALSE;
  if (is_signed)
    return TRUE;

  return ch_certificates_set_signed (tx, record->serial, record->der, error)
         && ch_applications_set_state (tx, record->application, CH_APPLICATION_ISSUED, "issued", who, error);
}

static gpointer
read_unsigned (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_certificates_list_unsigned (tx, error);
}

static gpointer
write_recovered (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_issuing_complete (tx, data, RECOVERED, error) ? CH_DB_DONE : NULL;
}

/**
 * ch_issuing_start:
 *
 * To be called before the service answers anybody: signs what was written but not signed when it ended, and
 * brings the lists up to date.
 */
gboolean
ch_issuing_start (ChService *service, GError **error)
{
  g_autoptr (GPtrArray) rows = ch_db_read (ch_service_get_db (service), read_unsigned, NULL, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!ch_issuing_sign (service, rows->pdata[i], error)
        || ch_db_write (ch_service_get_db (service), write_recovered, rows->pdata[i], NULL, error) == NULL)
      return FALSE;

  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autoptr (GBytes) crl = ch_crl_desk_get (service, i, error);

      if (crl == NULL)
        return FALSE;
    }

  return TRUE;
}
