#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-gcm.h"
#include "pki/ch-sealed.h"
#include "server/pay/ch-alipay-sign.h"
#include "server/pay/ch-pay-key.h"
#include "server/pay/ch-wechat-sign.h"

/* Where the vectors come from stands in tests/fixtures/payment/README.md */

static char *
read_text (const char *name, gsize *len)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "payment", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, len, NULL));
  return text;
}

static GBytes *
read_bytes (const char *name)
{
  gsize len = 0;
  char *text = read_text (name, &len);

  return g_bytes_new_take (text, len);
}

/* Puts AFTER, as long as BEFORE, in its place */
static void
alter (char *text, const char *before, const char *after)
{
  char *at = strstr (text, before);

  g_assert_nonnull (at);
  g_assert_cmpuint (strlen (before), ==, strlen (after));
  memcpy (at, after, strlen (after));
}

static ChSecret *
make_secret (const char *text)
{
  return ch_secret_new (text, strlen (text));
}

static gboolean
copy (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static char *
open_secret (ChSecret *secret)
{
  char *text = NULL;

  ch_secret_with (secret, copy, &text);
  return text;
}

static void
test_sign (void)
{
  g_autofree char *pem = read_text ("wechat-signing-key.pem", NULL);
  g_autofree char *expected = read_text ("wechat-signature.txt", NULL);
  g_autoptr (ChSecret) secret = make_secret (pem);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_pay_key_parse (secret, &error);
  GBytes *spki = key != NULL ? ch_key_get_spki (key) : NULL;
  g_autofree char *signature = NULL;

  g_assert_no_error (error);
  signature = ch_pay_sign (key, "source", 6, &error);
  g_assert_cmpstr (signature, ==, expected);
  g_assert_true (ch_pay_verify (spki, "source", 6, expected));
  g_assert_false (ch_pay_verify (spki, "sourcf", 6, expected));
  g_assert_false (ch_pay_verify (spki, "source", 6, ""));
  g_assert_false (ch_pay_verify (spki, "source", 6, NULL));
}

static void
test_authorize (void)
{
  g_autofree char *pem = read_text ("wechat-signing-key.pem", NULL);
  g_autoptr (ChSecret) secret = make_secret (pem);
  g_autoptr (ChKey) key = ch_pay_key_parse (secret, NULL);
  GBytes *spki = ch_key_get_spki (key);
  g_autofree char *header
      = ch_wechat_authorize (key, "1900", "AB12", "GET", "/v3/x?y=1", NULL, "n0nce", 1554208460, NULL);
  const char *signature = strstr (header, "signature=\"") + strlen ("signature=\"");
  g_autofree char *value = g_strndup (signature, strlen (signature) - 1);
  static const char text[] = "GET\n/v3/x?y=1\n1554208460\nn0nce\n\n";

  g_assert_true (g_str_has_prefix (header, "WECHATPAY2-SHA256-RSA2048 mchid=\"1900\",nonce_str=\"n0nce\","
                                           "timestamp=\"1554208460\",serial_no=\"AB12\",signature=\""));
  g_assert_true (ch_pay_verify (spki, text, strlen (text), value));
}

static void
test_wechat_notice (void)
{
  g_autoptr (GBytes) pem = read_bytes ("wechat-notice-certificate.pem");
  g_autoptr (GBytes) body = read_bytes ("wechat-notice.json");
  g_autofree char *signature = read_text ("wechat-notice-signature.txt", NULL);
  g_autofree char *expected = read_text ("wechat-notice-clear.json", NULL);
  g_autoptr (GHashTable) keys
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (ChSecret) v3 = make_secret ("testMchAPIv3Key0");
  g_autoptr (ChSecret) other = make_secret ("testMchAPIv3Key1");
  g_autoptr (GError) error = NULL;
  g_autofree char *event = NULL;
  g_autoptr (GBytes) clear = NULL;
  gint64 then = 1624523846;

  g_hash_table_insert (keys, (gpointer) "D7CE59D1F522D701", ch_pay_spki_parse (pem, &error));
  g_assert_no_error (error);
  g_hash_table_insert (headers, (gpointer) "wechatpay-serial", (gpointer) "D7CE59D1F522D701");
  g_hash_table_insert (headers, (gpointer) "wechatpay-timestamp", (gpointer) "1624523846");
  g_hash_table_insert (headers, (gpointer) "wechatpay-nonce", (gpointer) "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz");
  g_hash_table_insert (headers, (gpointer) "wechatpay-signature", signature);
  ch_wechat_verify (keys, headers, body, then, &error);
  g_assert_no_error (error);
  g_assert_true (ch_wechat_verify (keys, headers, body, then + 299, NULL));
  g_assert_false (ch_wechat_verify (keys, headers, body, then + 300, NULL));
  g_assert_false (ch_wechat_verify (keys, headers, body, then - 300, NULL));
  g_hash_table_insert (headers, (gpointer) "wechatpay-serial", (gpointer) "D7CE59D1F522D702");
  g_assert_false (ch_wechat_verify (keys, headers, body, then, NULL));

  clear = ch_wechat_decipher (v3, body, &event, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (event, ==, "PAYSCORE.USER_OPEN_SERVICE");
  g_assert_cmpmem (g_bytes_get_data (clear, NULL), g_bytes_get_size (clear), expected, strlen (expected));
  g_assert_null (ch_wechat_decipher (other, body, &event, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

/* Both ways, with a key of 32 bytes */
static void
test_gcm (void)
{
  g_autoptr (ChSecret) key = make_secret ("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb");
  g_autoptr (ChSecret) message = make_secret ("message");
  g_autoptr (GBytes) nonce = g_bytes_new_static ("uluk4a9R25RW", 12);
  g_autoptr (GBytes) with = g_bytes_new_static ("associatedData", strlen ("associatedData"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = ch_gcm_seal (key, nonce, with, message, &error);
  g_autofree char *text = NULL;
  g_autofree char *clear = NULL;
  g_autoptr (ChSecret) opened = NULL;

  g_assert_no_error (error);
  text = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  g_assert_cmpstr (text, ==, "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
  opened = ch_gcm_open (key, nonce, with, sealed, &error);
  clear = open_secret (opened);
  g_assert_cmpstr (clear, ==, "message");
  g_assert_null (ch_gcm_open (key, nonce, NULL, sealed, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

static void
test_sealed (void)
{
  g_autoptr (ChSecret) passphrase = make_secret ("a passphrase");
  g_autoptr (ChSecret) other = make_secret ("another one");
  g_autoptr (ChSecret) secret = make_secret ("what nobody is to know");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = ch_sealed_make (secret, passphrase, &error);
  g_autoptr (GBytes) again = ch_sealed_make (secret, passphrase, &error);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (file, 0, g_bytes_get_size (file) / 2);
  g_autoptr (ChSecret) opened = ch_sealed_open (file, passphrase, &error);

  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (opened, secret));
  g_assert_false (g_bytes_equal (file, again));
  g_assert_null (ch_sealed_open (file, other, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
  g_clear_error (&error);
  g_assert_null (ch_sealed_open (half, passphrase, &error));
  g_assert_nonnull (error);
}

static void
test_alipay_answer (void)
{
  static const char node[] = "alipay_open_file_upload_response";
  g_autoptr (GBytes) pem = read_bytes ("alipay-public-key.pem");
  g_autoptr (GBytes) answer = read_bytes ("alipay-answer.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = ch_pay_spki_parse (pem, &error);
  g_autoptr (GBytes) inner = spki != NULL ? ch_alipay_verify_answer (spki, answer, node, &error) : NULL;
  g_autofree char *text = read_text ("alipay-answer.json", NULL);
  g_autoptr (GBytes) changed = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (inner);
  g_assert_null (ch_alipay_verify_answer (spki, answer, "alipay_trade_query_response", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);
  alter (text, "CAxA", "DAxA");
  changed = g_bytes_new (text, strlen (text));
  g_assert_null (ch_alipay_verify_answer (spki, changed, node, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

/* What is signed is what stands there, blanks and all, whatever else is called “sign” */
static void
test_alipay_cut (void)
{
  static const struct
  {
    const char *answer;
    const char *inner;
  } rows[] = {
    { "{\"r\":{\"code\":\"10000\",\"u\":\"http:\\/\\/x?a=1&z\"},\"sign\":\"P8==\"}",
      "{\"code\":\"10000\",\"u\":\"http:\\/\\/x?a=1&z\"}" },
    { "{\"r\"\n   :\r\n  {\"code\":\"10000\"},\n\n  \"sign\"  :  \"P8\"}", "{\"code\":\"10000\"}" },
    { "{\"r\" : {\"code\":\"10000\",\"sign\":\"xxx\",\"m\":\"}\\\"{\"},\"sign\":\"P8\"}",
      "{\"code\":\"10000\",\"sign\":\"xxx\",\"m\":\"}\\\"{\"}" },
    { "{\"sign\":\"P8\",\"n\":[1,{\"r\":{}}],\"r\":{\"a\": [ ] } }", "{\"a\": [ ] }" },
    { "{\"sign\":\"P8\",\"q\":{\"r\":{}}}", NULL },
    { "{\"r\":{}", NULL },
    { "[]", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) answer = g_bytes_new (rows[i].answer, strlen (rows[i].answer));
      g_autoptr (GBytes) inner = ch_alipay_cut_answer (answer, "r");

      g_test_message ("%s", rows[i].answer);
      g_assert_true ((inner == NULL) == (rows[i].inner == NULL));
      if (inner != NULL)
        g_assert_cmpmem (g_bytes_get_data (inner, NULL), g_bytes_get_size (inner), rows[i].inner,
                         strlen (rows[i].inner));
    }
}

static void
test_alipay_notice (void)
{
  g_autofree char *base64 = read_text ("alipay-notice-key.txt", NULL);
  g_autofree char *text = read_text ("alipay-notice.txt", NULL);
  g_autoptr (GBytes) form = read_bytes ("alipay-notice.txt");
  g_autoptr (GBytes) changed = NULL;
  gsize len = 0;
  guint8 *der = g_base64_decode (base64, &len);
  g_autoptr (GBytes) spki = g_bytes_new_take (der, len);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) params = ch_alipay_verify_notice (spki, form, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (params, "subject"), ==, "语雀空间 500人规模");
  g_assert_cmpstr (g_hash_table_lookup (params, "total_amount"), ==, "0.10");
  alter (text, "total_amount=0.10", "total_amount=9.10");
  changed = g_bytes_new (text, strlen (text));
  g_assert_null (ch_alipay_verify_notice (spki, changed, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

static void
test_yuan (void)
{
  static const struct
  {
    const char *text;
    gint64 fen; /* -1: it is no amount */
  } rows[] = {
    { "0.01", 1 },
    { "0.10", 10 },
    { "300", 30000 },
    { "300.5", 30050 },
    { "300.00", 30000 },
    { "88.88", 8888 },
    { "999999999999.99", 99999999999999 },
    { "1.005", -1 },
    { "", -1 },
    { ".5", -1 },
    { "5.", -1 },
    { "-1", -1 },
    { "1e3", -1 },
    { "1,000", -1 },
    { "1.0.0", -1 },
    { "9999999999999999999999", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 fen = -1;

      g_test_message ("%s", rows[i].text);
      g_assert_true (ch_pay_parse_yuan (rows[i].text, &fen) == (rows[i].fen >= 0));
      g_assert_cmpint (fen, ==, rows[i].fen);
    }
  for (gint64 fen = 0; fen < 100000000; fen = fen * 3 + 7)
    {
      g_autofree char *text = ch_pay_format_yuan (fen);
      gint64 back = -1;

      g_assert_true (ch_pay_parse_yuan (text, &back));
      g_assert_cmpint (back, ==, fen);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/pay-vectors/sign", test_sign);
  g_test_add_func ("/server/pay-vectors/authorize", test_authorize);
  g_test_add_func ("/server/pay-vectors/wechat-notice", test_wechat_notice);
  g_test_add_func ("/server/pay-vectors/gcm", test_gcm);
  g_test_add_func ("/server/pay-vectors/sealed", test_sealed);
  g_test_add_func ("/server/pay-vectors/alipay-answer", test_alipay_answer);
  g_test_add_func ("/server/pay-vectors/alipay-cut", test_alipay_cut);
  g_test_add_func ("/server/pay-vectors/alipay-notice", test_alipay_notice);
  g_test_add_func ("/server/pay-vectors/yuan", test_yuan);
  return g_test_run ();
}
