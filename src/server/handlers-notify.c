#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-handler.h"
#include "server/ch-order-desk.h"

/* What providers of payments tell by themselves. What is answered is what each of them wants to hear; after
 * anything else they tell it again, for a day. */
typedef struct
{
  const char *channel;
  const char *content_type;
  const char *well;
  const char *badly;
  gboolean has_status; /* the status says how it went as well */
} Door;

static const Door wechat
    = { "wechat", "application/json", "", "{\"code\":\"FAIL\",\"message\":\"not taken\"}", TRUE };
static const Door alipay = { "alipay", "text/plain", "success", "failure", FALSE };

static const char *const wechat_headers[]
    = { "wechatpay-serial",    "wechatpay-timestamp",      "wechatpay-nonce",
        "wechatpay-signature", "wechatpay-signature-type", NULL };

static gpointer
take (ChCall *call, const Door *door)
{
  const ChNotice notice = { door->channel, ch_call_get_body (call), ch_call_get_headers (call) };
  g_autoptr (GError) error = NULL;
  gboolean is_taken = ch_order_desk_notify (ch_call_get_service (call), &notice, &error);
  const char *text = is_taken ? door->well : door->badly;
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  if (!is_taken)
    g_message ("a notice of %s was not taken: %s", door->channel, error->message);
  ch_call_set_raw (call, door->content_type, body, 0);
  if (door->has_status)
    ch_call_set_status (call, is_taken                                                ? 204
                              : g_error_matches (error, CH_ERROR, CH_ERROR_FORBIDDEN) ? 401
                              : g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND) ? 404
                                                                                      : 503);
  return ch_wire_new (&ChNothing_wire);
}

static gpointer
handle_wechat (ChCall *call, gpointer request, GError **error)
{
  return take (call, &wechat);
}

static gpointer
handle_alipay (ChCall *call, gpointer request, GError **error)
{
  return take (call, &alipay);
}

const ChHandlerRow ch_handlers_notify[] = {
  { &ch_route_notify_wechat, handle_wechat, CH_HANDLER_WORKER, 0, wechat_headers },
  { &ch_route_notify_alipay, handle_alipay, CH_HANDLER_WORKER, 0, NULL },
  { NULL },
};
