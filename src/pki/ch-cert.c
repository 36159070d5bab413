#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-openssl-private.h"
#include "pki/ch-pem.h"

#define MAX_CERT_SIZE (64 * 1024)
#define MAX_CERTS     64
#define ENCIPHERS     (CH_USAGE_KEY_ENCIPHERMENT | CH_USAGE_DATA_ENCIPHERMENT | CH_USAGE_KEY_AGREEMENT)

static void
add_ia5 (GPtrArray *out, const GENERAL_NAME *name)
{
  const ASN1_IA5STRING *uri;

  if (name->type != GEN_URI)
    return;
  uri = name->d.uniformResourceIdentifier;
  if (uri->length > 0 && memchr (uri->data, 0, uri->length) == NULL
      && g_utf8_validate ((const char *) uri->data, uri->length, NULL))
    g_ptr_array_add (out, g_strndup ((const char *) uri->data, uri->length));
}

static char **
finish_strv (GPtrArray *array)
{
  g_ptr_array_add (array, NULL);
  return (char **) g_ptr_array_free (array, FALSE);
}

static char **
read_access (X509 *cert, int method)
{
  AUTHORITY_INFO_ACCESS *list = X509_get_ext_d2i (cert, NID_info_access, NULL, NULL);
  GPtrArray *out = g_ptr_array_new ();

  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num (list); i++)
    {
      const ACCESS_DESCRIPTION *access = sk_ACCESS_DESCRIPTION_value (list, i);

      if (OBJ_obj2nid (access->method) == method)
        add_ia5 (out, access->location);
    }
  AUTHORITY_INFO_ACCESS_free (list);
  return finish_strv (out);
}

static char **
read_crl_points (X509 *cert)
{
  CRL_DIST_POINTS *list = X509_get_ext_d2i (cert, NID_crl_distribution_points, NULL, NULL);
  GPtrArray *out = g_ptr_array_new ();

  for (int i = 0; i < sk_DIST_POINT_num (list); i++)
    {
      const DIST_POINT *point = sk_DIST_POINT_value (list, i);

      if (point->distpoint == NULL || point->distpoint->type != 0)
        continue;
      for (int k = 0; k < sk_GENERAL_NAME_num (point->distpoint->name.fullname); k++)
        add_ia5 (out, sk_GENERAL_NAME_value (point->distpoint->name.fullname, k));
    }
  CRL_DIST_POINTS_free (list);
  return finish_strv (out);
}

static char *
get_oid_text (const ASN1_OBJECT *oid)
{
  char dotted[128] = "";
  int nid = OBJ_obj2nid (oid);

  if (nid != NID_undef)
    return g_strdup (OBJ_nid2sn (nid));
  OBJ_obj2txt (dotted, sizeof dotted, oid, 1);
  return g_strdup (dotted);
}

static char **
read_purposes (X509 *cert)
{
  EXTENDED_KEY_USAGE *list = X509_get_ext_d2i (cert, NID_ext_key_usage, NULL, NULL);
  GPtrArray *out = g_ptr_array_new ();

  for (int i = 0; i < sk_ASN1_OBJECT_num (list); i++)
    g_ptr_array_add (out, get_oid_text (sk_ASN1_OBJECT_value (list, i)));
  EXTENDED_KEY_USAGE_free (list);
  return finish_strv (out);
}

static char **
read_policies (X509 *cert)
{
  CERTIFICATEPOLICIES *list = X509_get_ext_d2i (cert, NID_certificate_policies, NULL, NULL);
  GPtrArray *out = g_ptr_array_new ();

  for (int i = 0; i < sk_POLICYINFO_num (list); i++)
    {
      char dotted[128] = "";

      OBJ_obj2txt (dotted, sizeof dotted, sk_POLICYINFO_value (list, i)->policyid, 1);
      g_ptr_array_add (out, g_strdup (dotted));
    }
  CERTIFICATEPOLICIES_free (list);
  return finish_strv (out);
}

static guint
read_usages (X509 *cert)
{
  ASN1_BIT_STRING *bits;
  guint usages = 0;

  if (X509_get_ext_by_NID (cert, NID_key_usage, -1) < 0)
    return ~0u;

  bits = X509_get_ext_d2i (cert, NID_key_usage, NULL, NULL);
  for (int i = 0; bits != NULL && i < 9; i++)
    if (ASN1_BIT_STRING_get_bit (bits, i))
      usages |= 1u << i;
  ASN1_BIT_STRING_free (bits);
  return usages;
}

static void
read_basic_constraints (X509 *cert, ChCertInfo *info)
{
  BASIC_CONSTRAINTS *constraints = X509_get_ext_d2i (cert, NID_basic_constraints, NULL, NULL);

  info->path_length = -1;
  if (constraints != NULL)
    {
      info->is_ca = constraints->ca != 0;
      if (constraints->pathlen != NULL)
        info->path_length = CLAMP (ASN1_INTEGER_get (constraints->pathlen), 0, 1000);
    }
  BASIC_CONSTRAINTS_free (constraints);
}

static char *
read_serial (X509 *cert)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (cert), NULL);
  char *hex = number != NULL ? BN_bn2hex (number) : NULL;
  char *copy = g_strdup (hex != NULL ? hex : "");

  OPENSSL_free (hex);
  return copy;
}

static gboolean
read_name (const X509_NAME *name, GBytes **der, ChSubject **subject, char **text, GError **error)
{
  guint8 *data = NULL;
  int len = i2d_X509_NAME (name, &data);

  *der = ch_openssl_take_der (data, len);
  if (*der == NULL)
    return ch_openssl_fail (error, CH_ERROR_CERTIFICATE_WRONG, "reading a name");
  *subject = ch_subject_new_from_der (*der, NULL);
  if (*subject == NULL)
    return ch_openssl_fail (error, CH_ERROR_CERTIFICATE_WRONG, "a name in the certificate is no text");
  *text = ch_subject_format (*subject);
  return TRUE;
}

static gboolean
read_key (X509 *cert, ChCertInfo *info, GError **error)
{
  guint8 *data = NULL;
  int len = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (cert), &data);
  EVP_PKEY *pkey = X509_get0_pubkey (cert);

  info->spki = ch_openssl_take_der (data, len);
  if (info->spki == NULL)
    return ch_openssl_fail (error, CH_ERROR_CERTIFICATE_WRONG, "reading the key of a certificate");

  info->key_kind = ch_pkey_get_kind (pkey);
  info->key_bits = pkey != NULL ? MAX (EVP_PKEY_get_bits (pkey), 0) : 0;
  info->key_text = ch_spki_describe (info->spki);
  info->key_id = ch_spki_get_key_id (info->spki);
  info->key_id_hex = ch_bytes_to_hex (info->key_id);
  return TRUE;
}

static gboolean
read_all (X509 *cert, ChCertInfo *info, GError **error)
{
  const ASN1_OCTET_STRING *subject_key_id = X509_get0_subject_key_id (cert);

  if (!read_name (X509_get_subject_name (cert), &info->subject_der, &info->subject, &info->subject_text,
                  error)
      || !read_name (X509_get_issuer_name (cert), &info->issuer_der, &info->issuer, &info->issuer_text, error)
      || !read_key (cert, info, error))
    return FALSE;
  if (!ch_asn1_time_get (X509_get0_notBefore (cert), &info->not_before)
      || !ch_asn1_time_get (X509_get0_notAfter (cert), &info->not_after))
    return ch_openssl_fail (error, CH_ERROR_CERTIFICATE_WRONG, "reading the validity of a certificate");

  if (subject_key_id != NULL)
    info->subject_key_id
        = g_bytes_new (ASN1_STRING_get0_data (subject_key_id), ASN1_STRING_length (subject_key_id));
  info->serial = read_serial (cert);
  info->signature_text = g_strdup (OBJ_nid2sn (X509_get_signature_nid (cert)));
  info->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, info->der);
  info->usages = read_usages (cert);
  info->purposes = read_purposes (cert);
  info->policies = read_policies (cert);
  info->ocsp_urls = read_access (cert, NID_ad_OCSP);
  info->issuer_urls = read_access (cert, NID_ad_ca_issuers);
  info->crl_urls = read_crl_points (cert);
  read_basic_constraints (cert, info);
  return TRUE;
}

X509 *
ch_cert_load (GBytes *der, GError **error)
{
  ChDerSpan in = ch_der_span (der);
  const guint8 *p = in.data;
  g_autoptr (X509) cert = in.len > 0 && in.len <= MAX_CERT_SIZE ? d2i_X509 (NULL, &p, in.len) : NULL;

  if (cert == NULL || p != in.data + in.len)
    {
      ch_openssl_fail (error, CH_ERROR_CERTIFICATE_WRONG, "this is not a certificate");
      return NULL;
    }

  return g_steal_pointer (&cert);
}

/* Returns: (transfer full): @cert in DER */
GBytes *
ch_cert_dump (X509 *cert)
{
  guint8 *der = NULL;
  int len = i2d_X509 (cert, &der);

  return ch_openssl_take_der (der, len);
}

/**
 * ch_cert_info_new:
 * @der: a certificate from outside
 * @error: %CH_ERROR_CERTIFICATE_WRONG when it is none
 *
 * Reads a certificate for display. Whether it is to be trusted is for ch_chain_verify().
 *
 * Returns: (transfer full): what it says
 */
ChCertInfo *
ch_cert_info_new (GBytes *der, GError **error)
{
  g_autoptr (X509) cert = ch_cert_load (der, error);
  g_autoptr (ChCertInfo) self = NULL;
  gboolean is_read;

  if (cert == NULL)
    return NULL;

  self = g_new0 (ChCertInfo, 1);
  g_atomic_ref_count_init (&self->refs);
  self->der = g_bytes_ref (der);
  is_read = read_all (cert, self, error);
  ERR_clear_error ();
  return is_read ? g_steal_pointer (&self) : NULL;
}

ChCertInfo *
ch_cert_info_ref (ChCertInfo *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_cert_info_unref (ChCertInfo *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->subject, ch_subject_unref);
  g_clear_pointer (&self->issuer, ch_subject_unref);
  g_clear_pointer (&self->subject_der, g_bytes_unref);
  g_clear_pointer (&self->issuer_der, g_bytes_unref);
  g_free (self->subject_text);
  g_free (self->issuer_text);
  g_free (self->serial);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self->key_text);
  g_clear_pointer (&self->key_id, g_bytes_unref);
  g_free (self->key_id_hex);
  g_clear_pointer (&self->subject_key_id, g_bytes_unref);
  g_free (self->signature_text);
  g_free (self->sha256);
  g_strfreev (self->purposes);
  g_strfreev (self->policies);
  g_strfreev (self->ocsp_urls);
  g_strfreev (self->issuer_urls);
  g_strfreev (self->crl_urls);
  g_free (self);
}

/**
 * ch_cert_info_can_encipher:
 *
 * Returns: whether something may have been encrypted for its key, which is then needed for ever
 */
gboolean
ch_cert_info_can_encipher (const ChCertInfo *self)
{
  return (self->usages & ENCIPHERS) != 0;
}

/**
 * ch_cert_info_find_extension_text:
 * @self: a certificate
 * @oid: of an extension that carries a text, dotted; a number of 1.2.156.10260.4.1, a trust id, …
 *
 * Returns: (transfer full) (nullable): the text; %NULL when there is no such extension, or it carries no text
 */
char *
ch_cert_info_find_extension_text (ChCertInfo *self, const char *oid)
{
  static const guint8 tags[] = { CH_DER_UTF8_STRING, CH_DER_PRINTABLE_STRING, CH_DER_IA5_STRING };
  g_autoptr (X509) cert = ch_cert_load (self->der, NULL);
  ASN1_OBJECT *object = OBJ_txt2obj (oid, 1);
  int i = object != NULL && cert != NULL ? X509_get_ext_by_OBJ (cert, object, -1) : -1;
  const ASN1_OCTET_STRING *value = i >= 0 ? X509_EXTENSION_get_data (X509_get_ext (cert, i)) : NULL;

  ASN1_OBJECT_free (object);
  ERR_clear_error ();
  for (guint k = 0; value != NULL && k < G_N_ELEMENTS (tags); k++)
    {
      ChDerSpan in = { ASN1_STRING_get0_data (value), ASN1_STRING_length (value) };
      ChDerSpan text;

      if (ch_der_read (&in, tags[k], &text, NULL) && in.len == 0
          && g_utf8_validate ((const char *) text.data, text.len, NULL))
        return g_strndup ((const char *) text.data, text.len);
    }

  return NULL;
}

/**
 * ch_cert_get_spki:
 * @der: a certificate
 * @error: %CH_ERROR_CERTIFICATE_WRONG
 *
 * Returns: (transfer full): its SubjectPublicKeyInfo
 */
GBytes *
ch_cert_get_spki (GBytes *der, GError **error)
{
  g_autoptr (X509) cert = ch_cert_load (der, error);
  guint8 *data = NULL;
  int len = cert != NULL ? i2d_X509_PUBKEY (X509_get_X509_PUBKEY (cert), &data) : -1;

  return ch_openssl_take_der (data, len);
}

/**
 * ch_cert_to_pem:
 * @der: a certificate
 *
 * Returns: (transfer full): the same as text
 */
char *
ch_cert_to_pem (GBytes *der)
{
  return ch_pem_encode ("CERTIFICATE", der);
}

/**
 * ch_cert_list_from_pem:
 * @text: a file from outside
 * @len: bytes
 * @error: %CH_ERROR_CERTIFICATE_WRONG when there is no certificate in it, or one that is damaged
 *
 * Returns: (transfer full) (element-type GBytes): its certificates in DER, in order
 */
GPtrArray *
ch_cert_list_from_pem (const char *text, gsize len, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const char *end = text + len;

  while (list->len < MAX_CERTS)
    {
      const char *rest = NULL;
      GBytes *der = ch_pem_decode ("CERTIFICATE", text, end - text, &rest);
      g_autoptr (X509) cert = NULL;

      if (rest == NULL)
        break;
      if (der != NULL)
        {
          g_ptr_array_add (list, der);
          cert = ch_cert_load (der, NULL);
        }
      if (cert == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "certificate %u in it is damaged",
                       list->len);
          return NULL;
        }
      text = rest;
    }

  if (list->len == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "there is no certificate in it");
      return NULL;
    }
  return g_steal_pointer (&list);
}

/**
 * ch_cert_from_data:
 * @data: a file from outside, text or DER
 * @error: %CH_ERROR_CERTIFICATE_WRONG
 *
 * Returns: (transfer full): the (first) certificate in DER
 */
GBytes *
ch_cert_from_data (GBytes *data, GError **error)
{
  ChDerSpan in = ch_der_span (data);
  g_autoptr (GPtrArray) list = NULL;

  if (ch_der_peek (&in) == CH_DER_SEQUENCE)
    {
      g_autoptr (X509) cert = ch_cert_load (data, error);

      return cert != NULL ? g_bytes_ref (data) : NULL;
    }

  list = ch_cert_list_from_pem ((const char *) in.data, in.len, error);
  return list != NULL ? g_bytes_ref (g_ptr_array_index (list, 0)) : NULL;
}
