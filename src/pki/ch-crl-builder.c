#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-der.h"

#define OID_CRL_NUMBER       "2.5.29.20"
#define OID_REASON_CODE      "2.5.29.21"
#define OID_AUTHORITY_KEY_ID "2.5.29.35"

struct _ChCrlBuilder
{
  GByteArray *entries; /* (owned): encoded */
};

/**
 * ch_crl_builder_new:
 *
 * Returns: (transfer full): an empty list
 */
ChCrlBuilder *
ch_crl_builder_new (void)
{
  ChCrlBuilder *self = g_new0 (ChCrlBuilder, 1);

  self->entries = g_byte_array_new ();
  return self;
}

void
ch_crl_builder_free (ChCrlBuilder *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->entries);
  g_free (self);
}

static void
add_reason (GByteArray *out, ChRevocation reason)
{
  gsize list = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize extension = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize value;

  ch_der_add_oid (out, OID_REASON_CODE);
  value = ch_der_begin (out, CH_DER_OCTET_STRING);
  ch_der_add_small (out, CH_DER_ENUMERATED, reason);
  ch_der_end (out, value);
  ch_der_end (out, extension);
  ch_der_end (out, list);
}

/**
 * ch_crl_builder_add:
 * @self: a list
 * @serial: of a revoked certificate, hex as in #ChCertInfo
 * @revoked_at: since when, seconds since 1970
 * @reason: why; a certificate on hold is listed too
 * @error: %CH_ERROR_INVALID_INPUT when @serial is no hex number
 */
gboolean
ch_crl_builder_add (ChCrlBuilder *self,
                    const char *serial,
                    gint64 revoked_at,
                    ChRevocation reason,
                    GError **error)
{
  g_autoptr (GBytes) number = ch_bytes_from_hex (serial);
  gsize mark;

  if (number == NULL || g_bytes_get_size (number) == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "“%s” is no serial number", serial);
      return FALSE;
    }

  mark = ch_der_begin (self->entries, CH_DER_SEQUENCE);
  ch_der_add_unsigned (self->entries, CH_DER_INTEGER, g_bytes_get_data (number, NULL),
                       g_bytes_get_size (number));
  ch_der_add_time (self->entries, revoked_at, FALSE);
  /* RFC 5280 5.3.1: unspecified is said by saying nothing */
  if (reason != CH_REVOCATION_UNSPECIFIED)
    add_reason (self->entries, reason);
  ch_der_end (self->entries, mark);
  return TRUE;
}

static void
add_extensions (GByteArray *out, ChIssuer *issuer, guint64 number)
{
  GBytes *id = ch_issuer_get_key_id (issuer);
  gsize outer = ch_der_begin (out, CH_DER_CONTEXT_CONSTRUCTED (0));
  gsize list = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize extension = ch_der_begin (out, CH_DER_SEQUENCE);
  gsize value, key;

  ch_der_add_oid (out, OID_AUTHORITY_KEY_ID);
  value = ch_der_begin (out, CH_DER_OCTET_STRING);
  key = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add (out, CH_DER_CONTEXT (0), g_bytes_get_data (id, NULL), g_bytes_get_size (id));
  ch_der_end (out, key);
  ch_der_end (out, value);
  ch_der_end (out, extension);

  extension = ch_der_begin (out, CH_DER_SEQUENCE);
  ch_der_add_oid (out, OID_CRL_NUMBER);
  value = ch_der_begin (out, CH_DER_OCTET_STRING);
  ch_der_add_small (out, CH_DER_INTEGER, number);
  ch_der_end (out, value);
  ch_der_end (out, extension);

  ch_der_end (out, list);
  ch_der_end (out, outer);
}

/**
 * ch_crl_builder_sign:
 * @self: a list
 * @issuer: the CA
 * @number: larger than that of the list before
 * @this_update: now, seconds since 1970
 * @next_update: when there will be another at the latest
 *
 * Returns: (transfer full): the CRL in DER
 */
GBytes *
ch_crl_builder_sign (ChCrlBuilder *self,
                     ChIssuer *issuer,
                     guint64 number,
                     gint64 this_update,
                     gint64 next_update,
                     GError **error)
{
  GByteArray *out = g_byte_array_sized_new (self->entries->len + 512);
  g_autoptr (GBytes) tbs = NULL;
  gsize whole = ch_der_begin (out, CH_DER_SEQUENCE);

  ch_der_add_small (out, CH_DER_INTEGER, 1);
  ch_der_add_raw (out, ch_issuer_get_algorithm (issuer));
  ch_der_add_raw (out, ch_issuer_get_name (issuer));
  ch_der_add_time (out, this_update, FALSE);
  ch_der_add_time (out, next_update, FALSE);
  /* RFC 5280 5.1.2.6: no list rather than an empty one */
  if (self->entries->len > 0)
    ch_der_add (out, CH_DER_SEQUENCE, self->entries->data, self->entries->len);
  add_extensions (out, issuer, number);
  ch_der_end (out, whole);

  tbs = ch_der_finish (out);
  return ch_issuer_sign (issuer, tbs, error);
}
