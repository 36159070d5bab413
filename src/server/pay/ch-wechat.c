#include "config.h"

#include "server/pay/ch-wechat.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/pay/ch-pay-http.h"
#include "server/pay/ch-pay-key.h"
#include "server/pay/ch-wechat-messages.h"
#include "server/pay/ch-wechat-sign.h"

#define CHANNEL         "wechat"
#define CURRENCY        "CNY"
#define JSON            "application/json"
#define MAX_DESCRIPTION 127
#define MAX_REASON      80
#define PAID_EVENT      "TRANSACTION.SUCCESS"

struct _ChWechat
{
  GObject parent_instance;

  ChWechatSettings *settings; /* (owned) */
};

static void gateway_init (ChGatewayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChWechat,
                               ch_wechat,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_GATEWAY, gateway_init))

/* What the words of WeChat Pay mean. Money that was given back on their side was not paid. */
static const struct
{
  const char *word;
  ChTradeState state;
} trade_states[] = {
  { "SUCCESS", CH_TRADE_PAID },  { "REFUND", CH_TRADE_CLOSED },  { "NOTPAY", CH_TRADE_OPEN },
  { "CLOSED", CH_TRADE_CLOSED }, { "REVOKED", CH_TRADE_CLOSED }, { "USERPAYING", CH_TRADE_OPEN },
  { "PAYERROR", CH_TRADE_OPEN },
};

static const struct
{
  const char *word;
  ChPaybackState state;
} payback_states[] = {
  { "SUCCESS", CH_PAYBACK_DONE },
  { "PROCESSING", CH_PAYBACK_SENT },
  { "CLOSED", CH_PAYBACK_REFUSED },
  { "ABNORMAL", CH_PAYBACK_REFUSED },
};

/* -- Calls -- */

static ChPayAnswer *
call_at (ChWechat *self,
         const char *base,
         const char *method,
         const char *target,
         GBytes *body,
         GError **error)
{
  const ChWechatSettings *settings = self->settings;
  g_autofree char *url = g_strconcat (base, target, NULL);
  g_autofree char *nonce = ch_random_new_id ();
  g_autofree char *authorization = ch_wechat_authorize (settings->key, settings->merchant, settings->serial,
                                                        method, target, body, nonce, ch_clock_now (), error);
  g_autofree char *signs = g_strconcat ("Authorization: ", authorization, NULL);
  g_autofree char *wants = g_strconcat ("Wechatpay-Serial: ", settings->platform, NULL);
  const char *const extras[] = { signs, wants, NULL };
  const ChPayRequest request
      = { method, url, body != NULL ? JSON : NULL, body, extras, settings->trust_file };

  return authorization != NULL ? ch_pay_http_call (&request, error) : NULL;
}

/* Each call may be made again: the second address is asked where the first does not answer. What was answered
 * well is believed only with a signature; a refusal is a status and is not signed. */
static ChPayAnswer *
call (ChWechat *self, const char *method, const char *target, GBytes *body, GError **error)
{
  const ChWechatSettings *settings = self->settings;
  g_autoptr (ChPayAnswer) answer = NULL;

  for (gsize i = 0; answer == NULL && settings->urls[i] != NULL; i++)
    {
      g_clear_error (error);
      answer = call_at (self, settings->urls[i], method, target, body, error);
    }
  if (answer == NULL)
    return NULL;
  if (answer->status >= 200 && answer->status < 300
      && !ch_wechat_verify (settings->keys, answer->headers, answer->body, ch_clock_now (), error))
    return NULL;
  return g_steal_pointer (&answer);
}

/* “CODE: words” */
static char *
read_failure (const ChPayAnswer *answer)
{
  g_autoptr (ChWechatFailure) failure = ch_wire_decode (&ChWechatFailure_wire, answer->body, NULL);

  if (failure == NULL)
    return g_strdup_printf ("status %u", answer->status);
  return g_strdup_printf ("%s: %s", failure->code, failure->message != NULL ? failure->message : "");
}

static gpointer
fail (const ChPayAnswer *answer, GError **error)
{
  g_autofree char *why = read_failure (answer);

  g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "WeChat Pay refuses: %s", why);
  return NULL;
}

/* -- Trades -- */

static gboolean
read_state (const char *word, ChTradeState *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (trade_states); i++)
    if (g_str_equal (trade_states[i].word, word))
      {
        *state = trade_states[i].state;
        return TRUE;
      }
  return FALSE;
}

static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static ChTrade *
read_trade (ChWechat *self, GBytes *json, GError **error)
{
  g_autoptr (ChWechatTrade) message = ch_wire_decode (&ChWechatTrade_wire, json, error);
  g_autoptr (ChTrade) trade = NULL;

  if (message == NULL)
    return NULL;

  trade = g_new0 (ChTrade, 1);
  if (!read_state (message->trade_state, &trade->state))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "WeChat Pay says %s", message->trade_state);
      return NULL;
    }
  trade->channel = g_strdup (CHANNEL);
  trade->trade_no = g_strdup (message->out_trade_no);
  /* Another program of ours is another merchant */
  trade->merchant = g_str_equal (message->appid, self->settings->app)
                        ? g_strdup (message->mchid)
                        : g_strconcat (message->mchid, "/", message->appid, NULL);
  trade->transaction = g_strdup (message->transaction_id);
  trade->paid = trade->state == CH_TRADE_PAID ? read_time (message->success_time) : 0;
  if (message->amount != NULL)
    {
      trade->fen = message->amount->total;
      trade->currency = g_strdup (message->amount->currency);
    }
  return g_steal_pointer (&trade);
}

static ChTrade *
make_trade (ChWechat *self, const char *trade_no, ChTradeState state)
{
  ChTrade *trade = g_new0 (ChTrade, 1);

  trade->merchant = g_strdup (self->settings->merchant);
  trade->channel = g_strdup (CHANNEL);
  trade->trade_no = g_strdup (trade_no);
  trade->state = state;
  return trade;
}

static char *
ch_wechat_create (ChGateway *gateway,
                  const char *channel,
                  const char *trade_no,
                  gint64 fen,
                  const char *title,
                  gint64 expires,
                  GError **error)
{
  ChWechat *self = CH_WECHAT (gateway);
  g_autofree char *description = ch_pay_cut (title, MAX_DESCRIPTION);
  g_autofree char *expiry = ch_pay_format_time (expires, "%Y-%m-%dT%H:%M:%S+08:00");
  ChWechatAmount amount = { .total = fen, .currency = (char *) CURRENCY };
  ChWechatOrder order = { self->settings->app,
                          self->settings->merchant,
                          description,
                          (char *) trade_no,
                          expiry,
                          self->settings->notify_url,
                          &amount };
  g_autoptr (GBytes) body = ch_wire_encode (&ChWechatOrder_wire, &order);
  g_autoptr (ChPayAnswer) answer = call (self, "POST", "/v3/pay/transactions/native", body, error);
  g_autoptr (ChWechatCode) code = NULL;

  if (answer == NULL)
    return NULL;
  if (answer->status != 200)
    return fail (answer, error);
  code = ch_wire_decode (&ChWechatCode_wire, answer->body, error);
  return code != NULL ? g_steal_pointer (&code->code_url) : NULL;
}

static ChTrade *
ch_wechat_query (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChWechat *self = CH_WECHAT (gateway);
  g_autofree char *target
      = g_strdup_printf ("/v3/pay/transactions/out-trade-no/%s?mchid=%s", trade_no, self->settings->merchant);
  g_autoptr (ChPayAnswer) answer = call (self, "GET", target, NULL, error);
  g_autoptr (ChTrade) trade = NULL;

  if (answer == NULL)
    return NULL;
  if (answer->status == 404)
    return make_trade (self, trade_no, CH_TRADE_UNKNOWN);
  if (answer->status != 200)
    return fail (answer, error);

  trade = read_trade (self, answer->body, error);
  if (trade != NULL && g_strcmp0 (trade->trade_no, trade_no) != 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "WeChat Pay answered about another payment");
      return NULL;
    }
  return g_steal_pointer (&trade);
}

/* What was paid meanwhile cannot be closed: whatever the refusal says, the query knows */
static ChTrade *
ch_wechat_close (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChWechat *self = CH_WECHAT (gateway);
  g_autofree char *target = g_strdup_printf ("/v3/pay/transactions/out-trade-no/%s/close", trade_no);
  ChWechatClose request = { self->settings->merchant };
  g_autoptr (GBytes) body = ch_wire_encode (&ChWechatClose_wire, &request);
  g_autoptr (ChPayAnswer) answer = call (self, "POST", target, body, error);

  if (answer == NULL)
    return NULL;
  if (answer->status == 204)
    return make_trade (self, trade_no, CH_TRADE_CLOSED);
  return ch_wechat_query (gateway, channel, trade_no, error);
}

static ChTrade *
ch_wechat_verify_notice (ChGateway *gateway, const ChNotice *notice, GError **error)
{
  ChWechat *self = CH_WECHAT (gateway);
  g_autofree char *event = NULL;
  g_autoptr (GBytes) json = NULL;

  if (notice->headers == NULL
      || !ch_wechat_verify (self->settings->keys, notice->headers, notice->body, ch_clock_now (), error))
    return NULL;
  json = ch_wechat_decipher (self->settings->v3, notice->body, &event, error);
  if (json == NULL)
    return NULL;
  return g_str_equal (event, PAID_EVENT) ? read_trade (self, json, error)
                                         : make_trade (self, "", CH_TRADE_UNKNOWN);
}

/* -- Money that goes back -- */

static ChPaybackAnswer *
read_payback (const ChPayback *payback, GBytes *json, GError **error)
{
  g_autoptr (ChWechatRefund) refund = ch_wire_decode (&ChWechatRefund_wire, json, error);
  ChPaybackAnswer *answer;

  if (refund == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (payback_states); i++)
    if (g_str_equal (payback_states[i].word, refund->status)
        && g_str_equal (refund->out_refund_no, payback->refund_no))
      {
        answer = g_new0 (ChPaybackAnswer, 1);
        answer->state = payback_states[i].state;
        answer->fen = refund->amount->refund;
        answer->gateway_no = g_strdup (refund->refund_id);
        if (answer->state == CH_PAYBACK_REFUSED)
          answer->why = g_strdup (refund->status);
        return answer;
      }

  g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "WeChat Pay says %s of refund %s", refund->status,
               refund->out_refund_no);
  return NULL;
}

static ChPaybackAnswer *
refuse_payback (const ChPayAnswer *answer)
{
  ChPaybackAnswer *refused = g_new0 (ChPaybackAnswer, 1);

  refused->state = CH_PAYBACK_REFUSED;
  refused->why = read_failure (answer);
  return refused;
}

static ChPaybackAnswer *
ch_wechat_pay_back (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  g_autofree char *reason = ch_pay_cut (payback->title, MAX_REASON);
  ChWechatPart amount = { payback->fen, payback->total, (char *) CURRENCY };
  ChWechatPayback request = { (char *) payback->trade_no, (char *) payback->refund_no, reason, &amount };
  g_autoptr (GBytes) body = ch_wire_encode (&ChWechatPayback_wire, &request);
  g_autoptr (ChPayAnswer) answer
      = call (CH_WECHAT (gateway), "POST", "/v3/refund/domestic/refunds", body, error);

  if (answer == NULL)
    return NULL;
  if (answer->status == 200)
    return read_payback (payback, answer->body, error);
  /* Too often, or trouble on their side: the same is sent again later. Else it is no use. */
  return answer->status == 429 || answer->status >= 500 || answer->status == 401 ? fail (answer, error)
                                                                                 : refuse_payback (answer);
}

static ChPaybackAnswer *
ch_wechat_query_payback (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  g_autofree char *target = g_strconcat ("/v3/refund/domestic/refunds/", payback->refund_no, NULL);
  g_autoptr (ChPayAnswer) answer = call (CH_WECHAT (gateway), "GET", target, NULL, error);

  if (answer == NULL)
    return NULL;
  if (answer->status == 404)
    return g_new0 (ChPaybackAnswer, 1);
  return answer->status == 200 ? read_payback (payback, answer->body, error) : fail (answer, error);
}

static const char *
ch_wechat_get_merchant (ChGateway *gateway, const char *channel)
{
  return CH_WECHAT (gateway)->settings->merchant;
}

static void
gateway_init (ChGatewayInterface *iface)
{
  iface->create = ch_wechat_create;
  iface->query = ch_wechat_query;
  iface->close = ch_wechat_close;
  iface->verify = ch_wechat_verify_notice;
  iface->pay_back = ch_wechat_pay_back;
  iface->query_payback = ch_wechat_query_payback;
  iface->get_merchant = ch_wechat_get_merchant;
}

static void
ch_wechat_finalize (GObject *object)
{
  ch_wechat_settings_free (CH_WECHAT (object)->settings);

  G_OBJECT_CLASS (ch_wechat_parent_class)->finalize (object);
}

static void
ch_wechat_class_init (ChWechatClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_wechat_finalize;
}

static void
ch_wechat_init (ChWechat *self)
{
}

void
ch_wechat_settings_free (ChWechatSettings *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->urls);
  g_free (self->merchant);
  g_free (self->app);
  g_free (self->serial);
  g_free (self->notify_url);
  g_free (self->trust_file);
  g_free (self->platform);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->key, ch_key_unref);
  g_clear_pointer (&self->v3, ch_secret_unref);
  g_free (self);
}

/**
 * ch_wechat_new:
 * @settings: (transfer full): who we are there
 *
 * Returns: (transfer full): the gateway
 */
ChWechat *
ch_wechat_new (ChWechatSettings *settings)
{
  ChWechat *self = g_object_new (CH_TYPE_WECHAT, NULL);

  self->settings = settings;
  return self;
}
