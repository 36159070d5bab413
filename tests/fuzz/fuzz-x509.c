#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain.h"
#include "pki/ch-crl.h"
#include "pki/ch-ocsp.h"
#include "pki/ch-plain-cert-private.h"

/* What the quick way reads agrees with OpenSSL’s reading, or it leaves the certificate to it */
static void
read_plain (GBytes *der, const ChCertInfo *info)
{
  static GHashTable *known;
  ChDerSpan in = ch_der_span (der);
  ChDerSpan issuer, serial;
  ChPlainCert plain;

  if (known == NULL)
    known = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  ch_plain_cert_find_issuer (&in, &issuer, &serial);
  if (!ch_plain_cert_read (&in, &plain))
    return;
  if (info != NULL)
    {
      g_assert_cmpint (plain.not_before, ==, info->not_before);
      g_assert_cmpint (plain.not_after, ==, info->not_after);
    }
  if (!ch_plain_cert_knows_extensions (&plain, known) && g_hash_table_size (known) < 100)
    ch_plain_cert_learn_extensions (&plain, known);
}

/* What others sent as certificate, CRL or OCSP answer: it is read for display, verified, and never believed.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (GBytes) der = ch_cert_from_data (input, NULL);
  g_autoptr (ChCertInfo) info = der != NULL ? ch_cert_info_new (der, NULL) : NULL;
  g_autoptr (ChCrl) crl = ch_crl_new (input, NULL);

  if (der != NULL)
    read_plain (der, info);
  if (info != NULL)
    {
      g_autoptr (GPtrArray) certs = g_ptr_array_new ();
      g_autofree char *text = ch_cert_info_find_extension_text (info, "1.2.156.10260.4.1.4");
      g_autoptr (ChChainResult) result = NULL;
      g_autoptr (ChOcspRequest) request = ch_ocsp_request_new (der, der, NULL);
      ChOcspState state;

      g_ptr_array_add (certs, der);
      result = ch_chain_verify (der, certs, certs, info->not_before, NULL, NULL);
      if (request != NULL)
        ch_ocsp_request_verify (request, input, info->not_before, NULL, &state, NULL);
    }
  if (crl != NULL)
    ch_crl_find (crl, "0A", NULL, NULL);
  return 0;
}
