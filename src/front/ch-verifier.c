#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-format.h"
#include "front/ch-verifier-private.h"
#include "pki/ch-cert-file.h"

#define FILE_LIMIT (4 * 1024 * 1024)
#define CERT_LIMIT 65536
#define CRL_LIMIT  (32 * 1024 * 1024)
/* CAs that are looked for at the addresses in certificates, one above the other */
#define MAX_FETCHED_CAS 4

G_DEFINE_FINAL_TYPE (ChVerifier, ch_verifier, G_TYPE_OBJECT)

/* -- Without asking anybody ---------------------------------------------------------------------------- */

static void
look_at_validity (ChVerifyLook *look)
{
  gint64 now = ch_verifier_get_time (look->verifier);
  g_autofree char *from = ch_format_iso_time (look->info->not_before);
  g_autofree char *to = ch_format_iso_time (look->info->not_after);
  gboolean is_early = now < look->info->not_before;
  gboolean is_late = now > look->info->not_after;

  ch_verify_report_add (look->report, "validity", N_ ("Validity"),
                        is_early || is_late ? CH_VERIFY_FAILED : CH_VERIFY_PASSED,
                        /* Translators: begin and end of a validity */
                        g_strdup_printf (_ ("From %1$s to %2$s."), from, to));
  if (is_early || is_late)
    ch_verify_look_fail (look, is_early ? CH_CHAIN_NOT_YET_VALID : CH_CHAIN_EXPIRED);
}

static void
look_at_usage (ChVerifyLook *look)
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

/* The issuer of the topmost CA of what was found. Returns: whether there is one more CA to try with */
static gboolean
fetch_issuer (ChVerifyLook *look, const ChChainResult *found)
{
  GBytes *top = found->path->len > 0 ? found->path->pdata[found->path->len - 1] : look->cert;
  g_autoptr (ChCertInfo) info = ch_cert_info_new (top, NULL);
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GBytes) ca = NULL;

  if (look->verifier->fetcher == NULL || info == NULL || info->issuer_urls[0] == NULL)
    return FALSE;

  data = ch_verifier_fetch_once (look, info->issuer_urls[0], CERT_LIMIT, NULL);
  ca = data != NULL ? ch_cert_from_data (data, NULL) : NULL;
  return ca != NULL && ch_chain_store_add_ca (look->verifier->store, ca);
}

/* The chain at a moment at which the certificate is valid: dates are a matter of their own */
static void
look_at_chain (ChVerifyLook *look)
{
  gint64 when = CLAMP (ch_verifier_get_time (look->verifier), look->info->not_before, look->info->not_after);
  ChChainResult *result = ch_chain_store_verify (look->verifier->store, look->cert, when, FALSE);
  gboolean is_of_dates;

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

  /* Out of its dates at a time that was not now: what is wrong is said of the certificate’s own */
  is_of_dates = when != ch_verifier_get_time (look->verifier)
                && (result->reason == CH_CHAIN_EXPIRED || result->reason == CH_CHAIN_NOT_YET_VALID);
  ch_verify_report_add (look->report, "chain", N_ ("Issued by"), CH_VERIFY_FAILED,
                        g_strdup (is_of_dates ? _ ("Its CA was not valid when it was.")
                                              : _ (ch_chain_reason_get_text (result->reason))));
  if (!is_of_dates)
    ch_verify_look_fail (look, result->reason);
  ch_chain_result_free (result);
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
  self->fetched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ch_verifier_fetched_free);
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
  self->n_left_out += is_added ? 0 : 1;
  g_mutex_unlock (&self->mutex);
  return is_added;
}

/**
 * ch_verifier_set_time:
 * @when: seconds since 1970
 *
 * Looks at certificates as of that time instead of now: their dates, and lists that hold for it. The CA is
 * not asked then, for it answers for this moment.
 */
void
ch_verifier_set_time (ChVerifier *self, gint64 when)
{
  g_return_if_fail (CH_IS_VERIFIER (self));

  self->has_time = TRUE;
  self->at = when;
}

/**
 * ch_verifier_set_no_revocation:
 *
 * Leaves open whether something was revoked, and calls that good enough.
 */
void
ch_verifier_set_no_revocation (ChVerifier *self)
{
  g_return_if_fail (CH_IS_VERIFIER (self));

  self->no_revocation = TRUE;
}

/**
 * ch_verifier_set_policy:
 * @policies: (nullable): dotted numbers, one of which it must have been issued under; %NULL for any
 * @is_explicit: there must be a policy
 * @inhibits_mapping: a CA may not call another policy the same
 * @inhibits_any: “any policy” is none
 * @error: %CH_ERROR_INVALID_INPUT when one of them is no dotted number
 *
 * Asks for policies (RFC 5280 6.1.1). To be called before anything is looked at.
 */
gboolean
ch_verifier_set_policy (ChVerifier *self,
                        const char *const *policies,
                        gboolean is_explicit,
                        gboolean inhibits_mapping,
                        gboolean inhibits_any,
                        GError **error)
{
  const ChChainPolicy policy = { policies, is_explicit, inhibits_mapping, inhibits_any };

  g_return_val_if_fail (CH_IS_VERIFIER (self), FALSE);

  return ch_chain_store_set_policy (self->store, &policy, error);
}

static gboolean
is_self_issued (GBytes *der)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, NULL);

  return info != NULL && g_bytes_equal (info->subject_der, info->issuer_der);
}

/* Where a root is among them, the others only lead there; else each is trusted by itself */
static void
add_anchors (ChVerifier *self, GPtrArray *certs)
{
  gboolean has_root = FALSE;

  for (guint i = 0; i < certs->len; i++)
    has_root = has_root || is_self_issued (certs->pdata[i]);
  for (guint i = 0; i < certs->len; i++)
    if (!has_root || is_self_issued (certs->pdata[i]))
      ch_chain_store_add_anchor (self->store, certs->pdata[i]);
    else
      ch_chain_store_add_ca (self->store, certs->pdata[i]);
}

/**
 * ch_verifier_add_file:
 * @role: what it is to be used for
 * @path: a file of certificates or lists: PEM, DER or PKCS#7
 * @error: %CH_ERROR_NO_CERTIFICATE, %CH_ERROR_NO_LIST when there is nothing of the kind in it
 *
 * Takes over what is in a file. Lists of revoked certificates are used wherever they come from; one that is
 * damaged or not understood is left out, see ch_verifier_get_n_left_out().
 */
gboolean
ch_verifier_add_file (ChVerifier *self, ChVerifyRole role, const char *path, GError **error)
{
  g_autoptr (GBytes) data = ch_file_read (path, CRL_LIMIT, error);
  g_autoptr (ChCertFile) file = data != NULL ? ch_cert_file_read (data, error) : NULL;

  g_return_val_if_fail (CH_IS_VERIFIER (self), FALSE);

  if (file == NULL)
    return FALSE;
  if (role == CH_VERIFY_CRLS ? file->crls->len == 0 : file->certs->len == 0)
    {
      g_set_error (error, CH_ERROR, role == CH_VERIFY_CRLS ? CH_ERROR_NO_LIST : CH_ERROR_NO_CERTIFICATE,
                   "there is none in %s", path);
      return FALSE;
    }

  g_mutex_lock (&self->mutex);
  if (role == CH_VERIFY_ANCHORS)
    add_anchors (self, file->certs);
  else
    for (guint i = 0; i < file->certs->len; i++)
      ch_chain_store_add_ca (self->store, file->certs->pdata[i]);
  for (guint i = 0; i < file->crls->len; i++)
    if (!ch_chain_store_add_crl (self->store, file->crls->pdata[i], NULL))
      self->n_left_out++;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/**
 * ch_verifier_get_n_left_out:
 *
 * Returns: how many lists were of no use
 */
guint
ch_verifier_get_n_left_out (ChVerifier *self)
{
  g_return_val_if_fail (CH_IS_VERIFIER (self), 0);

  return self->n_left_out;
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
  ChVerifyLook look = { self, report, cert, info, NULL, cancellable };

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
  if (look.path != NULL && look.path->path->len > 1 && !self->no_revocation)
    ch_verify_look_at_revocation (&look, flags);
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
