#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-gcm.h"
#include "server/pay/ch-pay-key.h"
#include "server/pay/ch-wechat-messages.h"
#include "server/pay/ch-wechat-sign.h"

#define SCHEME     "WECHATPAY2-SHA256-RSA2048"
#define ALGORITHM  "AEAD_AES_256_GCM"
#define MAX_SECOND 99999999999 /* of a timestamp that makes sense */

static void
append_body (GString *text, GBytes *body)
{
  gsize len = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &len) : NULL;

  if (len > 0)
    g_string_append_len (text, data, len);
  g_string_append_c (text, '\n');
}

/**
 * ch_wechat_authorize:
 * @key: the merchant’s
 * @serial: of the merchant’s certificate
 * @target: path and query, as they are sent
 * @body: (nullable): as it is sent
 * @nonce: never used before
 *
 * Returns: (transfer full): the value of `Authorization`
 */
char *
ch_wechat_authorize (ChKey *key,
                     const char *merchant,
                     const char *serial,
                     const char *method,
                     const char *target,
                     GBytes *body,
                     const char *nonce,
                     gint64 now,
                     GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *signature = NULL;

  g_string_append_printf (text, "%s\n%s\n%" G_GINT64_FORMAT "\n%s\n", method, target, now, nonce);
  append_body (text, body);
  signature = ch_pay_sign (key, text->str, text->len, error);
  if (signature == NULL)
    return NULL;
  return g_strdup_printf (SCHEME " mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%" G_GINT64_FORMAT
                                 "\",serial_no=\"%s\",signature=\"%s\"",
                          merchant, nonce, now, serial, signature);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "WeChat Pay did not say this: %s", why);
  return FALSE;
}

/**
 * ch_wechat_verify:
 * @keys: number of a key → its public key
 * @headers: name in small letters → value
 * @body: as it came
 * @error: %CH_ERROR_FORBIDDEN
 *
 * Verifies an answer or a notice: signed with a known key, over this body, within five minutes of now.
 */
gboolean
ch_wechat_verify (GHashTable *keys, GHashTable *headers, GBytes *body, gint64 now, GError **error)
{
  const char *serial = g_hash_table_lookup (headers, "wechatpay-serial");
  const char *timestamp = g_hash_table_lookup (headers, "wechatpay-timestamp");
  const char *nonce = g_hash_table_lookup (headers, "wechatpay-nonce");
  const char *signature = g_hash_table_lookup (headers, "wechatpay-signature");
  const char *scheme = g_hash_table_lookup (headers, "wechatpay-signature-type");
  GBytes *spki = serial != NULL ? g_hash_table_lookup (keys, serial) : NULL;
  g_autoptr (GString) text = NULL;
  guint64 at = 0;

  if (timestamp == NULL || nonce == NULL || signature == NULL)
    return refuse (error, "it is not signed");
  if (scheme != NULL && !g_str_equal (scheme, SCHEME))
    return refuse (error, "another kind of signature");
  if (spki == NULL)
    return refuse (error, "the key is not known");
  if (!g_ascii_string_to_unsigned (timestamp, 10, 0, MAX_SECOND, &at, NULL)
      || ABS (now - (gint64) at) >= CH_WECHAT_TOLERANCE)
    return refuse (error, "it is too old, or from the future");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n%s\n", timestamp, nonce);
  append_body (text, body);
  return ch_pay_verify (spki, text->str, text->len, signature) || refuse (error, "the signature is wrong");
}

static gboolean
copy_clear (const guint8 *data, gsize len, gpointer user_data)
{
  *(GBytes **) user_data = g_bytes_new (data, len);
  return TRUE;
}

/**
 * ch_wechat_decipher:
 * @key: the API v3 key
 * @notice: the body of a notice, verified
 * @event: (out): what it is about, e.g. `TRANSACTION.SUCCESS`
 * @error: %CH_ERROR_FORBIDDEN when it was not enciphered with our key
 *
 * Returns: (transfer full): what is in it
 */
GBytes *
ch_wechat_decipher (ChSecret *key, GBytes *notice, char **event, GError **error)
{
  g_autoptr (ChWechatNotice) message = ch_wire_decode (&ChWechatNotice_wire, notice, error);
  const ChWechatResource *resource = message != NULL ? message->resource : NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) with = NULL;
  g_autoptr (ChSecret) clear = NULL;
  GBytes *bytes = NULL;

  if (message == NULL)
    return NULL;
  if (!g_str_equal (resource->algorithm, ALGORITHM))
    {
      refuse (error, "another cipher");
      return NULL;
    }

  nonce = g_bytes_new (resource->nonce, strlen (resource->nonce));
  if (resource->associated_data != NULL)
    with = g_bytes_new (resource->associated_data, strlen (resource->associated_data));
  clear = ch_gcm_open (key, nonce, with, resource->ciphertext, error);
  if (clear == NULL)
    return NULL;
  ch_secret_with (clear, copy_clear, &bytes);
  *event = g_strdup (message->event_type);
  return bytes;
}
