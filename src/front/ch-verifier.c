#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-format.h"
#include "front/ch-verifier.h"
#include "pki/ch-cert-file.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain-store.h"
#include "pki/ch-ocsp.h"

#define FILE_LIMIT (4 * 1024 * 1024)
#define CERT_LIMIT 65536
#define CRL_LIMIT  (32 * 1024 * 1024)
#define OCSP_LIMIT 65536
/* CAs that are looked for at the addresses in certificates, one above the other */
#define MAX_FETCHED_CAS 4
/* What was fetched, or could not be, is not asked for again for so many seconds */
#define FRESH 300

/* What an address answered */
typedef struct
{
  gint64 at;
  GError *error; /* (owned) (nullable) */
} Fetched;

struct _ChVerifier
{
  GObject parent_instance;

  GMutex mutex;        /* over what follows: one certificate at a time */
  ChFetcher *fetcher;  /* (owned) (nullable) */
  ChChainStore *store; /* (owned) */
  GHashTable *fetched; /* (owned): address → Fetched */
};

G_DEFINE_FINAL_TYPE (ChVerifier, ch_verifier, G_TYPE_OBJECT)

/* One certificate that is looked at */
typedef struct
{
  ChVerifier *verifier;
  ChVerifyReport *report;
  GBytes *cert;
  ChCertInfo *info;
  ChChainResult *path; /* (owned) (nullable): when the chain is good */
  GCancellable *cancellable;
} Look;

static void
fetched_free (gpointer data)
{
  Fetched *fetched = data;

  g_clear_error (&fetched->error);
  g_free (fetched);
}

static void
fail_by_chain (Look *look, ChChainReason reason)
{
  ch_verify_report_fail (look->report, ch_chain_reason_get_id (reason), ch_chain_reason_get_text (reason));
}

/* -- Without asking anybody ---------------------------------------------------------------------------- */

static void
look_at_validity (Look *look)
{
  gint64 now = ch_clock_now ();
  g_autofree char *from = ch_format_iso_time (look->info->not_before);
  g_autofree char *to = ch_format_iso_time (look->info->not_after);
  gboolean is_early = now < look->info->not_before;
  gboolean is_late = now > look->info->not_after;

  ch_verify_report_add (look->report, "validity", N_ ("Validity"),
                        is_early || is_late ? CH_VERIFY_FAILED : CH_VERIFY_PASSED,
                        /* Translators: begin and end of a validity */
                        g_strdup_printf (_ ("From %1$s to %2$s."), from, to));
  if (is_early || is_late)
    fail_by_chain (look, is_early ? CH_CHAIN_NOT_YET_VALID : CH_CHAIN_EXPIRED);
}

static void
look_at_usage (Look *look)
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
    if ((look->info->usages & words[i].usage) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "", _ (words[i].word));
  ch_verify_report_add (look->report, "usage", N_ ("Usage"), CH_VERIFY_PASSED, g_string_free (text, FALSE));
}

/* -- What lies elsewhere ------------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): what is there; %NULL when it was asked for a moment ago too */
static GBytes *
fetch_once (Look *look, const char *url, gsize limit, GError **error)
{
  ChVerifier *self = look->verifier;
  Fetched *fetched = g_hash_table_lookup (self->fetched, url);
  GBytes *data;

  if (fetched != NULL && ABS (ch_clock_now () - fetched->at) < FRESH)
    {
      if (fetched->error != NULL && error != NULL)
        *error = g_error_copy (fetched->error);
      return NULL;
    }

  fetched = g_new0 (Fetched, 1);
  fetched->at = ch_clock_now ();
  data = ch_fetcher_fetch (self->fetcher, url, NULL, NULL, limit, look->cancellable, &fetched->error);
  if (fetched->error != NULL && error != NULL)
    *error = g_error_copy (fetched->error);
  /* That somebody would not wait says nothing about the address */
  if (g_cancellable_is_cancelled (look->cancellable))
    fetched_free (fetched);
  else
    g_hash_table_replace (self->fetched, g_strdup (url), fetched);
  return data;
}

/* The issuer of the topmost CA of what was found. Returns: whether there is one more CA to try with */
static gboolean
fetch_issuer (Look *look, const ChChainResult *found)
{
  GBytes *top = found->path->len > 0 ? found->path->pdata[found->path->len - 1] : look->cert;
  g_autoptr (ChCertInfo) info = ch_cert_info_new (top, NULL);
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GBytes) ca = NULL;

  if (look->verifier->fetcher == NULL || info == NULL || info->issuer_urls[0] == NULL)
    return FALSE;

  data = fetch_once (look, info->issuer_urls[0], CERT_LIMIT, NULL);
  ca = data != NULL ? ch_cert_from_data (data, NULL) : NULL;
  return ca != NULL && ch_chain_store_add_ca (look->verifier->store, ca);
}

/* The chain at a moment at which the certificate is valid: dates are a matter of their own */
static void
look_at_chain (Look *look)
{
  gint64 when = CLAMP (ch_clock_now (), look->info->not_before, look->info->not_after);
  ChChainResult *result = ch_chain_store_verify (look->verifier->store, look->cert, when, FALSE);

  for (guint i = 0;
       i < MAX_FETCHED_CAS && result->reason == CH_CHAIN_UNKNOWN_ISSUER && fetch_issuer (look, result); i++)
    {
      ch_chain_result_free (result);
      result = ch_chain_store_verify (look->verifier->store, look->cert, when, FALSE);
    }

  if (result->reason == CH_CHAIN_OK)
    {
      ch_verify_report_add (look->report, "chain", N_ ("Issued by"), CH_VERIFY_PASSED,
                            g_strdup (look->info->issuer_text));
      look->path = result;
      return;
    }

  ch_verify_report_add (look->report, "chain", N_ ("Issued by"), CH_VERIFY_FAILED,
                        g_strdup (_ (ch_chain_reason_get_text (result->reason))));
  fail_by_chain (look, result->reason);
  ch_chain_result_free (result);
}

/* -- Revocation ------------------------------------------------------------------------------------------ */

static void
add_unknown (Look *look, const char *id, const char *label, const GError *error)
{
  ch_verify_report_add (
      look->report, id, label, CH_VERIFY_UNKNOWN,
      /* Translators: %s is why, in the words of an error */
      g_strdup_printf (_ ("Could not be found out: %s."), _ (ch_error_get_info (error)->title)));
}

/* Returns: (transfer full) (nullable): @url at the place where @sister lies; %NULL when it is there already
 */
static char *
find_beside (const char *url, const char *sister)
{
  g_autoptr (GUri) own = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) place = g_uri_parse (sister, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *beside = NULL;

  if (own == NULL || place == NULL)
    return NULL;

  beside = g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (place), NULL, g_uri_get_host (place),
                       g_uri_get_port (place), g_uri_get_path (own), g_uri_get_query (own), NULL);
  return g_str_equal (beside, url) ? NULL : g_steal_pointer (&beside);
}

/* Gets the lists of every CA on the path. @error is about the list of the certificate itself. A CA keeps its
 * lists in one place and may have moved: what is not found at its address is looked for beside the list
 * below; it is signed, so that it does not matter where it was found. */
static void
fetch_lists (Look *look, GError **error)
{
  g_autofree char *found = NULL;

  for (guint depth = 0; look->verifier->fetcher != NULL && depth + 1 < look->path->path->len; depth++)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (look->path->path->pdata[depth], NULL);
      g_autoptr (GError) problem = NULL;
      g_autoptr (GBytes) list = NULL;
      g_autofree char *beside = NULL;

      if (info == NULL || info->crl_urls[0] == NULL)
        continue;
      list = fetch_once (look, info->crl_urls[0], CRL_LIMIT, &problem);
      beside = problem != NULL && found != NULL ? find_beside (info->crl_urls[0], found) : NULL;
      if (beside != NULL)
        list = fetch_once (look, beside, CRL_LIMIT, NULL);
      if (list != NULL)
        ch_chain_store_add_crl (look->verifier->store, list, problem == NULL ? &problem : NULL);
      if (problem == NULL)
        {
          g_free (found);
          found = g_strdup (info->crl_urls[0]);
        }
      if (depth == 0 && problem != NULL)
        g_propagate_error (error, g_steal_pointer (&problem));
    }
}

static void
tell_revoked (Look *look)
{
  gboolean is_held = look->path->reason == CH_CHAIN_ON_HOLD;
  g_autofree char *since = ch_format_iso_time (look->path->revoked_at);
  const char *label = look->path->depth == 0 ? N_ ("List of revoked certificates") : N_ ("CAs above");

  ch_verify_report_add (look->report, look->path->depth == 0 ? "crl" : "ca-crl", label, CH_VERIFY_FAILED,
                        /* Translators: day and time */
                        g_strdup_printf (is_held ? _ ("On hold since %s.") : _ ("Revoked on %s."), since));
  fail_by_chain (look, look->path->reason);
}

static void
tell_not_listed (Look *look)
{
  g_autofree char *made = ch_format_iso_time (look->path->list_made);

  ch_verify_report_add (look->report, "crl", N_ ("List of revoked certificates"), CH_VERIFY_PASSED,
                        /* Translators: day and time at which the list was made */
                        g_strdup_printf (_ ("Not on the list of %s."), made));
}

static void
look_at_lists (Look *look)
{
  g_autoptr (GError) error = NULL;
  const char *text;

  fetch_lists (look, &error);
  ch_chain_store_check_revocation (look->verifier->store, look->path, 0, ch_clock_now ());
  text = ch_chain_reason_get_text (look->path->reason);

  if (look->path->reason == CH_CHAIN_REVOKED || look->path->reason == CH_CHAIN_ON_HOLD)
    tell_revoked (look);
  else if (look->path->reason == CH_CHAIN_OK)
    tell_not_listed (look);
  else if (look->path->depth > 0)
    {
      tell_not_listed (look);
      ch_verify_report_add (look->report, "ca-crl", N_ ("CAs above"), CH_VERIFY_UNKNOWN, g_strdup (_ (text)));
    }
  else if (error != NULL)
    add_unknown (look, "crl", N_ ("List of revoked certificates"), error);
  else
    ch_verify_report_add (look->report, "crl", N_ ("List of revoked certificates"), CH_VERIFY_UNKNOWN,
                          g_strdup (_ (text)));
}

static void
tell_answer (Look *look, const ChOcspState *state)
{
  gboolean is_good = state->status == CH_OCSP_GOOD;
  gboolean is_revoked = state->status == CH_OCSP_REVOKED;

  ch_verify_report_add (look->report, "ocsp", N_ ("The CA’s answer"),
                        is_good      ? CH_VERIFY_PASSED
                        : is_revoked ? CH_VERIFY_FAILED
                                     : CH_VERIFY_UNKNOWN,
                        g_strdup (is_good      ? _ ("Not revoked at this moment.")
                                  : is_revoked ? _ ("It is revoked.")
                                               : _ ("The CA does not know it.")));
  if (is_revoked)
    fail_by_chain (look, state->reason == CH_REVOCATION_HOLD ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED);
}

static void
ask_ca (Look *look)
{
  ChFetcher *fetcher = look->verifier->fetcher;
  g_autoptr (ChOcspRequest) question = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  ChOcspState state = { 0 };

  if (fetcher == NULL || look->info->ocsp_urls[0] == NULL)
    return;
  question = ch_ocsp_request_new (look->cert, look->path->path->pdata[1], &error);
  if (question != NULL)
    answer = ch_fetcher_fetch (fetcher, look->info->ocsp_urls[0], "application/ocsp-request",
                               ch_ocsp_request_get_der (question), OCSP_LIMIT, look->cancellable, &error);
  if (answer != NULL && ch_ocsp_request_verify (question, answer, ch_clock_now (), NULL, &state, &error))
    tell_answer (look, &state);
  else
    add_unknown (look, "ocsp", N_ ("The CA’s answer"), error);
}

/* -- GObject ------------------------------------------------------------------------------------------- */

static void
ch_verifier_finalize (GObject *object)
{
  ChVerifier *self = CH_VERIFIER (object);

  g_clear_object (&self->fetcher);
  ch_chain_store_free (self->store);
  g_hash_table_unref (self->fetched);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (ch_verifier_parent_class)->finalize (object);
}

static void
ch_verifier_class_init (ChVerifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_verifier_finalize;
}

static void
ch_verifier_init (ChVerifier *self)
{
  g_mutex_init (&self->mutex);
  self->store = ch_chain_store_new (NULL);
  self->fetched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fetched_free);
}

/**
 * ch_verifier_new:
 * @fetcher: (nullable): gets what lies elsewhere; %NULL asks nobody
 *
 * Returns: (transfer full): one that trusts nobody yet
 */
ChVerifier *
ch_verifier_new (ChFetcher *fetcher)
{
  ChVerifier *self = g_object_new (CH_TYPE_VERIFIER, NULL);

  self->fetcher = fetcher != NULL ? g_object_ref (fetcher) : NULL;
  return self;
}

/**
 * ch_verifier_add_trusted:
 * @der: a CA’s certificate. Who signed itself is trusted, because who asks says so; the others only lead
 * there.
 */
void
ch_verifier_add_trusted (ChVerifier *self, GBytes *der)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, NULL);

  g_return_if_fail (CH_IS_VERIFIER (self));

  if (info == NULL)
    return;
  g_mutex_lock (&self->mutex);
  if (g_bytes_equal (info->subject_der, info->issuer_der))
    ch_chain_store_add_anchor (self->store, der);
  else
    ch_chain_store_add_ca (self->store, der);
  g_mutex_unlock (&self->mutex);
}

/**
 * ch_verifier_add_helper:
 * @der: a CA’s certificate that came with what is looked at: it may lead to one that is trusted
 */
void
ch_verifier_add_helper (ChVerifier *self, GBytes *der)
{
  g_return_if_fail (CH_IS_VERIFIER (self));

  g_mutex_lock (&self->mutex);
  ch_chain_store_add_ca (self->store, der);
  g_mutex_unlock (&self->mutex);
}

/**
 * ch_verifier_add_crl:
 * @der: a list that need not be fetched
 *
 * Returns: %FALSE when it is damaged, or of a kind that is not used here
 */
gboolean
ch_verifier_add_crl (ChVerifier *self, GBytes *der, GError **error)
{
  gboolean is_added;

  g_return_val_if_fail (CH_IS_VERIFIER (self), FALSE);

  g_mutex_lock (&self->mutex);
  is_added = ch_chain_store_add_crl (self->store, der, error);
  g_mutex_unlock (&self->mutex);
  return is_added;
}

/**
 * ch_verifier_check:
 * @cert: in DER
 * @error: when @cert is no certificate, or it was cancelled
 *
 * Looks at a certificate in this thread, which must not be the main one unless nobody is asked: it may wait
 * for others. Nobody at an address in the certificate is asked before its chain is found good, but for the CA
 * above.
 *
 * Returns: (transfer full): what was found
 */
ChVerifyReport *
ch_verifier_check (ChVerifier *self,
                   GBytes *cert,
                   ChVerifyFlags flags,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (ChVerifyReport) report = ch_verify_report_new ();
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, error);
  Look look = { self, report, cert, info, NULL, cancellable };

  g_return_val_if_fail (CH_IS_VERIFIER (self), NULL);

  if (info == NULL)
    return NULL;

  report->serial = g_strdup (info->serial);
  report->name = g_strdup (info->subject_text);
  report->issuer = g_strdup (info->issuer_text);
  report->not_before = info->not_before;
  report->not_after = info->not_after;

  g_mutex_lock (&self->mutex);
  look_at_chain (&look);
  look_at_validity (&look);
  look_at_usage (&look);
  /* Whoever is not in a good chain tells nothing about this certificate; a root is on no list */
  if (look.path != NULL && look.path->path->len > 1)
    {
      look_at_lists (&look);
      if ((flags & CH_VERIFY_ASK_CA) != 0)
        ask_ca (&look);
    }
  g_clear_pointer (&look.path, ch_chain_result_free);
  g_mutex_unlock (&self->mutex);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&report);
}

/**
 * ch_verifier_read_certs:
 * @path: a file with certificates: PEM, DER or PKCS#7
 *
 * Returns: (transfer full) (element-type GBytes): at least one, in DER
 */
GPtrArray *
ch_verifier_read_certs (const char *path, GError **error)
{
  g_autoptr (GBytes) data = ch_file_read (path, FILE_LIMIT, error);
  g_autoptr (ChCertFile) file = data != NULL ? ch_cert_file_read (data, error) : NULL;

  if (file != NULL && file->certs->len == 0)
    g_set_error (error, CH_ERROR, CH_ERROR_NO_CERTIFICATE, "there are only CRLs in it");
  return file != NULL && file->certs->len > 0 ? g_ptr_array_ref (file->certs) : NULL;
}
