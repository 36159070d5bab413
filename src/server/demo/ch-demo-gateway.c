#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/demo/ch-demo-gateway.h"
#include "server/demo/ch-demo-messages.h"

#define MAC_DIGITS 64

/* Takes no money: keeps trades in a table of its own, as a real one does on its side, and says who paid in
 * notices that are signed and checked like real ones. */
struct _ChDemoGateway
{
  GObject parent_instance;

  ChDb *db;       /* (unowned): outlives it */
  guint8 key[32]; /* signs notices */
};

/* The codes look like the real ones, so that what shows and reads them is tried too. */
static const struct
{
  const char *channel;
  const char *merchant;
  const char *prefix;
  guint n_random;
} channels[] = {
  { "wechat", "1900000109", "weixin://wxpay/bizpayurl?pr=", 9 },
  { "alipay", "2088102146225135", "https://qr.alipay.com/bax", 21 },
};

static void gateway_init (ChGatewayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChDemoGateway,
                               ch_demo_gateway,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_GATEWAY, gateway_init))

typedef struct
{
  const char *trade_no;
  const char *channel;
  const char *merchant;
  const char *title;
  const char *code;
  gint64 fen;
  gint64 expires;
  gboolean is_closing;
  gboolean is_paying;
} Trade;

static int
find_channel (const char *channel, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_strcmp0 (channels[i].channel, channel) == 0)
      return i;
  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "there is no such way to pay");
  return -1;
}

static char *
make_code (int channel)
{
  static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  GString *code = g_string_new (channels[channel].prefix);

  for (guint i = 0; i < channels[channel].n_random; i++)
    {
      guint8 byte;

      ch_random_fill (&byte, 1);
      g_string_append_c (code, letters[byte % 62]);
    }
  return g_string_free (code, FALSE);
}

static gpointer
insert_trade (ChDbTx *tx, gpointer data, GError **error)
{
  const Trade *trade = data;

  return ch_db_run (
             tx,
             "INSERT INTO trial_trade (trade_no, merchant, channel, fen, title, code, state, expires, paid) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
             CH_BIND (CH_TEXT (trade->trade_no), CH_TEXT (trade->merchant), CH_TEXT (trade->channel),
                      CH_INT (trade->fen), CH_TEXT (trade->title), CH_TEXT (trade->code),
                      CH_INT (CH_TRADE_OPEN), CH_INT (trade->expires)),
             error)
             ? CH_DB_DONE
             : NULL;
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
  ChDemoGateway *self = CH_DEMO_GATEWAY (gateway);
  int i = find_channel (channel, error);
  g_autofree char *code = i >= 0 ? make_code (i) : NULL;
  Trade trade = { trade_no, channel, NULL, title, code, fen, expires };

  if (code == NULL)
    return NULL;
  trade.merchant = channels[i].merchant;
  return ch_db_write (self->db, insert_trade, &trade, NULL, error) != NULL ? g_steal_pointer (&code) : NULL;
}

static ChTrade *
read_trade (ChDbTx *tx, const char *trade_no, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query (tx,
                     "SELECT merchant, channel, fen, state, expires, transaction_no, paid "
                     "FROM trial_trade WHERE trade_no = $1",
                     CH_BIND (CH_TEXT (trade_no)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  ChTrade *trade;

  if (step == CH_STEP_FAILED)
    return NULL;

  trade = g_new0 (ChTrade, 1);
  trade->trade_no = g_strdup (trade_no);
  trade->currency = g_strdup ("CNY");
  trade->state = CH_TRADE_UNKNOWN;
  if (step == CH_STEP_DONE)
    return trade;

  trade->merchant = ch_stmt_dup_text (stmt, 0);
  trade->channel = ch_stmt_dup_text (stmt, 1);
  trade->fen = ch_stmt_get_int (stmt, 2);
  trade->state = ch_stmt_get_int (stmt, 3);
  if (trade->state == CH_TRADE_OPEN && ch_stmt_get_int (stmt, 4) < ch_clock_now ())
    trade->state = CH_TRADE_CLOSED;
  trade->transaction = ch_stmt_dup_text (stmt, 5);
  trade->paid = ch_stmt_get_int (stmt, 6);
  return trade;
}

static gpointer
change_trade (ChDbTx *tx, gpointer data, GError **error)
{
  const Trade *wanted = data;
  g_autoptr (ChTrade) trade = read_trade (tx, wanted->trade_no, error);
  g_autofree char *transaction = NULL;

  if (trade == NULL || trade->state != CH_TRADE_OPEN || (!wanted->is_closing && !wanted->is_paying))
    return g_steal_pointer (&trade);

  trade->state = wanted->is_paying ? CH_TRADE_PAID : CH_TRADE_CLOSED;
  if (wanted->is_paying)
    {
      transaction = ch_random_new_id ();
      trade->paid = ch_clock_now ();
      trade->transaction = g_strdup (transaction);
    }
  return ch_db_run (tx,
                    "UPDATE trial_trade SET state = $2, transaction_no = $3, paid = $4 WHERE trade_no = $1",
                    CH_BIND (CH_TEXT (wanted->trade_no), CH_INT (trade->state), CH_TEXT (transaction),
                             CH_INT (trade->paid)),
                    error)
             ? g_steal_pointer (&trade)
             : NULL;
}

static ChTrade *
change (ChDemoGateway *self, const Trade *wanted, GError **error)
{
  return ch_db_write (self->db, change_trade, (gpointer) wanted, (GDestroyNotify) ch_trade_free, error);
}

static ChTrade *
query (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  Trade wanted = { .trade_no = trade_no };

  return change (CH_DEMO_GATEWAY (gateway), &wanted, error);
}

static ChTrade *
close_trade (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  Trade wanted = { .trade_no = trade_no, .is_closing = TRUE };

  return change (CH_DEMO_GATEWAY (gateway), &wanted, error);
}

static char *
sign (ChDemoGateway *self, gconstpointer data, gsize len)
{
  return g_compute_hmac_for_data (G_CHECKSUM_SHA256, self->key, sizeof self->key, data, len);
}

static ChTrade *
verify (ChGateway *gateway, const ChNotice *outside, GError **error)
{
  ChDemoGateway *self = CH_DEMO_GATEWAY (gateway);
  gsize size = 0;
  const char *data = g_bytes_get_data (outside->body, &size);
  g_autoptr (GBytes) json
      = size > MAC_DIGITS ? g_bytes_new_from_bytes (outside->body, MAC_DIGITS, size - MAC_DIGITS) : NULL;
  g_autofree char *mac = json != NULL ? sign (self, data + MAC_DIGITS, size - MAC_DIGITS) : NULL;
  g_autoptr (ChDemoNotice) notice = NULL;
  ChTrade *trade;

  if (mac == NULL || !ch_equal_in_constant_time (mac, data, MAC_DIGITS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the gateway did not sign this");
      return NULL;
    }
  notice = ch_wire_decode (&ChDemoNotice_wire, json, error);
  if (notice == NULL)
    return NULL;

  trade = g_new0 (ChTrade, 1);
  trade->merchant = g_strdup (notice->merchant);
  trade->trade_no = g_strdup (notice->trade_no);
  trade->channel = g_strdup (notice->channel);
  trade->fen = notice->fen;
  trade->currency = g_strdup (notice->currency);
  trade->state = CH_TRADE_PAID;
  trade->transaction = g_strdup (notice->transaction);
  trade->paid = notice->paid;
  return trade;
}

/* -- Money that goes back -- */

typedef struct
{
  const ChPayback *payback;
  const char *refund_no;
  gboolean is_completing;
} Payback;

static ChPaybackAnswer *
read_payback (ChDbTx *tx, const char *refund_no, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT fen, is_done FROM trial_refund WHERE refund_no = $1",
                                         CH_BIND (CH_TEXT (refund_no)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  ChPaybackAnswer *answer;

  if (step == CH_STEP_FAILED)
    return NULL;

  answer = g_new0 (ChPaybackAnswer, 1);
  if (step == CH_STEP_DONE)
    return answer;
  answer->fen = ch_stmt_get_int (stmt, 0);
  answer->state = ch_stmt_get_int (stmt, 1) != 0 ? CH_PAYBACK_DONE : CH_PAYBACK_SENT;
  answer->gateway_no = g_strdup (refund_no);
  return answer;
}

static gpointer
write_payback (ChDbTx *tx, gpointer data, GError **error)
{
  const ChPayback *payback = ((Payback *) data)->payback;
  g_autoptr (ChTrade) trade = read_trade (tx, payback->trade_no, error);
  ChPaybackAnswer *answer;
  gint64 gone = 0;

  if (trade == NULL
      || !ch_db_query_int (
          tx, "SELECT COALESCE (SUM (fen), 0) FROM trial_refund WHERE trade_no = $1 AND refund_no <> $2",
          CH_BIND (CH_TEXT (payback->trade_no), CH_TEXT (payback->refund_no)), &gone, error))
    return NULL;
  if (trade->state != CH_TRADE_PAID || payback->fen > trade->fen - gone)
    {
      answer = g_new0 (ChPaybackAnswer, 1);
      answer->state = CH_PAYBACK_REFUSED;
      answer->why = g_strdup ("there is not so much money left of it");
      return answer;
    }

  return ch_db_run (tx,
                    "INSERT INTO trial_refund (refund_no, trade_no, fen, is_done, created) "
                    "VALUES ($1, $2, $3, 0, $4) ON CONFLICT (refund_no) DO NOTHING",
                    CH_BIND (CH_TEXT (payback->refund_no), CH_TEXT (payback->trade_no), CH_INT (payback->fen),
                             CH_INT (ch_clock_now ())),
                    error)
             ? read_payback (tx, payback->refund_no, error)
             : NULL;
}

static gpointer
look_payback (ChDbTx *tx, gpointer data, GError **error)
{
  const Payback *wanted = data;

  if (wanted->is_completing
      && !ch_db_run (tx, "UPDATE trial_refund SET is_done = 1 WHERE refund_no = $1",
                     CH_BIND (CH_TEXT (wanted->refund_no)), error))
    return NULL;
  return read_payback (tx, wanted->refund_no, error);
}

static ChPaybackAnswer *
pay_back (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  Payback wanted = { payback, payback->refund_no, FALSE };

  return ch_db_write (CH_DEMO_GATEWAY (gateway)->db, write_payback, &wanted,
                      (GDestroyNotify) ch_payback_answer_free, error);
}

static ChPaybackAnswer *
query_payback (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  Payback wanted = { payback, payback->refund_no, FALSE };

  return ch_db_read (CH_DEMO_GATEWAY (gateway)->db, look_payback, &wanted, error);
}

static const char *
get_merchant (ChGateway *gateway, const char *channel)
{
  int i = find_channel (channel, NULL);

  return i >= 0 ? channels[i].merchant : "";
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
ch_demo_gateway_class_init (ChDemoGatewayClass *klass)
{
}

static void
ch_demo_gateway_init (ChDemoGateway *self)
{
  ch_random_fill (self->key, sizeof self->key);
}

/**
 * ch_demo_gateway_new:
 * @db: the store, whose table of trades belongs to the gateway alone
 *
 * Returns: (transfer full): the gateway
 */
ChDemoGateway *
ch_demo_gateway_new (ChDb *db)
{
  ChDemoGateway *self = g_object_new (CH_TYPE_DEMO_GATEWAY, NULL);

  self->db = db;
  return self;
}

/**
 * ch_demo_gateway_pay:
 * @trade_no: our number of the attempt
 * @error: %CH_ERROR_NOT_FOUND, or %CH_ERROR_ATTEMPT_CLOSED
 *
 * Pays, as somebody does with a phone.
 *
 * Returns: (transfer full): the notice the gateway sends then
 */
GBytes *
ch_demo_gateway_pay (ChDemoGateway *self, const char *trade_no, GError **error)
{
  Trade wanted = { .trade_no = trade_no, .is_paying = TRUE };
  g_autoptr (ChTrade) trade = change (self, &wanted, error);
  ChDemoNotice notice;
  g_autoptr (GBytes) json = NULL;
  g_autofree char *mac = NULL;
  GByteArray *signed_notice;

  if (trade == NULL)
    return NULL;
  if (trade->state != CH_TRADE_PAID)
    {
      g_set_error (error, CH_ERROR,
                   trade->state == CH_TRADE_UNKNOWN ? CH_ERROR_NOT_FOUND : CH_ERROR_ATTEMPT_CLOSED,
                   "this cannot be paid any more");
      return NULL;
    }

  notice = (ChDemoNotice){ trade->merchant, trade->trade_no,    trade->channel, trade->fen,
                           trade->currency, trade->transaction, trade->paid };
  json = ch_wire_encode (&ChDemoNotice_wire, &notice);
  mac = sign (self, g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  signed_notice = g_byte_array_new ();
  g_byte_array_append (signed_notice, (const guint8 *) mac, MAC_DIGITS);
  g_byte_array_append (signed_notice, g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  return g_byte_array_free_to_bytes (signed_notice);
}

/**
 * ch_demo_gateway_complete:
 * @refund_no: under which money was asked to go back
 * @error: %CH_ERROR_NOT_FOUND when it was not
 *
 * Lets the money arrive.
 */
gboolean
ch_demo_gateway_complete (ChDemoGateway *self, const char *refund_no, GError **error)
{
  Payback wanted = { NULL, refund_no, TRUE };
  g_autoptr (ChPaybackAnswer) answer
      = ch_db_write (self->db, look_payback, &wanted, (GDestroyNotify) ch_payback_answer_free, error);

  if (answer != NULL && answer->state == CH_PAYBACK_UNKNOWN)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such refund");
  return answer != NULL && answer->state == CH_PAYBACK_DONE;
}
