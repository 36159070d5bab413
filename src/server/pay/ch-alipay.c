#include "config.h"

#include "server/pay/ch-alipay.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/pay/ch-alipay-messages.h"
#include "server/pay/ch-alipay-sign.h"
#include "server/pay/ch-pay-http.h"
#include "server/pay/ch-pay-key.h"

#define CHANNEL     "alipay"
#define CURRENCY    "CNY"
#define FORM        "application/x-www-form-urlencoded;charset=utf-8"
#define TIME        "%Y-%m-%d %H:%M:%S"
#define MAX_SUBJECT 128

/* Words of Alipay */
#define DONE          "10000"
#define UNKNOWN_TRADE "ACQ.TRADE_NOT_EXIST"

struct _ChAlipay
{
  GObject parent_instance;

  ChAlipaySettings *settings; /* (owned) */
};

static void gateway_init (ChGatewayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChAlipay,
                               ch_alipay,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_GATEWAY, gateway_init))

/* TRADE_CLOSED: never paid in time, or given back whole on their side */
static const struct
{
  const char *word;
  ChTradeState state;
} trade_states[] = {
  { "WAIT_BUYER_PAY", CH_TRADE_OPEN },
  { "TRADE_CLOSED", CH_TRADE_CLOSED },
  { "TRADE_SUCCESS", CH_TRADE_PAID },
  { "TRADE_FINISHED", CH_TRADE_PAID },
};

/* What refuses for now only: the same may be asked again */
static const char *const passing[] = {
  "20000", /* code: the service is not there */
  "ACQ.SYSTEM_ERROR",
  "aop.ACQ.SYSTEM_ERROR",
  "isp.unknow-error",
};

/* -- Calls -- */

static void
put (GHashTable *params, const char *name, const char *value)
{
  if (value != NULL && *value != 0)
    g_hash_table_insert (params, (gpointer) name, (gpointer) value);
}

static char *
encode_form (GHashTable *params)
{
  GString *form = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, params);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (form->len > 0)
        g_string_append_c (form, '&');
      g_string_append_uri_escaped (form, name, NULL, FALSE);
      g_string_append_c (form, '=');
      g_string_append_uri_escaped (form, value, NULL, FALSE);
    }
  return g_string_free (form, FALSE);
}

/* What names the call goes into the address, the content into the body, as the official programs do */
static ChPayAnswer *
post (ChAlipay *self, const char *method, const char *content, GError **error)
{
  const ChAlipaySettings *settings = self->settings;
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *now = ch_pay_format_time (ch_clock_now (), TIME);
  g_autofree char *sign = NULL;
  g_autofree char *query = NULL;
  g_autofree char *url = NULL;
  g_autofree char *form = NULL;
  g_autoptr (GBytes) body = NULL;
  ChPayRequest request = { "POST", NULL, FORM, NULL, NULL, settings->trust_file };

  put (params, "app_id", settings->app);
  put (params, "method", method);
  put (params, "format", "JSON");
  put (params, "charset", "utf-8");
  put (params, "sign_type", "RSA2");
  put (params, "timestamp", now);
  put (params, "version", "1.0");
  put (params, "notify_url", settings->notify_url);
  put (params, "app_cert_sn", settings->app_cert_sn);
  put (params, "alipay_root_cert_sn", settings->root_cert_sn);
  put (params, "biz_content", content);
  sign = ch_alipay_sign_params (settings->key, params, error);
  if (sign == NULL)
    return NULL;

  put (params, "sign", sign);
  g_hash_table_remove (params, "biz_content");
  query = encode_form (params);
  url = g_strconcat (settings->url, "?", query, NULL);
  g_hash_table_remove_all (params);
  put (params, "biz_content", content);
  form = encode_form (params);
  body = g_bytes_new_static (form, strlen (form));
  request.url = url;
  request.body = body;
  return ch_pay_http_call (&request, error);
}

/* `alipay.trade.query` is answered under `alipay_trade_query_response` */
static char *
make_node (const char *method)
{
  char *node = g_strconcat (method, "_response", NULL);

  return g_strdelimit (node, ".", '_');
}

static ChAlipayResult *
call (ChAlipay *self, const char *method, const ChWireType *type, gconstpointer request, GError **error)
{
  g_autoptr (GBytes) json = ch_wire_encode (type, request);
  g_autofree char *content = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autofree char *node = make_node (method);
  g_autoptr (ChPayAnswer) answer = post (self, method, content, error);
  g_autoptr (GBytes) inner = NULL;
  g_autoptr (ChAlipayResult) result = NULL;

  if (answer == NULL)
    return NULL;
  if (answer->status != 200)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "Alipay answers with status %u", answer->status);
      return NULL;
    }
  inner = ch_alipay_verify_answer (self->settings->spki, answer->body, node, error);
  result = inner != NULL ? ch_wire_decode (&ChAlipayResult_wire, inner, error) : NULL;
  if (result == NULL)
    return NULL;
  if (g_strv_contains (passing, result->code)
      || (result->sub_code != NULL && g_strv_contains (passing, result->sub_code)))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "Alipay: %s", result->code);
      return NULL;
    }
  return g_steal_pointer (&result);
}

static gboolean
is_done (const ChAlipayResult *result)
{
  return g_str_equal (result->code, DONE);
}

static char *
read_failure (const ChAlipayResult *result)
{
  return g_strdup_printf ("%s %s: %s", result->code, result->sub_code != NULL ? result->sub_code : "",
                          result->sub_msg != NULL ? result->sub_msg : "");
}

static gpointer
fail (const ChAlipayResult *result, GError **error)
{
  g_autofree char *why = read_failure (result);

  g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "Alipay refuses: %s", why);
  return NULL;
}

/* -- Trades -- */

static ChTrade *
make_trade (ChAlipay *self, const char *trade_no, ChTradeState state)
{
  ChTrade *trade = g_new0 (ChTrade, 1);

  trade->merchant = g_strdup (self->settings->app);
  trade->channel = g_strdup (CHANNEL);
  trade->trade_no = g_strdup (trade_no);
  trade->state = state;
  return trade;
}

/* “2018-06-08 10:34:56”, in China */
static gint64
read_time (const char *text)
{
  g_autofree char *iso = text != NULL ? g_strconcat (text, "+08:00", NULL) : NULL;
  g_autoptr (GDateTime) time = NULL;

  if (iso == NULL || strlen (text) < 11)
    return 0;
  iso[10] = 'T';
  time = g_date_time_new_from_iso8601 (iso, NULL);
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

/* The amount is what was asked for: what the payer’s coupons paid of it is not our affair */
static gboolean
fill_trade (ChTrade *trade, const char *status, const char *amount, const char *currency, GError **error)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (trade_states) && g_strcmp0 (trade_states[i].word, status) != 0)
    i++;
  if (i == G_N_ELEMENTS (trade_states) || !ch_pay_parse_yuan (amount, &trade->fen))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "Alipay says %s of %s",
                   status != NULL ? status : "nothing", amount != NULL ? amount : "nothing");
      return FALSE;
    }

  trade->state = trade_states[i].state;
  trade->currency = g_strdup (currency != NULL ? currency : CURRENCY); /* it names others only */
  return TRUE;
}

static char *
ch_alipay_create (ChGateway *gateway,
                  const char *channel,
                  const char *trade_no,
                  gint64 fen,
                  const char *title,
                  gint64 expires,
                  GError **error)
{
  ChAlipay *self = CH_ALIPAY (gateway);
  g_autofree char *amount = ch_pay_format_yuan (fen);
  g_autofree char *subject = ch_pay_cut (title, MAX_SUBJECT);
  g_autofree char *expiry = ch_pay_format_time (expires, TIME);
  ChAlipayOrder order = { (char *) trade_no, amount, subject, self->settings->seller, expiry };
  g_autoptr (ChAlipayResult) result
      = call (self, "alipay.trade.precreate", &ChAlipayOrder_wire, &order, error);

  if (result == NULL)
    return NULL;
  if (!is_done (result) || result->qr_code == NULL || g_strcmp0 (result->out_trade_no, trade_no) != 0)
    return fail (result, error);
  return g_steal_pointer (&result->qr_code);
}

static ChTrade *
ch_alipay_query (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChAlipay *self = CH_ALIPAY (gateway);
  ChAlipayNumber number = { .out_trade_no = (char *) trade_no };
  g_autoptr (ChAlipayResult) result = call (self, "alipay.trade.query", &ChAlipayNumber_wire, &number, error);
  g_autoptr (ChTrade) trade = NULL;

  if (result == NULL)
    return NULL;
  /* Until somebody scans the code there is no trade */
  if (g_strcmp0 (result->sub_code, UNKNOWN_TRADE) == 0)
    return make_trade (self, trade_no, CH_TRADE_UNKNOWN);
  if (!is_done (result) || g_strcmp0 (result->out_trade_no, trade_no) != 0)
    return fail (result, error);

  trade = make_trade (self, trade_no, CH_TRADE_UNKNOWN);
  if (!fill_trade (trade, result->trade_status, result->total_amount, result->trans_currency, error))
    return NULL;
  trade->transaction = g_strdup (result->trade_no);
  trade->paid = trade->state == CH_TRADE_PAID ? read_time (result->send_pay_date) : 0;
  return g_steal_pointer (&trade);
}

/* A code nobody has scanned has no trade to be closed, and could still be scanned: cancelling ends the code
 * itself. What is paid cannot be closed; the query knows. */
static ChTrade *
ch_alipay_close (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChAlipay *self = CH_ALIPAY (gateway);
  ChAlipayNumber number = { .out_trade_no = (char *) trade_no };
  g_autoptr (ChAlipayResult) closed = call (self, "alipay.trade.close", &ChAlipayNumber_wire, &number, error);
  g_autoptr (ChAlipayResult) cancelled = NULL;

  if (closed == NULL)
    return NULL;
  if (is_done (closed))
    return make_trade (self, trade_no, CH_TRADE_CLOSED);
  if (g_strcmp0 (closed->sub_code, UNKNOWN_TRADE) != 0)
    return ch_alipay_query (gateway, channel, trade_no, error);

  cancelled = call (self, "alipay.trade.cancel", &ChAlipayNumber_wire, &number, error);
  if (cancelled == NULL)
    return NULL;
  return is_done (cancelled) ? make_trade (self, trade_no, CH_TRADE_CLOSED)
                             : ch_alipay_query (gateway, channel, trade_no, error);
}

static ChTrade *
ch_alipay_verify_gateway (ChGateway *gateway, const ChNotice *notice, GError **error)
{
  ChAlipay *self = CH_ALIPAY (gateway);
  g_autoptr (GHashTable) params = ch_alipay_verify_notice (self->settings->spki, notice->body, error);
  const char *trade_no = params != NULL ? g_hash_table_lookup (params, "out_trade_no") : NULL;
  const char *app, *seller;
  g_autoptr (ChTrade) trade = NULL;

  if (params == NULL)
    return NULL;
  if (trade_no == NULL || g_hash_table_lookup (params, "trade_status") == NULL)
    return make_trade (self, "", CH_TRADE_UNKNOWN); /* of something else */

  app = g_hash_table_lookup (params, "app_id");
  seller = g_hash_table_lookup (params, "seller_id");
  trade = make_trade (self, trade_no, CH_TRADE_UNKNOWN);
  g_free (trade->merchant);
  trade->merchant = g_strdup (app != NULL ? app : "");
  if (self->settings->seller != NULL && g_strcmp0 (seller, self->settings->seller) != 0)
    {
      /* The money went to somebody else */
      g_free (trade->merchant);
      trade->merchant = g_strdup (seller != NULL ? seller : "");
    }
  if (!fill_trade (trade, g_hash_table_lookup (params, "trade_status"),
                   g_hash_table_lookup (params, "total_amount"),
                   g_hash_table_lookup (params, "trans_currency"), error))
    return NULL;
  trade->transaction = g_strdup (g_hash_table_lookup (params, "trade_no"));
  trade->paid = trade->state == CH_TRADE_PAID ? read_time (g_hash_table_lookup (params, "gmt_payment")) : 0;
  return g_steal_pointer (&trade);
}

/* -- Money that goes back -- */

static ChPaybackAnswer *
make_payback (ChPaybackState state, const ChPayback *payback, const ChAlipayResult *result)
{
  ChPaybackAnswer *answer = g_new0 (ChPaybackAnswer, 1);

  answer->state = state;
  answer->fen = payback->fen;
  answer->gateway_no = g_strdup (result->trade_no);
  if (state == CH_PAYBACK_REFUSED)
    answer->why = read_failure (result);
  return answer;
}

static ChPaybackAnswer *
ch_alipay_query_payback (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  ChAlipayNumber number
      = { .out_trade_no = (char *) payback->trade_no, .out_request_no = (char *) payback->refund_no };
  g_autoptr (ChAlipayResult) result
      = call (CH_ALIPAY (gateway), "alipay.trade.fastpay.refund.query", &ChAlipayNumber_wire, &number, error);
  ChPaybackAnswer *answer;

  if (result == NULL)
    return NULL;
  if (!is_done (result))
    return g_strcmp0 (result->sub_code, UNKNOWN_TRADE) == 0 ? g_new0 (ChPaybackAnswer, 1)
                                                            : fail (result, error);
  /* They leave the state out while it is not done */
  if (g_strcmp0 (result->refund_status, "REFUND_SUCCESS") != 0)
    return g_new0 (ChPaybackAnswer, 1);

  answer = make_payback (CH_PAYBACK_DONE, payback, result);
  if (ch_pay_parse_yuan (result->refund_amount, &answer->fen))
    return answer;
  ch_payback_answer_free (answer);
  return fail (result, error);
}

/* A second call under the same number changes no money and says so: then the query tells how it stands */
static ChPaybackAnswer *
ch_alipay_pay_back (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  g_autofree char *amount = ch_pay_format_yuan (payback->fen);
  g_autofree char *reason = ch_pay_cut (payback->title, MAX_SUBJECT);
  ChAlipayNumber number = { (char *) payback->trade_no, (char *) payback->refund_no, amount, reason };
  g_autoptr (ChAlipayResult) result
      = call (CH_ALIPAY (gateway), "alipay.trade.refund", &ChAlipayNumber_wire, &number, error);
  g_autoptr (ChPaybackAnswer) known = NULL;

  if (result == NULL)
    return NULL;
  if (!is_done (result))
    return make_payback (CH_PAYBACK_REFUSED, payback, result);
  if (g_strcmp0 (result->fund_change, "Y") == 0)
    return make_payback (CH_PAYBACK_DONE, payback, result);

  known = ch_alipay_query_payback (gateway, payback, error);
  if (known == NULL)
    return NULL;
  return known->state == CH_PAYBACK_DONE ? g_steal_pointer (&known)
                                         : make_payback (CH_PAYBACK_SENT, payback, result);
}

static const char *
ch_alipay_get_merchant (ChGateway *gateway, const char *channel)
{
  return CH_ALIPAY (gateway)->settings->app;
}

static void
gateway_init (ChGatewayInterface *iface)
{
  iface->create = ch_alipay_create;
  iface->query = ch_alipay_query;
  iface->close = ch_alipay_close;
  iface->verify = ch_alipay_verify_gateway;
  iface->pay_back = ch_alipay_pay_back;
  iface->query_payback = ch_alipay_query_payback;
  iface->get_merchant = ch_alipay_get_merchant;
}

static void
ch_alipay_finalize (GObject *object)
{
  ch_alipay_settings_free (CH_ALIPAY (object)->settings);

  G_OBJECT_CLASS (ch_alipay_parent_class)->finalize (object);
}

static void
ch_alipay_class_init (ChAlipayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_alipay_finalize;
}

static void
ch_alipay_init (ChAlipay *self)
{
}

void
ch_alipay_settings_free (ChAlipaySettings *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_free (self->app);
  g_free (self->seller);
  g_free (self->notify_url);
  g_free (self->trust_file);
  g_free (self->app_cert_sn);
  g_free (self->root_cert_sn);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_clear_pointer (&self->key, ch_key_unref);
  g_free (self);
}

/**
 * ch_alipay_new:
 * @settings: (transfer full): who we are there
 *
 * Returns: (transfer full): the gateway
 */
ChAlipay *
ch_alipay_new (ChAlipaySettings *settings)
{
  ChAlipay *self = g_object_new (CH_TYPE_ALIPAY, NULL);

  self->settings = settings;
  return self;
}
