#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-crl-private.h"
#include "pki/ch-signed-private.h"

#define MAX_CRL_SIZE (256 * 1024 * 1024)

struct _ChCrl
{
  GBytes *der;    /* (owned) */
  X509_CRL *crl;  /* (owned) */
  GBytes *issuer; /* (owned): Name in DER */
  guint64 number; /* 0 when it has none */
  gint64 this_update;
  gint64 next_update; /* G_MAXINT64 when it says none */
};

static gboolean
is_understood (X509_CRL *crl)
{
  STACK_OF (X509_REVOKED) *revoked = X509_CRL_get_REVOKED (crl);

  /* Critical extensions change what the list means (only some reasons, other issuers, differences): what is
   * not understood must not be taken for the whole list. CRL number and key id are never critical. */
  if (X509_CRL_get_ext_by_critical (crl, 1, -1) >= 0 || X509_CRL_get_ext_by_NID (crl, NID_delta_crl, -1) >= 0)
    return FALSE;
  for (int i = 0; i < sk_X509_REVOKED_num (revoked); i++)
    if (X509_REVOKED_get_ext_by_critical (sk_X509_REVOKED_value (revoked, i), 1, -1) >= 0)
      return FALSE;

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
  self->crl = g_steal_pointer (&crl);
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

  if (!ch_crl_is_of_issuer (self, info->subject_der) || !(info->usages & CH_USAGE_CRL_SIGN)
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

static gboolean
find_entry (ChCrl *self, ASN1_INTEGER *number, ChRevocation *reason, gint64 *revoked_at)
{
  X509_REVOKED *entry = NULL;
  gboolean is_listed
      = number != NULL && X509_CRL_get0_by_serial (self->crl, &entry, number) != 0 && entry != NULL;

  if (is_listed && reason != NULL)
    {
      ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i (entry, NID_crl_reason, NULL, NULL);

      *reason = code != NULL ? (ChRevocation) CLAMP (ASN1_ENUMERATED_get (code), 0, 10)
                             : CH_REVOCATION_UNSPECIFIED;
      ASN1_ENUMERATED_free (code);
    }
  if (is_listed && revoked_at != NULL
      && !ch_asn1_time_get (X509_REVOKED_get0_revocationDate (entry), revoked_at))
    *revoked_at = 0;

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
