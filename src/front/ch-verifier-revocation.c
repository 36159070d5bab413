#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-format.h"
#include "front/ch-verifier-private.h"
#include "pki/ch-ocsp.h"

#define CRL_LIMIT  (32 * 1024 * 1024)
#define OCSP_LIMIT 65536
/* What was fetched, or could not be, is not asked for again for so many seconds */
#define FRESH 300

/* What an address answered */
typedef struct
{
  gint64 at;
  GError *error; /* (owned) (nullable) */
} Fetched;

void
ch_verifier_fetched_free (gpointer data)
{
  Fetched *fetched = data;

  g_clear_error (&fetched->error);
  g_free (fetched);
}

gint64
ch_verifier_get_time (ChVerifier *self)
{
  return self->has_time ? self->at : ch_clock_now ();
}

void
ch_verify_look_fail (ChVerifyLook *look, ChChainReason reason)
{
  ch_verify_report_fail (look->report, ch_chain_reason_get_id (reason), ch_chain_reason_get_text (reason));
}

/* -- What lies elsewhere ------------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): what is there; %NULL when it was asked for a moment ago too */
GBytes *
ch_verifier_fetch_once (ChVerifyLook *look, const char *url, gsize limit, GError **error)
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
    ch_verifier_fetched_free (fetched);
  else
    g_hash_table_replace (self->fetched, g_strdup (url), fetched);
  return data;
}

/* -- Revocation ------------------------------------------------------------------------------------------ */

/* @is_known: the same was found out in another way, so that it leaves nothing open */
static void
add_unknown (ChVerifyLook *look,
             const char *id,
             const char *label,
             gboolean is_known,
             ChChainReason reason,
             char *text)
{
  ch_verify_report_note (look->report, id, label, CH_VERIFY_UNKNOWN, text);
  if (!is_known)
    ch_verify_report_doubt (look->report, ch_chain_reason_get_id (reason), ch_chain_reason_get_text (reason));
}

static char *
tell_why (const GError *error)
{
  /* Translators: %s is why, in the words of an error */
  return g_strdup_printf (_ ("Could not be found out: %s."), _ (ch_error_get_info (error)->title));
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
fetch_lists (ChVerifyLook *look, GError **error)
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
      list = ch_verifier_fetch_once (look, info->crl_urls[0], CRL_LIMIT, &problem);
      beside = problem != NULL && found != NULL ? find_beside (info->crl_urls[0], found) : NULL;
      if (beside != NULL)
        list = ch_verifier_fetch_once (look, beside, CRL_LIMIT, NULL);
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
tell_revoked (ChVerifyLook *look)
{
  gboolean is_held = look->path->reason == CH_CHAIN_ON_HOLD;
  g_autofree char *since = ch_format_iso_time (look->path->revoked_at);
  const char *label = look->path->depth == 0 ? N_ ("List of revoked certificates") : N_ ("CAs above");

  ch_verify_report_add (look->report, look->path->depth == 0 ? "crl" : "ca-crl", label, CH_VERIFY_FAILED,
                        /* Translators: day and time */
                        g_strdup_printf (is_held ? _ ("On hold since %s.") : _ ("Revoked on %s."), since));
  ch_verify_look_fail (look, look->path->reason);
}

static void
tell_not_listed (ChVerifyLook *look)
{
  g_autofree char *made = ch_format_iso_time (look->path->list_made);

  ch_verify_report_add (look->report, "crl", N_ ("List of revoked certificates"), CH_VERIFY_PASSED,
                        /* Translators: day and time at which the list was made */
                        g_strdup_printf (_ ("Not on the list of %s."), made));
}

static void
tell_answer (ChVerifyLook *look, const ChOcspState *state)
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
    ch_verify_look_fail (look, state->reason == CH_REVOCATION_HOLD ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED);
}

/* The CA answers for this moment and no other. Returns: whether it did; %FALSE without @error: it was not
 * asked */
static gboolean
ask_ca (ChVerifyLook *look, ChOcspState *state, GError **error)
{
  ChFetcher *fetcher = look->verifier->fetcher;
  g_autoptr (ChOcspRequest) question = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (fetcher == NULL || look->verifier->has_time || look->info->ocsp_urls[0] == NULL)
    return FALSE;
  question = ch_ocsp_request_new (look->cert, look->path->path->pdata[1], error);
  if (question != NULL)
    answer = ch_fetcher_fetch (fetcher, look->info->ocsp_urls[0], "application/ocsp-request",
                               ch_ocsp_request_get_der (question), OCSP_LIMIT, look->cancellable, error);
  return answer != NULL && ch_ocsp_request_verify (question, answer, ch_clock_now (), NULL, state, error);
}

static void
tell_lists (ChVerifyLook *look, gboolean is_known, const GError *error)
{
  ChChainResult *path = look->path;
  const char *text = _ (ch_chain_reason_get_text (path->reason));

  if (path->reason == CH_CHAIN_REVOKED || path->reason == CH_CHAIN_ON_HOLD)
    {
      tell_revoked (look);
      return;
    }
  if (path->reason == CH_CHAIN_OK || path->depth > 0)
    tell_not_listed (look);
  else
    {
      add_unknown (look, "crl", N_ ("List of revoked certificates"), is_known, path->reason,
                   error != NULL ? tell_why (error) : g_strdup (text));
      /* The CA has answered for this one; those above it have yet to be looked at */
      if (is_known)
        ch_chain_store_check_revocation (look->verifier->store, path, 1,
                                         ch_verifier_get_time (look->verifier));
      text = _ (ch_chain_reason_get_text (path->reason));
    }

  if (path->depth > 0 && (path->reason == CH_CHAIN_REVOKED || path->reason == CH_CHAIN_ON_HOLD))
    tell_revoked (look);
  else if (path->depth > 0 && path->reason != CH_CHAIN_OK)
    add_unknown (look, "ca-crl", N_ ("CAs above"), FALSE, path->reason, g_strdup (text));
}

/* One of the two is enough for the certificate itself: a current list, or the CA’s answer */
void
ch_verify_look_at_revocation (ChVerifyLook *look, ChVerifyFlags flags)
{
  g_autoptr (GError) list_error = NULL;
  g_autoptr (GError) error = NULL;
  ChOcspState state = { 0 };
  gboolean is_listed_well, is_answered;

  fetch_lists (look, &list_error);
  ch_chain_store_check_revocation (look->verifier->store, look->path, 0,
                                   ch_verifier_get_time (look->verifier));
  is_listed_well = look->path->reason == CH_CHAIN_OK || look->path->depth > 0;
  is_answered = (flags & CH_VERIFY_ASK_CA) != 0 && ask_ca (look, &state, &error);

  tell_lists (look, is_answered && state.status != CH_OCSP_UNKNOWN, list_error);
  if (is_answered)
    tell_answer (look, &state);
  else if (error != NULL)
    add_unknown (look, "ocsp", N_ ("The CA’s answer"), is_listed_well, CH_CHAIN_CRL_MISSING,
                 tell_why (error));
}
