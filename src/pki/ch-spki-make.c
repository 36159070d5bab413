#include "config.h"

#include <string.h>

#include "pki/ch-der.h"
#include "pki/ch-spki-make.h"

#define MAX_RSA_SIZE      1024 /* bytes of the modulus */
#define MAX_EXPONENT_SIZE 8
#define POINT_SIZE        65
#define NUMBER_SIZE       32
#define UNCOMPRESSED      0x04

static const guint8 rsa_algorithm[]
    = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
static const guint8 p256_params[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const guint8 p256_algorithm[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                         0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
/* DigestInfo of SHA-256 up to the digest */
static const guint8 sha256_head[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

static void
skip_zeros (ChDerSpan *number)
{
  while (number->len > 0 && number->data[0] == 0)
    {
      number->data++;
      number->len--;
    }
}

/**
 * ch_spki_from_rsa:
 * @modulus: (nullable): a number, the highest byte first
 * @exponent: (nullable): the same
 *
 * Returns: (transfer full) (nullable): SubjectPublicKeyInfo; %NULL when these cannot be a key
 */
GBytes *
ch_spki_from_rsa (GBytes *modulus, GBytes *exponent)
{
  ChDerSpan n = { 0 }, e = { 0 };
  g_autoptr (GBytes) made = NULL;
  GByteArray *out;
  gsize spki, bits, key;

  if (modulus == NULL || exponent == NULL)
    return NULL;
  n = ch_der_span (modulus);
  e = ch_der_span (exponent);
  skip_zeros (&n);
  skip_zeros (&e);
  if (n.len == 0 || n.len > MAX_RSA_SIZE || e.len == 0 || e.len > MAX_EXPONENT_SIZE)
    return NULL;

  out = g_byte_array_new ();
  spki = ch_der_begin (out, CH_DER_SEQUENCE);
  g_byte_array_append (out, rsa_algorithm, sizeof rsa_algorithm);
  bits = ch_der_begin (out, CH_DER_BIT_STRING);
  g_byte_array_append (out, (const guint8 *) "\0", 1);
  key = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_unsigned (out, CH_DER_INTEGER, n.data, n.len);
  ch_der_add_unsigned (out, CH_DER_INTEGER, e.data, e.len);
  ch_der_end (out, key);
  ch_der_end (out, bits);
  ch_der_end (out, spki);
  made = ch_der_finish (out);
  return ch_spki_get_kind (made, NULL, NULL) == CH_KEY_KIND_RSA ? g_steal_pointer (&made) : NULL;
}

/**
 * ch_spki_from_point:
 * @params: (nullable): of the curve, DER
 * @point: (nullable): uncompressed, in an OCTET STRING as PKCS #11 wants it or bare as some give it
 *
 * Returns: (transfer full) (nullable): SubjectPublicKeyInfo; %NULL when it is no key of P-256
 */
GBytes *
ch_spki_from_point (GBytes *params, GBytes *point)
{
  ChDerSpan curve, in, bare, inner;
  g_autoptr (GBytes) made = NULL;
  GByteArray *out;
  gsize spki;

  if (params == NULL || point == NULL)
    return NULL;
  curve = ch_der_span (params);
  bare = in = ch_der_span (point);
  if (!ch_der_span_equal (&curve, p256_params, sizeof p256_params))
    return NULL;
  if (bare.len != POINT_SIZE && ch_der_read (&in, CH_DER_OCTET_STRING, &inner, NULL) && in.len == 0)
    bare = inner;
  if (bare.len != POINT_SIZE || bare.data[0] != UNCOMPRESSED)
    return NULL;

  out = g_byte_array_new ();
  spki = ch_der_begin (out, CH_DER_SEQUENCE);
  g_byte_array_append (out, p256_algorithm, sizeof p256_algorithm);
  ch_der_add_bit_string (out, bare.data, bare.len);
  ch_der_end (out, spki);
  made = ch_der_finish (out);
  /* A point beside the curve is no key */
  return ch_spki_get_kind (made, NULL, NULL) == CH_KEY_KIND_P256 ? g_steal_pointer (&made) : NULL;
}

/**
 * ch_spki_join_signature:
 * @raw: r and s of P-256 or SM2, one after the other
 *
 * Returns: (transfer full) (nullable): DER of both; %NULL when @raw has another length
 */
GBytes *
ch_spki_join_signature (GBytes *raw)
{
  ChDerSpan in = ch_der_span (raw);
  GByteArray *out;
  gsize both;

  if (in.len != 2 * NUMBER_SIZE)
    return NULL;
  out = g_byte_array_new ();
  both = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_unsigned (out, CH_DER_INTEGER, in.data, NUMBER_SIZE);
  ch_der_add_unsigned (out, CH_DER_INTEGER, in.data + NUMBER_SIZE, NUMBER_SIZE);
  ch_der_end (out, both);
  return ch_der_finish (out);
}

/**
 * ch_spki_make_digest_info:
 * @data: what is to be signed
 *
 * Returns: (transfer full): its SHA-256 as PKCS #1 v1.5 pads it, for a token that does not hash
 */
GBytes *
ch_spki_make_digest_info (GBytes *data)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 info[sizeof sha256_head + 32];
  gsize len = 32;

  g_checksum_update (checksum, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  memcpy (info, sha256_head, sizeof sha256_head);
  g_checksum_get_digest (checksum, info + sizeof sha256_head, &len);
  return g_bytes_new (info, sizeof info);
}
