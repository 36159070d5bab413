#include "config.h"

#include "base/ch-error.h"
#include "server/pay/ch-gateway-set.h"

struct _ChGatewaySet
{
  GObject parent_instance;

  GHashTable *gateways; /* (owned): channel → ChGateway */
};

static void gateway_init (ChGatewayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChGatewaySet,
                               ch_gateway_set,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_GATEWAY, gateway_init))

static ChGateway *
find (ChGateway *gateway, const char *channel, GError **error)
{
  ChGateway *found
      = channel != NULL ? g_hash_table_lookup (CH_GATEWAY_SET (gateway)->gateways, channel) : NULL;

  if (found == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "there is no such way to pay");
  return found;
}

static char *
create (ChGateway *gateway,
        const char *channel,
        const char *trade_no,
        gint64 fen,
        const char *title,
        gint64 expires,
        GError **error)
{
  ChGateway *found = find (gateway, channel, error);

  return found != NULL ? ch_gateway_create (found, channel, trade_no, fen, title, expires, error) : NULL;
}

static ChTrade *
query (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChGateway *found = find (gateway, channel, error);

  return found != NULL ? ch_gateway_query (found, channel, trade_no, error) : NULL;
}

static ChTrade *
close_trade (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  ChGateway *found = find (gateway, channel, error);

  return found != NULL ? ch_gateway_close (found, channel, trade_no, error) : NULL;
}

static ChTrade *
verify (ChGateway *gateway, const ChNotice *notice, GError **error)
{
  ChGateway *found = find (gateway, notice->channel, error);

  return found != NULL ? ch_gateway_verify (found, notice, error) : NULL;
}

static ChPaybackAnswer *
pay_back (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  ChGateway *found = find (gateway, payback->channel, error);

  return found != NULL ? ch_gateway_pay_back (found, payback, error) : NULL;
}

static ChPaybackAnswer *
query_payback (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  ChGateway *found = find (gateway, payback->channel, error);

  return found != NULL ? ch_gateway_query_payback (found, payback, error) : NULL;
}

static const char *
get_merchant (ChGateway *gateway, const char *channel)
{
  ChGateway *found = find (gateway, channel, NULL);

  return found != NULL ? ch_gateway_get_merchant (found, channel) : "";
}

static void
gateway_init (ChGatewayInterface *iface)
{
  iface->create = create;
  iface->query = query;
  iface->close = close_trade;
  iface->verify = verify;
  iface->pay_back = pay_back;
  iface->query_payback = query_payback;
  iface->get_merchant = get_merchant;
}

static void
ch_gateway_set_finalize (GObject *object)
{
  g_hash_table_unref (CH_GATEWAY_SET (object)->gateways);

  G_OBJECT_CLASS (ch_gateway_set_parent_class)->finalize (object);
}

static void
ch_gateway_set_class_init (ChGatewaySetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_gateway_set_finalize;
}

static void
ch_gateway_set_init (ChGatewaySet *self)
{
  self->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * ch_gateway_set_new:
 *
 * Returns: (transfer full): a gateway of no channels
 */
ChGatewaySet *
ch_gateway_set_new (void)
{
  return g_object_new (CH_TYPE_GATEWAY_SET, NULL);
}

/**
 * ch_gateway_set_add:
 * @gateway: asked for everything that is paid by @channel
 */
void
ch_gateway_set_add (ChGatewaySet *self, const char *channel, ChGateway *gateway)
{
  g_hash_table_insert (self->gateways, g_strdup (channel), g_object_ref (gateway));
}

/**
 * ch_gateway_set_get_n_channels:
 *
 * Returns: how many ways there are to pay
 */
guint
ch_gateway_set_get_n_channels (ChGatewaySet *self)
{
  return g_hash_table_size (self->gateways);
}
