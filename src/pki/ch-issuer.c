#include "config.h"

#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-issuer.h"
#include "pki/ch-signed-private.h"

#define OID_CRL_POINTS        "2.5.29.31"
#define OID_AUTHORITY_ACCESS  "1.3.6.1.5.5.7.1.1"
#define OID_ACCESS_OCSP       "1.3.6.1.5.5.7.48.1"
#define OID_ACCESS_CA_ISSUERS "1.3.6.1.5.5.7.48.2"

struct _ChIssuer
{
  gatomicrefcount refs;
  ChKey *key; /* (owned) */
  ChKeyKind kind;
  GBytes *cert;      /* (owned) (nullable): none before a root has signed itself */
  GBytes *name;      /* (owned): Name */
  GBytes *key_id;    /* (owned): for AuthorityKeyIdentifier */
  GBytes *algorithm; /* (owned): AlgorithmIdentifier of its signatures */
  GBytes *pointers;  /* (owned): the extensions that name the URLs, encoded */
  char *sm2_id;      /* (owned) (nullable) */
};

static void
add_url (GByteArray *out, const char *url)
{
  /* GeneralName: uniformResourceIdentifier [6] */
  ch_der_add (out, CH_DER_CONTEXT (6), url, strlen (url));
}

static void
add_access (GByteArray *out, const char *method, const char *url)
{
  gsize mark;

  if (url == NULL)
    return;

  mark = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_oid (out, method);
  add_url (out, url);
  ch_der_end (out, mark);
}

static void
add_crl_points (GByteArray *out, const char *url)
{
  gsize extension = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize value, points, point, name, full;

  ch_der_add_oid (out, OID_CRL_POINTS);
  value = ch_der_begin (out, CH_DER_OCTET_STRING);
  points = ch_der_begin (out, CH_DER_SEQUENCE);
  point = ch_der_begin (out, CH_DER_SEQUENCE);
  name = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
  full = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
  add_url (out, url);
  ch_der_end (out, full);
  ch_der_end (out, name);
  ch_der_end (out, point);
  ch_der_end (out, points);
  ch_der_end (out, value);
  ch_der_end (out, extension);
}

static void
add_authority_access (GByteArray *out, const ChIssuerUrls *urls)
{
  gsize extension = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize value, list;

  ch_der_add_oid (out, OID_AUTHORITY_ACCESS);
  value = ch_der_begin (out, CH_DER_OCTET_STRING);
  list = ch_der_begin (out, CH_DER_SEQUENCE);
  add_access (out, OID_ACCESS_OCSP, urls->ocsp);
  add_access (out, OID_ACCESS_CA_ISSUERS, urls->ca_issuers);
  ch_der_end (out, list);
  ch_der_end (out, value);
  ch_der_end (out, extension);
}

static GBytes *
encode_pointers (const ChIssuerUrls *urls)
{
  GByteArray *out = g_byte_array_new ();

  if (urls != NULL && urls->crl != NULL)
    add_crl_points (out, urls->crl);
  if (urls != NULL && (urls->ocsp != NULL || urls->ca_issuers != NULL))
    add_authority_access (out, urls);
  return ch_der_finish (out);
}

static ChIssuer *
new_issuer (ChKey *key, const ChIssuerUrls *urls, const char *sm2_id)
{
  ChIssuer *self = g_new0 (ChIssuer, 1);

  g_atomic_ref_count_init (&self->refs);
  self->key = ch_key_ref (key);
  self->kind = ch_pkey_get_kind (ch_key_get_pkey (key));
  self->algorithm = ch_signed_get_algorithm (self->kind);
  self->pointers = encode_pointers (urls);
  self->sm2_id = g_strdup (sm2_id);
  return self;
}

/**
 * ch_issuer_new:
 * @key: the key of the CA or of its OCSP signer
 * @cert: its certificate
 * @urls: (nullable): what its certificates point to
 * @sm2_id: (nullable): the distinguishing id for SM2
 * @error: %CH_ERROR_CERTIFICATE_WRONG when @cert is not of @key
 *
 * Prepares a key for signing certificates, CRLs or OCSP answers.
 *
 * Returns: (transfer full): the issuer
 */
ChIssuer *
ch_issuer_new (ChKey *key, GBytes *cert, const ChIssuerUrls *urls, const char *sm2_id, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, error);
  ChIssuer *self;

  if (info == NULL)
    return NULL;
  if (!g_bytes_equal (info->spki, ch_key_get_spki (key)))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the certificate is of another key");
      return NULL;
    }

  self = new_issuer (key, urls, sm2_id);
  self->cert = g_bytes_ref (cert);
  self->name = g_bytes_ref (info->subject_der);
  self->key_id
      = info->subject_key_id != NULL ? g_bytes_ref (info->subject_key_id) : g_bytes_ref (info->key_id);
  return self;
}

/**
 * ch_issuer_new_self:
 * @key: the key of a root
 * @name: the name of the root
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Prepares a root that has no certificate yet, so that it can sign its own.
 *
 * Returns: (transfer full): the issuer
 */
ChIssuer *
ch_issuer_new_self (ChKey *key, ChSubject *name, const char *sm2_id)
{
  ChIssuer *self = new_issuer (key, NULL, sm2_id);

  self->name = ch_subject_to_der (name);
  self->key_id = ch_spki_get_key_id (ch_key_get_spki (key));
  return self;
}

ChIssuer *
ch_issuer_ref (ChIssuer *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_issuer_unref (ChIssuer *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  ch_key_unref (self->key);
  g_clear_pointer (&self->cert, g_bytes_unref);
  g_bytes_unref (self->name);
  g_bytes_unref (self->key_id);
  g_bytes_unref (self->algorithm);
  g_bytes_unref (self->pointers);
  g_free (self->sm2_id);
  g_free (self);
}

/**
 * ch_issuer_get_cert:
 * @self: an issuer
 *
 * Returns: (transfer none) (nullable): its certificate; %NULL for a root that has not signed itself yet
 */
GBytes *
ch_issuer_get_cert (ChIssuer *self)
{
  return self->cert;
}

/**
 * ch_issuer_get_spki:
 * @self: an issuer
 *
 * Returns: (transfer none): its public key
 */
GBytes *
ch_issuer_get_spki (ChIssuer *self)
{
  return ch_key_get_spki (self->key);
}

/**
 * ch_issuer_get_kind:
 * @self: an issuer
 *
 * Returns: the kind of its key
 */
ChKeyKind
ch_issuer_get_kind (ChIssuer *self)
{
  return self->kind;
}

/**
 * ch_issuer_get_name:
 * @self: an issuer
 *
 * Returns: (transfer none): its Name in DER
 */
GBytes *
ch_issuer_get_name (ChIssuer *self)
{
  return self->name;
}

/**
 * ch_issuer_get_key_id:
 * @self: an issuer
 *
 * Returns: (transfer none): what AuthorityKeyIdentifier says
 */
GBytes *
ch_issuer_get_key_id (ChIssuer *self)
{
  return self->key_id;
}

/**
 * ch_issuer_get_algorithm:
 * @self: an issuer
 *
 * Returns: (transfer none): AlgorithmIdentifier of its signatures in DER
 */
GBytes *
ch_issuer_get_algorithm (ChIssuer *self)
{
  return self->algorithm;
}

/**
 * ch_issuer_get_pointers:
 * @self: an issuer
 *
 * Returns: (transfer none): the extensions CRLDistributionPoints and AuthorityInfoAccess, encoded; may be
 * empty
 */
GBytes *
ch_issuer_get_pointers (ChIssuer *self)
{
  return self->pointers;
}

/**
 * ch_issuer_sign:
 * @self: an issuer
 * @tbs: what to sign, with the algorithm of this issuer in it
 *
 * Signs and closes a certificate, CRL or OCSP answer.
 *
 * Returns: (transfer full): the whole in DER
 */
GBytes *
ch_issuer_sign (ChIssuer *self, GBytes *tbs, GError **error)
{
  g_autoptr (GBytes) signature = ch_key_sign (self->key, tbs, self->sm2_id, error);

  return signature != NULL ? ch_signed_join (tbs, self->kind, signature) : NULL;
}
