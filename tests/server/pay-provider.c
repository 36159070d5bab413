#include "config.h"

#include "pay-provider.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-secret.h"
#include "server/pay/ch-pay-setup.h"

#define MERCHANT "1900000109"
#define APP      "wxd678efh567hg6787"
#define SERIAL   "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
#define PLATFORM "PUB_KEY_ID_0114232134912410000000000000"
#define V3_KEY   "0123456789abcdef0123456789ABCDEF"
#define ALI_APP  "2014072300007148"
#define SELLER   "2088102146225135"

typedef struct
{
  char *channel;
  gint64 fen;
  const char *state; /* in WeChat Pay’s words; NULL: a code of Alipay’s that nobody has scanned */
  gboolean is_cancelled;
  GHashTable *refunds; /* number → fen */
} Trade;

struct _PayProvider
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *soup;
  char *dir;
  char *url;
  EVP_PKEY *merchant, *platform, *app, *alipay, *stranger;

  GMutex lock; /* of what follows */
  GHashTable *trades;
  GHashTable *counts;
  GHashTable *nonces;
  char *last;
  gboolean is_broken, is_lying, is_slow;
  PayHook hook;
  gpointer hook_data;
};

/* -- What both do, by OpenSSL alone: ours is not asked whether it is right -- */

static char *
sign (EVP_PKEY *key, const char *text, gsize len)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[512];
  size_t size = sizeof signature;

  g_assert_cmpint (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, signature, &size, (const guint8 *) text, len), ==, 1);
  EVP_MD_CTX_free (context);
  return g_base64_encode (signature, size);
}

static gboolean
verify (EVP_PKEY *key, const char *text, const char *signature)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gsize size = 0;
  g_autofree guint8 *raw = signature != NULL ? g_base64_decode (signature, &size) : NULL;
  int is_right;

  g_assert_cmpint (EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  is_right = raw != NULL && EVP_DigestVerify (context, raw, size, (const guint8 *) text, strlen (text)) == 1;
  EVP_MD_CTX_free (context);
  return is_right;
}

static char *
encipher (const char *key, const char *nonce, const char *with, const char *text)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  gsize len = strlen (text);
  g_autofree guint8 *out = g_malloc (len + 16);
  int n = 0;

  g_assert_cmpint (
      EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, (const guint8 *) key, (const guint8 *) nonce),
      ==, 1);
  EVP_EncryptUpdate (context, NULL, &n, (const guint8 *) with, strlen (with));
  EVP_EncryptUpdate (context, out, &n, (const guint8 *) text, len);
  EVP_EncryptFinal_ex (context, out + n, &n);
  EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, out + len);
  EVP_CIPHER_CTX_free (context);
  return g_base64_encode (out, len + 16);
}

static char *
there (gint64 at, const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (8 * 3600);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr (GDateTime) time = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (time, format);
}

static Trade *
find (PayProvider *self, const char *trade_no)
{
  return trade_no != NULL ? g_hash_table_lookup (self->trades, trade_no) : NULL;
}

static void
count (PayProvider *self, const char *what)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, what));

  g_hash_table_insert (self->counts, g_strdup (what), GUINT_TO_POINTER (n + 1));
}

static gint64
sum_refunds (Trade *trade)
{
  GHashTableIter iter;
  gpointer value;
  gint64 sum = 0;

  g_hash_table_iter_init (&iter, trade->refunds);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    sum += GPOINTER_TO_SIZE (value);
  return sum;
}

static Trade *
add_trade (PayProvider *self, const char *channel, const char *trade_no, gint64 fen, const char *state)
{
  Trade *trade = g_new0 (Trade, 1);

  trade->channel = g_strdup (channel);
  trade->fen = fen;
  trade->state = state;
  trade->refunds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->trades, g_strdup (trade_no), trade);
  g_free (self->last);
  self->last = g_strdup (trade_no);
  return trade;
}

static void
trade_free (Trade *trade)
{
  g_free (trade->channel);
  g_hash_table_unref (trade->refunds);
  g_free (trade);
}

static void
call_hook (PayProvider *self, const char *what)
{
  PayHook hook = self->hook;

  count (self, what);
  if (hook == NULL)
    return;
  g_mutex_unlock (&self->lock);
  hook (what, self->hook_data);
  g_mutex_lock (&self->lock);
}

static JsonObject *
parse (JsonParser *parser, const char *text, gsize len)
{
  g_assert_true (json_parser_load_from_data (parser, text, len, NULL));
  return json_node_get_object (json_parser_get_root (parser));
}

/* -- WeChat Pay -- */

static char *
get_quoted (const char *header, const char *name)
{
  g_autofree char *begin = g_strdup_printf ("%s=\"", name);
  const char *at = strstr (header, begin);
  const char *end = at != NULL ? strchr (at + strlen (begin), '"') : NULL;

  return end != NULL ? g_strndup (at + strlen (begin), end - at - strlen (begin)) : NULL;
}

static gboolean
is_wechat_request (PayProvider *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *nonce = header != NULL ? get_quoted (header, "nonce_str") : NULL;
  g_autofree char *stamp = header != NULL ? get_quoted (header, "timestamp") : NULL;
  g_autofree char *signature = header != NULL ? get_quoted (header, "signature") : NULL;
  g_autofree char *merchant = header != NULL ? get_quoted (header, "mchid") : NULL;
  g_autofree char *serial = header != NULL ? get_quoted (header, "serial_no") : NULL;
  g_autofree char *text = NULL;

  if (header == NULL || !g_str_has_prefix (header, "WECHATPAY2-SHA256-RSA2048 ") || nonce == NULL
      || stamp == NULL || !g_hash_table_add (self->nonces, g_strdup (nonce))
      || ABS (g_ascii_strtoll (stamp, NULL, 10) - ch_clock_now ()) > 300
      || g_strcmp0 (merchant, MERCHANT) != 0 || g_strcmp0 (serial, SERIAL) != 0)
    return FALSE;
  text = g_strdup_printf ("%s\n%s%s%s\n%s\n%s\n%.*s\n", soup_server_message_get_method (message),
                          g_uri_get_path (uri), g_uri_get_query (uri) != NULL ? "?" : "",
                          g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "", stamp, nonce,
                          (int) body->length, body->length > 0 ? body->data : "");
  return verify (self->merchant, text, signature);
}

static void
answer_wechat (PayProvider *self, SoupServerMessage *message, guint status, const char *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *stamp = g_strdup_printf ("%" G_GINT64_FORMAT, ch_clock_now ());
  g_autofree char *text = g_strdup_printf ("%s\nanonce\n%s\n", stamp, body);
  g_autofree char *signature = sign (self->is_lying ? self->stranger : self->platform, text, strlen (text));

  soup_server_message_set_status (message, status, NULL);
  if (*body != 0)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
  soup_message_headers_replace (headers, "Wechatpay-Timestamp", stamp);
  soup_message_headers_replace (headers, "Wechatpay-Nonce", "anonce");
  soup_message_headers_replace (headers, "Wechatpay-Serial", PLATFORM);
  soup_message_headers_replace (headers, "Wechatpay-Signature", signature);
}

static void
fail_wechat (PayProvider *self, SoupServerMessage *message, guint status, const char *code)
{
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"message\":\"不行\"}", code);

  answer_wechat (self, message, status, body);
}

static char *
format_wechat_trade (const char *trade_no, const Trade *trade, const PayNotice *how)
{
  g_autofree char *time = there (ch_clock_now (), "%Y-%m-%dT%H:%M:%S+08:00");
  gint64 fen = how->fen != 0 ? how->fen : trade->fen;

  return g_strdup_printf (
      "{\"appid\":\"" APP "\",\"mchid\":\"%s\",\"out_trade_no\":\"%s\",\"transaction_id\":\"42000%s\","
      "\"trade_type\":\"NATIVE\",\"trade_state\":\"%s\",\"trade_state_desc\":\"支付\",\"bank_type\":"
      "\"OTHERS\","
      "\"attach\":\"\",\"success_time\":\"%s\",\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},"
      "\"amount\":{\"total\":%" G_GINT64_FORMAT ",\"payer_total\":1,\"currency\":\"%s\","
      "\"payer_currency\":\"CNY\"},\"promotion_detail\":[]}",
      how->merchant != NULL ? how->merchant : MERCHANT, trade_no, trade_no, trade->state, time, fen,
      how->currency != NULL ? how->currency : "CNY");
}

static void
create_wechat (PayProvider *self, SoupServerMessage *message, JsonObject *object)
{
  const char *trade_no = json_object_get_string_member (object, "out_trade_no");
  JsonObject *amount = json_object_get_object_member (object, "amount");
  g_autofree char *body = g_strdup_printf ("{\"code_url\":\"weixin://wxpay/bizpayurl?pr=%.9s\"}", trade_no);

  if (g_strcmp0 (json_object_get_string_member (object, "mchid"), MERCHANT) != 0
      || g_strcmp0 (json_object_get_string_member (object, "appid"), APP) != 0
      || !g_str_has_prefix (json_object_get_string_member (object, "notify_url"), "https://")
      || strlen (json_object_get_string_member (object, "description")) > 127 || strlen (trade_no) > 32
      || json_object_get_size (amount) != 2 || find (self, trade_no) != NULL)
    {
      fail_wechat (self, message, 400, "PARAM_ERROR");
      return;
    }
  add_trade (self, "wechat", trade_no, json_object_get_int_member (amount, "total"), "NOTPAY");
  call_hook (self, "create");
  answer_wechat (self, message, 200, body);
}

static void
refund_wechat (PayProvider *self, SoupServerMessage *message, JsonObject *object, const char *no)
{
  const char *number = object != NULL ? json_object_get_string_member (object, "out_refund_no") : no;
  JsonObject *amount = object != NULL ? json_object_get_object_member (object, "amount") : NULL;
  GHashTableIter iter;
  gpointer name, value, fen = NULL;
  g_autofree char *body = NULL;

  if (object != NULL)
    {
      Trade *trade = find (self, json_object_get_string_member (object, "out_trade_no"));
      gint64 wanted = json_object_get_int_member (amount, "refund");

      if (trade == NULL || !g_str_equal (trade->state, "SUCCESS")
          || json_object_get_int_member (amount, "total") != trade->fen
          || (!g_hash_table_contains (trade->refunds, number) && wanted > trade->fen - sum_refunds (trade)))
        {
          fail_wechat (self, message, 400, "INVALID_REQUEST");
          return;
        }
      g_hash_table_insert (trade->refunds, g_strdup (number), GSIZE_TO_POINTER (wanted));
      call_hook (self, "refund");
    }

  g_hash_table_iter_init (&iter, self->trades);
  while (fen == NULL && g_hash_table_iter_next (&iter, &name, &value))
    fen = g_hash_table_lookup (((Trade *) value)->refunds, number);
  if (fen == NULL)
    {
      fail_wechat (self, message, 404, "RESOURCE_NOT_EXISTS");
      return;
    }
  body = g_strdup_printf ("{\"refund_id\":\"50000%s\",\"out_refund_no\":\"%s\",\"status\":\"%s\","
                          "\"amount\":{\"total\":1000000,\"refund\":%" G_GSIZE_FORMAT
                          ",\"payer_total\":1,\"currency\":\"CNY\"}}",
                          number, number, self->is_slow ? "PROCESSING" : "SUCCESS", GPOINTER_TO_SIZE (fen));
  answer_wechat (self, message, 200, body);
}

static void
answer_trade (PayProvider *self, SoupServerMessage *message, const char *trade_no, gboolean is_closing)
{
  Trade *trade = find (self, trade_no);
  const PayNotice how = { 0 };
  g_autofree char *body = NULL;

  if (trade == NULL)
    fail_wechat (self, message, 404, "ORDER_NOT_EXIST");
  else if (is_closing && g_str_equal (trade->state, "SUCCESS"))
    fail_wechat (self, message, 400, "ORDERPAID");
  else if (is_closing)
    {
      trade->state = "CLOSED";
      call_hook (self, "close");
      answer_wechat (self, message, 204, "");
    }
  else
    {
      body = format_wechat_trade (trade_no, trade, &how);
      answer_wechat (self, message, 200, body);
    }
}

static void
on_wechat_cb (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  PayProvider *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) flat = soup_message_body_flatten (body);
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize len = g_bytes_get_size (flat);
  JsonObject *object = len > 0 ? parse (parser, g_bytes_get_data (flat, NULL), len) : NULL;
  static const char trades[] = "/v3/pay/transactions/out-trade-no/";
  static const char refunds[] = "/v3/refund/domestic/refunds";

  g_mutex_lock (&self->lock);
  if (self->is_broken)
    fail_wechat (self, message, 500, "SYSTEM_ERROR");
  else if (!is_wechat_request (self, message))
    fail_wechat (self, message, 401, "SIGN_ERROR");
  else if (g_str_equal (path, "/v3/pay/transactions/native"))
    create_wechat (self, message, object);
  else if (g_str_has_prefix (path, trades))
    {
      g_autofree char *trade_no = g_strndup (path + strlen (trades), strcspn (path + strlen (trades), "/"));

      answer_trade (self, message, trade_no, g_str_has_suffix (path, "/close"));
    }
  else if (g_str_has_prefix (path, refunds))
    refund_wechat (self, message, object, path + strlen (refunds) + (object == NULL));
  else
    fail_wechat (self, message, 404, "NOT_FOUND");
  g_mutex_unlock (&self->lock);
}

/* -- Alipay -- */

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
canonicalize (GHashTable *params, const char *without)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, params);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_str_equal (name, "sign") && g_strcmp0 (name, without) != 0)
      g_ptr_array_add (lines, g_strdup_printf ("%s=%s", (char *) name, (char *) value));
  g_ptr_array_sort (lines, compare);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("&", (char **) lines->pdata);
}

static void
answer_alipay (PayProvider *self, SoupServerMessage *message, const char *method, const char *inner)
{
  g_autofree char *node = g_strdelimit (g_strdup (method), ".", '_');
  g_autofree char *signature = sign (self->is_lying ? self->stranger : self->alipay, inner, strlen (inner));
  g_autofree char *body = g_strdup_printf ("{\"%s_response\":%s,\"sign\":\"%s\"}", node, inner, signature);

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/html;charset=utf-8", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static void
fail_alipay (PayProvider *self, SoupServerMessage *message, const char *method, const char *sub_code)
{
  g_autofree char *inner = g_strdup_printf (
      "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"%s\",\"sub_msg\":\"{不}\"}", sub_code);

  answer_alipay (self, message, method, inner);
}

static char *
format_yuan (gint64 fen)
{
  return g_strdup_printf ("%d.%02d", (int) (fen / 100), (int) (fen % 100));
}

static gint64
parse_yuan (const char *text)
{
  return (gint64) (g_ascii_strtod (text, NULL) * 100 + 0.5);
}

static void
create_alipay (PayProvider *self, SoupServerMessage *message, const char *method, JsonObject *object)
{
  const char *trade_no = json_object_get_string_member (object, "out_trade_no");
  g_autofree char *inner = g_strdup_printf ("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"%s\","
                                            "\"qr_code\":\"https:\\/\\/qr.alipay.com\\/bax%.12s\"}",
                                            trade_no, trade_no);

  add_trade (self, "alipay", trade_no, parse_yuan (json_object_get_string_member (object, "total_amount")),
             NULL);
  call_hook (self, "create");
  answer_alipay (self, message, method, inner);
}

static void
refund_alipay (PayProvider *self,
               SoupServerMessage *message,
               const char *method,
               JsonObject *object,
               Trade *trade)
{
  const char *number = json_object_get_string_member (object, "out_request_no");
  gboolean is_query = g_str_has_suffix (method, "query");
  gboolean is_new = !g_hash_table_contains (trade->refunds, number);
  g_autofree char *amount = NULL;
  g_autofree char *inner = NULL;

  if (!is_query && is_new)
    {
      gint64 wanted = parse_yuan (json_object_get_string_member (object, "refund_amount"));

      if (wanted > trade->fen - sum_refunds (trade))
        {
          fail_alipay (self, message, method, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
          return;
        }
      g_hash_table_insert (trade->refunds, g_strdup (number), GSIZE_TO_POINTER (wanted));
      call_hook (self, "refund");
    }
  amount = format_yuan (GPOINTER_TO_SIZE (g_hash_table_lookup (trade->refunds, number)));
  inner = g_strdup_printf (
      "{\"code\":\"10000\",\"msg\":\"Success\",\"trade_no\":\"2013\",\"fund_change\":\"%s\","
      "\"refund_amount\":\"%s\"%s}",
      is_new && !self->is_slow ? "Y" : "N", amount,
      is_query && !self->is_slow && !is_new ? ",\"refund_status\":\"REFUND_SUCCESS\"" : "");
  answer_alipay (self, message, method, inner);
}

static const char *
get_alipay_status (const Trade *trade)
{
  return g_str_equal (trade->state, "SUCCESS")  ? "TRADE_SUCCESS"
         : g_str_equal (trade->state, "NOTPAY") ? "WAIT_BUYER_PAY"
                                                : "TRADE_CLOSED";
}

static void
end_alipay (PayProvider *self, SoupServerMessage *message, const char *method, Trade *trade)
{
  if (g_str_has_suffix (method, "cancel"))
    trade->is_cancelled = TRUE;
  else
    trade->state = "CLOSED";
  call_hook (self, "close");
  answer_alipay (self, message, method, "{\"code\":\"10000\",\"msg\":\"Success\",\"action\":\"close\"}");
}

static void
serve_alipay (PayProvider *self, SoupServerMessage *message, const char *method, JsonObject *object)
{
  const char *trade_no = json_object_get_string_member (object, "out_trade_no");
  Trade *trade = find (self, trade_no);
  gboolean is_query = g_str_equal (method, "alipay.trade.query");
  g_autofree char *amount = NULL;
  g_autofree char *time = there (ch_clock_now (), "%Y-%m-%d %H:%M:%S");
  g_autofree char *inner = NULL;

  if (g_str_equal (method, "alipay.trade.precreate"))
    create_alipay (self, message, method, object);
  else if (trade != NULL && g_str_equal (method, "alipay.trade.cancel") && trade->state == NULL)
    end_alipay (self, message, method, trade);
  else if (trade == NULL || trade->state == NULL)
    fail_alipay (self, message, method, "ACQ.TRADE_NOT_EXIST");
  else if (strstr (method, "refund") != NULL)
    refund_alipay (self, message, method, object, trade);
  else if (is_query)
    {
      amount = format_yuan (trade->fen);
      inner = g_strdup_printf (
          "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"%s\",\"trade_no\":\"2013%s\","
          "\"trade_status\":\"%s\",\"total_amount\":\"%s\",\"send_pay_date\":\"%s\"}",
          trade_no, trade_no, get_alipay_status (trade), amount, time);
      answer_alipay (self, message, method, inner);
    }
  else if (g_str_equal (trade->state, "SUCCESS"))
    fail_alipay (self, message, method, "ACQ.TRADE_STATUS_ERROR");
  else
    end_alipay (self, message, method, trade);
}

static void
on_alipay_cb (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  PayProvider *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) flat = soup_message_body_flatten (body);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GHashTable) form = NULL;
  g_autofree char *text = NULL;
  const char *content, *method, *sent;

  form = g_uri_parse_params (g_bytes_get_data (flat, NULL), g_bytes_get_size (flat), "&",
                             G_URI_PARAMS_WWW_FORM, NULL);
  content = g_hash_table_lookup (form, "biz_content");
  method = query != NULL ? g_hash_table_lookup (query, "method") : NULL;
  g_assert_nonnull (content);
  g_assert_nonnull (method);
  sent = g_hash_table_lookup (query, "sign");
  g_hash_table_insert (query, g_strdup ("biz_content"), (gpointer) content); /* it frees names only */
  text = canonicalize (query, NULL);

  g_mutex_lock (&self->lock);
  if (self->is_broken)
    answer_alipay (self, message, method, "{\"code\":\"20000\",\"msg\":\"Service Currently Unavailable\"}");
  else if (!verify (self->app, text, sent) || g_strcmp0 (g_hash_table_lookup (query, "app_id"), ALI_APP) != 0
           || g_strcmp0 (g_hash_table_lookup (query, "sign_type"), "RSA2") != 0)
    answer_alipay (self, message, method, "{\"code\":\"40002\",\"sub_code\":\"isv.invalid-signature\"}");
  else
    serve_alipay (self, message, method, parse (parser, content, strlen (content)));
  g_mutex_unlock (&self->lock);
}

/* -- The program -- */

static void
make_tls (PayProvider *self)
{
  g_autofree char *key = g_build_filename (self->dir, "provider.key", NULL);
  g_autofree char *certificate = g_build_filename (self->dir, "provider.pem", NULL);
  const char *argv[] = { "openssl",
                         "req",
                         "-x509",
                         "-newkey",
                         "ec",
                         "-pkeyopt",
                         "ec_paramgen_curve:P-256",
                         "-nodes",
                         "-keyout",
                         key,
                         "-out",
                         certificate,
                         "-subj",
                         "/CN=127.0.0.1",
                         "-addext",
                         "subjectAltName=IP:127.0.0.1",
                         "-days",
                         "2",
                         NULL };
  int status = -1;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                               NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static gpointer
run (gpointer data)
{
  PayProvider *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
listen (PayProvider *self)
{
  g_autofree char *key = g_build_filename (self->dir, "provider.key", NULL);
  g_autofree char *path = g_build_filename (self->dir, "provider.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_files (path, key, NULL);
  GSList *uris;

  g_assert_nonnull (certificate);
  g_main_context_push_thread_default (self->context);
  self->soup = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->soup, "/v3", on_wechat_cb, self, NULL);
  soup_server_add_handler (self->soup, "/gateway.do", on_alipay_cb, self, NULL);
  g_assert_true (soup_server_listen_local (self->soup, 0,
                                           SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (self->soup);
  self->url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_context_pop_thread_default (self->context);
}

PayProvider *
pay_provider_new (void)
{
  PayProvider *self = g_new0 (PayProvider, 1);

  self->dir = g_dir_make_tmp ("certhall-provider-XXXXXX", NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->merchant = EVP_RSA_gen (2048);
  self->platform = EVP_RSA_gen (2048);
  self->app = EVP_RSA_gen (2048);
  self->alipay = EVP_RSA_gen (2048);
  self->stranger = EVP_RSA_gen (2048);
  g_mutex_init (&self->lock);
  self->trades = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) trade_free);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->nonces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  make_tls (self);
  listen (self);
  self->thread = g_thread_new ("provider", run, self);
  return self;
}

static gboolean
on_quit_cb (gpointer data)
{
  PayProvider *self = data;

  soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

void
pay_provider_free (PayProvider *self)
{
  g_autofree char *key = g_build_filename (self->dir, "provider.key", NULL);
  g_autofree char *path = g_build_filename (self->dir, "provider.pem", NULL);

  g_main_context_invoke (self->context, on_quit_cb, self);
  g_thread_join (self->thread);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  EVP_PKEY_free (self->merchant);
  EVP_PKEY_free (self->platform);
  EVP_PKEY_free (self->app);
  EVP_PKEY_free (self->alipay);
  EVP_PKEY_free (self->stranger);
  g_hash_table_unref (self->trades);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->nonces);
  g_mutex_clear (&self->lock);
  g_unlink (key);
  g_unlink (path);
  g_rmdir (self->dir);
  g_free (self->last);
  g_free (self->dir);
  g_free (self->url);
  g_free (self);
}

static char *
take_bio (BIO *bio)
{
  char *data = NULL;
  long len = BIO_get_mem_data (bio, &data);
  char *text = g_strndup (data, len);

  BIO_free (bio);
  return text;
}

static void
write_public (EVP_PKEY *key, const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autofree char *text = NULL;

  PEM_write_bio_PUBKEY (bio, key);
  text = take_bio (bio);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
seal (const char *dir, const char *name, const char *text, const char *passphrase)
{
  g_autoptr (ChSecret) secret = ch_secret_new (text, strlen (text));
  g_autoptr (ChSecret) phrase = ch_secret_new (passphrase, strlen (passphrase));
  g_autoptr (GError) error = NULL;

  ch_pay_setup_seal (dir, name, secret, phrase, &error);
  g_assert_no_error (error);
}

static void
seal_key (const char *dir, const char *name, EVP_PKEY *key, const char *passphrase)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autofree char *text = NULL;

  PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  text = take_bio (bio);
  seal (dir, name, text, passphrase);
}

/* Makes a store’s folder a customer of ours */
void
pay_provider_write_setup (PayProvider *self, const char *dir, const char *passphrase, gboolean is_sandbox)
{
  g_autofree char *path = g_build_filename (dir, CH_PAY_SETUP_FILE, NULL);
  const char *sandbox = is_sandbox ? "sandbox=true\n" : "";
  g_autofree char *text = g_strdup_printf (
      "[wechat]\n%surl=https://127.0.0.1:1;%s\nmerchant=" MERCHANT "\napp=" APP "\nserial=" SERIAL "\n"
      "notify=https://ca.example/v1/notify/wechat\nkey=wechat-key\nv3-key=wechat-v3-key\nplatform=" PLATFORM
      "\n"
      "trust=%s/provider.pem\n[wechat-keys]\n" PLATFORM "=wechat-platform.pem\n"
      "[alipay]\n%surl=%s/gateway.do\napp=" ALI_APP "\nseller=" SELLER "\nkey=alipay-app-key\n"
      "notify=https://ca.example/v1/notify/alipay\nalipay-key=alipay.pem\ntrust=%s/provider.pem\n",
      sandbox, self->url, self->dir, sandbox, self->url, self->dir);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  write_public (self->platform, dir, "wechat-platform.pem");
  write_public (self->alipay, dir, "alipay.pem");
  seal_key (dir, "wechat-key", self->merchant, passphrase);
  seal_key (dir, "alipay-app-key", self->app, passphrase);
  seal (dir, "wechat-v3-key", V3_KEY, passphrase);
}

/* -- The payer -- */

void
pay_provider_pay (PayProvider *self, const char *trade_no)
{
  Trade *trade;

  g_mutex_lock (&self->lock);
  trade = find (self, trade_no);
  g_assert_nonnull (trade);
  trade->state = "SUCCESS";
  g_mutex_unlock (&self->lock);
}

/* Returns the headers of the notice that a payment has come */
GHashTable *
pay_provider_notify_wechat (PayProvider *self, const char *trade_no, const PayNotice *how, GBytes **body)
{
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  char *stamp = g_strdup_printf ("%" G_GINT64_FORMAT, ch_clock_now () - how->age);
  g_autofree char *clear = NULL;
  g_autofree char *sealed = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signed_text = NULL;

  g_mutex_lock (&self->lock);
  clear = format_wechat_trade (trade_no, find (self, trade_no), how);
  g_mutex_unlock (&self->lock);
  sealed = encipher (how->is_foreign ? "another key of thirty-two bytes." : V3_KEY, "fdasflkja484",
                     "transaction", clear);
  text = g_strdup_printf ("{\"id\":\"EV-2018022511223320873\",\"create_time\":\"2015-05-20T13:29:35+08:00\","
                          "\"resource_type\":\"encrypt-resource\",\"event_type\":\"TRANSACTION.SUCCESS\","
                          "\"summary\":\"支付成功\",\"resource\":{\"original_type\":\"transaction\","
                          "\"algorithm\":\"AEAD_AES_256_GCM\",\"ciphertext\":\"%s\","
                          "\"associated_data\":\"transaction\",\"nonce\":\"fdasflkja484\"}}",
                          sealed);
  signed_text = g_strdup_printf ("%s\nsome nonce\n%s\n", stamp, text);
  g_hash_table_insert (headers, (gpointer) "Wechatpay-Timestamp", stamp);
  g_hash_table_insert (headers, (gpointer) "Wechatpay-Nonce", g_strdup ("some nonce"));
  g_hash_table_insert (headers, (gpointer) "Wechatpay-Serial", g_strdup (PLATFORM));
  g_hash_table_insert (
      headers, (gpointer) "Wechatpay-Signature",
      sign (how->is_forged ? self->stranger : self->platform, signed_text, strlen (signed_text)));
  *body = g_bytes_new (text, strlen (text));
  return headers;
}

/* Returns the form of the notice that a payment has come; @field may be told otherwise */
GBytes *
pay_provider_notify_alipay (PayProvider *self,
                            const char *trade_no,
                            const char *field,
                            const char *value,
                            gboolean is_forged)
{
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  GString *form = g_string_new (NULL);
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;
  GHashTableIter iter;
  gpointer name, content;

  g_mutex_lock (&self->lock);
  amount = format_yuan (find (self, trade_no)->fen);
  g_mutex_unlock (&self->lock);
  g_hash_table_insert (params, (gpointer) "app_id", (gpointer) ALI_APP);
  g_hash_table_insert (params, (gpointer) "seller_id", (gpointer) SELLER);
  g_hash_table_insert (params, (gpointer) "out_trade_no", (gpointer) trade_no);
  g_hash_table_insert (params, (gpointer) "trade_no", (gpointer) "2013112011001004330000121536");
  g_hash_table_insert (params, (gpointer) "trade_status", (gpointer) "TRADE_SUCCESS");
  g_hash_table_insert (params, (gpointer) "total_amount", amount);
  g_hash_table_insert (params, (gpointer) "subject", (gpointer) "证书 & 一年");
  g_hash_table_insert (params, (gpointer) "gmt_payment", (gpointer) "2026-01-02 03:04:05");
  g_hash_table_insert (params, (gpointer) "notify_type", (gpointer) "trade_status_sync");
  g_hash_table_insert (params, (gpointer) "sign_type", (gpointer) "RSA2");
  if (field != NULL)
    g_hash_table_insert (params, (gpointer) field, (gpointer) value);
  text = canonicalize (params, "sign_type");
  signature = sign (is_forged ? self->stranger : self->alipay, text, strlen (text));
  g_hash_table_insert (params, (gpointer) "sign", signature);

  g_hash_table_iter_init (&iter, params);
  while (g_hash_table_iter_next (&iter, &name, &content))
    {
      g_autofree char *escaped = g_uri_escape_string (content, NULL, FALSE);

      g_string_append_printf (form, "%s%s=%s", form->len > 0 ? "&" : "", (char *) name, escaped);
    }
  return g_string_free_to_bytes (form);
}

/* -- What it knows -- */

char *
pay_provider_get_state (PayProvider *self, const char *trade_no)
{
  char *state;

  g_mutex_lock (&self->lock);
  state = g_strdup (find (self, trade_no)->is_cancelled ? "CLOSED" : find (self, trade_no)->state);
  g_mutex_unlock (&self->lock);
  return state;
}

gint64
pay_provider_get_refunded (PayProvider *self, const char *trade_no)
{
  gint64 sum;

  g_mutex_lock (&self->lock);
  sum = sum_refunds (find (self, trade_no));
  g_mutex_unlock (&self->lock);
  return sum;
}

guint
pay_provider_count (PayProvider *self, const char *what)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, what));
  g_mutex_unlock (&self->lock);
  return n;
}

/* Number of the trade that was made last */
char *
pay_provider_find_last (PayProvider *self)
{
  char *last;

  g_mutex_lock (&self->lock);
  last = g_strdup (self->last);
  g_mutex_unlock (&self->lock);
  return last;
}

void
pay_provider_set_broken (PayProvider *self, gboolean is_broken)
{
  self->is_broken = is_broken;
}

/* Signs what it answers with another key */
void
pay_provider_set_lying (PayProvider *self, gboolean is_lying)
{
  self->is_lying = is_lying;
}

/* Money that goes back stays on its way */
void
pay_provider_set_slow (PayProvider *self, gboolean is_slow)
{
  self->is_slow = is_slow;
}

void
pay_provider_set_hook (PayProvider *self, PayHook hook, gpointer user_data)
{
  g_mutex_lock (&self->lock);
  self->hook = hook;
  self->hook_data = user_data;
  g_mutex_unlock (&self->lock);
}
