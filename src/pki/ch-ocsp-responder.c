#include "config.h"

#include "pki/ch-ocsp-private.h"
#include "pki/ch-ocsp-responder.h"

#define MAX_REQUEST_SIZE 8192
#define MAX_QUESTIONS    16

/* OCSPResponseStatus of RFC 6960 */
typedef enum
{
  ANSWER_SUCCESSFUL = 0,
  ANSWER_MALFORMED = 1,
  ANSWER_INTERNAL_ERROR = 2,
  ANSWER_TRY_LATER = 3,
} Answer;

struct _ChOcspResponder
{
  ChIssuer *signer;          /* (owned) */
  ChOcspIssuerHashes hashes; /* of the CA */
  guint8 signer_sha1[20];
};

typedef struct
{
  ChOcspCertId questions[MAX_QUESTIONS];
  guint n_questions;
  ChDerSpan nonce; /* empty when there is none */
} Request;

/**
 * ch_ocsp_responder_new:
 * @ca_cert: the CA whose certificates are answered for
 * @signer: the CA itself, or its OCSP signer
 *
 * Returns: (transfer full): the responder
 */
ChOcspResponder *
ch_ocsp_responder_new (GBytes *ca_cert, ChIssuer *signer, GError **error)
{
  g_autoptr (ChOcspResponder) self = g_new0 (ChOcspResponder, 1);
  guint8 unused[32];

  self->signer = ch_issuer_ref (signer);
  if (!ch_ocsp_hash_issuer (ca_cert, &self->hashes, error))
    return NULL;
  if (!ch_ocsp_hash_key (ch_issuer_get_spki (signer), self->signer_sha1, unused))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the key of the OCSP signer cannot be read");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
ch_ocsp_responder_free (ChOcspResponder *self)
{
  if (self == NULL)
    return;

  ch_issuer_unref (self->signer);
  g_free (self);
}

static gboolean
read_questions (ChDerSpan list, Request *request)
{
  while (list.len > 0)
    {
      ChDerSpan question;

      if (request->n_questions == MAX_QUESTIONS || !ch_der_read (&list, CH_DER_SEQUENCE, &question, NULL)
          || !ch_ocsp_read_cert_id (&question, &request->questions[request->n_questions]))
        return FALSE;
      request->n_questions++;
    }

  return request->n_questions > 0;
}

static gboolean
read_request (ChDerSpan in, Request *request)
{
  ChDerSpan whole, body, list, extensions;

  if (in.len > MAX_REQUEST_SIZE || !ch_der_read (&in, CH_DER_SEQUENCE, &whole, NULL) || in.len != 0
      || !ch_der_read (&whole, CH_DER_SEQUENCE, &body, NULL))
    return FALSE;

  /* Version and the requestor’s name change nothing, nor does a signature behind */
  ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, NULL);
  ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (1), NULL, NULL);
  if (!ch_der_read (&body, CH_DER_SEQUENCE, &list, NULL) || !read_questions (list, request))
    return FALSE;
  if (ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (2), &extensions, NULL)
      && !ch_ocsp_read_nonce (extensions, &request->nonce))
    return FALSE;
  return body.len == 0;
}

static void
add_state (GByteArray *out, const ChOcspState *state)
{
  gsize mark, reason;

  if (state->status != CH_OCSP_REVOKED)
    {
      ch_der_add (out, CH_DER_CONTEXT (state->status == CH_OCSP_GOOD ? 0 : 2), NULL, 0);
      return;
    }

  mark = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (1));
  ch_der_add_time (out, state->revoked_at, TRUE);
  if (state->reason != CH_REVOCATION_UNSPECIFIED)
    {
      reason = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
      ch_der_add_small (out, CH_DER_ENUMERATED, state->reason);
      ch_der_end (out, reason);
    }
  ch_der_end (out, mark);
}

static char *
format_serial (const ChDerSpan *serial)
{
  gsize skip = serial->len > 1 && serial->data[0] == 0 ? 1 : 0;
  g_autoptr (GBytes) bytes = g_bytes_new (serial->data + skip, serial->len - skip);
  g_autofree char *hex = ch_bytes_to_hex (bytes);

  return g_ascii_strup (hex, -1);
}

static gboolean
add_single (ChOcspResponder *self,
            GByteArray *out,
            const ChOcspCertId *id,
            gint64 now,
            gint64 next_update,
            ChOcspLookup lookup,
            gpointer user_data)
{
  ChOcspState state = { CH_OCSP_UNKNOWN, CH_REVOCATION_UNSPECIFIED, 0 };
  g_autofree char *serial = format_serial (&id->serial);
  gsize single, next;

  if (ch_ocsp_is_of_issuer (id, &self->hashes) && !lookup (serial, &state, user_data))
    return FALSE;

  single = ch_der_begin (out, CH_DER_SEQUENCE);
  g_byte_array_append (out, id->whole.data, id->whole.len);
  add_state (out, &state);
  ch_der_add_time (out, now, TRUE);
  next = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
  ch_der_add_time (out, next_update, TRUE);
  ch_der_end (out, next);
  ch_der_end (out, single);
  return TRUE;
}

static void
add_nonce (GByteArray *out, const ChDerSpan *nonce)
{
  gsize outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (1));
  gsize list = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize extension = ch_der_begin (out, CH_DER_SEQUENCE);

  ch_der_add_oid (out, CH_OCSP_DOTTED_NONCE);
  ch_der_add (out, CH_DER_OCTET_STRING, nonce->data, nonce->len);
  ch_der_end (out, extension);
  ch_der_end (out, list);
  ch_der_end (out, outer);
}

static GBytes *
build_tbs (ChOcspResponder *self,
           const Request *request,
           gint64 now,
           gint64 next_update,
           ChOcspLookup lookup,
           gpointer user_data)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize data = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize id = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (2));
  gsize list;

  ch_der_add (out, CH_DER_OCTET_STRING, self->signer_sha1, sizeof self->signer_sha1);
  ch_der_end (out, id);
  ch_der_add_time (out, now, TRUE);
  list = ch_der_begin (out, CH_DER_SEQUENCE);
  for (guint i = 0; i < request->n_questions; i++)
    if (!add_single (self, out, &request->questions[i], now, next_update, lookup, user_data))
      return NULL;
  ch_der_end (out, list);
  if (request->nonce.len > 0)
    add_nonce (out, &request->nonce);
  ch_der_end (out, data);
  return ch_der_finish (g_steal_pointer (&out));
}

/* SIGNED with the signer’s certificate behind the signature. */
static GBytes *
add_cert (GBytes *signed_data, GBytes *cert)
{
  ChDerSpan in = ch_der_span (signed_data);
  GByteArray *out = g_byte_array_new ();
  ChDerSpan body = { NULL, 0 };
  gsize whole, outer, list;

  ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL);
  whole = ch_der_begin (out, CH_DER_SEQUENCE);
  g_byte_array_append (out, body.data, body.len);
  if (cert != NULL)
    {
      outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
      list = ch_der_begin (out, CH_DER_SEQUENCE);
      ch_der_add_raw (out, cert);
      ch_der_end (out, list);
      ch_der_end (out, outer);
    }
  ch_der_end (out, whole);
  return ch_der_finish (out);
}

static GBytes *
wrap (Answer answer, GBytes *basic)
{
  GByteArray *out = g_byte_array_new ();
  gsize whole = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize outer, body, octets;

  ch_der_add_small (out, CH_DER_ENUMERATED, answer);
  if (basic != NULL)
    {
      outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
      body = ch_der_begin (out, CH_DER_SEQUENCE);
      ch_der_add_oid (out, CH_OCSP_DOTTED_BASIC);
      octets = ch_der_begin (out, CH_DER_OCTET_STRING);
      ch_der_add_raw (out, basic);
      ch_der_end (out, octets);
      ch_der_end (out, body);
      ch_der_end (out, outer);
    }
  ch_der_end (out, whole);
  return ch_der_finish (out);
}

/**
 * ch_ocsp_responder_answer:
 * @self: a responder
 * @request: from outside, in DER
 * @now: seconds since 1970
 * @next_update: until when the answer may be kept
 * @lookup: (scope call): says what is known of a certificate
 * @user_data: for @lookup
 *
 * Answers a request; what is asked of other CAs is unknown. The nonce is copied.
 *
 * Returns: (transfer full): an OCSPResponse in DER, one that says what is wrong when there is nothing better
 */
GBytes *
ch_ocsp_responder_answer (ChOcspResponder *self,
                          GBytes *request,
                          gint64 now,
                          gint64 next_update,
                          ChOcspLookup lookup,
                          gpointer user_data)
{
  Request parsed = { 0 };
  g_autoptr (GBytes) tbs = NULL;
  g_autoptr (GBytes) signed_data = NULL;
  g_autoptr (GBytes) basic = NULL;

  if (!read_request (ch_der_span (request), &parsed))
    return wrap (ANSWER_MALFORMED, NULL);
  tbs = build_tbs (self, &parsed, now, next_update, lookup, user_data);
  if (tbs == NULL)
    return wrap (ANSWER_TRY_LATER, NULL);
  signed_data = ch_issuer_sign (self->signer, tbs, NULL);
  if (signed_data == NULL)
    return wrap (ANSWER_INTERNAL_ERROR, NULL);

  basic = add_cert (signed_data, ch_issuer_get_cert (self->signer));
  return wrap (ANSWER_SUCCESSFUL, basic);
}
