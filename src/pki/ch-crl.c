#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-crl-private.h"
#include "pki/ch-signed-private.h"

#define MAX_CRL_SIZE (256 * 1024 * 1024)

struct _ChCrl
{
  GBytes *der;       /* (owned) */
  X509_CRL *crl;     /* (owned) */
  GBytes *issuer;    /* (owned): Name in DER */
  ChCrlScope *scope; /* (owned): what it is about */
  guint64 number;    /* 0 when it has none */
  gint64 this_update;
  gint64 next_update; /* G_MAXINT64 when it says none */
};

/* Critical extensions change what the list means: what is not understood must not be taken for the list */
static gboolean
is_understood (X509_CRL *crl)
{
  STACK_OF (X509_REVOKED) *revoked = X509_CRL_get_REVOKED (crl);

  for (int i = 0; i < X509_CRL_get_ext_count (crl); i++)
    {
      X509_EXTENSION *extension = X509_CRL_get_ext (crl, i);
      int nid = OBJ_obj2nid (X509_EXTENSION_get_object (extension));

      if (X509_EXTENSION_get_critical (extension) && nid != NID_issuing_distribution_point
          && nid != NID_delta_crl)
        return FALSE;
    }
  for (int i = 0; i < sk_X509_REVOKED_num (revoked); i++)
    {
      const X509_REVOKED *entry = sk_X509_REVOKED_value (revoked, i);

      for (int k = X509_REVOKED_get_ext_by_critical (entry, 1, -1); k >= 0;
           k = X509_REVOKED_get_ext_by_critical (entry, 1, k))
        if (OBJ_obj2nid (X509_EXTENSION_get_object (X509_REVOKED_get_ext (entry, k)))
            != NID_certificate_issuer)
          return FALSE;
    }

  return TRUE;
}

static guint64
read_number (X509_CRL *crl)
{
  ASN1_INTEGER *number = X509_CRL_get_ext_d2i (crl, NID_crl_number, NULL, NULL);
  guint64 value = 0;

  if (number == NULL || ASN1_INTEGER_get_uint64 (&value, number) != 1)
    value = 0;
  ASN1_INTEGER_free (number);
  return value;
}

/**
 * ch_crl_new:
 * @der: a CRL from outside
 * @error: %CH_ERROR_BAD_ANSWER when it is damaged, or of a kind that is not used here
 *
 * Reads a CRL; ch_crl_verify() must follow before it is believed.
 *
 * Returns: (transfer full): the CRL
 */
ChCrl *
ch_crl_new (GBytes *der, GError **error)
{
  ChDerSpan in = ch_der_span (der);
  const guint8 *p = in.data;
  g_autoptr (X509_CRL) crl = in.len > 0 && in.len <= MAX_CRL_SIZE ? d2i_X509_CRL (NULL, &p, in.len) : NULL;
  g_autoptr (ChCrl) self = NULL;
  guint8 *name = NULL;
  int len;

  if (crl == NULL || p != in.data + in.len || !is_understood (crl))
    {
      ch_openssl_fail (error, CH_ERROR_BAD_ANSWER, "reading a CRL");
      return NULL;
    }

  self = g_new0 (ChCrl, 1);
  self->der = g_bytes_ref (der);
  self->scope = ch_crl_scope_new (crl);
  self->crl = g_steal_pointer (&crl);
  if (self->scope == NULL)
    {
      ch_openssl_fail (error, CH_ERROR_BAD_ANSWER, "reading what a CRL is about");
      return NULL;
    }
  self->number = read_number (self->crl);
  self->next_update = G_MAXINT64;
  len = i2d_X509_NAME (X509_CRL_get_issuer (self->crl), &name);
  self->issuer = ch_openssl_take_der (name, len);
  if (self->issuer == NULL || !ch_asn1_time_get (X509_CRL_get0_lastUpdate (self->crl), &self->this_update)
      || (X509_CRL_get0_nextUpdate (self->crl) != NULL
          && !ch_asn1_time_get (X509_CRL_get0_nextUpdate (self->crl), &self->next_update)))
    {
      ch_openssl_fail (error, CH_ERROR_BAD_ANSWER, "reading the times of a CRL");
      return NULL;
    }

  ERR_clear_error ();
  return g_steal_pointer (&self);
}

void
ch_crl_free (ChCrl *self)
{
  if (self == NULL)
    return;

  X509_CRL_free (self->crl);
  ch_crl_scope_free (self->scope);
  g_bytes_unref (self->der);
  g_clear_pointer (&self->issuer, g_bytes_unref);
  g_free (self);
}

/**
 * ch_crl_is_of_issuer:
 * @self: a CRL
 * @issuer_name: a Name in DER
 *
 * Returns: whether the CRL says it is of that issuer
 */
gboolean
ch_crl_is_of_issuer (ChCrl *self, GBytes *issuer_name)
{
  return g_bytes_equal (self->issuer, issuer_name);
}

/* RFC 5280 7.1: blanks, capitals and kinds of string make no difference */
static gboolean
is_of_like_name (ChCrl *self, GBytes *name)
{
  ChDerSpan in = ch_der_span (name);
  const guint8 *p = in.data;
  g_autoptr (X509_NAME) parsed = NULL;

  if (ch_crl_is_of_issuer (self, name))
    return TRUE;

  parsed = d2i_X509_NAME (NULL, &p, in.len);
  return parsed != NULL && X509_NAME_cmp (parsed, X509_CRL_get_issuer (self->crl)) == 0;
}

/**
 * ch_crl_verify:
 * @self: a CRL
 * @issuer_cert: the certificate of the CA, trusted already
 * @sm2_id: (nullable): the distinguishing id for SM2
 * @error: %CH_ERROR_BAD_ANSWER when it is not of that CA
 *
 * Checks by whom the CRL was signed. Whether it is still current is for the caller.
 */
gboolean
ch_crl_verify (ChCrl *self, GBytes *issuer_cert, const char *sm2_id, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (issuer_cert, error);
  g_autoptr (EVP_PKEY) pkey = info != NULL ? ch_spki_load (info->spki, error) : NULL;
  ChDerSpan in = ch_der_span (self->der);
  ChSigned parts;

  if (pkey == NULL)
    return FALSE;

  if (!is_of_like_name (self, info->subject_der) || !(info->usages & CH_USAGE_CRL_SIGN)
      || !ch_signed_split (&in, &parts, NULL) || !ch_signed_is_right (&parts, pkey, sm2_id))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "the CRL is not signed by its issuer");
      return FALSE;
    }

  return TRUE;
}

static ASN1_INTEGER *
parse_serial (const char *serial)
{
  g_autoptr (BIGNUM) number = NULL;
  BIGNUM *parsed = NULL;

  if (BN_hex2bn (&parsed, serial) == 0)
    return NULL;
  number = parsed;
  return BN_to_ASN1_INTEGER (number, NULL);
}

static void
read_entry (X509_REVOKED *entry, ChRevocation *reason, gint64 *revoked_at)
{
  if (reason != NULL)
    {
      ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i (entry, NID_crl_reason, NULL, NULL);

      *reason = code != NULL ? (ChRevocation) CLAMP (ASN1_ENUMERATED_get (code), 0, 10)
                             : CH_REVOCATION_UNSPECIFIED;
      ASN1_ENUMERATED_free (code);
    }
  if (revoked_at != NULL && !ch_asn1_time_get (X509_REVOKED_get0_revocationDate (entry), revoked_at))
    *revoked_at = 0;
}

static gboolean
find_entry (ChCrl *self, ASN1_INTEGER *number, ChRevocation *reason, gint64 *revoked_at)
{
  X509_REVOKED *entry = NULL;
  gboolean is_listed
      = number != NULL && X509_CRL_get0_by_serial (self->crl, &entry, number) != 0 && entry != NULL;

  if (is_listed)
    read_entry (entry, reason, revoked_at);
  ERR_clear_error ();
  return is_listed;
}

/**
 * ch_crl_find:
 * @self: a CRL
 * @serial: hex as in #ChCertInfo
 * @reason: (out) (optional): why it was revoked
 * @revoked_at: (out) (optional): since when
 *
 * Returns: whether that certificate is on the list
 */
gboolean
ch_crl_find (ChCrl *self, const char *serial, ChRevocation *reason, gint64 *revoked_at)
{
  ASN1_INTEGER *number = parse_serial (serial);
  gboolean is_listed = find_entry (self, number, reason, revoked_at);

  ASN1_INTEGER_free (number);
  return is_listed;
}

/* The same by the content of the certificate’s INTEGER */
gboolean
ch_crl_find_number (ChCrl *self, const ChDerSpan *serial, ChRevocation *reason, gint64 *revoked_at)
{
  guint8 der[2 + 0x7f] = { CH_DER_INTEGER, serial->len };
  const guint8 *p = der;
  ASN1_INTEGER *number;
  gboolean is_listed;

  /* A number no CA gives is on no list */
  if (serial->len == 0 || serial->len > sizeof der - 2)
    return FALSE;

  memcpy (der + 2, serial->data, serial->len);
  number = d2i_ASN1_INTEGER (NULL, &p, 2 + serial->len);
  is_listed = find_entry (self, number, reason, revoked_at);
  ASN1_INTEGER_free (number);
  return is_listed;
}

/* Whether the CRL says it is of the issuer with that Name, whole */
gboolean
ch_crl_is_of_name (ChCrl *self, const ChDerSpan *name)
{
  return ch_der_span_equal (name, g_bytes_get_data (self->issuer, NULL), g_bytes_get_size (self->issuer));
}

/* The same for a list of certificates of several issuers, or of differences */
ChCrlEntry
ch_crl_find_cert (ChCrl *self, X509 *cert, ChRevocation *reason, gint64 *revoked_at)
{
  X509_REVOKED *entry = NULL;
  int found = X509_CRL_get0_by_cert (self->crl, &entry, cert);

  if (found == 0 || entry == NULL)
    return CH_CRL_ABSENT;

  read_entry (entry, reason, revoked_at);
  /* OpenSSL says 2 for removeFromCRL */
  return found == 2 ? CH_CRL_REMOVED : CH_CRL_LISTED;
}

/* Whether it is, without more ado, the whole list of one CA */
gboolean
ch_crl_is_whole (ChCrl *self)
{
  return ch_crl_scope_is_whole (self->scope);
}

/* Returns: for which reasons, bits as in ReasonFlags, the list says whether @cert was revoked; 0 when it is
 * about other certificates, or about differences */
guint
ch_crl_get_covered (ChCrl *self, X509 *cert)
{
  return ch_crl_scope_get_covered (self->scope, self->crl, cert);
}

/* RFC 5280 5.2.4: whether it says what has changed since @base, or since one before it */
gboolean
ch_crl_is_delta_of (ChCrl *self, ChCrl *base)
{
  return X509_NAME_cmp (X509_CRL_get_issuer (self->crl), X509_CRL_get_issuer (base->crl)) == 0
         && ch_crl_scope_is_delta_of (self->scope, base->scope);
}

gboolean
ch_crl_is_newer (ChCrl *self, ChCrl *other)
{
  return ch_crl_scope_is_newer (self->scope, other->scope);
}

/* Whether two CRLs are of one issuer that is written in two ways */
gboolean
ch_crl_is_of_like_name (ChCrl *self, ChCrl *other)
{
  return !g_bytes_equal (self->issuer, other->issuer)
         && X509_NAME_cmp (X509_CRL_get_issuer (self->crl), X509_CRL_get_issuer (other->crl)) == 0;
}

gboolean
ch_crl_is_of_subject (ChCrl *self, X509 *cert)
{
  return X509_NAME_cmp (X509_get_subject_name (cert), X509_CRL_get_issuer (self->crl)) == 0;
}

/**
 * ch_crl_get_n_revoked:
 * @self: a CRL
 *
 * Returns: how many certificates are on it
 */
guint
ch_crl_get_n_revoked (ChCrl *self)
{
  STACK_OF (X509_REVOKED) *revoked = X509_CRL_get_REVOKED (self->crl);

  return revoked != NULL ? sk_X509_REVOKED_num (revoked) : 0;
}

/**
 * ch_crl_get_number:
 * @self: a CRL
 *
 * Returns: its number, 0 when it has none
 */
guint64
ch_crl_get_number (ChCrl *self)
{
  return self->number;
}

/**
 * ch_crl_get_this_update:
 * @self: a CRL
 *
 * Returns: when it was made, seconds since 1970
 */
gint64
ch_crl_get_this_update (ChCrl *self)
{
  return self->this_update;
}

/**
 * ch_crl_get_next_update:
 * @self: a CRL
 *
 * Returns: when there will be another at the latest, seconds since 1970; %G_MAXINT64 when it does not say
 */
gint64
ch_crl_get_next_update (ChCrl *self)
{
  return self->next_update;
}
