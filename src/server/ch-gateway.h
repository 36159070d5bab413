#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  CH_TRADE_OPEN,
  CH_TRADE_PAID,
  CH_TRADE_CLOSED,
  CH_TRADE_UNKNOWN, /* the gateway has never heard of it */
} ChTradeState;

/* What a gateway says of one attempt to pay. Whoever settles an order compares merchant, number, amount and
 * currency. */
typedef struct
{
  char *merchant; /* who gets the money */
  char *trade_no; /* our number */
  char *channel;
  gint64 fen;
  char *currency; /* "CNY" */
  ChTradeState state;
  char *transaction; /* the gateway’s number; NULL until paid */
  gint64 paid;       /* seconds since 1970; 0 until paid */
} ChTrade;

void ch_trade_free (ChTrade *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTrade, ch_trade_free)

/* What came from outside, still to be believed. All of it is as it came. */
typedef struct
{
  const char *channel; /* (nullable): whose door it came through */
  GBytes *body;
  GHashTable *headers; /* (nullable): name in small letters → value */
} ChNotice;

/* Money that is to go back. The same number asks for the same money: however often it is sent, it goes once.
 */
typedef struct
{
  const char *channel;
  const char *trade_no; /* of the attempt that brought it */
  const char *refund_no;
  gint64 fen;
  gint64 total; /* what the attempt brought */
  const char *title;
} ChPayback;

typedef enum
{
  CH_PAYBACK_UNKNOWN, /* the gateway has never heard of it */
  CH_PAYBACK_SENT,    /* it will be done */
  CH_PAYBACK_DONE,
  CH_PAYBACK_REFUSED, /* it will not be done: somebody must look after it */
} ChPaybackState;

typedef struct
{
  ChPaybackState state;
  gint64 fen;       /* what goes back */
  char *gateway_no; /* (nullable): the gateway’s number */
  char *why;        /* (nullable): the gateway’s words when it refuses */
} ChPaybackAnswer;

void ch_payback_answer_free (ChPaybackAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPaybackAnswer, ch_payback_answer_free)

#define CH_TYPE_GATEWAY (ch_gateway_get_type ())
G_DECLARE_INTERFACE (ChGateway, ch_gateway, CH, GATEWAY, GObject)

/* Whoever takes money. All calls block and may come from several threads; never within a transaction. */
struct _ChGatewayInterface
{
  GTypeInterface parent_interface;

  char *(*create) (ChGateway *self,
                   const char *channel,
                   const char *trade_no,
                   gint64 fen,
                   const char *title,
                   gint64 expires,
                   GError **error);
  ChTrade *(*query) (ChGateway *self, const char *channel, const char *trade_no, GError **error);
  ChTrade *(*close) (ChGateway *self, const char *channel, const char *trade_no, GError **error);
  ChTrade *(*verify) (ChGateway *self, const ChNotice *notice, GError **error);
  ChPaybackAnswer *(*pay_back) (ChGateway *self, const ChPayback *payback, GError **error);
  ChPaybackAnswer *(*query_payback) (ChGateway *self, const ChPayback *payback, GError **error);
  const char *(*get_merchant) (ChGateway *self, const char *channel);
};

char *ch_gateway_create (ChGateway *self,
                         const char *channel,
                         const char *trade_no,
                         gint64 fen,
                         const char *title,
                         gint64 expires,
                         GError **error);
ChTrade *ch_gateway_query (ChGateway *self, const char *channel, const char *trade_no, GError **error);
ChTrade *ch_gateway_close (ChGateway *self, const char *channel, const char *trade_no, GError **error);
ChTrade *ch_gateway_verify (ChGateway *self, const ChNotice *notice, GError **error);
ChPaybackAnswer *ch_gateway_pay_back (ChGateway *self, const ChPayback *payback, GError **error);
ChPaybackAnswer *ch_gateway_query_payback (ChGateway *self, const ChPayback *payback, GError **error);
const char *ch_gateway_get_merchant (ChGateway *self, const char *channel);

G_END_DECLS
