#include "config.h"

#include "api/ch-api-session.h"

#include <string.h>

#include "base/ch-proxy.h"

/**
 * ch_api_session_new:
 * @anchor: what a server’s certificate must lead to
 * @silence_limit: seconds without a byte in either direction
 *
 * Returns: (transfer full): makes connections to the CA’s service
 */
SoupSession *
ch_api_session_new (GTlsDatabase *anchor, guint silence_limit)
{
  SoupSession *self = soup_session_new_with_options (
      "tls-database", anchor, "timeout", silence_limit, "idle-timeout", silence_limit, "user-agent",
      "certhall/" CH_VERSION, "proxy-resolver", ch_proxy_get_resolver (), NULL);

  /* No HTTP passwords, and nothing unpacks what a server sends */
  soup_session_remove_feature_by_type (self, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self, SOUP_TYPE_CONTENT_DECODER);
  return self;
}

/* The chain leads to the anchor and the name is right: GIO finds nothing but that the certificate begins
 * later than now. Then it is this PC’s clock that is wrong (an empty battery), which must not lock out: a
 * certificate of the future is no weaker than one of today. */
static gboolean
on_accept_certificate_cb (SoupMessage *message,
                          GTlsCertificate *certificate,
                          GTlsCertificateFlags errors,
                          gpointer user_data)
{
  return errors == G_TLS_CERTIFICATE_NOT_ACTIVATED;
}

/**
 * ch_api_session_new_message:
 * @method: of HTTP
 * @url: of the CA’s service
 *
 * Returns: (transfer full): a request. A redirect is not followed: it would take the session elsewhere.
 */
SoupMessage *
ch_api_session_new_message (const char *method, const char *url)
{
  SoupMessage *message = soup_message_new (method, url);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate_cb), NULL);
  return message;
}

static gboolean
add_authorization (const guint8 *data, gsize len, gpointer user_data)
{
  g_autofree char *value = g_strdup_printf ("Bearer %.*s", (int) len, (const char *) data);

  soup_message_headers_replace (user_data, "Authorization", value);
  ch_secret_wipe (value, strlen (value));
  return TRUE;
}

/**
 * ch_api_session_build:
 * @entry: address of the service
 * @route: which call
 * @args: (nullable): what stands for each {name}
 * @body: (nullable): JSON, or the query where the route has one
 * @key: (nullable): idempotency key
 * @token: (nullable): of the session
 *
 * Returns: (transfer full): the request
 */
SoupMessage *
ch_api_session_build (const char *entry,
                      const ChRoute *route,
                      const char *const *args,
                      GBytes *body,
                      const char *key,
                      ChSecret *token)
{
  g_autofree char *path = ch_route_format_path (route, args);
  g_autofree char *query = body != NULL && ch_route_has_query (route)
                               ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                               : NULL;
  gboolean asks = query != NULL && *query != 0;
  g_autofree char *url = g_strconcat (entry, path, asks ? "?" : "", asks ? query : "", NULL);
  SoupMessage *message = ch_api_session_new_message (route->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *place = NULL;

  /* What carries a key may be sent again when a kept connection turns out to be dead */
  if (key != NULL)
    {
      soup_message_headers_replace (headers, "Idempotency-Key", key);
      soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
    }
  if (token != NULL)
    ch_secret_with (token, add_authorization, headers);
  if (body != NULL && query == NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);

  /* So that its owner is told where something was changed, or where a key lies */
  place = g_uri_escape_string (g_get_host_name (), NULL, FALSE);
  soup_message_headers_replace (headers, "Certhall-Place", place);
  return message;
}
