#include "config.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <string.h>

#include "pki/ch-cert-file.h"
#include "pki/ch-openssl-private.h"
#include "pki/ch-pem.h"

/* More than any bundle of roots holds */
#define MAX_ITEMS 10000

static void
add_stack (ChCertFile *self, STACK_OF (X509) * certs, STACK_OF (X509_CRL) * crls)
{
  for (int i = 0; i < sk_X509_num (certs); i++)
    {
      guint8 *der = NULL;
      int len = i2d_X509 (sk_X509_value (certs, i), &der);

      g_ptr_array_add (self->certs, ch_openssl_take_der (der, len));
    }
  for (int i = 0; i < sk_X509_CRL_num (crls); i++)
    {
      guint8 *der = NULL;
      int len = i2d_X509_CRL (sk_X509_CRL_value (crls, i), &der);

      g_ptr_array_add (self->crls, ch_openssl_take_der (der, len));
    }
}

/* RFC 2315 9: signed data without signers is a bag of certificates; of one with signers only these are of
 * interest */
static gboolean
add_pkcs7 (ChCertFile *self, const ChDerSpan *in)
{
  const guint8 *p = in->data;
  PKCS7 *bag = d2i_PKCS7 (NULL, &p, in->len);
  gboolean is_bag = bag != NULL && PKCS7_type_is_signed (bag) && bag->d.sign != NULL;

  if (is_bag)
    add_stack (self, bag->d.sign->cert, bag->d.sign->crl);
  PKCS7_free (bag);
  return is_bag;
}

static gboolean
is_pkcs12 (const ChDerSpan *in)
{
  ChDerSpan rest = *in, body;
  guint64 version = 0;

  return ch_der_read (&rest, CH_DER_SEQUENCE, &body, NULL)
         && ch_der_read_small (&body, CH_DER_INTEGER, &version) && version == 3
         && ch_der_peek (&body) == CH_DER_SEQUENCE;
}

/* Returns: whether it was something that belongs here */
static gboolean
add_der (ChCertFile *self, GBytes *der)
{
  ChDerSpan in = ch_der_span (der);
  const guint8 *p = in.data;
  g_autoptr (X509) cert = in.len > 0 ? ch_cert_load (der, NULL) : NULL;
  g_autoptr (X509_CRL) crl = NULL;

  if (cert != NULL)
    {
      g_ptr_array_add (self->certs, g_bytes_ref (der));
      return TRUE;
    }

  crl = in.len > 0 ? d2i_X509_CRL (NULL, &p, in.len) : NULL;
  if (crl != NULL && p == in.data + in.len)
    {
      g_ptr_array_add (self->crls, g_bytes_ref (der));
      return TRUE;
    }

  return in.len > 0 && add_pkcs7 (self, &in);
}

/* One after the other, as `cat` joins them. Returns: %FALSE when something in it does not belong here */
static gboolean
add_joined (ChCertFile *self, GBytes *data)
{
  ChDerSpan in = ch_der_span (data);
  ChDerSpan whole;

  while (in.len > 0 && self->certs->len + self->crls->len < MAX_ITEMS)
    {
      g_autoptr (GBytes) der = NULL;

      if (!ch_der_read (&in, CH_DER_SEQUENCE, NULL, &whole))
        return FALSE;
      der = ch_der_span_copy (&whole);
      if (!add_der (self, der))
        return FALSE;
    }
  return TRUE;
}

/* Returns: %FALSE when something that says it belongs here is damaged */
static gboolean
add_pem (ChCertFile *self, const ChDerSpan *in)
{
  static const char *const labels[] = { "CERTIFICATE", "X509 CRL", "PKCS7" };
  const char *end = (const char *) in->data + in->len;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      const char *text = (const char *) in->data;
      const char *rest = NULL;

      while (self->certs->len + self->crls->len < MAX_ITEMS)
        {
          g_autoptr (GBytes) der = ch_pem_decode (labels[i], text, end - text, &rest);

          if (rest == NULL)
            break;
          if (der == NULL || !add_der (self, der))
            return FALSE;
          text = rest;
          rest = NULL;
        }
    }
  return TRUE;
}

static gboolean
holds_key (const ChDerSpan *in)
{
  return is_pkcs12 (in) || g_strstr_len ((const char *) in->data, in->len, "PRIVATE KEY-----") != NULL;
}

/**
 * ch_cert_file_read:
 * @data: a file from outside: certificates, CRLs and PKCS#7 bags (RFC 2315) in PEM, or in DER one after the
 * other
 * @error: %CH_ERROR_HOLDS_KEY when it holds a private key and no certificate beside it;
 * %CH_ERROR_NO_CERTIFICATE when there is nothing of use in it, or something damaged
 *
 * Returns: (transfer full): at least one certificate or CRL; %NULL with @error set
 */
ChCertFile *
ch_cert_file_read (GBytes *data, GError **error)
{
  g_autoptr (ChCertFile) self = g_new0 (ChCertFile, 1);
  ChDerSpan in = ch_der_span (data);
  gboolean is_whole = in.len > 0;

  self->certs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->crls = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (is_whole && ch_der_peek (&in) == CH_DER_SEQUENCE)
    is_whole = add_der (self, data) || add_joined (self, data);
  else if (is_whole)
    is_whole = add_pem (self, &in);
  ERR_clear_error ();

  if (is_whole && self->certs->len + self->crls->len > 0)
    return g_steal_pointer (&self);

  if (in.len > 0 && holds_key (&in))
    g_set_error (error, CH_ERROR, CH_ERROR_HOLDS_KEY, "the file holds a private key");
  else
    g_set_error (error, CH_ERROR, CH_ERROR_NO_CERTIFICATE, "there is no certificate in it, or a damaged one");
  return NULL;
}

void
ch_cert_file_free (ChCertFile *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->certs);
  g_ptr_array_unref (self->crls);
  g_free (self);
}
