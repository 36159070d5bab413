#include "config.h"

#include "base/ch-error.h"
#include "server/ch-gateway.h"

G_DEFINE_INTERFACE (ChGateway, ch_gateway, G_TYPE_OBJECT)

static void
ch_gateway_default_init (ChGatewayInterface *iface)
{
}

void
ch_trade_free (ChTrade *self)
{
  if (self == NULL)
    return;

  g_free (self->merchant);
  g_free (self->trade_no);
  g_free (self->channel);
  g_free (self->currency);
  g_free (self->transaction);
  g_free (self);
}

void
ch_payback_answer_free (ChPaybackAnswer *self)
{
  if (self == NULL)
    return;

  g_free (self->gateway_no);
  g_free (self->why);
  g_free (self);
}

static gboolean
is_there (ChGateway *self, GError **error)
{
  if (self == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "no gateway is set up");
  return self != NULL;
}

/**
 * ch_gateway_create:
 * @self: (nullable): %NULL when none is set up, which is a failure of every call
 * @channel: "wechat" or "alipay"
 * @trade_no: our number of the attempt, used once
 * @fen: amount
 * @title: what the payer reads
 * @expires: when the code ends by itself
 * @error: %CH_ERROR_GATEWAY when it does not answer
 *
 * Returns: (transfer full): what is to be shown as QR code
 */
char *
ch_gateway_create (ChGateway *self,
                   const char *channel,
                   const char *trade_no,
                   gint64 fen,
                   const char *title,
                   gint64 expires,
                   GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->create (self, channel, trade_no, fen, title, expires, error);
}

/**
 * ch_gateway_query:
 *
 * Returns: (transfer full): how it stands with an attempt
 */
ChTrade *
ch_gateway_query (ChGateway *self, const char *channel, const char *trade_no, GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->query (self, channel, trade_no, error);
}

/**
 * ch_gateway_close:
 *
 * Ends an attempt, so that nobody can pay it any more.
 *
 * Returns: (transfer full): how it stands now: closed, or paid because somebody was faster
 */
ChTrade *
ch_gateway_close (ChGateway *self, const char *channel, const char *trade_no, GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->close (self, channel, trade_no, error);
}

/**
 * ch_gateway_verify:
 * @notice: as it came
 * @error: %CH_ERROR_FORBIDDEN when the gateway did not sign it
 *
 * Returns: (transfer full): what the gateway says in it; its state is %CH_TRADE_UNKNOWN when it is about
 * something else than a payment
 */
ChTrade *
ch_gateway_verify (ChGateway *self, const ChNotice *notice, GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->verify (self, notice, error);
}

/**
 * ch_gateway_pay_back:
 * @payback: what is to go back
 * @error: %CH_ERROR_GATEWAY when it is not known what became of it: send the same again
 *
 * Returns: (transfer full): what the gateway does about it
 */
ChPaybackAnswer *
ch_gateway_pay_back (ChGateway *self, const ChPayback *payback, GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->pay_back (self, payback, error);
}

/**
 * ch_gateway_query_payback:
 *
 * Returns: (transfer full): how it stands with money that was sent back
 */
ChPaybackAnswer *
ch_gateway_query_payback (ChGateway *self, const ChPayback *payback, GError **error)
{
  if (!is_there (self, error))
    return NULL;
  return CH_GATEWAY_GET_IFACE (self)->query_payback (self, payback, error);
}

/**
 * ch_gateway_get_merchant:
 *
 * Returns: (transfer none): our number at the gateway, which a #ChTrade must name
 */
const char *
ch_gateway_get_merchant (ChGateway *self, const char *channel)
{
  return CH_GATEWAY_GET_IFACE (self)->get_merchant (self, channel);
}
