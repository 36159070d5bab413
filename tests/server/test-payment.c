#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pay-provider.h"
#include "server/ch-order-desk.h"
#include "server/ch-till.h"
#include "server/pay/ch-pay-setup.h"
#include "server-world.h"

#define PASSPHRASE "a passphrase of the store"

/* Somebody who is about to pay 300.00, at a server whose money really goes over the wire */
typedef struct
{
  ServerWorld *world;
  PayProvider *provider;
  char *token;
  ChApplication *draft;
  char *order;
} Shop;

/* One of each for all: keys are slow to make and to open */
static PayProvider *provider;
static ServerWorld *world;

static ChGateway *
load_gateway (const char *dir)
{
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GError) error = NULL;
  ChGateway *gateway = NULL;

  ch_pay_setup_load (dir, passphrase, TRUE, &gateway, &error);
  g_assert_no_error (error);
  g_assert_nonnull (gateway);
  return gateway;
}

static void
open_world (void)
{
  g_autoptr (ChGateway) gateway = NULL;

  world = server_world_new ();
  pay_provider_write_setup (provider, world->dir, PASSPHRASE, TRUE);
  gateway = load_gateway (world->dir);
  ch_service_set_gateway (world->service, gateway);
}

static void
shop_init (Shop *self, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChOrder) order = NULL;

  self->world = world;
  self->provider = provider;
  self->token = server_register (self->world, mobile);
  self->draft
      = server_fill_in (self->world, self->token, server_apply (self->world, self->token, "self-pay"));
  version->version = self->draft->version;
  order = server_call (self->world, self->token, &ch_route_order_new, self->draft->id, version, &error);
  g_assert_no_error (error);
  self->order = g_strdup (order->id);
}

static void
shop_clear (Shop *self)
{
  pay_provider_set_broken (self->provider, FALSE);
  pay_provider_set_lying (self->provider, FALSE);
  pay_provider_set_slow (self->provider, FALSE);
  g_free (self->token);
  g_free (self->order);
  ch_application_free (self->draft);
}

static ChOrder *
get_code (Shop *self, const char *channel, GError **error)
{
  g_autoptr (ChAttemptNew) request = ch_wire_new (&ChAttemptNew_wire);

  request->channel = g_strdup (channel);
  return server_call (self->world, self->token, &ch_route_attempt_new, self->order, request, error);
}

/* Returns the number of a code that can be paid */
static char *
open_code (Shop *self, const char *channel)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) order = get_code (self, channel, &error);

  g_assert_no_error (error);
  g_assert_nonnull (order->attempt);
  return g_strdup (order->attempt->trade_no);
}

static ChOrder *
look (Shop *self)
{
  g_autoptr (GError) error = NULL;
  ChOrder *order = server_call (self->world, self->token, &ch_route_order, self->order, NULL, &error);

  g_assert_no_error (error);
  return order;
}

static ChOrderState
look_state (Shop *self)
{
  g_autoptr (ChOrder) order = look (self);

  return order->state;
}

static ChOrderState
query (Shop *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) order
      = server_call (self->world, self->token, &ch_route_order_query, self->order, NULL, &error);

  g_assert_no_error (error);
  return order->state;
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GBytes **) user_data = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
}

/* Brings a notice to the server’s door, as a provider does. Returns the status; @text is what was answered */
static guint
bring (Shop *self, const char *path, GHashTable *headers, const char *type, GBytes *body, char **text)
{
  g_autofree char *url = g_strconcat (self->world->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) answer = NULL;
  GHashTableIter iter;
  gpointer name, value;

  if (headers != NULL)
    {
      g_hash_table_iter_init (&iter, headers);
      while (g_hash_table_iter_next (&iter, &name, &value))
        soup_message_headers_append (soup_message_get_request_headers (message), name, value);
    }
  soup_message_set_request_body_from_bytes (message, type, body);
  soup_session_send_and_read_async (self->world->session, message, G_PRIORITY_DEFAULT, NULL, on_sent_cb,
                                    &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  *text = g_bytes_get_size (answer) > 0
              ? g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer))
              : g_strdup ("");
  return soup_message_get_status (message);
}

static guint
notify_wechat (Shop *self, const char *trade_no, const PayNotice *how)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GHashTable) headers = pay_provider_notify_wechat (self->provider, trade_no, how, &body);
  g_autofree char *text = NULL;
  guint status = bring (self, "/v1/notify/wechat", headers, "application/json", body, &text);

  g_assert_true (status == 204 ? *text == 0 : strstr (text, "\"FAIL\"") != NULL);
  return status;
}

static gboolean
notify_alipay (Shop *self, const char *trade_no, const char *field, const char *value, gboolean is_forged)
{
  g_autoptr (GBytes) body = pay_provider_notify_alipay (self->provider, trade_no, field, value, is_forged);
  g_autofree char *text = NULL;
  guint status = bring (self, "/v1/notify/alipay", NULL, "application/x-www-form-urlencoded", body, &text);

  g_assert_cmpuint (status, ==, 200);
  return g_str_equal (text, "success");
}

static const ChRefund *
get_refund (const ChOrder *order)
{
  g_assert_cmpuint (order->refunds->len, ==, 1);
  return order->refunds->pdata[0];
}

/* Both channels: a code, the answer to “I have paid”, and the notice after it */
static void
test_paid (void)
{
  static const char *const channels[] = { "wechat", "alipay" };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autofree char *mobile = g_strdup_printf ("1380000010%u", i);
      g_autofree char *trade_no = NULL;
      g_autoptr (ChOrder) open = NULL, paid = NULL;
      g_autoptr (GError) error = NULL;
      Shop shop;

      shop_init (&shop, mobile);
      open = get_code (&shop, channels[i], &error);
      g_assert_no_error (error);
      trade_no = g_strdup (open->attempt->trade_no);
      g_assert_true (g_str_has_prefix (open->attempt->code, i == 0 ? "weixin://wxpay/bizpayurl?pr="
                                                                   : "https://qr.alipay.com/bax"));
      g_assert_cmpint (query (&shop), ==, CH_ORDER_UNPAID);
      pay_provider_pay (provider, trade_no);
      g_assert_cmpint (query (&shop), ==, CH_ORDER_PAID);
      paid = look (&shop);
      g_assert_cmpstr (paid->channel, ==, channels[i]);
      g_assert_cmpuint (paid->refunds->len, ==, 0);

      /* What is known already is taken as well, else it comes again all day */
      if (i == 0)
        g_assert_cmpuint (notify_wechat (&shop, trade_no, &(PayNotice){ 0 }), ==, 204);
      else
        g_assert_true (notify_alipay (&shop, trade_no, NULL, NULL, FALSE));
      g_assert_cmpint (look_state (&shop), ==, CH_ORDER_PAID);
      shop_clear (&shop);
    }
}

/* Nobody but WeChat Pay says that it is paid, and nothing else than what was asked for */
static void
test_wechat_notices (void)
{
  static const struct
  {
    const char *name;
    PayNotice how;
    guint status;
  } rows[] = {
    { "forged", { .is_forged = TRUE }, 401 },
    { "enciphered with another key", { .is_foreign = TRUE }, 401 },
    { "replayed", { .age = 301 }, 401 },
    { "from the future", { .age = -301 }, 401 },
    { "less", { .fen = 29999 }, 401 },
    { "more", { .fen = 30001 }, 401 },
    { "merchant", { .merchant = "1900000110" }, 401 },
    { "currency", { .currency = "USD" }, 401 },
    { "right", { .age = 200 }, 204 },
  };
  Shop shop;
  g_autofree char *trade_no = NULL;

  shop_init (&shop, "13800000111");
  trade_no = open_code (&shop, "wechat");
  pay_provider_pay (provider, trade_no);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpuint (notify_wechat (&shop, trade_no, &rows[i].how), ==, rows[i].status);
      g_assert_cmpint (look_state (&shop), ==, rows[i].status == 204 ? CH_ORDER_PAID : CH_ORDER_UNPAID);
    }
  shop_clear (&shop);
}

static void
test_alipay_notices (void)
{
  static const struct
  {
    const char *field;
    const char *value;
    gboolean is_forged;
  } rows[] = {
    { NULL, NULL, TRUE },
    { "total_amount", "299.99", FALSE },
    { "total_amount", "300.001", FALSE },
    { "app_id", "2014072300007149", FALSE },
    { "seller_id", "2088102146225136", FALSE },
    { "trans_currency", "USD", FALSE },
    { "out_trade_no", "00000000000000000000000000000000", FALSE },
  };
  Shop shop;
  g_autofree char *trade_no = NULL;

  shop_init (&shop, "13800000112");
  trade_no = open_code (&shop, "alipay");
  pay_provider_pay (provider, trade_no);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].field != NULL ? rows[i].field : "forged");
      g_assert_false (notify_alipay (&shop, trade_no, rows[i].field, rows[i].value, rows[i].is_forged));
      g_assert_cmpint (look_state (&shop), ==, CH_ORDER_UNPAID);
    }
  g_assert_true (notify_alipay (&shop, trade_no, "trade_status", "WAIT_BUYER_PAY", FALSE));
  g_assert_cmpint (look_state (&shop), ==, CH_ORDER_UNPAID);
  g_assert_true (notify_alipay (&shop, trade_no, NULL, NULL, FALSE));
  g_assert_cmpint (look_state (&shop), ==, CH_ORDER_PAID);
  shop_clear (&shop);
}

/* Answers that are not signed by the provider are not believed, and trouble there is no answer */
static void
test_trouble (void)
{
  static const char *const channels[] = { "wechat", "alipay" };
  Shop shop;

  shop_init (&shop, "13800000113");
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autofree char *trade_no = NULL;
      g_autoptr (ChOrder) none = NULL;
      g_autoptr (GError) error = NULL;

      pay_provider_set_broken (provider, TRUE);
      none = get_code (&shop, channels[i], &error);
      g_assert_error (error, CH_ERROR, CH_ERROR_GATEWAY);
      g_clear_error (&error);
      pay_provider_set_broken (provider, FALSE);

      trade_no = open_code (&shop, channels[i]);
      pay_provider_pay (provider, trade_no);
      pay_provider_set_lying (provider, TRUE);
      g_assert_null (server_call (shop.world, shop.token, &ch_route_order_query, shop.order, NULL, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
      pay_provider_set_lying (provider, FALSE);
      g_assert_cmpint (look_state (&shop), ==, CH_ORDER_UNPAID);
      if (i == 0)
        shop_clear (&shop), shop_init (&shop, "13800000114");
    }
  g_assert_cmpint (query (&shop), ==, CH_ORDER_PAID);
  shop_clear (&shop);
}

/* Another channel closes the code of the first; a code that nobody scanned is cancelled; an expired one is
 * closed by the clock, and a new one comes at once */
static void
test_codes (void)
{
  Shop shop;
  g_autofree char *alipay = NULL, *wechat = NULL, *again = NULL, *newest = NULL;
  g_autofree char *state = NULL, *state_again = NULL;

  shop_init (&shop, "13800000115");
  alipay = open_code (&shop, "alipay");
  wechat = open_code (&shop, "wechat");
  state = pay_provider_get_state (provider, alipay);
  g_assert_cmpstr (state, ==, "CLOSED");

  ch_clock_set_offset (ch_clock_get_offset () + 890);
  again = open_code (&shop, "wechat");
  g_assert_cmpstr (again, !=, wechat);
  ch_clock_set_offset (ch_clock_get_offset () + ch_service_get_profile (shop.world->service)->limits->pay_code
                       + 1);
  ch_till_run (shop.world->service);
  state_again = pay_provider_get_state (provider, again);
  g_assert_cmpstr (state_again, ==, "CLOSED");
  ch_clock_set_offset (0);
  newest = open_code (&shop, "alipay");
  shop_clear (&shop);
}

/* Paid in the last moment, while another code is asked for: the close says so, and the order is settled */
static void
test_paid_while_closing (void)
{
  static const char *const channels[] = { "wechat", "alipay" };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autofree char *mobile = g_strdup_printf ("1380000012%u", i);
      g_autofree char *trade_no = NULL;
      g_autoptr (ChOrder) order = NULL;
      g_autoptr (GError) error = NULL;
      Shop shop;

      shop_init (&shop, mobile);
      trade_no = open_code (&shop, channels[i]);
      pay_provider_pay (provider, trade_no);
      order = get_code (&shop, channels[1 - i], &error);
      g_assert_no_error (error);
      g_assert_cmpint (order->state, ==, CH_ORDER_PAID);
      g_assert_null (order->attempt);
      g_assert_cmpuint (order->refunds->len, ==, 0);
      shop_clear (&shop);
    }
}

/* A notice is lost: the till finds out by itself */
static void
test_lost_notice (void)
{
  Shop shop;
  g_autofree char *trade_no = NULL;

  shop_init (&shop, "13800000116");
  trade_no = open_code (&shop, "alipay");
  pay_provider_pay (provider, trade_no);
  ch_till_run (shop.world->service);
  g_assert_cmpint (look_state (&shop), ==, CH_ORDER_PAID);
  shop_clear (&shop);
}

static ChRefund *
act (Shop *self, const ChRoute *route, const char *refund, gconstpointer request, GError **error)
{
  return server_call (self->world, self->world->reviewer, route, refund, request, error);
}

/* Paid by both channels, told twice: one of them goes back, once, however often it is sent */
static void
test_surplus (void)
{
  Shop shop;
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (ChOrder) due = NULL, done = NULL;
  g_autoptr (ChRefund) approved = NULL, twice = NULL;
  guint n_refunds = pay_provider_count (provider, "refund");
  g_autoptr (GError) error = NULL;

  shop_init (&shop, "13800000117");
  first = open_code (&shop, "alipay");
  second = open_code (&shop, "wechat");
  pay_provider_pay (provider, second);
  g_assert_cmpuint (notify_wechat (&shop, second, &(PayNotice){ 0 }), ==, 204);
  pay_provider_pay (provider, first); /* the cancelling came too late there */
  g_assert_true (notify_alipay (&shop, first, NULL, NULL, FALSE));
  g_assert_true (notify_alipay (&shop, first, NULL, NULL, FALSE));

  due = look (&shop);
  g_assert_cmpint (due->state, ==, CH_ORDER_PAID);
  g_assert_cmpstr (due->channel, ==, "wechat");
  g_assert_cmpint (get_refund (due)->fen, ==, 30000);
  g_assert_cmpint (get_refund (due)->reason, ==, CH_REFUND_REASON_SURPLUS);
  g_assert_cmpint (get_refund (due)->state, ==, CH_REFUND_DUE);
  g_assert_null (get_refund (due)->asked_by);

  /* Nothing goes without an approval */
  ch_till_run (shop.world->service);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 0);
  approved = act (&shop, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (approved->state, ==, CH_REFUND_APPROVED);
  twice = act (&shop, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  /* Trouble there: it waits, and is sent again under the same number */
  pay_provider_set_broken (provider, TRUE);
  ch_till_run (shop.world->service);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 0);
  pay_provider_set_broken (provider, FALSE);
  ch_till_run (shop.world->service);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 0); /* not before its time */
  ch_clock_set_offset (ch_clock_get_offset () + 61);
  pay_provider_set_slow (provider, TRUE);
  ch_till_run (shop.world->service);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 30000);
  pay_provider_set_slow (provider, FALSE);
  ch_clock_set_offset (ch_clock_get_offset () + 130);
  ch_till_run (shop.world->service);
  ch_clock_set_offset (0);
  done = look (&shop);
  g_assert_cmpint (get_refund (done)->state, ==, CH_REFUND_DONE);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 30000);
  g_assert_cmpint (pay_provider_get_refunded (provider, second), ==, 0);
  g_assert_cmpuint (pay_provider_count (provider, "refund"), ==, n_refunds + 1);
  shop_clear (&shop);
}

static gpointer
write_withdrawn (ChDbTx *tx, gpointer order, GError **error)
{
  return ch_order_desk_refund (tx, order, CH_REFUND_REASON_WITHDRAWN, "account:somebody", error)
                 && ch_order_desk_refund (tx, order, CH_REFUND_REASON_WITHDRAWN, "account:somebody", error)
             ? CH_DB_DONE
             : NULL;
}

/* Withdrawn while it is paid, and another code paid after it: both go back */
static void
test_withdrawn (void)
{
  Shop shop;
  g_autofree char *first = NULL, *state = NULL;
  g_autoptr (ChOrder) closed = NULL, none = NULL, late = NULL;
  g_autoptr (ChRefund) approved = NULL;
  g_autoptr (GError) error = NULL;

  shop_init (&shop, "13800000118");
  first = open_code (&shop, "wechat");
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (shop.world->service), write_withdrawn, shop.order, NULL, &error));
  closed = look (&shop);
  g_assert_cmpint (closed->state, ==, CH_ORDER_CLOSED);
  g_assert_cmpuint (closed->refunds->len, ==, 0);
  none = get_code (&shop, "wechat", &error);
  g_assert_no_error (error);
  g_assert_null (none->attempt);

  pay_provider_pay (provider, first);
  g_assert_cmpuint (notify_wechat (&shop, first, &(PayNotice){ 0 }), ==, 204);
  late = look (&shop);
  g_assert_cmpint (late->state, ==, CH_ORDER_CLOSED);
  g_assert_cmpint (get_refund (late)->reason, ==, CH_REFUND_REASON_WITHDRAWN);
  approved = act (&shop, &ch_route_refund_approve, get_refund (late)->id, NULL, &error);
  g_assert_no_error (error);
  ch_till_run (shop.world->service);
  g_assert_cmpint (pay_provider_get_refunded (provider, first), ==, 30000);
  shop_clear (&shop);
}

/* Two people, where they are asked for: who agreed first does not agree again */
static void
test_two_people (void)
{
  g_autoptr (ChSecret) password = ch_secret_new ("Ein langes Kennwort", strlen ("Ein langes Kennwort"));
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;
  g_autofree char *bob = NULL, *first = NULL, *second = NULL;
  g_autoptr (ChOrder) due = NULL;
  g_autoptr (ChRefund) checked = NULL, none = NULL, approved = NULL;
  g_autoptr (ChRefundList) list = NULL;
  g_autoptr (GError) error = NULL;
  Shop shop;

  shop_init (&shop, "13800000119");
  ((ChProfile *) ch_service_get_profile (shop.world->service))->two_people = TRUE;
  ch_staff_add (shop.world->service, "bob", CH_PRINCIPAL_SUPPORT, password, NULL, &error);
  g_assert_no_error (error);
  login->name = g_strdup ("bob");
  login->password = ch_secret_ref (password);
  session = server_call (shop.world, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  bob = server_take_token (session);

  first = open_code (&shop, "alipay");
  second = open_code (&shop, "wechat");
  pay_provider_pay (provider, second);
  g_assert_cmpint (query (&shop), ==, CH_ORDER_PAID);
  pay_provider_pay (provider, first);
  g_assert_true (notify_alipay (&shop, first, NULL, NULL, FALSE));
  due = look (&shop);

  checked = act (&shop, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (checked->state, ==, CH_REFUND_DUE);
  g_assert_cmpstr (checked->checked_by, ==, "staff:anna");
  none = act (&shop, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SECOND_PERSON);
  g_clear_error (&error);
  approved = server_call (shop.world, bob, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (approved->state, ==, CH_REFUND_APPROVED);
  g_assert_cmpstr (approved->approved_by, ==, "staff:bob");
  list = server_call (shop.world, bob, &ch_route_refund_list, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, >=, 1);
  ((ChProfile *) ch_service_get_profile (shop.world->service))->two_people = FALSE;
  shop_clear (&shop);
}

/* The provider will not: somebody pays it back by hand, and not who approved it */
static void
test_by_hand (void)
{
  g_autofree char *trade_no = NULL;
  g_autoptr (ChOrder) due = NULL;
  g_autoptr (ChRefund) approved = NULL, early = NULL, retried = NULL, done = NULL, again = NULL;
  g_autoptr (ChRefundNote) note = ch_wire_new (&ChRefundNote_wire);
  g_autoptr (GError) error = NULL;
  Shop shop;
  ChPayback stolen = { "wechat", NULL, "somebody-else-took-it", 30000, 30000, "x" };
  g_autoptr (ChPaybackAnswer) answer = NULL;

  shop_init (&shop, "13800000130");
  note->note = g_strdup ("bank transfer 42");
  trade_no = open_code (&shop, "wechat");
  pay_provider_pay (provider, trade_no);
  g_assert_cmpint (query (&shop), ==, CH_ORDER_PAID);
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (shop.world->service), write_withdrawn, shop.order, NULL, &error));
  due = look (&shop);
  early = act (&shop, &ch_route_refund_by_hand, get_refund (due)->id, note, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  stolen.trade_no = trade_no;
  answer = ch_gateway_pay_back (ch_service_get_gateway (shop.world->service), &stolen, &error);
  g_assert_no_error (error);
  approved = act (&shop, &ch_route_refund_approve, get_refund (due)->id, NULL, &error);
  g_assert_no_error (error);
  ch_till_run (shop.world->service);
  retried = act (&shop, &ch_route_refund_retry, get_refund (due)->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (retried->state, ==, CH_REFUND_APPROVED);
  ch_till_run (shop.world->service);
  done = act (&shop, &ch_route_refund_by_hand, get_refund (due)->id, note, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_REFUND_DONE);
  g_assert_cmpstr (done->note, ==, "bank transfer 42");
  again = act (&shop, &ch_route_refund_retry, get_refund (due)->id, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  shop_clear (&shop);
}

static void
check_refused (const char *dir, const char *passphrase, gboolean is_trial, const char *word)
{
  g_autoptr (ChSecret) secret = ch_secret_new (passphrase, strlen (passphrase));
  g_autoptr (GError) error = NULL;
  ChGateway *gateway = NULL;

  g_assert_false (ch_pay_setup_load (dir, secret, is_trial, &gateway, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (gateway);
}

/* What is wrong with payment.conf is said by name; play money and real money do not mix */
static void
test_setup (void)
{
  g_autofree char *dir = g_dir_make_tmp ("certhall-setup-XXXXXX", NULL);
  g_autofree char *keys = g_build_filename (dir, "keys", NULL);
  g_autofree char *conf = g_build_filename (dir, CH_PAY_SETUP_FILE, NULL);
  g_autofree char *good = NULL;
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GString) text = NULL;
  ChGateway *gateway = NULL;
  const char *argv[] = { "rm", "-rf", dir, NULL };

  g_assert_true (ch_pay_setup_load (dir, passphrase, FALSE, &gateway, NULL));
  g_assert_null (gateway);
  g_mkdir_with_parents (keys, 0700);
  pay_provider_write_setup (provider, dir, PASSPHRASE, TRUE);
  check_refused (dir, PASSPHRASE, FALSE, "earnest");
  check_refused (dir, "another passphrase", TRUE, "passphrase");
  g_file_get_contents (conf, &good, NULL, NULL);
  text = g_string_new (good);
  g_string_replace (text, "seller=", "seller_=", 0);
  g_string_replace (text, "https://ca.example/v1/notify/alipay", "http://ca.example/", 0);
  g_file_set_contents (conf, text->str, text->len, NULL);
  check_refused (dir, PASSPHRASE, TRUE, "https");
  g_string_assign (text, good);
  g_string_replace (text, "platform=PUB", "platform=XUB", 0);
  g_file_set_contents (conf, text->str, text->len, NULL);
  check_refused (dir, PASSPHRASE, TRUE, "wechat-keys");
  g_string_assign (text, good);
  g_string_replace (text, "merchant=", "merchants=", 0);
  g_file_set_contents (conf, text->str, text->len, NULL);
  check_refused (dir, PASSPHRASE, TRUE, "merchant is missing");
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  provider = pay_provider_new ();
  open_world ();

  g_test_add_func ("/server/payment/paid", test_paid);
  g_test_add_func ("/server/payment/wechat-notices", test_wechat_notices);
  g_test_add_func ("/server/payment/alipay-notices", test_alipay_notices);
  g_test_add_func ("/server/payment/trouble", test_trouble);
  g_test_add_func ("/server/payment/codes", test_codes);
  g_test_add_func ("/server/payment/paid-while-closing", test_paid_while_closing);
  g_test_add_func ("/server/payment/lost-notice", test_lost_notice);
  g_test_add_func ("/server/payment/surplus", test_surplus);
  g_test_add_func ("/server/payment/withdrawn", test_withdrawn);
  g_test_add_func ("/server/payment/two-people", test_two_people);
  g_test_add_func ("/server/payment/by-hand", test_by_hand);
  g_test_add_func ("/server/payment/setup", test_setup);
  status = g_test_run ();
  server_world_free (world);
  pay_provider_free (provider);
  server_world_clean_up ();
  return status;
}
