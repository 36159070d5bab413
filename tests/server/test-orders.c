#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-order-desk.h"
#include "server-world.h"
#include "wire/messages-order.h"

typedef struct
{
  ServerWorld *world;
  char *token;
  ChApplication *draft; /* filled in */
  ChOrder *order;
} Shop;

static void
shop_init (Shop *self, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);

  self->world = server_world_new ();
  self->token = server_register (self->world, mobile);
  self->draft
      = server_fill_in (self->world, self->token, server_apply (self->world, self->token, "self-pay"));
  version->version = self->draft->version;
  self->order = server_call (self->world, self->token, &ch_route_order_new, self->draft->id, version, &error);
  g_assert_no_error (error);
}

static void
shop_clear (Shop *self)
{
  server_world_free (self->world);
  g_free (self->token);
  ch_application_free (self->draft);
  ch_order_free (self->order);
}

static ChOrder *
try_channel (Shop *self, const char *channel, GError **error)
{
  g_autoptr (ChAttemptNew) request = ch_wire_new (&ChAttemptNew_wire);

  request->channel = g_strdup (channel);
  return server_call (self->world, self->token, &ch_route_attempt_new, self->order->id, request, error);
}

static ChOrder *
query (Shop *self, GError **error)
{
  return server_call (self->world, self->token, &ch_route_order_query, self->order->id, NULL, error);
}

static gpointer
count_refunds (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_query_int (tx, "SELECT COALESCE (SUM (fen), 0) FROM refund WHERE state = 'due'", NULL, data,
                          error)
             ? CH_DB_DONE
             : NULL;
}

static gint64
get_due (Shop *self)
{
  gint64 fen = -1;

  g_assert_nonnull (ch_db_read (ch_service_get_db (self->world->service), count_refunds, &fen, NULL));
  return fen;
}

static gboolean
notify (Shop *self, const char *trade_no, GError **error)
{
  g_autoptr (GBytes) notification = g_bytes_new (trade_no, strlen (trade_no));

  return ch_order_desk_notify (self->world->service, &(ChNotice){ NULL, notification, NULL }, error);
}

/* A code is closed at the gateway before there is another; the money of a closed one goes back */
static void
test_attempts (void)
{
  Shop shop;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) first = NULL, second = NULL, none = NULL, open = NULL, paid = NULL;

  shop_init (&shop, "13800000031");
  g_assert_cmpint (shop.order->fen, ==, 30000);
  none = try_channel (&shop, "cash", &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED);
  g_clear_error (&error);

  first = try_channel (&shop, "wechat", &error);
  g_assert_no_error (error);
  test_gateway_set_broken (shop.world->gateway, TRUE);
  none = try_channel (&shop, "alipay", &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_GATEWAY);
  g_clear_error (&error);
  test_gateway_set_broken (shop.world->gateway, FALSE);

  second = try_channel (&shop, "alipay", &error);
  g_assert_no_error (error);
  g_assert_cmpint (test_gateway_get (shop.world->gateway, first->attempt->trade_no)->state, ==,
                   CH_TRADE_CLOSED);
  open = query (&shop, &error);
  g_assert_cmpint (open->state, ==, CH_ORDER_UNPAID);

  test_gateway_pay (shop.world->gateway, second->attempt->trade_no);
  g_assert_true (notify (&shop, second->attempt->trade_no, &error));
  g_assert_true (notify (&shop, second->attempt->trade_no, &error));
  paid = query (&shop, &error);
  g_assert_cmpint (paid->state, ==, CH_ORDER_PAID);
  g_assert_cmpint (get_due (&shop), ==, 0);

  test_gateway_pay (shop.world->gateway, first->attempt->trade_no);
  g_assert_true (notify (&shop, first->attempt->trade_no, &error));
  g_assert_cmpint (get_due (&shop), ==, 30000);
  shop_clear (&shop);
}

/* Somebody pays the old code while a new one is asked for */
static void
test_paid_while_closing (void)
{
  Shop shop;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) first = NULL, second = NULL;

  shop_init (&shop, "13800000032");
  first = try_channel (&shop, "wechat", &error);
  test_gateway_pay (shop.world->gateway, first->attempt->trade_no);
  second = try_channel (&shop, "wechat", &error);
  g_assert_no_error (error);
  g_assert_cmpint (second->state, ==, CH_ORDER_PAID);
  g_assert_null (second->attempt);
  g_assert_cmpuint (test_gateway_get_n_created (shop.world->gateway), ==, 1);
  shop_clear (&shop);
}

/* Only what was asked for settles: merchant, amount, currency, channel */
static void
test_wrong_money (void)
{
  Shop shop;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) open = NULL, after = NULL;
  ChTrade *trade;

  shop_init (&shop, "13800000033");
  open = try_channel (&shop, "wechat", &error);
  test_gateway_pay (shop.world->gateway, open->attempt->trade_no);
  trade = test_gateway_get (shop.world->gateway, open->attempt->trade_no);

  trade->fen = 1;
  g_assert_false (notify (&shop, open->attempt->trade_no, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);
  trade->fen = 30000;
  g_free (trade->currency);
  trade->currency = g_strdup ("USD");
  g_assert_false (notify (&shop, open->attempt->trade_no, &error));
  g_clear_error (&error);
  g_free (trade->currency);
  trade->currency = g_strdup ("CNY");
  g_free (trade->merchant);
  trade->merchant = g_strdup ("somebody else");
  g_assert_false (notify (&shop, open->attempt->trade_no, &error));
  g_clear_error (&error);
  g_assert_false (notify (&shop, "no such number", &error));
  g_clear_error (&error);

  after = server_call (shop.world, shop.token, &ch_route_order, shop.order->id, NULL, &error);
  g_assert_cmpint (after->state, ==, CH_ORDER_UNPAID);
  shop_clear (&shop);
}

/* Another term is another price: the code of the old one is closed, its money does not buy the new one */
static void
test_other_term (void)
{
  Shop shop;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChOrder) open = NULL, other = NULL, paid = NULL;
  g_autoptr (ChApplication) longer = NULL;

  shop_init (&shop, "13800000034");
  open = try_channel (&shop, "wechat", &error);
  longer = server_save (shop.world, shop.token, shop.draft, "term", "two-years", &error);
  g_assert_no_error (error);
  g_assert_false (server_has_fact (longer, CH_FACT_ORDER));

  version->version = longer->version;
  other = server_call (shop.world, shop.token, &ch_route_order_new, longer->id, version, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other->id, ==, shop.order->id);
  g_assert_cmpint (other->fen, ==, 60000);
  g_assert_cmpint (test_gateway_get (shop.world->gateway, open->attempt->trade_no)->state, ==,
                   CH_TRADE_CLOSED);

  test_gateway_pay (shop.world->gateway, open->attempt->trade_no);
  g_assert_true (notify (&shop, open->attempt->trade_no, &error));
  paid = query (&shop, &error);
  g_assert_cmpint (paid->state, ==, CH_ORDER_UNPAID);
  g_assert_cmpint (get_due (&shop), ==, 30000);
  shop_clear (&shop);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/server/orders/attempts", test_attempts);
  g_test_add_func ("/server/orders/paid-while-closing", test_paid_while_closing);
  g_test_add_func ("/server/orders/wrong-money", test_wrong_money);
  g_test_add_func ("/server/orders/other-term", test_other_term);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
