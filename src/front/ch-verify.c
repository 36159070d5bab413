#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-format.h"
#include "front/ch-verify.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain.h"
#include "pki/ch-crl.h"
#include "pki/ch-ocsp.h"

#define FILE_LIMIT (4 * 1024 * 1024)
#define CERT_LIMIT 65536
#define CRL_LIMIT  (32 * 1024 * 1024)
#define OCSP_LIMIT 65536
/* CAs that are looked for at the addresses in certificates, one above the other */
#define MAX_FETCHED_CAS 4

/* One verification on its way */
typedef struct
{
  ChFetcher *fetcher;       /* (owned) (nullable) */
  GBytes *cert;             /* (owned) */
  ChCertInfo *info;         /* (owned) */
  GPtrArray *intermediates; /* (owned) */
  GPtrArray *anchors;       /* (owned) */
  GBytes *issuer;           /* (owned) (nullable): the CA in the chain that was found */
  ChOcspRequest *question;  /* (owned) (nullable) */
  guint n_fetched;          /* CAs */
  ChVerifyReport *report;   /* (owned) */
} Verify;

static void ask_ocsp (GTask *task);

static void
check_free (gpointer data)
{
  ChVerifyCheck *check = data;

  g_free (check->text);
  g_free (check);
}

void
ch_verify_report_free (ChVerifyReport *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->name);
  g_ptr_array_unref (self->checks);
  g_free (self);
}

static void
verify_free (gpointer data)
{
  Verify *self = data;

  g_clear_object (&self->fetcher);
  g_bytes_unref (self->cert);
  g_clear_pointer (&self->info, ch_cert_info_unref);
  g_ptr_array_unref (self->intermediates);
  g_ptr_array_unref (self->anchors);
  g_clear_pointer (&self->issuer, g_bytes_unref);
  g_clear_pointer (&self->question, ch_ocsp_request_free);
  g_clear_pointer (&self->report, ch_verify_report_free);
  g_free (self);
}

/* Takes @text; the first thing that is wrong is the reason of all */
static void
add_check (Verify *self,
           const char *id,
           const char *label,
           ChVerifyOutcome outcome,
           const char *reason,
           char *text)
{
  ChVerifyCheck *check = g_new0 (ChVerifyCheck, 1);

  check->id = id;
  check->label = label;
  check->outcome = outcome;
  check->text = text;
  g_ptr_array_add (self->report->checks, check);
  if (outcome == CH_VERIFY_FAILED && self->report->is_valid)
    {
      self->report->is_valid = FALSE;
      self->report->reason = reason;
    }
}

static void
finish (GTask *task)
{
  Verify *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->report), (GDestroyNotify) ch_verify_report_free);
  g_object_unref (task);
}

/* -- Without asking anybody
 * ------------------------------------------------------------------------------------ */

static void
check_validity (Verify *self)
{
  gint64 now = ch_clock_now ();
  g_autofree char *from = ch_format_iso_time (self->info->not_before);
  g_autofree char *to = ch_format_iso_time (self->info->not_after);
  gboolean early = now<self->info->not_before, late = now> self->info->not_after;

  add_check (self, "validity", N_ ("Validity"), early || late ? CH_VERIFY_FAILED : CH_VERIFY_PASSED,
             ch_chain_reason_get_id (early ? CH_CHAIN_NOT_YET_VALID : CH_CHAIN_EXPIRED),
             /* Translators: begin and end of a validity */
             g_strdup_printf (_ ("From %1$s to %2$s."), from, to));
}

static void
check_usage (Verify *self)
{
  static const struct
  {
    ChUsage usage;
    const char *word;
  } words[] = {
    { CH_USAGE_DIGITAL_SIGNATURE, N_ ("signing and logging in") },
    { CH_USAGE_NON_REPUDIATION, N_ ("binding signatures") },
    { CH_USAGE_KEY_ENCIPHERMENT, N_ ("encryption of keys") },
    { CH_USAGE_DATA_ENCIPHERMENT, N_ ("encryption of data") },
    { CH_USAGE_KEY_AGREEMENT, N_ ("key agreement") },
    { CH_USAGE_CERT_SIGN, N_ ("issuing certificates") },
    { CH_USAGE_CRL_SIGN, N_ ("signing lists of revoked certificates") },
  };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if ((self->info->usages & words[i].usage) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "", _ (words[i].word));
  add_check (self, "usage", N_ ("Usage"), CH_VERIFY_PASSED, NULL, g_string_free (text, FALSE));
}

/* The chain at a moment at which the certificate is valid: dates are a check of their own. Returns: whether a
 * missing CA may be found at an address */
static gboolean
check_chain (Verify *self)
{
  gint64 now = ch_clock_now ();
  gint64 when = CLAMP (now, self->info->not_before, self->info->not_after);
  g_autoptr (ChChainResult) result
      = ch_chain_verify (self->cert, self->intermediates, self->anchors, when, NULL, NULL);
  gboolean is_good = result->reason == CH_CHAIN_OK;

  if (result->reason == CH_CHAIN_UNKNOWN_ISSUER && self->fetcher != NULL && self->n_fetched < MAX_FETCHED_CAS)
    return TRUE;

  if (is_good && result->path->len > 1)
    self->issuer = g_bytes_ref (result->path->pdata[1]);
  add_check (self, "chain", N_ ("Issued by"), is_good ? CH_VERIFY_PASSED : CH_VERIFY_FAILED,
             ch_chain_reason_get_id (result->reason),
             is_good ? g_strdup (self->info->issuer_text)
                     : g_strdup (_ (ch_chain_reason_get_text (result->reason))));
  return FALSE;
}

/* -- Asking the CA
 * ------------------------------------------------------------------------------------------------ */

static void
add_unknown (Verify *self, const char *id, const char *label, const GError *error)
{
  add_check (self, id, label, CH_VERIFY_UNKNOWN, NULL,
             /* Translators: %s is why, in the words of an error */
             g_strdup_printf (_ ("Could not be found out: %s."), _ (ch_error_get_info (error)->title)));
}

static void
judge_crl (Verify *self, GBytes *der)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCrl) crl = ch_crl_new (der, &error);
  gint64 next = crl != NULL ? ch_crl_get_next_update (crl) : 0;
  g_autofree char *of = NULL;
  gint64 since = 0;
  ChRevocation why;

  if (crl == NULL || !ch_crl_verify (crl, self->issuer, NULL, &error))
    add_check (self, "crl", N_ ("List of revoked certificates"), CH_VERIFY_UNKNOWN, NULL,
               g_strdup (_ (ch_chain_reason_get_text (CH_CHAIN_CRL_WRONG))));
  else if (ch_crl_find (crl, self->info->serial, &why, &since))
    {
      gboolean held = why == CH_REVOCATION_HOLD;

      of = ch_format_iso_time (since);
      add_check (self, "crl", N_ ("List of revoked certificates"), CH_VERIFY_FAILED,
                 ch_chain_reason_get_id (held ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED),
                 /* Translators: day and time */
                 g_strdup_printf (held ? _ ("On hold since %s.") : _ ("Revoked on %s."), of));
    }
  else if (next != 0 && next < ch_clock_now ())
    add_check (self, "crl", N_ ("List of revoked certificates"), CH_VERIFY_UNKNOWN, NULL,
               g_strdup (_ (ch_chain_reason_get_text (CH_CHAIN_CRL_EXPIRED))));
  else
    {
      of = ch_format_iso_time (ch_crl_get_this_update (crl));
      add_check (self, "crl", N_ ("List of revoked certificates"), CH_VERIFY_PASSED, NULL,
                 /* Translators: day and time at which the list was made */
                 g_strdup_printf (_ ("Not on the list of %s."), of));
    }
}

static void
on_crl_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Verify *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = ch_fetcher_fetch_finish (CH_FETCHER (source), result, &error);

  if (der != NULL)
    judge_crl (self, der);
  else
    add_unknown (self, "crl", N_ ("List of revoked certificates"), error);
  ask_ocsp (task);
}

static void
judge_ocsp (Verify *self, GBytes *response)
{
  g_autoptr (GError) error = NULL;
  ChOcspState state = { 0 };
  gboolean is_good;

  if (!ch_ocsp_request_verify (self->question, response, ch_clock_now (), NULL, &state, &error))
    {
      add_unknown (self, "ocsp", N_ ("The CA’s answer"), error);
      return;
    }

  is_good = state.status == CH_OCSP_GOOD;
  add_check (
      self, "ocsp", N_ ("The CA’s answer"),
      is_good                           ? CH_VERIFY_PASSED
      : state.status == CH_OCSP_REVOKED ? CH_VERIFY_FAILED
                                        : CH_VERIFY_UNKNOWN,
      ch_chain_reason_get_id (state.reason == CH_REVOCATION_HOLD ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED),
      g_strdup (is_good                           ? _ ("Not revoked at this moment.")
                : state.status == CH_OCSP_REVOKED ? _ ("It is revoked.")
                                                  : _ ("The CA does not know it.")));
}

static void
on_ocsp_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Verify *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = ch_fetcher_fetch_finish (CH_FETCHER (source), result, &error);

  if (response != NULL)
    judge_ocsp (self, response);
  else
    add_unknown (self, "ocsp", N_ ("The CA’s answer"), error);
  finish (task);
}

static void
ask_ocsp (GTask *task)
{
  Verify *self = g_task_get_task_data (task);

  if (self->info->ocsp_urls[0] != NULL)
    self->question = ch_ocsp_request_new (self->cert, self->issuer, NULL);
  if (self->question == NULL)
    {
      finish (task);
      return;
    }

  ch_fetcher_fetch_async (self->fetcher, self->info->ocsp_urls[0], "application/ocsp-request",
                          ch_ocsp_request_get_der (self->question), OCSP_LIMIT, g_task_get_cancellable (task),
                          on_ocsp_cb, task);
}

static void
ask_crl (GTask *task)
{
  Verify *self = g_task_get_task_data (task);

  /* Whoever is not in a good chain tells nothing about this certificate */
  if (self->fetcher == NULL || self->issuer == NULL)
    finish (task);
  else if (self->info->crl_urls[0] == NULL)
    ask_ocsp (task);
  else
    ch_fetcher_fetch_async (self->fetcher, self->info->crl_urls[0], NULL, NULL, CRL_LIMIT,
                            g_task_get_cancellable (task), on_crl_cb, task);
}

/* The issuer of the topmost CA known so far */
static const char *
find_issuer_url (Verify *self, ChCertInfo **topmost)
{
  GBytes *top = self->n_fetched > 0 ? self->intermediates->pdata[self->intermediates->len - 1] : self->cert;

  *topmost = ch_cert_info_new (top, NULL);
  return *topmost != NULL ? (*topmost)->issuer_urls[0] : NULL;
}

static void look_for_chain (GTask *task);

static void
on_ca_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Verify *self = g_task_get_task_data (task);
  g_autoptr (GBytes) data = ch_fetcher_fetch_finish (CH_FETCHER (source), result, NULL);
  g_autoptr (GBytes) ca = data != NULL ? ch_cert_from_data (data, NULL) : NULL;

  if (ca != NULL)
    {
      g_ptr_array_add (self->intermediates, g_steal_pointer (&ca));
      self->n_fetched++;
    }
  else
    self->n_fetched = MAX_FETCHED_CAS;
  look_for_chain (task);
}

static void
look_for_chain (GTask *task)
{
  Verify *self = g_task_get_task_data (task);
  g_autoptr (ChCertInfo) topmost = NULL;
  const char *url;

  if (!check_chain (self))
    {
      check_validity (self);
      check_usage (self);
      ask_crl (task);
      return;
    }

  url = find_issuer_url (self, &topmost);
  if (url != NULL)
    ch_fetcher_fetch_async (self->fetcher, url, NULL, NULL, CERT_LIMIT, g_task_get_cancellable (task),
                            on_ca_cb, task);
  else
    {
      self->n_fetched = MAX_FETCHED_CAS;
      look_for_chain (task);
    }
}

/* Who signed itself is trusted, because who asks says so; the others only lead there */
static void
sort_cas (Verify *self, GPtrArray *cas)
{
  for (guint i = 0; i < cas->len; i++)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (cas->pdata[i], NULL);

      if (info != NULL)
        g_ptr_array_add (g_bytes_equal (info->subject_der, info->issuer_der) ? self->anchors
                                                                             : self->intermediates,
                         g_bytes_ref (cas->pdata[i]));
    }
}

/**
 * ch_verify_async:
 * @fetcher: (nullable): gets what lies elsewhere; %NULL asks nobody
 * @cert: in DER
 * @cas: (element-type GBytes): CAs in DER; those that signed themselves are trusted
 *
 * Looks at a certificate: who issued it, whether it is valid now, what it is for, and whether it was revoked.
 */
void
ch_verify_async (ChFetcher *fetcher,
                 GBytes *cert,
                 GPtrArray *cas,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Verify *self = g_new0 (Verify, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, ch_verify_async);
  g_task_set_task_data (task, self, verify_free);
  self->fetcher = fetcher != NULL ? g_object_ref (fetcher) : NULL;
  self->cert = g_bytes_ref (cert);
  self->intermediates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->anchors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->report = g_new0 (ChVerifyReport, 1);
  self->report->is_valid = TRUE;
  self->report->reason = ch_chain_reason_get_id (CH_CHAIN_OK);
  self->report->checks = g_ptr_array_new_with_free_func (check_free);

  self->info = ch_cert_info_new (cert, &error);
  if (self->info == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  self->report->serial = g_strdup (self->info->serial);
  self->report->name = g_strdup (self->info->subject_text);
  sort_cas (self, cas);
  look_for_chain (task);
}

/**
 * ch_verify_finish:
 *
 * Returns: (transfer full): the report; %NULL with @error set when it is no certificate, or was cancelled
 */
ChVerifyReport *
ch_verify_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_verify_outcome_get_id:
 *
 * Returns: kebab-case, for programs
 */
const char *
ch_verify_outcome_get_id (ChVerifyOutcome outcome)
{
  static const char *const ids[]
      = { [CH_VERIFY_PASSED] = "passed", [CH_VERIFY_FAILED] = "failed", [CH_VERIFY_UNKNOWN] = "unknown" };

  return ids[outcome];
}

/**
 * ch_verify_read_certs:
 * @path: a file with certificates, PEM or DER
 *
 * Returns: (transfer full) (element-type GBytes): at least one, in DER
 */
GPtrArray *
ch_verify_read_certs (const char *path, GError **error)
{
  g_autoptr (GBytes) data = ch_file_read (path, FILE_LIMIT, error);
  g_autoptr (GBytes) single = NULL;
  GPtrArray *list;

  if (data == NULL)
    return NULL;

  list = ch_cert_list_from_pem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), NULL);
  if (list != NULL && list->len > 0)
    return list;
  g_clear_pointer (&list, g_ptr_array_unref);

  single = ch_cert_from_data (data, error);
  if (single == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (list, g_steal_pointer (&single));
  return list;
}
