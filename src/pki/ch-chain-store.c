#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-chain-store-private.h"
#include "pki/ch-plain-cert-private.h"

/* 112 bits: RSA from 2048 on, no SHA-1 below the anchor */
#define SECURITY_LEVEL 2
#define MAX_DEPTH      8

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
  { X509_V_ERR_NO_EXPLICIT_POLICY, CH_CHAIN_POLICY },
  { X509_V_ERR_INVALID_POLICY_EXTENSION, CH_CHAIN_POLICY },
  { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, CH_CHAIN_NOT_UNDERSTOOD },
  { X509_V_ERR_EE_KEY_TOO_SMALL, CH_CHAIN_WEAK },
  { X509_V_ERR_CA_KEY_TOO_SMALL, CH_CHAIN_WEAK },
  { X509_V_ERR_CA_MD_TOO_WEAK, CH_CHAIN_WEAK },
};

/* A CA that was found good with all above it: what its plain certificates have yet to be asked */
typedef struct
{
  GBytes *name;      /* (owned): subject in DER */
  GBytes *key_id;    /* (owned) */
  EVP_PKEY *pkey;    /* (owned) */
  GBytes *algorithm; /* (owned) (nullable): of the signature that was looked at last, and its digest */
  const EVP_MD *md;
  GPtrArray *path;   /* (owned) (element-type GBytes): from this CA to the anchor */
  gint64 not_before; /* all of the path are valid from … */
  gint64 not_after;
  GHashTable *extensions; /* (owned): those of its certificates that were found good */
} Line;

static ChChainReason
map_result (int error)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (results[i].error == error)
      return results[i].reason;

  return CH_CHAIN_OTHER;
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_bytes_unref (line->name);
  g_bytes_unref (line->key_id);
  EVP_PKEY_free (line->pkey);
  g_clear_pointer (&line->algorithm, g_bytes_unref);
  g_ptr_array_unref (line->path);
  g_hash_table_unref (line->extensions);
  g_free (line);
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

/* -- Lines: CAs found good ----------------------------------------------------------------------------- */

/* What a CA may demand of the names and policies below it is OpenSSL’s to judge */
static gboolean
demands_more (X509 *ca)
{
  static const int nids[] = { NID_name_constraints, NID_policy_constraints, NID_inhibit_any_policy,
                              NID_sbgp_ipAddrBlock, NID_sbgp_autonomousSysNum };

  for (guint i = 0; i < G_N_ELEMENTS (nids); i++)
    if (X509_get_ext_by_NID (ca, nids[i], -1) >= 0)
      return TRUE;
  return FALSE;
}

static Line *
find_line (ChChainStore *self, const ChPlainCert *plain)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      if (ch_der_span_equal (&plain->issuer, g_bytes_get_data (line->name, NULL),
                             g_bytes_get_size (line->name))
          && ch_der_span_equal (&plain->authority_key_id, g_bytes_get_data (line->key_id, NULL),
                                g_bytes_get_size (line->key_id)))
        return line;
    }
  return NULL;
}

static Line *
make_line (ChChainStore *self, STACK_OF (X509) * chain, GPtrArray *path)
{
  g_autoptr (ChCertInfo) ca = ch_cert_info_new (path->pdata[1], NULL);
  EVP_PKEY *pkey = X509_get_pubkey (sk_X509_value (chain, 1));
  Line *line;

  if (ca == NULL || ca->subject_key_id == NULL || pkey == NULL)
    {
      EVP_PKEY_free (pkey);
      return NULL;
    }

  line = g_new0 (Line, 1);
  line->name = g_bytes_ref (ca->subject_der);
  line->key_id = g_bytes_ref (ca->subject_key_id);
  line->pkey = pkey;
  line->path = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  line->not_before = G_MININT64;
  line->not_after = G_MAXINT64;
  line->extensions
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  for (guint i = 1; i < path->len; i++)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (path->pdata[i], NULL);

      g_ptr_array_add (line->path, g_bytes_ref (path->pdata[i]));
      if (info == NULL || demands_more (sk_X509_value (chain, i)))
        line->not_after = G_MININT64;
      else
        {
          line->not_before = MAX (line->not_before, info->not_before);
          line->not_after = MIN (line->not_after, info->not_after);
        }
    }
  g_ptr_array_add (self->lines, line);
  return line;
}

/* @cert was found good: what was learnt spares its sisters the same way */
static void
learn (ChChainStore *self, GBytes *cert, STACK_OF (X509) * chain, GPtrArray *path)
{
  ChDerSpan in = ch_der_span (cert);
  ChPlainCert plain;
  Line *line;

  if (path->len < 2 || !ch_plain_cert_read (&in, &plain))
    return;

  line = find_line (self, &plain);
  if (line == NULL)
    line = make_line (self, chain, path);
  /* Of two CAs with one name and key the first found stays; it is as good as the other */
  if (line != NULL && g_bytes_equal (line->path->pdata[0], path->pdata[1]))
    ch_plain_cert_learn_extensions (&plain, line->extensions);
}

static gboolean
is_signed_by (Line *line, const ChSigned *parts, const char *sm2_id)
{
  if (line->algorithm == NULL
      || !ch_der_span_equal (&parts->algorithm, g_bytes_get_data (line->algorithm, NULL),
                             g_bytes_get_size (line->algorithm)))
    {
      g_clear_pointer (&line->algorithm, g_bytes_unref);
      line->algorithm = ch_der_span_copy (&parts->algorithm);
      line->md = ch_signed_find_digest (&parts->algorithm, line->pkey);
    }
  return line->md != NULL && ch_pkey_verify (line->pkey, line->md, &parts->tbs, &parts->signature, sm2_id);
}

/* Returns: whether @cert is good beyond doubt; %FALSE says nothing */
static gboolean
is_good_by_line (ChChainStore *self, GBytes *cert, gint64 when, ChChainResult *result)
{
  ChDerSpan in = ch_der_span (cert);
  ChPlainCert plain;
  Line *line;

  /* What is asked about policies depends on each certificate’s own */
  if (self->lines->len == 0 || self->is_picky || !ch_plain_cert_read (&in, &plain))
    return FALSE;

  /* OpenSSL takes the last second as over already */
  line = find_line (self, &plain);
  if (line == NULL || when < MAX (line->not_before, plain.not_before)
      || when >= MIN (line->not_after, plain.not_after)
      || !ch_plain_cert_knows_extensions (&plain, line->extensions)
      || !is_signed_by (line, &plain.parts, self->sm2_id))
    return FALSE;

  result->reason = CH_CHAIN_OK;
  g_ptr_array_add (result->path, g_bytes_ref (cert));
  for (guint i = 0; i < line->path->len; i++)
    g_ptr_array_add (result->path, g_bytes_ref (line->path->pdata[i]));
  return TRUE;
}

/* -- The whole way --------------------------------------------------------------------------------------- */

static void
build_path (ChChainStore *self, GBytes *cert, gint64 when, ChChainResult *result)
{
  g_autoptr (X509) leaf = load_with_id (cert, self->sm2_id);
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  X509_VERIFY_PARAM *param;
  STACK_OF (X509) * chain;

  if (leaf == NULL)
    result->reason = CH_CHAIN_DAMAGED;
  else if (X509_STORE_CTX_init (context, self->anchors, leaf, self->helpers) == 1)
    {
      param = X509_STORE_CTX_get0_param (context);
      X509_VERIFY_PARAM_set_time (param, when);
      X509_VERIFY_PARAM_set_depth (param, MAX_DEPTH);
      X509_VERIFY_PARAM_set_auth_level (param, SECURITY_LEVEL);
      X509_VERIFY_PARAM_set_flags (param, self->flags);
      X509_VERIFY_PARAM_set1_policies (param, self->policies);
      X509_verify_cert (context);
      result->reason = map_result (X509_STORE_CTX_get_error (context));
      result->depth = MAX (X509_STORE_CTX_get_error_depth (context), 0);
      chain = X509_STORE_CTX_get0_chain (context);
      for (int i = 0; i < sk_X509_num (chain); i++)
        g_ptr_array_add (result->path, ch_cert_dump (sk_X509_value (chain, i)));
      if (result->reason == CH_CHAIN_OK)
        learn (self, cert, chain, result->path);
    }
  ERR_clear_error ();
}

/* Returns: (transfer full): what is found without asking any list; never %NULL */
ChChainResult *
ch_chain_store_build (ChChainStore *self, GBytes *cert, gint64 when)
{
  ChChainResult *result = g_new0 (ChChainResult, 1);

  result->reason = CH_CHAIN_OTHER;
  result->path = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (!is_good_by_line (self, cert, when, result))
    build_path (self, cert, when, result);
  return result;
}

/* Says whose certificate it is that something is the matter with, when it is a CA’s */
void
ch_chain_result_name_culprit (ChChainResult *result)
{
  g_clear_pointer (&result->subject_text, g_free);
  if (result->depth > 0 && result->depth < result->path->len)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (result->path->pdata[result->depth], NULL);

      result->subject_text = info != NULL ? g_strdup (info->subject_text) : NULL;
    }
}

static gboolean
set_policies (ChChainStore *self, const char *const *policies, GError **error)
{
  sk_ASN1_OBJECT_pop_free (self->policies, ASN1_OBJECT_free);
  self->policies = sk_ASN1_OBJECT_new_null ();
  for (guint i = 0; policies[i] != NULL; i++)
    {
      ASN1_OBJECT *oid = OBJ_txt2obj (policies[i], 1);

      if (oid == NULL || sk_ASN1_OBJECT_push (self->policies, oid) <= 0)
        {
          ASN1_OBJECT_free (oid);
          ERR_clear_error ();
          g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "%s is no policy", policies[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/* -- Public ------------------------------------------------------------------------------------------------
 */

/**
 * ch_chain_store_new:
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Returns: (transfer full): an empty store, which trusts nobody
 */
ChChainStore *
ch_chain_store_new (const char *sm2_id)
{
  /* RFC 5280 6.1.1 (c): to OpenSSL an empty set would mean that none will do */
  static const char *const any[] = { "2.5.29.32.0", NULL };
  ChChainStore *self = g_new0 (ChChainStore, 1);

  self->sm2_id = g_strdup (sm2_id != NULL ? sm2_id : CH_SM2_DEFAULT_ID);
  self->anchors = X509_STORE_new ();
  self->helpers = sk_X509_new_null ();
  self->crls = g_ptr_array_new_with_free_func (ch_listed_free);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->pending = g_ptr_array_new ();
  self->flags = X509_V_FLAG_POLICY_CHECK;
  set_policies (self, any, NULL);
  return self;
}

void
ch_chain_store_free (ChChainStore *self)
{
  if (self == NULL)
    return;

  g_free (self->sm2_id);
  X509_STORE_free (self->anchors);
  sk_X509_pop_free (self->helpers, X509_free);
  g_ptr_array_unref (self->crls);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->pending);
  sk_ASN1_OBJECT_pop_free (self->policies, ASN1_OBJECT_free);
  g_free (self);
}

/**
 * ch_chain_store_add_anchor:
 * @der: a certificate that is trusted, whether it signed itself or not
 *
 * Returns: %FALSE when it is damaged; it is then left out
 */
gboolean
ch_chain_store_add_anchor (ChChainStore *self, GBytes *der)
{
  g_autoptr (X509) anchor = load_with_id (der, self->sm2_id);

  /* What was found through other anchors stays right: trust only grows */
  if (anchor == NULL || X509_STORE_add_cert (self->anchors, anchor) != 1)
    return FALSE;
  if (X509_NAME_cmp (X509_get_subject_name (anchor), X509_get_issuer_name (anchor)) != 0)
    self->flags |= X509_V_FLAG_PARTIAL_CHAIN;
  return TRUE;
}

/**
 * ch_chain_store_add_ca:
 * @der: a CA’s certificate, which may help to find the way to an anchor and is not trusted by itself
 *
 * Returns: %FALSE when it is damaged; it is then left out
 */
gboolean
ch_chain_store_add_ca (ChChainStore *self, GBytes *der)
{
  X509 *ca = load_with_id (der, self->sm2_id);

  if (ca == NULL || sk_X509_push (self->helpers, ca) > 0)
    return ca != NULL;

  X509_free (ca);
  return FALSE;
}

/**
 * ch_chain_store_set_policy:
 * @policy: what is asked for (RFC 5280 6.1.1)
 * @error: %CH_ERROR_INVALID_INPUT when one of the policies is no dotted number
 *
 * Sets under which policies a certificate must have been issued. To be called before anything is verified.
 */
gboolean
ch_chain_store_set_policy (ChChainStore *self, const ChChainPolicy *policy, GError **error)
{
  gboolean is_any = policy->policies == NULL || policy->policies[0] == NULL;

  if (!is_any && !set_policies (self, policy->policies, error))
    return FALSE;
  self->flags |= (policy->is_explicit ? X509_V_FLAG_EXPLICIT_POLICY : 0)
                 | (policy->inhibits_mapping ? X509_V_FLAG_INHIBIT_MAP : 0)
                 | (policy->inhibits_any ? X509_V_FLAG_INHIBIT_ANY : 0);
  self->is_picky = !is_any || policy->is_explicit || policy->inhibits_mapping || policy->inhibits_any;
  return TRUE;
}

/**
 * ch_chain_store_verify:
 * @cert: the certificate asked for, in DER
 * @when: for which time, seconds since 1970
 * @with_crls: whether every certificate below the anchor needs a current CRL of its issuer in the store
 *
 * Finds out whether a certificate is to be trusted, and if not, what to tell the user (RFC 5280 6.1, 6.3).
 * The first certificate of a CA goes the whole way; those after it that differ in nothing unusual are asked
 * only for issuer, dates, key, signature and revocation.
 *
 * Returns: (transfer full): the result; never %NULL
 */
ChChainResult *
ch_chain_store_verify (ChChainStore *self, GBytes *cert, gint64 when, gboolean with_crls)
{
  ChChainResult *result = ch_chain_store_build (self, cert, when);

  if (result->reason == CH_CHAIN_OK && with_crls)
    ch_chain_store_check_revocation (self, result, 0, when);
  else
    ch_chain_result_name_culprit (result);
  return result;
}
