#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-pem.h"
#include "server/pay/ch-pay-key.h"

/* Both providers keep Chinese time */
#define ZONE "+08:00"

/* An RSA key of 4096 bits, in base64, is not longer */
#define MAX_SIGNATURE 1024

typedef struct
{
  ChKey *key;
  GError **error;
} Parse;

static gboolean
parse_key (const guint8 *data, gsize len, gpointer user_data)
{
  Parse *parse = user_data;
  g_autoptr (GBytes) der = ch_pem_decode ("PRIVATE KEY", (const char *) data, len, NULL);
  g_autoptr (ChSecret) secret = NULL;

  if (der == NULL)
    {
      g_set_error (parse->error, CH_ERROR, CH_ERROR_FILE, "there is no “PRIVATE KEY” (PKCS #8) in it");
      return FALSE;
    }

  secret = ch_secret_new (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  ch_secret_wipe ((gpointer) g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  parse->key = ch_key_from_pkcs8 (secret, parse->error);
  return parse->key != NULL;
}

/**
 * ch_pay_key_parse:
 * @pem: PKCS #8 as text
 * @error: %CH_ERROR_FILE
 *
 * Returns: (transfer full): our key, with which requests are signed
 */
ChKey *
ch_pay_key_parse (ChSecret *pem, GError **error)
{
  Parse parse = { NULL, error };

  return ch_secret_with (pem, parse_key, &parse) ? parse.key : NULL;
}

/**
 * ch_pay_spki_parse:
 * @pem: a public key or a certificate, as text
 * @error: %CH_ERROR_FILE
 *
 * Returns: (transfer full): the provider’s key, with which answers are verified
 */
GBytes *
ch_pay_spki_parse (GBytes *pem, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (pem, &len);
  g_autoptr (GBytes) spki = ch_pem_decode ("PUBLIC KEY", text, len, NULL);
  g_autoptr (GBytes) der = spki == NULL ? ch_pem_decode ("CERTIFICATE", text, len, NULL) : NULL;

  if (der != NULL)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (der, error);

      return info != NULL ? g_bytes_ref (info->spki) : NULL;
    }
  if (spki == NULL || ch_spki_get_kind (spki, NULL, NULL) != CH_KEY_KIND_RSA)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "there is no RSA public key in it");
      return NULL;
    }
  return g_steal_pointer (&spki);
}

/**
 * ch_pay_sign:
 *
 * Returns: (transfer full): the signature over @text in base64
 */
char *
ch_pay_sign (ChKey *key, const char *text, gsize len, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, len);
  g_autoptr (GBytes) signature = ch_key_sign (key, bytes, NULL, error);

  if (signature == NULL)
    return NULL;
  return g_base64_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
}

/**
 * ch_pay_verify:
 * @spki: the provider’s key
 * @signature: (nullable): in base64
 *
 * Returns: whether the provider signed @text
 */
gboolean
ch_pay_verify (GBytes *spki, const char *text, gsize len, const char *signature)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, len);
  g_autoptr (GBytes) sig = NULL;
  gsize n = 0;
  guint8 *raw;

  if (signature == NULL || *signature == 0 || strlen (signature) > MAX_SIGNATURE)
    return FALSE;

  raw = g_base64_decode (signature, &n);
  sig = g_bytes_new_take (raw, n);
  return ch_spki_verify (spki, bytes, sig, NULL, NULL);
}

/**
 * ch_pay_format_yuan:
 *
 * Returns: (transfer full): an amount as Alipay has it, e.g. `300.00`
 */
char *
ch_pay_format_yuan (gint64 fen)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", fen / 100, (int) (fen % 100));
}

/**
 * ch_pay_parse_yuan:
 * @text: (nullable): digits, and at most two more after a point
 * @fen: (out): the amount
 *
 * Reads an amount without ever counting in fractions.
 */
gboolean
ch_pay_parse_yuan (const char *text, gint64 *fen)
{
  gint64 value = 0;
  int n_digits = 0, n_after = -1;

  if (text == NULL)
    return FALSE;
  for (const char *p = text; *p != 0; p++)
    {
      if (*p == '.' && n_digits > 0 && n_after < 0)
        {
          n_after = 0;
          continue;
        }
      if (!g_ascii_isdigit (*p) || n_after == 2 || ++n_digits > 14)
        return FALSE;
      value = value * 10 + (*p - '0');
      if (n_after >= 0)
        n_after++;
    }
  if (n_digits == 0 || n_after == 0)
    return FALSE;

  *fen = n_after == 2 ? value : n_after == 1 ? value * 10 : value * 100;
  return TRUE;
}

/**
 * ch_pay_format_time:
 * @time: seconds since 1970
 * @format: for g_date_time_format()
 *
 * Returns: (transfer full): the time in China
 */
char *
ch_pay_format_time (gint64 time, const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (ZONE);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time);
  g_autoptr (GDateTime) there = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (there, format);
}

/**
 * ch_pay_cut:
 * @max: bytes
 *
 * Returns: (transfer full): @text, not longer than @max bytes and without half a character
 */
char *
ch_pay_cut (const char *text, gsize max)
{
  const char *end = text;

  while (*end != 0 && (gsize) (g_utf8_next_char (end) - text) <= max)
    end = g_utf8_next_char (end);
  return g_strndup (text, end - text);
}
