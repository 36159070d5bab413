#include "config.h"

#include <openssl/err.h>

#include "pki/ch-signed-private.h"

static const guint8 rsa_sha256[]
    = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00 };
static const guint8 ecdsa_sha256[]
    = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
static const guint8 sm2_sm3[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75 };

static const struct
{
  const guint8 *der;
  gsize len;
} algorithms[] = {
  [CH_KEY_KIND_OTHER] = { NULL, 0 },
  [CH_KEY_KIND_RSA] = { rsa_sha256, sizeof rsa_sha256 },
  [CH_KEY_KIND_P256] = { ecdsa_sha256, sizeof ecdsa_sha256 },
  [CH_KEY_KIND_SM2] = { sm2_sm3, sizeof sm2_sm3 },
};

/* What others may have signed with. SHA-1 and MD5 are left out on purpose. */
static const int accepted_digests[] = { NID_sha256, NID_sha384, NID_sha512, NID_sm3 };

/* Returns: (transfer full): the AlgorithmIdentifier our signatures of @kind carry. SM2 goes without
 * parameters; an explicit NULL, as some CAs write it, is accepted in what others made. */
GBytes *
ch_signed_get_algorithm (ChKeyKind kind)
{
  g_return_val_if_fail (kind != CH_KEY_KIND_OTHER, NULL);

  return g_bytes_new_static (algorithms[kind].der, algorithms[kind].len);
}

/* Cuts without judging. @rest is what follows the signature (the certificates of an OCSP answer); when it is
 * %NULL nothing may follow. */
gboolean
ch_signed_split (const ChDerSpan *der, ChSigned *parts, ChDerSpan *rest)
{
  ChDerSpan in = *der;
  ChDerSpan body;

  if (!ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) || in.len != 0)
    return FALSE;
  if (!ch_der_read (&body, CH_DER_SEQUENCE, NULL, &parts->tbs)
      || !ch_der_read (&body, CH_DER_SEQUENCE, NULL, &parts->algorithm)
      || !ch_der_read (&body, CH_DER_BIT_STRING, &parts->signature, NULL))
    return FALSE;
  if (parts->signature.len < 2 || parts->signature.data[0] != 0 || (rest == NULL && body.len != 0))
    return FALSE;

  if (rest != NULL)
    *rest = body;
  parts->signature.data++;
  parts->signature.len--;
  return TRUE;
}

GBytes *
ch_signed_join (GBytes *tbs, ChKeyKind kind, GBytes *signature)
{
  GByteArray *out = g_byte_array_sized_new (g_bytes_get_size (tbs) + g_bytes_get_size (signature) + 32);
  ChDerSpan sig = ch_der_span (signature);
  gsize mark = ch_der_begin (out, CH_DER_SEQUENCE);

  ch_der_add_raw (out, tbs);
  g_byte_array_append (out, algorithms[kind].der, algorithms[kind].len);
  ch_der_add_bit_string (out, sig.data, sig.len);
  ch_der_end (out, mark);
  return ch_der_finish (out);
}

/* Returns: (nullable): the digest of an AlgorithmIdentifier that goes with @pkey; %NULL when it does not, or
 * is too weak */
const EVP_MD *
ch_signed_find_digest (const ChDerSpan *algorithm, EVP_PKEY *pkey)
{
  const guint8 *p = algorithm->data;
  g_autoptr (X509_ALGOR) parsed = d2i_X509_ALGOR (NULL, &p, algorithm->len);
  const ASN1_OBJECT *oid = NULL;
  int digest = NID_undef;
  int key = NID_undef;

  if (parsed == NULL)
    return NULL;

  X509_ALGOR_get0 (&oid, NULL, NULL, parsed);
  if (OBJ_find_sigid_algs (OBJ_obj2nid (oid), &digest, &key) != 1)
    return NULL;
  /* The kind of key must be the one the algorithm names: SM3 goes with SM2 and with nothing else */
  if (EVP_PKEY_is_a (pkey, "SM2") != (digest == NID_sm3))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (accepted_digests); i++)
    if (digest == accepted_digests[i])
      return EVP_get_digestbynid (digest);

  return NULL;
}

/* One verification for everything signed. OpenSSL 3.0 has no way to hand the distinguishing id of SM2 to its
 * CRL and OCSP functions, so those would refuse what is right. */
gboolean
ch_signed_is_right (const ChSigned *parts, EVP_PKEY *pkey, const char *sm2_id)
{
  const EVP_MD *md = ch_signed_find_digest (&parts->algorithm, pkey);

  ERR_clear_error ();
  return md != NULL && ch_pkey_verify (pkey, md, &parts->tbs, &parts->signature, sm2_id);
}
