#include "config.h"

#include <openssl/err.h>

#include "pki/ch-chain-store-private.h"
#include "pki/ch-plain-cert-private.h"

/* RFC 5280 6.3. Most certificates have one list, which their CA signs with the key that signed them: those
 * are looked at without reading more of the certificate than its number. All else – lists in parts,
 * differences, lists of another issuer or under another key – goes the whole way. */

/* Lists of signers of lists of signers … */
#define MAX_PENDING 4

void
ch_listed_free (gpointer data)
{
  ChListed *listed = data;

  ch_crl_free (listed->crl);
  g_clear_pointer (&listed->asked_for, g_bytes_unref);
  g_free (listed);
}

static gboolean
is_signed_by (ChChainStore *self, ChListed *listed, GBytes *issuer_cert)
{
  if (listed->asked_for == NULL || !g_bytes_equal (listed->asked_for, issuer_cert))
    {
      g_clear_pointer (&listed->asked_for, g_bytes_unref);
      listed->asked_for = g_bytes_ref (issuer_cert);
      listed->is_right = ch_crl_verify (listed->crl, issuer_cert, self->sm2_id, NULL);
    }
  return listed->is_right;
}

static gboolean
is_of_time (ChListed *listed, gint64 when)
{
  return ch_crl_get_this_update (listed->crl) <= when && ch_crl_get_next_update (listed->crl) >= when;
}

/* An old list still proves that a certificate was revoked; one on hold may have been freed since */
static ChChainReason
judge_entry (ChListed *listed, ChRevocation revocation, gint64 when)
{
  gboolean is_held = revocation == CH_REVOCATION_HOLD;

  if (is_held && !is_of_time (listed, when))
    return CH_CHAIN_CRL_EXPIRED;
  return is_held ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED;
}

/* -- The short way -------------------------------------------------------------------------------------- */

/* Asks all lists under the very name of the issuer: one that lists the certificate outweighs one that does
 * not, any good one those that are out of date. Returns: %CH_CHAIN_CRL_WRONG when this is not for the short
 * way */
static ChChainReason
ask_whole_lists (ChChainStore *self, ChChainResult *result, guint depth, gint64 when)
{
  ChDerSpan in = ch_der_span (result->path->pdata[depth]);
  ChChainReason best = CH_CHAIN_CRL_WRONG;
  ChDerSpan issuer, serial;

  if (!ch_plain_cert_find_issuer (&in, &issuer, &serial))
    return CH_CHAIN_DAMAGED;

  for (guint i = 0; i < self->crls->len; i++)
    {
      ChListed *listed = self->crls->pdata[i];
      ChChainReason reason;

      if (!ch_crl_is_of_name (listed->crl, &issuer))
        continue;
      if (!is_signed_by (self, listed, result->path->pdata[depth + 1]))
        return CH_CHAIN_CRL_WRONG;

      reason = is_of_time (listed, when) ? CH_CHAIN_OK : CH_CHAIN_CRL_EXPIRED;
      if (depth == 0 && reason == CH_CHAIN_OK)
        result->list_made = MAX (result->list_made, ch_crl_get_this_update (listed->crl));
      if (ch_crl_find_number (listed->crl, &serial, &result->revocation, &result->revoked_at))
        {
          ChChainReason verdict = judge_entry (listed, result->revocation, when);

          if (verdict != CH_CHAIN_CRL_EXPIRED)
            return verdict;
        }
      if (reason == CH_CHAIN_OK || best != CH_CHAIN_OK)
        best = reason;
    }

  return best;
}

/* -- The whole way -------------------------------------------------------------------------------------- */

static gboolean
is_one_of (GPtrArray *certs, GBytes *cert)
{
  for (guint i = 0; i < certs->len; i++)
    if (g_bytes_equal (certs->pdata[i], cert))
      return TRUE;
  return FALSE;
}

/* RFC 5280 6.3.3 (f): whoever signs a list has a good chain to the same anchor, and was not revoked. A CA may
 * name somebody whose own state stands on the very list they sign: then nothing else is to be had about them,
 * and the CA has wanted it so. */
static gboolean
is_trusted (ChChainStore *self, GBytes *signer, ChChainResult *result, gint64 when)
{
  g_autoptr (ChChainResult) own = NULL;

  if (is_one_of (self->pending, signer))
    return TRUE;
  if (self->pending->len >= MAX_PENDING)
    return FALSE;

  own = ch_chain_store_build (self, signer, when);
  if (own->reason != CH_CHAIN_OK
      || !g_bytes_equal (own->path->pdata[own->path->len - 1], result->path->pdata[result->path->len - 1]))
    return FALSE;

  g_ptr_array_add (self->pending, signer);
  ch_chain_store_check_revocation (self, own, 0, when);
  g_ptr_array_set_size (self->pending, self->pending->len - 1);
  return own->reason == CH_CHAIN_OK;
}

/* One who is no part of the path: another key of the CA, or somebody the CA has sign its lists */
static gboolean
is_signed_beside (ChChainStore *self, ChListed *listed, ChChainResult *result, gint64 when)
{
  for (int i = 0; i < sk_X509_num (self->helpers); i++)
    {
      X509 *helper = sk_X509_value (self->helpers, i);
      g_autoptr (GBytes) signer = NULL;

      if (!ch_crl_is_of_subject (listed->crl, helper))
        continue;
      signer = ch_cert_dump (helper);
      if (signer != NULL && ch_crl_verify (listed->crl, signer, self->sm2_id, NULL)
          && is_trusted (self, signer, result, when))
        return TRUE;
    }
  return FALSE;
}

/* Those on the path above are judged for themselves */
static gboolean
is_signed_rightly (ChChainStore *self, ChListed *listed, ChChainResult *result, guint depth, gint64 when)
{
  if (is_signed_by (self, listed, result->path->pdata[depth + 1]))
    return TRUE;
  for (guint i = depth + 2; i < result->path->len; i++)
    if (ch_crl_verify (listed->crl, result->path->pdata[i], self->sm2_id, NULL))
      return TRUE;
  return is_signed_beside (self, listed, result, when);
}

/* Returns: (nullable): the newest difference to that list that may be believed */
static ChListed *
find_delta (ChChainStore *self, ChListed *base, ChChainResult *result, guint depth, gint64 when)
{
  ChListed *best = NULL;

  for (guint i = 0; i < self->crls->len; i++)
    {
      ChListed *delta = self->crls->pdata[i];

      if (ch_crl_is_delta_of (delta->crl, base->crl) && is_of_time (delta, when)
          && is_signed_rightly (self, delta, result, depth, when)
          && (best == NULL || ch_crl_is_newer (delta->crl, best->crl)))
        best = delta;
    }
  return best;
}

static ChChainReason
ask_list (ChChainStore *self, ChListed *listed, X509 *cert, ChChainResult *result, guint depth, gint64 when)
{
  ChListed *delta;
  ChCrlEntry entry;
  ChRevocation revocation = CH_REVOCATION_UNSPECIFIED;
  gint64 revoked_at = 0;

  if (!is_signed_rightly (self, listed, result, depth, when))
    return CH_CHAIN_CRL_WRONG;

  delta = find_delta (self, listed, result, depth, when);
  entry = delta != NULL ? ch_crl_find_cert (delta->crl, cert, &revocation, &revoked_at) : CH_CRL_ABSENT;
  if (entry == CH_CRL_ABSENT)
    {
      delta = NULL;
      entry = ch_crl_find_cert (listed->crl, cert, &revocation, &revoked_at);
    }
  if (entry == CH_CRL_LISTED)
    {
      result->revocation = revocation;
      result->revoked_at = revoked_at;
      return judge_entry (delta != NULL ? delta : listed, revocation, when);
    }

  return is_of_time (listed, when) ? CH_CHAIN_OK : CH_CHAIN_CRL_EXPIRED;
}

/* Lists count for the certificates and reasons they are about, until all reasons are covered */
static ChChainReason
ask_all_lists (ChChainStore *self, ChChainResult *result, guint depth, gint64 when)
{
  g_autoptr (X509) cert = ch_cert_load (result->path->pdata[depth], NULL);
  ChChainReason best = CH_CHAIN_CRL_MISSING;
  guint covered = 0;

  for (guint i = 0; cert != NULL && i < self->crls->len; i++)
    {
      ChListed *listed = self->crls->pdata[i];
      guint part = ch_crl_get_covered (listed->crl, cert);
      ChChainReason reason;

      if (part == 0)
        continue;
      reason = ask_list (self, listed, cert, result, depth, when);
      if (reason == CH_CHAIN_REVOKED || reason == CH_CHAIN_ON_HOLD)
        return reason;
      if (reason != CH_CHAIN_OK)
        {
          best = best == CH_CHAIN_CRL_MISSING ? reason : best;
          continue;
        }
      covered |= part;
      if (depth == 0)
        result->list_made = MAX (result->list_made, ch_crl_get_this_update (listed->crl));
    }

  ERR_clear_error ();
  return covered == CH_CRL_ALL_REASONS ? CH_CHAIN_OK : best;
}

static ChChainReason
check_revocation (ChChainStore *self, ChChainResult *result, guint depth, gint64 when)
{
  ChChainReason reason = self->has_special ? CH_CHAIN_CRL_WRONG : ask_whole_lists (self, result, depth, when);

  return reason != CH_CHAIN_CRL_WRONG ? reason : ask_all_lists (self, result, depth, when);
}

/* -- Public -----------------------------------------------------------------------------------------------
 */

/**
 * ch_chain_store_add_crl:
 * @der: a CRL; who signed it is looked at when it is needed
 * @error: %CH_ERROR_BAD_ANSWER when it is damaged, or of a kind that is not used here
 *
 * Returns: %FALSE when it was left out
 */
gboolean
ch_chain_store_add_crl (ChChainStore *self, GBytes *der, GError **error)
{
  ChCrl *crl = ch_crl_new (der, error);
  ChListed *listed;

  if (crl == NULL)
    return FALSE;

  self->has_special = self->has_special || !ch_crl_is_whole (crl);
  for (guint i = 0; !self->has_special && i < self->crls->len; i++)
    self->has_special = ch_crl_is_of_like_name (crl, ((ChListed *) self->crls->pdata[i])->crl);
  listed = g_new0 (ChListed, 1);
  listed->crl = crl;
  g_ptr_array_add (self->crls, listed);
  return TRUE;
}

/**
 * ch_chain_store_check_revocation:
 * @result: what ch_chain_store_verify() said without CRLs: %CH_CHAIN_OK
 * @from: which certificate of the path to begin with: 0 is the one asked for
 * @when: for which time, seconds since 1970; may differ from that of the path
 *
 * Asks the CRLs about every certificate of the path below the anchor, and sets the reason of @result to what
 * is wrong, or could not be found out.
 */
void
ch_chain_store_check_revocation (ChChainStore *self, ChChainResult *result, guint from, gint64 when)
{
  result->reason = CH_CHAIN_OK;
  result->depth = 0;
  for (guint depth = from; depth + 1 < result->path->len; depth++)
    {
      ChChainReason reason = check_revocation (self, result, depth, when);
      gboolean is_final = reason == CH_CHAIN_REVOKED || reason == CH_CHAIN_ON_HOLD;

      /* What is revoked is said first, whatever else could not be found out further down */
      if (is_final || (reason != CH_CHAIN_OK && result->reason == CH_CHAIN_OK))
        {
          result->reason = reason;
          result->depth = depth;
        }
      if (is_final)
        break;
    }
  ch_chain_result_name_culprit (result);
}
