#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-application-turns.h"
#include "server/ch-counter.h"
#include "server/ch-download.h"
#include "server/ch-issuing.h"
#include "server/ch-lookup.h"
#include "server/ch-random.h"
#include "server/ch-store-applications.h"
#include "server/ch-ticket.h"
#include "wire/ch-field.h"

/* As the manual prints it */
#define CODE_LENGTH 19

/* How long a code is good where the profile does not say it, seconds */
#define CODE_SECONDS 86400

/* Those of the manual have I and O too; what is said on the telephone is easier without them */
static const char alphabet[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/* 94 bits cannot be guessed; who tries is slowed down all the same */
static const ChCounterLimit per_address = { "download-address", 20, 3600 };
static const ChCounterLimit in_all = { "download-all", 1000, 600 };

static char *
make_text (void)
{
  char *text = g_new0 (char, CODE_LENGTH + 1);

  for (gsize i = 0; i < CODE_LENGTH;)
    {
      guint8 number;

      ch_random_fill (&number, 1);
      if (number < 256 - 256 % (sizeof alphabet - 1))
        text[i++] = alphabet[number % (sizeof alphabet - 1)];
    }
  return text;
}

typedef struct
{
  ChService *service;
  GBytes *mac; /* (owned) */
} Mac;

/* Blanks and lines between the letters are how people write it down */
static gboolean
make_mac (const guint8 *data, gsize len, gpointer user_data)
{
  Mac *mac = user_data;
  char *text = g_malloc0 (len + 1);
  gsize n = 0;

  for (gsize i = 0; i < len; i++)
    if (g_ascii_isalnum (data[i]))
      text[n++] = g_ascii_toupper (data[i]);
  mac->mac = ch_service_make_mac (mac->service, "download-code", text, n);
  ch_secret_wipe (text, len);
  g_free (text);
  return TRUE;
}

/**
 * ch_download_make_mac:
 * @code: as it was typed
 *
 * Returns: (transfer full): what is kept of it
 */
GBytes *
ch_download_make_mac (ChService *service, ChSecret *code)
{
  Mac mac = { service, NULL };

  ch_secret_with (code, make_mac, &mac);
  return mac.mac;
}

/* @what is an application, or a certificate that was issued on one */
static char *
find_application (ChDbTx *tx, const char *what, GError **error)
{
  g_autofree char *serial = ch_normalize_code (what);
  g_autoptr (ChStmt) stmt
      = ch_db_query_row (tx,
                         "SELECT id FROM application WHERE id = $1 UNION "
                         "SELECT application FROM certificate WHERE serial = $2 AND der IS NOT NULL",
                         CH_BIND (CH_TEXT (what), CH_TEXT (serial)), error);

  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

static gboolean
can_download (const ChApplicationRecord *record, const ChProfile *profile, GError **error)
{
  ChAxes axes = record->axes;

  /* What is downloaded was settled before */
  axes.business = CH_BUSINESS_DOWNLOAD;
  axes.settlement = CH_SETTLEMENT_ENTERPRISE_PAY;
  if (!ch_profile_offers (profile, &axes))
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "this certificate is not downloaded by a code");
  else if (record->state != CH_APPLICATION_APPROVED && record->state != CH_APPLICATION_ISSUED)
    g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the application is %s",
                 ch_wire_enum_get_id (&ChApplicationState_enum, record->state));
  else
    return TRUE;
  return FALSE;
}

/**
 * ch_download_make_code:
 * @request: what it is for
 * @who: of the staff
 * @error: %CH_ERROR_NOT_FOUND; %CH_ERROR_WRONG_STATE when there is nothing to be downloaded, or not yet
 *
 * Makes a code, which ends older ones of the same application. Told once, to who makes it; kept as HMAC.
 *
 * Returns: (transfer full): the code
 */
ChDownloadCode *
ch_download_make_code (ChDbTx *tx,
                       ChService *service,
                       const ChDownloadCodeNew *request,
                       const char *who,
                       GError **error)
{
  const ChProfile *profile = ch_service_get_profile (service);
  gint64 now = ch_clock_now ();
  gint64 seconds = profile->limits->download_code > 0 ? profile->limits->download_code : CODE_SECONDS;
  g_autofree char *id = find_application (tx, request->what, error);
  g_autoptr (ChApplicationRecord) record = id != NULL ? ch_application_record_load (tx, id, error) : NULL;
  g_autoptr (ChDownloadCode) code = ch_wire_new (&ChDownloadCode_wire);
  g_autoptr (GBytes) mac = NULL;

  if (record == NULL || !can_download (record, profile, error)
      || (request->again && !ch_applications_make_again (tx, record, who, error)))
    return NULL;

  code->code = ch_secret_take_text (make_text ());
  code->application = g_strdup (id);
  code->name = g_strdup (ch_application_record_get_answer (record, ch_forms_get_name_field (&record->axes)));
  if (code->name == NULL)
    code->name = g_strdup (record->applicant);
  code->expires = now + seconds;
  mac = ch_download_make_mac (service, code->code);
  return ch_db_run (tx, "UPDATE download_code SET expires = created WHERE application = $1 AND used = 0",
                    CH_BIND (CH_TEXT (id)), error)
                 && ch_db_run (
                     tx,
                     "INSERT INTO download_code (code, application, made_by, created, expires, used) "
                     "VALUES ($1, $2, $3, $4, $5, 0)",
                     CH_BIND (CH_BYTES (mac), CH_TEXT (id), CH_TEXT (who), CH_INT (now),
                              CH_INT (code->expires)),
                     error)
                 && ch_applications_add_history (tx, id, "download-code", who, error)
             ? g_steal_pointer (&code)
             : NULL;
}

typedef struct
{
  ChService *service;
  const char *address;
} Try;

static gpointer
write_try (ChDbTx *tx, gpointer data, GError **error)
{
  const Try *try = data;

  return ch_counter_take (tx, try->service, &in_all, "", error)
                 && ch_counter_take (tx, try->service, &per_address, try->address, error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_download_count_try:
 * @address: where it came from
 * @error: %CH_ERROR_TOO_OFTEN
 *
 * Counts a try, by a transaction of its own: a wrong code must not undo it.
 */
gboolean
ch_download_count_try (ChService *service, const char *address, GError **error)
{
  Try try = { service, address };

  return ch_db_write (ch_service_get_db (service), write_try, &try, NULL, error) != NULL;
}

/* Who has the whole code may know what became of it; who has not learns that it is wrong */
static char *
use_code (ChDbTx *tx, GBytes *mac, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx, "SELECT application, expires, used FROM download_code WHERE code = $1",
                     CH_BIND (CH_BYTES (mac)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gint64 now = ch_clock_now ();
  g_autofree char *application = NULL;

  if (step == CH_STEP_FAILED)
    return NULL;
  if (step == CH_STEP_DONE)
    g_set_error (error, CH_ERROR, CH_ERROR_DOWNLOAD_CODE_WRONG, "there is no such download code");
  else if (ch_stmt_get_int (stmt, 2) != 0)
    g_set_error (error, CH_ERROR, CH_ERROR_DOWNLOAD_CODE_USED, "the download code was used");
  else if (ch_stmt_get_int (stmt, 1) <= now)
    g_set_error (error, CH_ERROR, CH_ERROR_DOWNLOAD_CODE_EXPIRED, "the download code has ended");
  else
    {
      application = ch_stmt_dup_text (stmt, 0);
      g_clear_pointer (&stmt, ch_stmt_free);
      if (ch_db_run (tx, "UPDATE download_code SET used = $2 WHERE code = $1",
                     CH_BIND (CH_BYTES (mac), CH_INT (now)), error))
        return g_steal_pointer (&application);
    }
  return NULL;
}

/* What is in the certificate, or will be in it */
static gboolean
describe (ChDbTx *tx,
          const ChProfile *profile,
          const ChApplicationRecord *record,
          ChInstallTicket *download,
          GError **error)
{
  const ChProject *project = ch_profile_get_project (profile, record->project);
  const char *term_id = ch_application_record_get_answer (record, "term");
  const ChTerm *term = project != NULL && term_id != NULL ? ch_project_get_term (project, term_id) : NULL;
  g_autoptr (ChSubject) subject = ch_issuing_make_subject (profile, record, error);
  g_autoptr (ChCertificateRecord) live = NULL;

  if (subject == NULL || !ch_certificates_find_live (tx, record->id, &live, error))
    return FALSE;

  download->name = g_strdup (ch_subject_find (subject, "CN"));
  download->subject = ch_subject_format (subject);
  download->trust_id = g_strdup (record->trust_id);
  if (live != NULL && live->der != NULL)
    {
      download->serial = g_strdup (live->serial);
      download->not_before = live->not_before;
      download->not_after = live->not_after;
    }
  else
    {
      download->not_before = ch_clock_now ();
      download->not_after
          = ch_profile_get_end (profile, record->axes.business, term, record->base_end, download->not_before);
    }
  return TRUE;
}

/**
 * ch_download_redeem:
 * @code_mac: ch_download_make_mac() of what was typed
 * @error: %CH_ERROR_DOWNLOAD_CODE_WRONG, %CH_ERROR_DOWNLOAD_CODE_USED, %CH_ERROR_DOWNLOAD_CODE_EXPIRED;
 * %CH_ERROR_WRONG_STATE when it was installed meanwhile, which leaves the code as it is
 *
 * Uses a code up for a ticket that is good for its certificate and nothing else.
 *
 * Returns: (transfer full): ticket and certificate
 */
ChInstallTicket *
ch_download_redeem (ChDbTx *tx, ChService *service, GBytes *code_mac, GError **error)
{
  const ChProfile *profile = ch_service_get_profile (service);
  g_autofree char *id = use_code (tx, code_mac, error);
  g_autoptr (ChApplicationRecord) record = id != NULL ? ch_application_record_load (tx, id, error) : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (ChInstallTicket) download = ch_wire_new (&ChInstallTicket_wire);
  g_autoptr (ChTicket) ticket = NULL;

  if (record == NULL || !can_download (record, profile, error)
      || !ch_applications_add_history (tx, id, "download-begun", "download-code", error))
    return NULL;

  g_ptr_array_add (ids, id);
  ticket = ch_ticket_start (tx, CH_PRINCIPAL_DOWNLOAD_TICKET, id, ids, error);
  download->application
      = ticket != NULL ? ch_applications_get (tx, id, profile, CH_VIEW_MEMBER, error) : NULL;
  if (download->application == NULL || !describe (tx, profile, record, download, error))
    return NULL;
  ch_lookup_reduce (download->application);
  download->token = g_steal_pointer (&ticket->token);
  download->ends = ticket->ends;
  return g_steal_pointer (&download);
}
