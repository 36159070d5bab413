#include "config.h"

#include <openssl/rand.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-ocsp-private.h"
#include "pki/ch-ocsp.h"
#include "pki/ch-signed-private.h"

#define MAX_RESPONSE_SIZE (64 * 1024)
#define NONCE_SIZE        16
/* Clocks differ */
#define SLACK 300
/* For an answer that does not say until when it holds */
#define MAX_AGE (24 * 3600)

struct _ChOcspRequest
{
  GBytes *der;                  /* (owned) */
  GBytes *ca_cert;              /* (owned) */
  GBytes *cert_id;              /* (owned): CertID in DER */
  ChOcspIssuerHashes hashes;    /* of the CA */
  guint8 nonce[NONCE_SIZE + 2]; /* an OCTET STRING */
};

typedef struct
{
  ChOcspStatus status;
  ChRevocation reason;
  gint64 revoked_at;
  gint64 this_update;
  gint64 next_update;
} Single;

static GBytes *
build_cert_id (const ChOcspIssuerHashes *hashes, GBytes *serial)
{
  GByteArray *out = g_byte_array_new ();
  gsize id = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize algorithm = ch_der_begin (out, CH_DER_SEQUENCE);

  /* SHA-1 because every responder knows it; it only names the issuer here */
  ch_der_add_oid (out, "1.3.14.3.2.26");
  ch_der_add (out, CH_DER_NULL, NULL, 0);
  ch_der_end (out, algorithm);
  ch_der_add (out, CH_DER_OCTET_STRING, hashes->name_sha1, sizeof hashes->name_sha1);
  ch_der_add (out, CH_DER_OCTET_STRING, hashes->key_sha1, sizeof hashes->key_sha1);
  ch_der_add_unsigned (out, CH_DER_INTEGER, g_bytes_get_data (serial, NULL), g_bytes_get_size (serial));
  ch_der_end (out, id);
  return ch_der_finish (out);
}

static GBytes *
build_request (ChOcspRequest *self)
{
  GByteArray *out = g_byte_array_new ();
  gsize whole = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize body = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize list = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize question = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize outer, extensions, extension;

  ch_der_add_raw (out, self->cert_id);
  ch_der_end (out, question);
  ch_der_end (out, list);
  outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (2));
  extensions = ch_der_begin (out, CH_DER_SEQUENCE);
  extension = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_oid (out, CH_OCSP_DOTTED_NONCE);
  ch_der_add (out, CH_DER_OCTET_STRING, self->nonce, sizeof self->nonce);
  ch_der_end (out, extension);
  ch_der_end (out, extensions);
  ch_der_end (out, outer);
  ch_der_end (out, body);
  ch_der_end (out, whole);
  return ch_der_finish (out);
}

/**
 * ch_ocsp_request_new:
 * @cert: the certificate asked about
 * @ca_cert: the certificate of its issuer, trusted already
 * @error: %CH_ERROR_CERTIFICATE_WRONG when one of them cannot be read
 *
 * Returns: (transfer full): a question with a nonce of its own
 */
ChOcspRequest *
ch_ocsp_request_new (GBytes *cert, GBytes *ca_cert, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, error);
  g_autoptr (ChOcspRequest) self = g_new0 (ChOcspRequest, 1);
  g_autoptr (GBytes) serial = info != NULL ? ch_bytes_from_hex (info->serial) : NULL;

  if (info == NULL)
    return NULL;
  if (serial == NULL || g_bytes_get_size (serial) == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the serial number cannot be asked about");
      return NULL;
    }

  self->ca_cert = g_bytes_ref (ca_cert);
  if (!ch_ocsp_hash_issuer (ca_cert, &self->hashes, error))
    return NULL;
  self->cert_id = build_cert_id (&self->hashes, serial);
  self->nonce[0] = CH_DER_OCTET_STRING;
  self->nonce[1] = NONCE_SIZE;
  if (RAND_bytes (self->nonce + 2, NONCE_SIZE) != 1)
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "making a nonce");
      return NULL;
    }
  self->der = build_request (self);
  return g_steal_pointer (&self);
}

void
ch_ocsp_request_free (ChOcspRequest *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->ca_cert, g_bytes_unref);
  g_clear_pointer (&self->cert_id, g_bytes_unref);
  g_free (self);
}

/**
 * ch_ocsp_request_get_der:
 * @self: a question
 *
 * Returns: (transfer none): what to send
 */
GBytes *
ch_ocsp_request_get_der (ChOcspRequest *self)
{
  return self->der;
}

static gboolean
unwrap (ChDerSpan in, ChDerSpan *basic, guint64 *status)
{
  ChDerSpan whole, outer, body, oid;

  if (in.len > MAX_RESPONSE_SIZE || !ch_der_read (&in, CH_DER_SEQUENCE, &whole, NULL) || in.len != 0
      || !ch_der_read_small (&whole, CH_DER_ENUMERATED, status))
    return FALSE;
  if (*status != 0)
    return TRUE;
  return ch_der_read (&whole, CH_DER_CONTEXT_CONSTRUCTED (0), &outer, NULL)
         && ch_der_read (&outer, CH_DER_SEQUENCE, &body, NULL) && ch_der_read (&body, CH_DER_OID, &oid, NULL)
         && ch_der_span_equal (&oid, CH_OCSP_OID_BASIC, CH_OCSP_OID_SIZE)
         && ch_der_read (&body, CH_DER_OCTET_STRING, basic, NULL);
}

static gboolean
is_delegate (ChOcspRequest *self, EVP_PKEY *ca_key, GBytes *cert, gint64 when, const char *sm2_id)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, NULL);
  g_autoptr (ChCertInfo) ca = ch_cert_info_new (self->ca_cert, NULL);
  ChDerSpan in = ch_der_span (cert);
  ChSigned parts;

  return info != NULL && ca != NULL && g_bytes_equal (info->issuer_der, ca->subject_der)
         && g_strv_contains ((const char *const *) info->purposes, "OCSPSigning")
         && (info->usages & CH_USAGE_DIGITAL_SIGNATURE) && info->not_before <= when + SLACK
         && info->not_after >= when - SLACK && ch_signed_split (&in, &parts, NULL)
         && ch_signed_is_right (&parts, ca_key, sm2_id);
}

/* An answer is signed by the CA itself, or by somebody the CA gave a certificate for just that. */
static gboolean
is_signed_rightly (ChOcspRequest *self,
                   const ChSigned *parts,
                   ChDerSpan certs,
                   gint64 when,
                   const char *sm2_id)
{
  g_autoptr (GBytes) ca_spki = ch_cert_get_spki (self->ca_cert, NULL);
  g_autoptr (EVP_PKEY) ca_key = ca_spki != NULL ? ch_spki_load (ca_spki, NULL) : NULL;
  ChDerSpan list, whole;

  if (ca_key == NULL)
    return FALSE;
  if (ch_signed_is_right (parts, ca_key, sm2_id))
    return TRUE;
  if (!ch_der_read (&certs, CH_DER_SEQUENCE, &list, NULL))
    return FALSE;

  for (guint i = 0; i < 4 && ch_der_read (&list, CH_DER_SEQUENCE, NULL, &whole); i++)
    {
      g_autoptr (GBytes) cert = ch_der_span_copy (&whole);
      g_autoptr (GBytes) spki = ch_cert_get_spki (cert, NULL);
      g_autoptr (EVP_PKEY) pkey = spki != NULL ? ch_spki_load (spki, NULL) : NULL;

      if (pkey != NULL && ch_signed_is_right (parts, pkey, sm2_id))
        return is_delegate (self, ca_key, cert, when, sm2_id);
    }

  return FALSE;
}

static gboolean
read_state (ChDerSpan *in, Single *single)
{
  ChDerSpan body, reason;
  guint64 code = 0;

  if (ch_der_read (in, CH_DER_CONTEXT (0), NULL, NULL))
    single->status = CH_OCSP_GOOD;
  else if (ch_der_read (in, CH_DER_CONTEXT (2), NULL, NULL))
    single->status = CH_OCSP_UNKNOWN;
  else if (ch_der_read (in, CH_DER_CONTEXT_CONSTRUCTED (1), &body, NULL))
    {
      single->status = CH_OCSP_REVOKED;
      if (!ch_ocsp_read_time (&body, &single->revoked_at))
        return FALSE;
      if (ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), &reason, NULL)
          && (!ch_der_read_small (&reason, CH_DER_ENUMERATED, &code) || code > 10))
        return FALSE;
      single->reason = (ChRevocation) code;
    }
  else
    return FALSE;

  return TRUE;
}

static gboolean
find_single (ChOcspRequest *self, ChDerSpan list, Single *single)
{
  ChDerSpan wanted = ch_der_span (self->cert_id);
  ChDerSpan wanted_copy = wanted;
  ChOcspCertId asked, id;
  ChDerSpan body, next;

  if (!ch_ocsp_read_cert_id (&wanted_copy, &asked))
    return FALSE;

  while (ch_der_read (&list, CH_DER_SEQUENCE, &body, NULL))
    {
      if (!ch_ocsp_read_cert_id (&body, &id))
        return FALSE;
      if (!ch_der_span_equal (&id.serial, asked.serial.data, asked.serial.len)
          || !ch_ocsp_is_of_issuer (&id, &self->hashes))
        continue;

      single->next_update = -1;
      return read_state (&body, single) && ch_ocsp_read_time (&body, &single->this_update)
             && (!ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), &next, NULL)
                 || ch_ocsp_read_time (&next, &single->next_update));
    }

  return FALSE;
}

static gboolean
read_data (ChOcspRequest *self, ChDerSpan tbs, Single *single, gboolean *is_nonce_right)
{
  ChDerSpan body, list, extensions, nonce;
  gint64 produced_at;

  if (!ch_der_read (&tbs, CH_DER_SEQUENCE, &body, NULL))
    return FALSE;
  ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, NULL);
  if (!ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (1), NULL, NULL)
      && !ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (2), NULL, NULL))
    return FALSE;
  if (!ch_ocsp_read_time (&body, &produced_at) || !ch_der_read (&body, CH_DER_SEQUENCE, &list, NULL)
      || !find_single (self, list, single))
    return FALSE;

  /* A responder may leave the nonce out (then the times decide), but never answer with another */
  *is_nonce_right = TRUE;
  if (ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (1), &extensions, NULL))
    {
      if (!ch_ocsp_read_nonce (extensions, &nonce))
        return FALSE;
      *is_nonce_right = nonce.len == 0 || ch_der_span_equal (&nonce, self->nonce, sizeof self->nonce);
    }
  return TRUE;
}

/**
 * ch_ocsp_request_verify:
 * @self: a question
 * @response: what came from outside
 * @when: now, seconds since 1970
 * @sm2_id: (nullable): the distinguishing id for SM2
 * @state: (out): what the responder says
 * @error: %CH_ERROR_BUSY when it cannot answer now; %CH_ERROR_BAD_ANSWER when the answer is damaged, not
 * signed by the CA or its OCSP signer, about something else, or not of now
 *
 * Reads an answer that may be believed.
 */
gboolean
ch_ocsp_request_verify (ChOcspRequest *self,
                        GBytes *response,
                        gint64 when,
                        const char *sm2_id,
                        ChOcspState *state,
                        GError **error)
{
  ChDerSpan basic, rest, certs = { NULL, 0 };
  gboolean is_nonce_right = FALSE;
  Single single = { 0 };
  guint64 status = 0;
  ChSigned parts;
  const char *problem = NULL;

  if (!unwrap (ch_der_span (response), &basic, &status))
    problem = "the answer is damaged";
  else if (status != 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BUSY, "the responder gave no answer (%" G_GUINT64_FORMAT ")",
                   status);
      return FALSE;
    }
  else if (!ch_signed_split (&basic, &parts, &rest))
    problem = "the answer is not signed";
  else
    {
      ch_der_read (&rest, CH_DER_CONTEXT_CONSTRUCTED (0), &certs, NULL);

      if (!is_signed_rightly (self, &parts, certs, when, sm2_id))
        problem = "the answer is not signed by the CA";
      else if (!read_data (self, parts.tbs, &single, &is_nonce_right))
        problem = "the answer is about something else";
      else if (!is_nonce_right)
        problem = "the answer belongs to another question";
      else if (single.this_update > when + SLACK
               || (single.next_update >= 0 ? single.next_update < when - SLACK
                                           : single.this_update < when - MAX_AGE))
        problem = "the answer is not of now";
    }

  if (problem != NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "OCSP: %s", problem);
      return FALSE;
    }

  *state = (ChOcspState){ single.status, single.reason, single.revoked_at };
  return TRUE;
}
