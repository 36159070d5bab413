#include "config.h"

#include <openssl/rand.h>
#include <string.h>

#include "pki/ch-builder.h"
#include "pki/ch-signed-private.h"

#define SERIAL_SIZE 16

#define OID_SUBJECT_KEY_ID    "2.5.29.14"
#define OID_KEY_USAGE         "2.5.29.15"
#define OID_SUBJECT_ALT_NAME  "2.5.29.17"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_POLICIES          "2.5.29.32"
#define OID_AUTHORITY_KEY_ID  "2.5.29.35"
#define OID_EXTENDED_USAGE    "2.5.29.37"
#define OID_OCSP_NO_CHECK     "1.3.6.1.5.5.7.48.1.5"

#define OID_SERVER_AUTH      "1.3.6.1.5.5.7.3.1"
#define OID_CLIENT_AUTH      "1.3.6.1.5.5.7.3.2"
#define OID_EMAIL_PROTECTION "1.3.6.1.5.5.7.3.4"
#define OID_OCSP_SIGNING     "1.3.6.1.5.5.7.3.9"

typedef struct
{
  gboolean is_ca;
  int path_length; /* -1: none */
  guint usages;
  const char *purposes[3];
  gboolean is_no_check; /* nobody asks OCSP about the OCSP signer */
} Kind;

static const Kind kinds[] = {
  [CH_CERT_ROOT] = { TRUE, -1, CH_USAGE_CERT_SIGN | CH_USAGE_CRL_SIGN, { NULL }, FALSE },
  [CH_CERT_ISSUING_CA] = { TRUE, 0, CH_USAGE_CERT_SIGN | CH_USAGE_CRL_SIGN, { NULL }, FALSE },
  [CH_CERT_OCSP_SIGNER] = { FALSE, -1, CH_USAGE_DIGITAL_SIGNATURE, { OID_OCSP_SIGNING }, TRUE },
  [CH_CERT_TLS_SERVER] = { FALSE, -1, CH_USAGE_DIGITAL_SIGNATURE, { OID_SERVER_AUTH }, FALSE },
  [CH_CERT_HOLDER] = { FALSE,
                       -1,
                       CH_USAGE_DIGITAL_SIGNATURE | CH_USAGE_NON_REPUDIATION,
                       { OID_CLIENT_AUTH, OID_EMAIL_PROTECTION },
                       FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == CH_N_CERT_KINDS);

struct _ChBuilder
{
  const Kind *kind;
  ChSubject *subject; /* (owned) */
  GBytes *spki;       /* (owned) */
  gint64 not_before;
  gint64 not_after;
  guint usages;
  GPtrArray *addresses;   /* (owned) (element-type utf8) */
  GByteArray *policies;   /* (owned): PolicyInformation, encoded */
  GByteArray *extensions; /* (owned): further extensions, encoded */
};

/**
 * ch_builder_new:
 * @kind: what the certificate is for
 *
 * Returns: (transfer full): a builder; subject, key and validity must be set
 */
ChBuilder *
ch_builder_new (ChCertKind kind)
{
  ChBuilder *self = g_new0 (ChBuilder, 1);

  g_assert ((guint) kind < CH_N_CERT_KINDS);
  self->kind = &kinds[kind];
  self->usages = self->kind->usages;
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  self->policies = g_byte_array_new ();
  self->extensions = g_byte_array_new ();
  return self;
}

void
ch_builder_free (ChBuilder *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->subject, ch_subject_unref);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_ptr_array_unref (self->addresses);
  g_byte_array_unref (self->policies);
  g_byte_array_unref (self->extensions);
  g_free (self);
}

/**
 * ch_builder_set_subject:
 * @self: a builder
 * @subject: whose certificate it is; from approved data, never from a request
 */
void
ch_builder_set_subject (ChBuilder *self, ChSubject *subject)
{
  ch_subject_ref (subject);
  g_clear_pointer (&self->subject, ch_subject_unref);
  self->subject = subject;
}

/**
 * ch_builder_set_spki:
 * @self: a builder
 * @spki: the public key, checked by ch_spki_check_policy()
 */
void
ch_builder_set_spki (ChBuilder *self, GBytes *spki)
{
  g_bytes_ref (spki);
  g_clear_pointer (&self->spki, g_bytes_unref);
  self->spki = spki;
}

/**
 * ch_builder_set_validity:
 * @self: a builder
 * @not_before: seconds since 1970, UTC
 * @not_after: the last second it is valid
 */
void
ch_builder_set_validity (ChBuilder *self, gint64 not_before, gint64 not_after)
{
  self->not_before = not_before;
  self->not_after = not_after;
}

/**
 * ch_builder_set_usages:
 * @self: a builder
 * @usages: bits of #ChUsage instead of those of the kind
 */
void
ch_builder_set_usages (ChBuilder *self, guint usages)
{
  self->usages = usages;
}

/**
 * ch_builder_add_address:
 * @self: a builder of a TLS server’s certificate
 * @address: a DNS name or an IP address
 */
void
ch_builder_add_address (ChBuilder *self, const char *address)
{
  g_ptr_array_add (self->addresses, g_strdup (address));
}

/**
 * ch_builder_add_policy:
 * @self: a builder
 * @oid: a certificate policy, dotted
 * @error: %CH_ERROR_INVALID_INPUT when @oid is none
 */
gboolean
ch_builder_add_policy (ChBuilder *self, const char *oid, GError **error)
{
  gsize mark = ch_der_begin (self->policies, CH_DER_SEQUENCE);

  if (!ch_der_add_oid (self->policies, oid))
    {
      g_byte_array_set_size (self->policies, mark - 1);
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "“%s” is no object identifier", oid);
      return FALSE;
    }

  ch_der_end (self->policies, mark);
  return TRUE;
}

static void
add_extension (GByteArray *out, const char *oid, gboolean is_critical, const GByteArray *value)
{
  gsize mark = ch_der_begin (out, CH_DER_SEQUENCE);

  ch_der_add_oid (out, oid);
  if (is_critical)
    ch_der_add_boolean (out, TRUE);
  ch_der_add (out, CH_DER_OCTET_STRING, value->data, value->len);
  ch_der_end (out, mark);
}

/**
 * ch_builder_add_extension:
 * @self: a builder
 * @oid: of an extension that is not made here anyway, dotted
 * @value: its content in DER
 * @error: %CH_ERROR_INVALID_INPUT when @oid is none
 *
 * Adds an extension that is not critical, such as the identity numbers of `1.2.156.10260.4.1`.
 */
gboolean
ch_builder_add_extension (ChBuilder *self, const char *oid, GBytes *value, GError **error)
{
  g_autoptr (GByteArray) probe = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (!ch_der_add_oid (probe, oid))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "“%s” is no object identifier", oid);
      return FALSE;
    }

  ch_der_add_raw (content, value);
  add_extension (self->extensions, oid, FALSE, content);
  return TRUE;
}

/**
 * ch_builder_add_text_extension:
 * @self: a builder
 * @oid: of the extension, dotted
 * @text: UTF-8, carried as UTF8String
 * @error: %CH_ERROR_INVALID_INPUT when @oid is none
 */
gboolean
ch_builder_add_text_extension (ChBuilder *self, const char *oid, const char *text, GError **error)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GBytes) value = NULL;

  ch_der_add (out, CH_DER_UTF8_STRING, text, strlen (text));
  value = ch_der_finish (out);
  return ch_builder_add_extension (self, oid, value, error);
}

static void
add_basic_constraints (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  gsize mark = ch_der_begin (value, CH_DER_SEQUENCE);

  if (self->kind->is_ca)
    ch_der_add_boolean (value, TRUE);
  if (self->kind->is_ca && self->kind->path_length >= 0)
    ch_der_add_small (value, CH_DER_INTEGER, self->kind->path_length);
  ch_der_end (value, mark);
  add_extension (out, OID_BASIC_CONSTRAINTS, TRUE, value);
}

static void
add_key_usage (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  guint8 bits[2] = { 7, 0 };
  guint top = 0;

  for (guint i = 0; i < 8; i++)
    if (self->usages & (1u << i))
      {
        bits[1] |= 0x80 >> i;
        top = i;
      }

  /* DER: the unused bits at the end are counted */
  bits[0] = 7 - top;
  ch_der_add (value, CH_DER_BIT_STRING, bits, sizeof bits);
  add_extension (out, OID_KEY_USAGE, TRUE, value);
}

static void
add_purposes (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  gsize mark = ch_der_begin (value, CH_DER_SEQUENCE);

  for (guint i = 0; i < G_N_ELEMENTS (self->kind->purposes) && self->kind->purposes[i] != NULL; i++)
    ch_der_add_oid (value, self->kind->purposes[i]);
  ch_der_end (value, mark);
  add_extension (out, OID_EXTENDED_USAGE, FALSE, value);
}

static void
add_subject_key_id (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  g_autoptr (GBytes) id = ch_spki_get_key_id (self->spki);

  ch_der_add (value, CH_DER_OCTET_STRING, g_bytes_get_data (id, NULL), g_bytes_get_size (id));
  add_extension (out, OID_SUBJECT_KEY_ID, FALSE, value);
}

static void
add_authority_key_id (ChIssuer *issuer, GByteArray *out, GByteArray *value)
{
  GBytes *id = ch_issuer_get_key_id (issuer);
  gsize mark = ch_der_begin (value, CH_DER_SEQUENCE);

  ch_der_add (value, CH_DER_CONTEXT (0), g_bytes_get_data (id, NULL), g_bytes_get_size (id));
  ch_der_end (value, mark);
  add_extension (out, OID_AUTHORITY_KEY_ID, FALSE, value);
}

static void
add_addresses (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  gsize mark = ch_der_begin (value, CH_DER_SEQUENCE);

  for (guint i = 0; i < self->addresses->len; i++)
    {
      const char *address = g_ptr_array_index (self->addresses, i);
      g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (address);

      if (ip != NULL)
        ch_der_add (value, CH_DER_CONTEXT (7), g_inet_address_to_bytes (ip),
                    g_inet_address_get_native_size (ip));
      else
        ch_der_add (value, CH_DER_CONTEXT (2), address, strlen (address));
    }
  ch_der_end (value, mark);
  add_extension (out, OID_SUBJECT_ALT_NAME, FALSE, value);
}

static void
add_policies (ChBuilder *self, GByteArray *out, GByteArray *value)
{
  ch_der_add (value, CH_DER_SEQUENCE, self->policies->data, self->policies->len);
  add_extension (out, OID_POLICIES, FALSE, value);
}

static void
add_extensions (ChBuilder *self, ChIssuer *issuer, GByteArray *out)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();
  gsize outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (3));
  gsize list = ch_der_begin (out, CH_DER_SEQUENCE);

  add_basic_constraints (self, out, value);
  g_byte_array_set_size (value, 0);
  add_key_usage (self, out, value);
  g_byte_array_set_size (value, 0);
  if (self->kind->purposes[0] != NULL)
    add_purposes (self, out, value);
  g_byte_array_set_size (value, 0);
  add_subject_key_id (self, out, value);
  g_byte_array_set_size (value, 0);
  add_authority_key_id (issuer, out, value);
  g_byte_array_set_size (value, 0);
  if (self->addresses->len > 0)
    add_addresses (self, out, value);
  g_byte_array_set_size (value, 0);
  if (self->policies->len > 0)
    add_policies (self, out, value);
  ch_der_add_raw (out, ch_issuer_get_pointers (issuer));

  g_byte_array_set_size (value, 0);
  ch_der_add (value, CH_DER_NULL, NULL, 0);
  if (self->kind->is_no_check)
    add_extension (out, OID_OCSP_NO_CHECK, FALSE, value);
  g_byte_array_append (out, self->extensions->data, self->extensions->len);

  ch_der_end (out, list);
  ch_der_end (out, outer);
}

static gboolean
make_serial (guint8 serial[SERIAL_SIZE])
{
  /* A leading zero byte would not be written: all serials have the same length, so that hex and bytes agree
   */
  do
    if (RAND_bytes (serial, SERIAL_SIZE) != 1)
      return FALSE;
  while (serial[0] == 0);

  return TRUE;
}

/**
 * ch_builder_build:
 * @self: a builder with subject, key and validity
 * @issuer: who will sign
 * @serial: (out) (optional) (transfer full): the new serial number, upper-case hex
 *
 * Builds the bytes to be signed under a new random serial number. They are to be recorded before
 * ch_builder_sign().
 *
 * Returns: (transfer full): TBSCertificate in DER
 */
GBytes *
ch_builder_build (ChBuilder *self, ChIssuer *issuer, char **serial, GError **error)
{
  g_autoptr (GBytes) name = NULL;
  guint8 number[SERIAL_SIZE];
  GByteArray *out;
  gsize whole, mark;

  g_return_val_if_fail (self->subject != NULL && self->spki != NULL, NULL);

  if (self->not_after <= self->not_before)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "the certificate would end before it begins");
      return NULL;
    }
  if (!make_serial (number))
    {
      ch_openssl_fail (error, CH_ERROR_INTERNAL, "making a serial number");
      return NULL;
    }

  name = ch_subject_to_der (self->subject);
  out = g_byte_array_sized_new (2048);
  whole = ch_der_begin (out, CH_DER_SEQUENCE);
  mark = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
  ch_der_add_small (out, CH_DER_INTEGER, 2);
  ch_der_end (out, mark);
  ch_der_add_unsigned (out, CH_DER_INTEGER, number, sizeof number);
  ch_der_add_raw (out, ch_issuer_get_algorithm (issuer));
  ch_der_add_raw (out, ch_issuer_get_name (issuer));
  mark = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_time (out, self->not_before, FALSE);
  ch_der_add_time (out, self->not_after, FALSE);
  ch_der_end (out, mark);
  ch_der_add_raw (out, name);
  ch_der_add_raw (out, self->spki);
  add_extensions (self, issuer, out);
  ch_der_end (out, whole);

  if (serial != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (number, sizeof number);
      g_autofree char *hex = ch_bytes_to_hex (bytes);

      *serial = g_ascii_strup (hex, -1);
    }
  return ch_der_finish (out);
}

static gboolean
is_of_issuer (GBytes *tbs, ChIssuer *issuer)
{
  ChDerSpan in = ch_der_span (tbs);
  ChDerSpan algorithm = ch_der_span (ch_issuer_get_algorithm (issuer));
  ChDerSpan name = ch_der_span (ch_issuer_get_name (issuer));
  ChDerSpan body, found;

  return ch_der_read (&in, CH_DER_SEQUENCE, &body, NULL) && in.len == 0
         && ch_der_read (&body, CH_DER_CONTEXT_CONSTRUCTED (0), NULL, NULL)
         && ch_der_read (&body, CH_DER_INTEGER, NULL, NULL)
         && ch_der_read (&body, CH_DER_SEQUENCE, NULL, &found)
         && ch_der_span_equal (&found, algorithm.data, algorithm.len)
         && ch_der_read (&body, CH_DER_SEQUENCE, NULL, &found)
         && ch_der_span_equal (&found, name.data, name.len);
}

/**
 * ch_builder_sign:
 * @issuer: the issuer @tbs was built for
 * @tbs: what ch_builder_build() returned, perhaps before a crash
 * @error: %CH_ERROR_CERTIFICATE_WRONG when @tbs was built for another issuer
 *
 * Signs recorded bytes. May be called from several threads, and again with the same bytes.
 *
 * Returns: (transfer full): the certificate in DER
 */
GBytes *
ch_builder_sign (ChIssuer *issuer, GBytes *tbs, GError **error)
{
  if (!is_of_issuer (tbs, issuer))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "these bytes are for another issuer");
      return NULL;
    }

  return ch_issuer_sign (issuer, tbs, error);
}

/**
 * ch_builder_issue:
 * @self: a builder with subject, key and validity
 * @issuer: who signs
 *
 * Builds and signs in one go, where nothing is recorded in between.
 *
 * Returns: (transfer full): the certificate in DER
 */
GBytes *
ch_builder_issue (ChBuilder *self, ChIssuer *issuer, GError **error)
{
  g_autoptr (GBytes) tbs = ch_builder_build (self, issuer, NULL, error);

  return tbs != NULL ? ch_builder_sign (issuer, tbs, error) : NULL;
}
