#include "config.h"

#include "pki/ch-csr.h"
#include "pki/ch-signed-private.h"

/* More than the largest request that is asked for here by far */
#define MAX_CSR_SIZE (16 * 1024)

struct _ChCsr
{
  GBytes *tbs;    /* (owned) */
  EVP_PKEY *pkey; /* (owned): the public key */
};

/**
 * ch_csr_begin:
 * @spki: the key the certificate is wanted for
 * @subject: the name asked for
 *
 * Begins a request: ch_csr_get_tbs() is what the key’s owner signs.
 *
 * Returns: (transfer full): the request in the making
 */
ChCsr *
ch_csr_begin (GBytes *spki, ChSubject *subject, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (spki, error);
  g_autoptr (GBytes) name = NULL;
  GByteArray *out;
  ChCsr *self;
  gsize mark;

  if (pkey == NULL)
    return NULL;
  if (ch_pkey_get_kind (pkey) == CH_KEY_KIND_OTHER)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE, "no requests are made for this kind of key");
      return NULL;
    }

  name = ch_subject_to_der (subject);
  out = g_byte_array_new ();
  mark = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_small (out, CH_DER_INTEGER, 0);
  ch_der_add_raw (out, name);
  ch_der_add_raw (out, spki);
  ch_der_add (out, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, 0);
  ch_der_end (out, mark);

  self = g_new0 (ChCsr, 1);
  self->tbs = ch_der_finish (out);
  self->pkey = g_steal_pointer (&pkey);
  return self;
}

/**
 * ch_csr_get_tbs:
 * @self: a request in the making
 *
 * Returns: (transfer none): what is to be signed
 */
GBytes *
ch_csr_get_tbs (ChCsr *self)
{
  return self->tbs;
}

/**
 * ch_csr_close:
 * @self: a request in the making
 * @signature: over ch_csr_get_tbs(); ECDSA and SM2 in DER
 * @sm2_id: (nullable): the distinguishing id the signer used
 * @error: %CH_ERROR_CSR_REFUSED when @signature is not of the key
 *
 * Returns: (transfer full): the request in DER
 */
GBytes *
ch_csr_close (ChCsr *self, GBytes *signature, const char *sm2_id, GError **error)
{
  g_autoptr (GBytes) der = ch_signed_join (self->tbs, ch_pkey_get_kind (self->pkey), signature);
  ChDerSpan in = ch_der_span (der);
  ChSigned parts;

  if (!ch_signed_split (&in, &parts, NULL) || !ch_signed_is_right (&parts, self->pkey, sm2_id))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED, "the signature is not of the key of the request");
      return NULL;
    }

  return g_steal_pointer (&der);
}

void
ch_csr_free (ChCsr *self)
{
  if (self == NULL)
    return;

  g_bytes_unref (self->tbs);
  EVP_PKEY_free (self->pkey);
  g_free (self);
}

/**
 * ch_csr_make:
 * @key: a key in memory
 * @subject: the name asked for
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Begins, signs and closes a request in one go.
 *
 * Returns: (transfer full): the request in DER
 */
GBytes *
ch_csr_make (ChKey *key, ChSubject *subject, const char *sm2_id, GError **error)
{
  g_autoptr (ChCsr) csr = ch_csr_begin (ch_key_get_spki (key), subject, error);
  g_autoptr (GBytes) signature = csr != NULL ? ch_key_sign (key, csr->tbs, sm2_id, error) : NULL;

  return signature != NULL ? ch_csr_close (csr, signature, sm2_id, error) : NULL;
}

static gboolean
read_tbs (ChDerSpan in, ChDerSpan *name, ChDerSpan *spki)
{
  ChDerSpan body;
  guint64 version;

  return ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) && in.len == 0
         && ch_der_read_small (&body, CH_DER_INTEGER, &version) && version == 0
         && ch_der_read (&body, CH_DER_SEQUENCE, NULL, name)
         && ch_der_read (&body, CH_DER_SEQUENCE, NULL, spki)
         && ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, NULL) && body.len == 0;
}

/**
 * ch_csr_verify:
 * @der: a request from outside
 * @sm2_id: (nullable): the distinguishing id for SM2
 * @subject: (out) (optional) (transfer full): the name asked for; it proves nothing
 * @error: %CH_ERROR_CSR_REFUSED
 *
 * Checks that whoever made the request has the key. What the key may be is for ch_spki_check_policy().
 *
 * Returns: (transfer full): the public key
 */
GBytes *
ch_csr_verify (GBytes *der, const char *sm2_id, ChSubject **subject, GError **error)
{
  g_autoptr (ChSubject) name = NULL;
  g_autoptr (EVP_PKEY) pkey = NULL;
  g_autoptr (GBytes) spki = NULL;
  ChDerSpan in = ch_der_span (der);
  ChDerSpan name_span, spki_span;
  ChSigned parts;

  if (in.len > MAX_CSR_SIZE || !ch_signed_split (&in, &parts, NULL)
      || !read_tbs (parts.tbs, &name_span, &spki_span))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED, "this is not a certificate request");
      return NULL;
    }

  spki = ch_der_span_copy (&spki_span);
  pkey = ch_spki_load (spki, NULL);
  if (ch_pkey_get_kind (pkey) == CH_KEY_KIND_OTHER || !ch_signed_is_right (&parts, pkey, sm2_id))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED, "the signature of the request is wrong");
      return NULL;
    }

  if (subject != NULL)
    {
      g_autoptr (GBytes) name_der = ch_der_span_copy (&name_span);

      name = ch_subject_new_from_der (name_der, NULL);
      if (name == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED, "the name in the request cannot be read");
          return NULL;
        }
      *subject = g_steal_pointer (&name);
    }

  return g_steal_pointer (&spki);
}
