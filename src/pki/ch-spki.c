#include "config.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <string.h>

#include "pki/ch-openssl-private.h"
#include "pki/ch-spki.h"

#define MIN_RSA_BITS  2048
#define MAX_RSA_BITS  4096
#define RSA_EXPONENT  65537
#define MAX_SPKI_SIZE 16384

/* SubjectPublicKeyInfo of a named curve up to the uncompressed point. Any other spelling of the same key is
 * refused where keys are compared: a second spelling would be a second key id. */
static const guint8 p256_head[]
    = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
        0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
static const guint8 sm2_head[]
    = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
        0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04 };
static const guint8 rsa_algorithm[]
    = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };

ChKeyKind
ch_pkey_get_kind (EVP_PKEY *pkey)
{
  char group[32] = "";
  size_t len = 0;

  if (pkey == NULL)
    return CH_KEY_KIND_OTHER;
  if (EVP_PKEY_is_a (pkey, "SM2"))
    return CH_KEY_KIND_SM2;
  if (EVP_PKEY_is_a (pkey, "RSA"))
    return CH_KEY_KIND_RSA;
  if (EVP_PKEY_is_a (pkey, "EC") && EVP_PKEY_get_group_name (pkey, group, sizeof group, &len) == 1
      && g_strcmp0 (group, "prime256v1") == 0)
    return CH_KEY_KIND_P256;

  return CH_KEY_KIND_OTHER;
}

static gboolean
has_head (const ChDerSpan *spki, const guint8 *head, gsize len)
{
  /* Behind the head, which ends with the form of the point, come X and Y */
  return spki->len == len + 64 && memcmp (spki->data, head, len) == 0;
}

static EVP_PKEY *
make_pkey (const char *type, OSSL_PARAM *params)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, type, NULL);
  EVP_PKEY *pkey = NULL;

  if (context == NULL || EVP_PKEY_fromdata_init (context) != 1
      || EVP_PKEY_fromdata (context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
    return NULL;
  return pkey;
}

static EVP_PKEY *
load_point (const ChDerSpan *spki, gsize head, const char *type, const char *group)
{
  /* The head holds the byte that says how the point is written */
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) group, 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (guint8 *) spki->data + head - 1, 65),
    OSSL_PARAM_construct_end (),
  };

  return make_pkey (type, params);
}

static gboolean
read_positive (ChDerSpan *in, ChDerSpan *number)
{
  if (!ch_der_read (in, CH_DER_INTEGER, number, NULL) || number->len == 0 || (number->data[0] & 0x80))
    return FALSE;
  if (number->len > 1 && number->data[0] == 0)
    {
      number->data++;
      number->len--;
      return (number->data[0] & 0x80) != 0;
    }
  return TRUE;
}

static EVP_PKEY *
load_rsa (ChDerSpan in)
{
  ChDerSpan body, algorithm, bits, key, n, e;
  guint8 n_native[MAX_RSA_BITS / 8], e_native[8];
  OSSL_PARAM params[3];

  if (!ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) || in.len != 0
      || !ch_der_read (&body, CH_DER_SEQUENCE, NULL, &algorithm)
      || !ch_der_span_equal (&algorithm, rsa_algorithm, sizeof rsa_algorithm)
      || !ch_der_read (&body, CH_DER_BIT_STRING, &bits, NULL) || body.len != 0 || bits.len < 1
      || bits.data[0] != 0)
    return NULL;
  bits.data++;
  bits.len--;
  if (!ch_der_read (&bits, CH_DER_SEQUENCE, &key, NULL) || bits.len != 0 || !read_positive (&key, &n)
      || !read_positive (&key, &e) || key.len != 0 || n.len > sizeof n_native || e.len > sizeof e_native)
    return NULL;

  /* Parameters are numbers in the order of this machine */
  for (gsize i = 0; i < n.len; i++)
    n_native[G_BYTE_ORDER == G_LITTLE_ENDIAN ? n.len - 1 - i : i] = n.data[i];
  for (gsize i = 0; i < e.len; i++)
    e_native[G_BYTE_ORDER == G_LITTLE_ENDIAN ? e.len - 1 - i : i] = e.data[i];
  params[0] = OSSL_PARAM_construct_BN (OSSL_PKEY_PARAM_RSA_N, n_native, n.len);
  params[1] = OSSL_PARAM_construct_BN (OSSL_PKEY_PARAM_RSA_E, e_native, e.len);
  params[2] = OSSL_PARAM_construct_end ();
  return make_pkey ("RSA", params);
}

/* OpenSSL 3.0 takes longer to find out what kind of key it reads (100 µs) than to verify with it (17 µs), so
 * the spellings that nearly all keys have are read here; it gets the rest. */
static EVP_PKEY *
load_usual (const ChDerSpan *in)
{
  if (has_head (in, p256_head, sizeof p256_head))
    return load_point (in, sizeof p256_head, "EC", "prime256v1");
  if (has_head (in, sm2_head, sizeof sm2_head))
    return load_point (in, sizeof sm2_head, "SM2", "SM2");
  return load_rsa (*in);
}

EVP_PKEY *
ch_spki_load (GBytes *spki, GError **error)
{
  ChDerSpan in = ch_der_span (spki);
  const guint8 *p = in.data;
  g_autoptr (EVP_PKEY) pkey = NULL;

  if (in.len > 0 && in.len <= MAX_SPKI_SIZE)
    pkey = load_usual (&in);
  if (pkey != NULL)
    return g_steal_pointer (&pkey);

  if (in.len > 0 && in.len <= MAX_SPKI_SIZE)
    pkey = d2i_PUBKEY (NULL, &p, in.len);
  if (pkey == NULL || p != in.data + in.len)
    {
      ch_openssl_fail (error, CH_ERROR_BAD_ANSWER, "reading a public key");
      return NULL;
    }

  ERR_clear_error ();
  return g_steal_pointer (&pkey);
}

gboolean
ch_pkey_verify (EVP_PKEY *pkey,
                const EVP_MD *md,
                const ChDerSpan *data,
                const ChDerSpan *signature,
                const char *sm2_id)
{
  const char *id = sm2_id != NULL ? sm2_id : CH_SM2_DEFAULT_ID;
  /* The digest context only borrows the key context: it must go first, so it is declared last */
  g_autoptr (EVP_PKEY_CTX) key_context = EVP_PKEY_CTX_new (pkey, NULL);
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gboolean is_right = key_context != NULL && context != NULL;

  if (is_right && EVP_PKEY_is_a (pkey, "SM2"))
    {
      is_right = EVP_PKEY_CTX_set1_id (key_context, id, strlen (id)) == 1;
      EVP_MD_CTX_set_pkey_ctx (context, key_context);
    }
  is_right = is_right && EVP_DigestVerifyInit (context, NULL, md, NULL, pkey) == 1
             && EVP_DigestVerify (context, signature->data, signature->len, data->data, data->len) == 1;
  ERR_clear_error ();
  return is_right;
}

/**
 * ch_spki_get_kind:
 * @spki: SubjectPublicKeyInfo in DER
 * @bits: (out) (optional): the size of the key
 * @error: %CH_ERROR_BAD_ANSWER when it is damaged; a kind unknown here is no error
 *
 * Returns: what the key is
 */
ChKeyKind
ch_spki_get_kind (GBytes *spki, guint *bits, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (spki, error);

  if (bits != NULL)
    *bits = pkey != NULL ? EVP_PKEY_get_bits (pkey) : 0;
  return ch_pkey_get_kind (pkey);
}

/**
 * ch_spki_describe:
 * @spki: SubjectPublicKeyInfo in DER
 *
 * Returns: (transfer full): e.g. `RSA 2048`, `P-256`, `SM2`; never %NULL
 */
char *
ch_spki_describe (GBytes *spki)
{
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (spki, NULL);

  switch (ch_pkey_get_kind (pkey))
    {
    case CH_KEY_KIND_RSA:
      return g_strdup_printf ("RSA %d", EVP_PKEY_get_bits (pkey));
    case CH_KEY_KIND_P256:
      return g_strdup ("P-256");
    case CH_KEY_KIND_SM2:
      return g_strdup ("SM2");
    case CH_KEY_KIND_OTHER:
    default:
      return g_strdup (pkey != NULL && EVP_PKEY_get0_type_name (pkey) != NULL ? EVP_PKEY_get0_type_name (pkey)
                                                                              : "?");
    }
}

/**
 * ch_spki_get_key_id:
 * @spki: SubjectPublicKeyInfo in DER
 *
 * Returns: (transfer full): the first %CH_KEY_ID_SIZE bytes of its SHA-256
 */
GBytes *
ch_spki_get_key_id (GBytes *spki)
{
  ChDerSpan in = ch_der_span (spki);
  guint8 digest[SHA256_DIGEST_LENGTH];

  SHA256 (in.data, in.len, digest);
  return g_bytes_new (digest, CH_KEY_ID_SIZE);
}

/**
 * ch_spki_get_key_id_hex:
 * @spki: SubjectPublicKeyInfo in DER
 *
 * Returns: (transfer full): ch_spki_get_key_id() as 40 lower-case digits
 */
char *
ch_spki_get_key_id_hex (GBytes *spki)
{
  g_autoptr (GBytes) id = ch_spki_get_key_id (spki);

  return ch_bytes_to_hex (id);
}

static GByteArray *
encode_rsa_spki (const BIGNUM *n, const BIGNUM *e)
{
  GByteArray *out = g_byte_array_new ();
  guint8 number[MAX_RSA_BITS / 8];
  gsize spki, bits, key;

  spki = ch_der_begin (out, CH_DER_SEQUENCE);
  g_byte_array_append (out, rsa_algorithm, sizeof rsa_algorithm);
  bits = ch_der_begin (out, CH_DER_BIT_STRING);
  g_byte_array_append (out, (const guint8 *) "\0", 1);
  key = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_unsigned (out, CH_DER_INTEGER, number, BN_bn2bin (n, number));
  ch_der_add_unsigned (out, CH_DER_INTEGER, number, BN_bn2bin (e, number));
  ch_der_end (out, key);
  ch_der_end (out, bits);
  ch_der_end (out, spki);
  return out;
}

static gboolean
is_rsa_allowed (EVP_PKEY *pkey, const ChDerSpan *spki, int min_bits)
{
  g_autoptr (BIGNUM) n = NULL;
  g_autoptr (BIGNUM) e = NULL;
  g_autoptr (GByteArray) encoded = NULL;
  int bits = EVP_PKEY_get_bits (pkey);

  if (bits < min_bits || bits > MAX_RSA_BITS || EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1
      || EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
    return FALSE;
  if (!BN_is_odd (n) || !BN_is_word (e, RSA_EXPONENT))
    return FALSE;

  encoded = encode_rsa_spki (n, e);
  return ch_der_span_equal (spki, encoded->data, encoded->len);
}

/**
 * ch_spki_check_policy:
 * @spki: SubjectPublicKeyInfo in DER
 * @allowed_specs: bits of 1 << #ChKeySpec; an RSA size allows larger ones up to 4096 bits
 * @error: %CH_ERROR_CSR_REFUSED
 *
 * Checks that a key may be certified: RSA of 2048 to 4096 bits with e = 65537, P-256 or SM2, in the one
 * spelling that makes key ids unique.
 */
gboolean
ch_spki_check_policy (GBytes *spki, guint allowed_specs, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (spki, NULL);
  ChDerSpan in = ch_der_span (spki);
  gboolean is_allowed = FALSE;

  switch (ch_pkey_get_kind (pkey))
    {
    case CH_KEY_KIND_RSA:
      if (allowed_specs & (1 << CH_KEY_RSA_2048))
        is_allowed = is_rsa_allowed (pkey, &in, MIN_RSA_BITS);
      else if (allowed_specs & (1 << CH_KEY_RSA_3072))
        is_allowed = is_rsa_allowed (pkey, &in, 3072);
      break;
    case CH_KEY_KIND_P256:
      is_allowed = (allowed_specs & (1 << CH_KEY_P256)) && has_head (&in, p256_head, sizeof p256_head);
      break;
    case CH_KEY_KIND_SM2:
      is_allowed = (allowed_specs & (1 << CH_KEY_SM2)) && has_head (&in, sm2_head, sizeof sm2_head);
      break;
    case CH_KEY_KIND_OTHER:
    default:
      break;
    }

  if (!is_allowed)
    return ch_openssl_fail (error, CH_ERROR_CSR_REFUSED, "the key is of a kind or size that is not accepted");
  return TRUE;
}

/**
 * ch_spki_verify:
 * @spki: SubjectPublicKeyInfo in DER
 * @data: what was signed
 * @signature: what ch_key_sign() or a token returned
 * @sm2_id: (nullable): the distinguishing id for SM2, %CH_SM2_DEFAULT_ID when %NULL
 * @error: %CH_ERROR_CERTIFICATE_WRONG when the signature is not of this key over @data
 */
gboolean
ch_spki_verify (GBytes *spki, GBytes *data, GBytes *signature, const char *sm2_id, GError **error)
{
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (spki, error);
  ChDerSpan in = ch_der_span (data);
  ChDerSpan sig = ch_der_span (signature);
  ChKeyKind kind = ch_pkey_get_kind (pkey);

  if (pkey == NULL)
    return FALSE;

  if (kind == CH_KEY_KIND_OTHER
      || !ch_pkey_verify (pkey, kind == CH_KEY_KIND_SM2 ? EVP_sm3 () : EVP_sha256 (), &in, &sig, sm2_id))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the signature is wrong");
      return FALSE;
    }

  return TRUE;
}

/**
 * ch_bytes_to_hex:
 * @bytes: any bytes
 *
 * Returns: (transfer full): lower-case digits
 */
char *
ch_bytes_to_hex (GBytes *bytes)
{
  static const char digits[] = "0123456789abcdef";
  ChDerSpan in = ch_der_span (bytes);
  char *hex = g_malloc (in.len * 2 + 1);

  for (gsize i = 0; i < in.len; i++)
    {
      hex[2 * i] = digits[in.data[i] >> 4];
      hex[2 * i + 1] = digits[in.data[i] & 15];
    }
  hex[in.len * 2] = 0;
  return hex;
}

/**
 * ch_bytes_from_hex:
 * @hex: digits of either case, an even number
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL when @hex is something else
 */
GBytes *
ch_bytes_from_hex (const char *hex)
{
  gsize len = strlen (hex);
  g_autofree guint8 *data = g_malloc (len / 2 + 1);

  if (len % 2 != 0)
    return NULL;
  for (gsize i = 0; i < len / 2; i++)
    {
      int high = g_ascii_xdigit_value (hex[2 * i]);
      int low = g_ascii_xdigit_value (hex[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      data[i] = high << 4 | low;
    }

  return g_bytes_new_take (g_steal_pointer (&data), len / 2);
}
