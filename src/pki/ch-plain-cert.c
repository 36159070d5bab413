#include "config.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "pki/ch-plain-cert-private.h"

/* Verifying many certificates of one CA, OpenSSL spends more time on reading them than on the signature. What
 * is read here is only what cannot be read in two ways; whatever is unusual in a certificate makes it “not
 * plain”, and then OpenSSL judges. Plain never means good: it means that issuer, dates, key, signature and
 * revocation are all there is to ask. */

/* Many small extensions are no plain certificate */
#define MAX_EXTENSIONS 16
/* Distinct extension values remembered for one CA */
#define MAX_KNOWN     256
#define MIN_RSA_BYTES 256
#define MAX_RSA_BYTES 512

static const guint8 oid_subject_key_id[] = { 0x55, 0x1d, 0x0e };
static const guint8 oid_authority_key_id[] = { 0x55, 0x1d, 0x23 };
static const guint8 oid_basic_constraints[] = { 0x55, 0x1d, 0x13 };

/* Arcs under which verification knows extensions of its own: id-ce, id-pe, Netscape’s */
static const struct
{
  guint8 len;
  guint8 bytes[8];
} known_arcs[] = {
  { 2, { 0x55, 0x1d } },
  { 7, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01 } },
  { 7, { 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42 } },
};

/* AlgorithmIdentifier of keys that are plain, whole */
static const guint8 rsa_key[]
    = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
static const guint8 p256_key[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                   0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const guint8 sm2_key[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                  0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d };

typedef struct
{
  ChDerSpan whole;
  ChDerSpan oid;
  ChDerSpan value; /* what is in the OCTET STRING */
  gboolean is_critical;
} Extension;

/* X.690 8.3.2: as short as can be; and not negative */
static gboolean
is_plain_number (const ChDerSpan *number)
{
  return number->len > 0 && (number->data[0] & 0x80) == 0
         && (number->len == 1 || number->data[0] != 0 || (number->data[1] & 0x80) != 0);
}

/* X.690 8.19.2: no arc begins with an empty group, the last one ends */
static gboolean
is_plain_oid (const ChDerSpan *oid)
{
  gboolean is_start = TRUE;

  for (gsize i = 0; i < oid->len; i++)
    {
      if (is_start && oid->data[i] == 0x80)
        return FALSE;
      is_start = (oid->data[i] & 0x80) == 0;
    }
  return oid->len > 0 && is_start;
}

static gboolean
read_two_digits (const guint8 **p, int *value)
{
  if (!g_ascii_isdigit ((*p)[0]) || !g_ascii_isdigit ((*p)[1]))
    return FALSE;

  *value = ((*p)[0] - '0') * 10 + (*p)[1] - '0';
  *p += 2;
  return TRUE;
}

/* RFC 5280 4.1.2.5: with seconds, in UTC, nothing else */
static gboolean
read_time (ChDerSpan *in, gint64 *seconds)
{
  gboolean is_short = ch_der_peek (in) == CH_DER_UTC_TIME;
  ChDerSpan text;
  const guint8 *p;
  int century = 0;
  struct tm tm = { 0 };

  if (!ch_der_read (in, is_short ? CH_DER_UTC_TIME : CH_DER_GENERALIZED_TIME, &text, NULL)
      || text.len != (is_short ? 13 : 15) || text.data[text.len - 1] != 'Z')
    return FALSE;

  p = text.data;
  if ((!is_short && !read_two_digits (&p, &century)) || !read_two_digits (&p, &tm.tm_year)
      || !read_two_digits (&p, &tm.tm_mon) || !read_two_digits (&p, &tm.tm_mday)
      || !read_two_digits (&p, &tm.tm_hour) || !read_two_digits (&p, &tm.tm_min)
      || !read_two_digits (&p, &tm.tm_sec))
    return FALSE;

  if (is_short)
    tm.tm_year += tm.tm_year < 50 ? 100 : 0;
  else
    tm.tm_year += century * 100 - 1900;
  if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1
      || tm.tm_mday > g_date_get_days_in_month (tm.tm_mon, tm.tm_year + 1900) || tm.tm_hour > 23
      || tm.tm_min > 59 || tm.tm_sec > 59)
    return FALSE;

  tm.tm_mon--;
  *seconds = timegm (&tm);
  return TRUE;
}

static gboolean
is_plain_text (int tag, const ChDerSpan *text)
{
  switch (tag)
    {
    case CH_DER_UTF8_STRING:
      return g_utf8_validate ((const char *) text->data, text->len, NULL);
    case CH_DER_PRINTABLE_STRING:
    case CH_DER_IA5_STRING:
      for (gsize i = 0; i < text->len; i++)
        if (text->data[i] < 0x20 || text->data[i] > 0x7e)
          return FALSE;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_plain_name (ChDerSpan name)
{
  ChDerSpan part, attribute, oid, text;
  int tag;

  while (name.len > 0)
    {
      if (!ch_der_read (&name, CH_DER_SET, &part, NULL)
          || !ch_der_read (&part, CH_DER_SEQUENCE, &attribute, NULL) || part.len != 0
          || !ch_der_read (&attribute, CH_DER_OID, &oid, NULL) || !is_plain_oid (&oid))
        return FALSE;
      tag = ch_der_peek (&attribute);
      if (tag < 0 || !ch_der_read (&attribute, tag, &text, NULL) || attribute.len != 0
          || !is_plain_text (tag, &text))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_plain_rsa (const ChDerSpan *bits)
{
  ChDerSpan in = { bits->data + 1, bits->len - 1 }, key, modulus, exponent;

  return bits->len > 1 && bits->data[0] == 0 && ch_der_read (&in, CH_DER_SEQUENCE, &key, NULL) && in.len == 0
         && ch_der_read (&key, CH_DER_INTEGER, &modulus, NULL)
         && ch_der_read (&key, CH_DER_INTEGER, &exponent, NULL) && key.len == 0 && is_plain_number (&modulus)
         && is_plain_number (&exponent) && modulus.data[0] == 0 && modulus.len > MIN_RSA_BYTES
         && modulus.len <= MAX_RSA_BYTES + 1 && exponent.len <= 4;
}

/* Whether the point lies on the curve. OpenSSL’s own way of reading a key takes longer than its signature. */
static gboolean
is_plain_point (const ChDerSpan *bits, int curve)
{
  static EC_GROUP *groups[2];
  static gsize is_made;
  const EC_GROUP *group;
  EC_POINT *point;
  gboolean is_on_curve;

  if (g_once_init_enter (&is_made))
    {
      groups[0] = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
      groups[1] = EC_GROUP_new_by_curve_name (NID_sm2);
      g_once_init_leave (&is_made, 1);
    }

  group = groups[curve == NID_sm2];
  if (bits->len != 66 || bits->data[0] != 0 || bits->data[1] != POINT_CONVERSION_UNCOMPRESSED)
    return FALSE;

  point = EC_POINT_new (group);
  is_on_curve = point != NULL && EC_POINT_oct2point (group, point, bits->data + 1, bits->len - 1, NULL) == 1;
  EC_POINT_free (point);
  if (!is_on_curve)
    ERR_clear_error ();
  return is_on_curve;
}

static gboolean
is_plain_key (const ChDerSpan *spki)
{
  ChDerSpan in = *spki, body, algorithm, bits;

  if (!ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL)
      || !ch_der_read (&body, CH_DER_SEQUENCE, NULL, &algorithm)
      || !ch_der_read (&body, CH_DER_BIT_STRING, &bits, NULL) || body.len != 0)
    return FALSE;

  if (ch_der_span_equal (&algorithm, rsa_key, sizeof rsa_key))
    return is_plain_rsa (&bits);
  if (ch_der_span_equal (&algorithm, p256_key, sizeof p256_key))
    return is_plain_point (&bits, NID_X9_62_prime256v1);
  return ch_der_span_equal (&algorithm, sm2_key, sizeof sm2_key) && is_plain_point (&bits, NID_sm2);
}

static gboolean
read_extension (ChDerSpan *in, Extension *extension)
{
  ChDerSpan body, critical;

  *extension = (Extension){ 0 };
  if (!ch_der_read (in, CH_DER_SEQUENCE, &body, &extension->whole)
      || !ch_der_read (&body, CH_DER_OID, &extension->oid, NULL) || !is_plain_oid (&extension->oid))
    return FALSE;
  if (ch_der_peek (&body) == CH_DER_BOOLEAN)
    {
      if (!ch_der_read (&body, CH_DER_BOOLEAN, &critical, NULL) || critical.len != 1
          || critical.data[0] != 0xff)
        return FALSE;
      extension->is_critical = TRUE;
    }
  return ch_der_read (&body, CH_DER_OCTET_STRING, &extension->value, NULL) && body.len == 0;
}

/* Only the form { keyIdentifier } */
static gboolean
read_authority_key_id (const Extension *extension, ChDerSpan *key_id)
{
  ChDerSpan in = extension->value, body;

  return !extension->is_critical && ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) && in.len == 0
         && ch_der_read (&body, CH_DER_CONTEXT (0), key_id, NULL) && body.len == 0 && key_id->len > 0;
}

/* A CA’s certificate is never plain */
static gboolean
is_of_no_ca (const Extension *extension)
{
  ChDerSpan in = extension->value, body;

  return ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) && in.len == 0 && body.len == 0;
}

static gboolean
read_extensions (ChPlainCert *cert)
{
  ChDerSpan in = cert->extensions;
  Extension list[MAX_EXTENSIONS];
  guint n = 0;

  for (; in.len > 0; n++)
    {
      if (n == MAX_EXTENSIONS || !read_extension (&in, &list[n]))
        return FALSE;
      for (guint i = 0; i < n; i++)
        if (ch_der_span_equal (&list[i].oid, list[n].oid.data, list[n].oid.len))
          return FALSE;
      if (ch_der_span_equal (&list[n].oid, oid_authority_key_id, sizeof oid_authority_key_id)
          && !read_authority_key_id (&list[n], &cert->authority_key_id))
        return FALSE;
      if (ch_der_span_equal (&list[n].oid, oid_basic_constraints, sizeof oid_basic_constraints)
          && !is_of_no_ca (&list[n]))
        return FALSE;
    }
  return cert->authority_key_id.len > 0;
}

/* Returns: whether @der is a plain certificate; @cert points into it */
gboolean
ch_plain_cert_read (const ChDerSpan *der, ChPlainCert *cert)
{
  ChDerSpan in, tbs, version, validity, subject, spki, algorithm, wrapped;
  guint64 number;

  *cert = (ChPlainCert){ 0 };
  if (!ch_signed_split (der, &cert->parts, NULL))
    return FALSE;

  in = cert->parts.tbs;
  return ch_der_read (&in, CH_DER_SEQUENCE, &tbs, NULL)
         && ch_der_read (&tbs, CH_DER_CONTEXT_CONSTRUCTED (0), &version, NULL)
         && ch_der_read_small (&version, CH_DER_INTEGER, &number) && number == 2 && version.len == 0
         && ch_der_read (&tbs, CH_DER_INTEGER, &cert->serial, NULL) && is_plain_number (&cert->serial)
         && ch_der_read (&tbs, CH_DER_SEQUENCE, NULL, &algorithm)
         && ch_der_span_equal (&algorithm, cert->parts.algorithm.data, cert->parts.algorithm.len)
         && ch_der_read (&tbs, CH_DER_SEQUENCE, NULL, &cert->issuer)
         && ch_der_read (&tbs, CH_DER_SEQUENCE, &validity, NULL) && read_time (&validity, &cert->not_before)
         && read_time (&validity, &cert->not_after) && validity.len == 0
         && ch_der_read (&tbs, CH_DER_SEQUENCE, &subject, NULL) && is_plain_name (subject)
         && ch_der_read (&tbs, CH_DER_SEQUENCE, NULL, &spki)
         && ch_der_read (&tbs, CH_DER_CONTEXT_CONSTRUCTED (3), &wrapped, NULL) && tbs.len == 0
         && ch_der_read (&wrapped, CH_DER_SEQUENCE, &cert->extensions, NULL) && wrapped.len == 0
         && read_extensions (cert) && is_plain_key (&spki);
}

/* Well-formed by itself, whatever the certificate: the ids of keys, and what verification has no name for */
static gboolean
is_harmless (const Extension *extension)
{
  ChDerSpan value = extension->value;

  if (extension->is_critical)
    return FALSE;
  if (ch_der_span_equal (&extension->oid, oid_authority_key_id, sizeof oid_authority_key_id))
    return TRUE;
  if (ch_der_span_equal (&extension->oid, oid_subject_key_id, sizeof oid_subject_key_id))
    return ch_der_read (&value, CH_DER_OCTET_STRING, NULL, NULL) && value.len == 0;

  for (guint i = 0; i < G_N_ELEMENTS (known_arcs); i++)
    if (extension->oid.len >= known_arcs[i].len
        && memcmp (extension->oid.data, known_arcs[i].bytes, known_arcs[i].len) == 0)
      return FALSE;
  return TRUE;
}

/* Returns: whether each extension is harmless, or byte for byte one of @known */
gboolean
ch_plain_cert_knows_extensions (const ChPlainCert *cert, GHashTable *known)
{
  ChDerSpan in = cert->extensions;
  Extension extension;

  while (in.len > 0 && read_extension (&in, &extension))
    {
      g_autoptr (GBytes) view = NULL;

      if (is_harmless (&extension))
        continue;
      view = g_bytes_new_static (extension.whole.data, extension.whole.len);
      if (!g_hash_table_contains (known, view))
        return FALSE;
    }
  return in.len == 0;
}

/* Remembers the extensions of a certificate that OpenSSL has found good: (element-type GBytes) @known owns
 * copies */
void
ch_plain_cert_learn_extensions (const ChPlainCert *cert, GHashTable *known)
{
  ChDerSpan in = cert->extensions;
  Extension extension;

  while (in.len > 0 && read_extension (&in, &extension) && g_hash_table_size (known) < MAX_KNOWN)
    if (!is_harmless (&extension))
      g_hash_table_add (known, ch_der_span_copy (&extension.whole));
}

/* Issuer, whole, and the content of the serial number of any certificate, plain or not. Returns: %FALSE when
 * it is damaged before them */
gboolean
ch_plain_cert_find_issuer (const ChDerSpan *der, ChDerSpan *issuer, ChDerSpan *serial)
{
  ChSigned parts;
  ChDerSpan tbs;

  if (!ch_signed_split (der, &parts, NULL) || !ch_der_read (&parts.tbs, CH_DER_SEQUENCE, &tbs, NULL))
    return FALSE;

  ch_der_read (&tbs, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, NULL);
  return ch_der_read (&tbs, CH_DER_INTEGER, serial, NULL) && ch_der_read (&tbs, CH_DER_SEQUENCE, NULL, NULL)
         && ch_der_read (&tbs, CH_DER_SEQUENCE, NULL, issuer);
}
