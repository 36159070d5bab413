#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-chain.h"
#include "pki/ch-crl.h"
#include "pki/ch-openssl-private.h"

/* 112 bits: RSA from 2048 on, no SHA-1 below the anchor */
#define SECURITY_LEVEL 2
#define MAX_DEPTH      8

static const struct
{
  const char *id;
  const char *text;
} infos[] = {
#define R(code, id, text) [CH_CHAIN_##code] = { id, text },
  CH_CHAIN_REASONS (R)
#undef R
};

/* Every result of X509_verify_cert() that can be told in words of its own; the rest is OTHER. */
static const struct
{
  int error;
  ChChainReason reason;
} results[] = {
  { X509_V_OK, CH_CHAIN_OK },
  { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_CERT_UNTRUSTED, CH_CHAIN_UNKNOWN_ISSUER },
  { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_CERT_SIGNATURE_FAILURE, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, CH_CHAIN_BAD_SIGNATURE },
  { X509_V_ERR_CERT_HAS_EXPIRED, CH_CHAIN_EXPIRED },
  { X509_V_ERR_CERT_NOT_YET_VALID, CH_CHAIN_NOT_YET_VALID },
  { X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, CH_CHAIN_DAMAGED },
  { X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, CH_CHAIN_DAMAGED },
  { X509_V_ERR_INVALID_EXTENSION, CH_CHAIN_DAMAGED },
  { X509_V_ERR_INVALID_CA, CH_CHAIN_CA_NOT_ALLOWED },
  { X509_V_ERR_INVALID_NON_CA, CH_CHAIN_CA_NOT_ALLOWED },
  { X509_V_ERR_PATH_LENGTH_EXCEEDED, CH_CHAIN_CA_NOT_ALLOWED },
  { X509_V_ERR_KEYUSAGE_NO_CERTSIGN, CH_CHAIN_CA_NOT_ALLOWED },
  { X509_V_ERR_CERT_CHAIN_TOO_LONG, CH_CHAIN_CA_NOT_ALLOWED },
  { X509_V_ERR_PERMITTED_VIOLATION, CH_CHAIN_NAME_NOT_ALLOWED },
  { X509_V_ERR_EXCLUDED_VIOLATION, CH_CHAIN_NAME_NOT_ALLOWED },
  { X509_V_ERR_SUBTREE_MINMAX, CH_CHAIN_NAME_NOT_ALLOWED },
  { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_EE_KEY_TOO_SMALL, CH_CHAIN_WEAK },
  { X509_V_ERR_CA_KEY_TOO_SMALL, CH_CHAIN_WEAK },
  { X509_V_ERR_CA_MD_TOO_WEAK, CH_CHAIN_WEAK },
};

static ChChainReason
map_result (int error)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (results[i].error == error)
      return results[i].reason;

  return CH_CHAIN_OTHER;
}

/**
 * ch_chain_reason_get_id:
 * @reason: a reason
 *
 * Returns: (transfer none): its id
 */
const char *
ch_chain_reason_get_id (ChChainReason reason)
{
  return infos[(guint) reason < CH_N_CHAIN_REASONS ? reason : CH_CHAIN_OTHER].id;
}

/**
 * ch_chain_reason_get_text:
 * @reason: a reason
 *
 * Returns: (transfer none): a sentence for the user, untranslated
 */
const char *
ch_chain_reason_get_text (ChChainReason reason)
{
  return infos[(guint) reason < CH_N_CHAIN_REASONS ? reason : CH_CHAIN_OTHER].text;
}

void
ch_chain_result_free (ChChainResult *self)
{
  if (self == NULL)
    return;

  g_free (self->subject_text);
  g_ptr_array_unref (self->path);
  g_free (self);
}

/* Loads a certificate with the distinguishing id set: OpenSSL verifies SM2 chains only when every certificate
 * signed by SM2 has it, those of the store too, and fails when one signed otherwise has it. */
static X509 *
load_with_id (GBytes *der, const char *sm2_id)
{
  X509 *cert = ch_cert_load (der, NULL);
  gboolean is_sm2 = cert != NULL && X509_get_signature_nid (cert) == NID_SM2_with_SM3;
  ASN1_OCTET_STRING *id = is_sm2 ? ASN1_OCTET_STRING_new () : NULL;

  if (id != NULL && ASN1_OCTET_STRING_set (id, (const guint8 *) sm2_id, strlen (sm2_id)) == 1)
    X509_set0_distinguishing_id (cert, id);
  return cert;
}

static GBytes *
dump_cert (X509 *cert)
{
  guint8 *der = NULL;
  int len = i2d_X509 (cert, &der);

  return ch_openssl_take_der (der, len);
}

static void
build_path (ChChainResult *self,
            GBytes *cert,
            GPtrArray *intermediates,
            X509_STORE *store,
            gint64 when,
            const char *id)
{
  g_autoptr (X509) leaf = load_with_id (cert, id);
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  STACK_OF (X509) *untrusted = sk_X509_new_null ();
  X509_VERIFY_PARAM *param;
  STACK_OF (X509) * chain;

  for (guint i = 0; intermediates != NULL && i < intermediates->len; i++)
    {
      X509 *intermediate = load_with_id (g_ptr_array_index (intermediates, i), id);

      if (intermediate != NULL)
        sk_X509_push (untrusted, intermediate);
    }

  if (leaf == NULL)
    self->reason = CH_CHAIN_DAMAGED;
  else if (X509_STORE_CTX_init (context, store, leaf, untrusted) == 1)
    {
      param = X509_STORE_CTX_get0_param (context);
      X509_VERIFY_PARAM_set_time (param, when);
      X509_VERIFY_PARAM_set_depth (param, MAX_DEPTH);
      X509_VERIFY_PARAM_set_auth_level (param, SECURITY_LEVEL);
      X509_verify_cert (context);
      self->reason = map_result (X509_STORE_CTX_get_error (context));
      self->depth = MAX (X509_STORE_CTX_get_error_depth (context), 0);
      chain = X509_STORE_CTX_get0_chain (context);
      for (int i = 0; i < sk_X509_num (chain); i++)
        g_ptr_array_add (self->path, dump_cert (sk_X509_value (chain, i)));
    }

  sk_X509_pop_free (untrusted, X509_free);
  ERR_clear_error ();
}

static ChChainReason
check_crl (ChCrl *crl, GBytes *issuer_cert, gint64 when, const char *sm2_id)
{
  if (!ch_crl_verify (crl, issuer_cert, sm2_id, NULL))
    return CH_CHAIN_CRL_WRONG;
  if (ch_crl_get_this_update (crl) > when || ch_crl_get_next_update (crl) < when)
    return CH_CHAIN_CRL_EXPIRED;
  return CH_CHAIN_OK;
}

/* Asks all lists about one certificate: one that lists it outweighs one that does not, any good one those
 * that are not good. */
static ChChainReason
check_revocation (ChChainResult *self, guint depth, GPtrArray *crls, gint64 when, const char *sm2_id)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (g_ptr_array_index (self->path, depth), NULL);
  ChChainReason best = CH_CHAIN_CRL_MISSING;

  if (info == NULL)
    return CH_CHAIN_DAMAGED;

  for (guint i = 0; i < crls->len; i++)
    {
      ChCrl *crl = g_ptr_array_index (crls, i);
      ChChainReason reason;

      if (!ch_crl_is_of_issuer (crl, info->issuer_der))
        continue;

      reason = check_crl (crl, g_ptr_array_index (self->path, depth + 1), when, sm2_id);
      /* An old list still proves that a certificate was revoked; one on hold may have been freed since */
      if (reason != CH_CHAIN_CRL_WRONG
          && ch_crl_find (crl, info->serial, &self->revocation, &self->revoked_at)
          && (reason == CH_CHAIN_OK || self->revocation != CH_REVOCATION_HOLD))
        return self->revocation == CH_REVOCATION_HOLD ? CH_CHAIN_ON_HOLD : CH_CHAIN_REVOKED;
      if (reason == CH_CHAIN_OK || best != CH_CHAIN_OK)
        best = reason;
    }

  return best;
}

static void
check_revocations (ChChainResult *self, GPtrArray *crls, gint64 when, const char *sm2_id)
{
  g_autoptr (GPtrArray) parsed = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_crl_free);

  for (guint i = 0; i < crls->len; i++)
    {
      ChCrl *crl = ch_crl_new (g_ptr_array_index (crls, i), NULL);

      if (crl != NULL)
        g_ptr_array_add (parsed, crl);
    }

  for (guint depth = 0; depth + 1 < self->path->len; depth++)
    {
      ChChainReason reason = check_revocation (self, depth, parsed, when, sm2_id);
      gboolean is_final = reason == CH_CHAIN_REVOKED || reason == CH_CHAIN_ON_HOLD;

      /* What is revoked is said first, whatever else could not be found out further down */
      if (is_final || (reason != CH_CHAIN_OK && self->reason == CH_CHAIN_OK))
        {
          self->reason = reason;
          self->depth = depth;
        }
      if (is_final)
        break;
    }
}

/**
 * ch_chain_verify:
 * @cert: the certificate asked for, in DER
 * @intermediates: (nullable) (element-type GBytes): certificates of CAs that may help
 * @anchors: (element-type GBytes): certificates that are trusted
 * @when: for which time, seconds since 1970
 * @crls: (nullable) (element-type GBytes): then every certificate below the anchor needs a current one of its
 * issuer; %NULL when revocation is asked elsewhere
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Finds out whether a certificate is to be trusted, and if not, what to tell the user.
 *
 * Returns: (transfer full): the result; never %NULL
 */
ChChainResult *
ch_chain_verify (GBytes *cert,
                 GPtrArray *intermediates,
                 GPtrArray *anchors,
                 gint64 when,
                 GPtrArray *crls,
                 const char *sm2_id)
{
  ChChainResult *self = g_new0 (ChChainResult, 1);
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  const char *id = sm2_id != NULL ? sm2_id : CH_SM2_DEFAULT_ID;

  self->reason = CH_CHAIN_OTHER;
  self->path = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < anchors->len; i++)
    {
      g_autoptr (X509) anchor = load_with_id (g_ptr_array_index (anchors, i), id);

      if (anchor != NULL)
        X509_STORE_add_cert (store, anchor);
    }

  build_path (self, cert, intermediates, store, when, id);
  if (self->reason == CH_CHAIN_OK && crls != NULL)
    check_revocations (self, crls, when, id);

  if (self->depth < self->path->len)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (g_ptr_array_index (self->path, self->depth), NULL);

      self->subject_text = info != NULL ? g_strdup (info->subject_text) : NULL;
    }
  return self;
}
