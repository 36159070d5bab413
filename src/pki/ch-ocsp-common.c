#include "config.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-ocsp-private.h"

static const guint8 oid_sha1[] = { 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const guint8 oid_sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };

/* OCSP hashes the bits of the key, without the algorithm before them. */
gboolean
ch_ocsp_hash_key (GBytes *spki, guint8 sha1[20], guint8 sha256[32])
{
  ChDerSpan in = ch_der_span (spki);
  ChDerSpan body, bits;

  if (!ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) || !ch_der_read (&body, CH_DER_SEQUENCE, NULL, NULL)
      || !ch_der_read (&body, CH_DER_BIT_STRING, &bits, NULL) || bits.len < 2)
    return FALSE;

  SHA1 (bits.data + 1, bits.len - 1, sha1);
  SHA256 (bits.data + 1, bits.len - 1, sha256);
  return TRUE;
}

gboolean
ch_ocsp_hash_issuer (GBytes *ca_cert, ChOcspIssuerHashes *hashes, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (ca_cert, error);
  ChDerSpan name;

  if (info == NULL)
    return FALSE;
  if (!ch_ocsp_hash_key (info->spki, hashes->key_sha1, hashes->key_sha256))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the key of the CA cannot be read");
      return FALSE;
    }

  name = ch_der_span (info->subject_der);
  SHA1 (name.data, name.len, hashes->name_sha1);
  SHA256 (name.data, name.len, hashes->name_sha256);
  return TRUE;
}

gboolean
ch_ocsp_read_cert_id (ChDerSpan *in, ChOcspCertId *id)
{
  ChDerSpan body, algorithm;

  return ch_der_read (in, CH_DER_SEQUENCE, &body, &id->whole)
         && ch_der_read (&body, CH_DER_SEQUENCE, &algorithm, NULL)
         && ch_der_read (&algorithm, CH_DER_OID, &id->digest_oid, NULL)
         && ch_der_read (&body, CH_DER_OCTET_STRING, &id->name_hash, NULL)
         && ch_der_read (&body, CH_DER_OCTET_STRING, &id->key_hash, NULL)
         && ch_der_read (&body, CH_DER_INTEGER, &id->serial, NULL) && body.len == 0 && id->serial.len > 0
         && id->serial.len <= 21;
}

gboolean
ch_ocsp_is_of_issuer (const ChOcspCertId *id, const ChOcspIssuerHashes *hashes)
{
  if (ch_der_span_equal (&id->digest_oid, oid_sha1, sizeof oid_sha1))
    return ch_der_span_equal (&id->name_hash, hashes->name_sha1, sizeof hashes->name_sha1)
           && ch_der_span_equal (&id->key_hash, hashes->key_sha1, sizeof hashes->key_sha1);
  if (ch_der_span_equal (&id->digest_oid, oid_sha256, sizeof oid_sha256))
    return ch_der_span_equal (&id->name_hash, hashes->name_sha256, sizeof hashes->name_sha256)
           && ch_der_span_equal (&id->key_hash, hashes->key_sha256, sizeof hashes->key_sha256);
  return FALSE;
}

/* Finds the nonce among extensions; one that is missing is empty. Returns %FALSE when they are damaged. */
gboolean
ch_ocsp_read_nonce (ChDerSpan extensions, ChDerSpan *nonce)
{
  ChDerSpan list, extension, oid, value;

  *nonce = (ChDerSpan){ NULL, 0 };
  if (!ch_der_read (&extensions, CH_DER_SEQUENCE, &list, NULL) || extensions.len != 0)
    return FALSE;
  while (list.len > 0)
    {
      if (!ch_der_read (&list, CH_DER_SEQUENCE, &extension, NULL)
          || !ch_der_read (&extension, CH_DER_OID, &oid, NULL))
        return FALSE;
      ch_der_read (&extension, CH_DER_BOOLEAN, NULL, NULL);
      if (!ch_der_read (&extension, CH_DER_OCTET_STRING, &value, NULL) || extension.len != 0)
        return FALSE;
      if (ch_der_span_equal (&oid, CH_OCSP_OID_NONCE, CH_OCSP_OID_SIZE))
        {
          if (value.len == 0 || value.len > CH_OCSP_MAX_NONCE)
            return FALSE;
          *nonce = value;
        }
    }

  return TRUE;
}

/* OCSP times are GeneralizedTime without fractions, in UTC. */
gboolean
ch_ocsp_read_time (ChDerSpan *in, gint64 *seconds)
{
  ChDerSpan text;
  char copy[16];
  g_autoptr (GDateTime) time = NULL;
  int year, month, day, hour, minute, second;

  if (!ch_der_read (in, CH_DER_GENERALIZED_TIME, &text, NULL) || text.len != 15 || text.data[14] != 'Z')
    return FALSE;
  for (guint i = 0; i < 14; i++)
    if (!g_ascii_isdigit (text.data[i]))
      return FALSE;

  memcpy (copy, text.data, 14);
  copy[14] = 0;
  if (sscanf (copy, "%4d%2d%2d%2d%2d%2d", &year, &month, &day, &hour, &minute, &second) != 6)
    return FALSE;
  time = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (time == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (time);
  return TRUE;
}
