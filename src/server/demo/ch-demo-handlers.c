#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "server/ch-service.h"
#include "server/demo/ch-demo-gateway.h"
#include "server/demo/ch-demo-handlers.h"
#include "server/demo/ch-demo-sms.h"

/* SHA-256 of the token that every call must bring: known to who may read the store’s folder */
static GBytes *token_digest;

static const ChRoute route_sms = {
  .id = "demo-sms",
  .method = "GET",
  .path = "/demo/v1/sms",
  .request = &ChDemoSmsQuery_wire,
  .answer = &ChDemoOutbox_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static const ChRoute route_clock = {
  .id = "demo-clock",
  .method = "POST",
  .path = "/demo/v1/clock",
  .request = &ChDemoClock_wire,
  .answer = &ChDemoClock_wire,
  .principals = CH_PRINCIPAL_ANYBODY,
};

static gpointer
answer_sms (ChCall *call, gpointer request, GError **error)
{
  const ChDemoSmsQuery *query = request;
  ChSms *sms = ch_service_get_sms (ch_call_get_service (call));

  return ch_demo_sms_list (CH_DEMO_SMS (sms), query->mobile);
}

static gpointer
answer_clock (ChCall *call, gpointer request, GError **error)
{
  const ChDemoClock *wanted = request;
  ChDemoClock *answer = ch_wire_new (&ChDemoClock_wire);

  if (wanted->now != 0)
    ch_clock_set_offset (wanted->now - g_get_real_time () / G_USEC_PER_SEC);
  else if (wanted->advance != 0)
    ch_clock_set_offset (ch_clock_get_offset () + wanted->advance);
  else
    ch_clock_set_offset (wanted->offset);

  answer->offset = MAX (ch_clock_get_offset (), 0);
  answer->now = ch_clock_now ();
  return answer;
}

static const ChHandlerRow rows[] = {
  { &route_sms, answer_sms, CH_HANDLER_INLINE },
  { &route_clock, answer_clock, CH_HANDLER_INLINE },
  { NULL },
};

/* Only from this machine, and only with the token */
static gboolean
admit (SoupServerMessage *message, gpointer data, GError **error)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  const char *token
      = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Demo-Token");
  g_autoptr (GBytes) digest = token != NULL ? ch_sha256 (token, strlen (token)) : NULL;
  gboolean is_near = G_IS_INET_SOCKET_ADDRESS (address)
                     && g_inet_address_get_is_loopback (
                         g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));

  if (is_near && digest != NULL
      && ch_equal_in_constant_time (g_bytes_get_data (digest, NULL), g_bytes_get_data (token_digest, NULL),
                                    32))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the desk needs the token and this machine");
  return FALSE;
}

/**
 * ch_demo_set_up:
 * @service: of a store for trying out
 *
 * Puts those in place who send no messages and take no money.
 */
void
ch_demo_set_up (ChService *service)
{
  g_autoptr (ChDemoSms) sms = ch_demo_sms_new ();
  g_autoptr (ChDemoGateway) gateway = ch_demo_gateway_new (ch_service_get_db (service));

  ch_service_set_sms (service, CH_SMS (sms));
  ch_service_set_mail (service, CH_MAIL (sms));
  ch_service_set_gateway (service, CH_GATEWAY (gateway));
}

/**
 * ch_demo_add_handlers:
 * @token_path: where the token is written, 0600
 *
 * Adds the calls of the desk, with a new token.
 */
gboolean
ch_demo_add_handlers (ChDispatch *dispatch, const char *token_path, GError **error)
{
  guint8 bits[32];
  GString *token = g_string_new (NULL);
  gboolean is_written;

  ch_random_fill (bits, sizeof bits);
  for (guint i = 0; i < sizeof bits; i++)
    g_string_append_printf (token, "%02x", bits[i]);
  g_clear_pointer (&token_digest, g_bytes_unref);
  token_digest = ch_sha256 (token->str, token->len);
  is_written = ch_file_write_durably (token_path, token->str, token->len, 0600, error);
  ch_secret_wipe (token->str, token->len);
  ch_secret_wipe (bits, sizeof bits);
  g_string_free (token, TRUE);
  if (!is_written)
    return FALSE;

  ch_dispatch_add_rows (dispatch, rows, admit, NULL);
  ch_dispatch_add_rows (dispatch, ch_demo_desk_handlers, admit, NULL);
  return TRUE;
}
