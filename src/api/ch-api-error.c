#include "config.h"

#include "api/ch-api-error.h"

#include <libsoup/soup.h>

#include "base/ch-error.h"
#include "wire/messages-error.h"

/* What a status means when the body does not tell: it comes from something in between, or a broken server */
static const struct
{
  guint status;
  ChErrorCode code;
} statuses[] = {
  { SOUP_STATUS_UNAUTHORIZED, CH_ERROR_NOT_LOGGED_IN },
  { SOUP_STATUS_REQUEST_TIMEOUT, CH_ERROR_TIMED_OUT },
  { SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CH_ERROR_TOO_LARGE },
  { 429, CH_ERROR_TOO_OFTEN },
  { SOUP_STATUS_BAD_GATEWAY, CH_ERROR_SERVER_UNREACHABLE },
  { SOUP_STATUS_SERVICE_UNAVAILABLE, CH_ERROR_BUSY },
  { SOUP_STATUS_GATEWAY_TIMEOUT, CH_ERROR_TIMED_OUT },
};

static ChErrorCode
map_network (const GError *error)
{
  /* The handshake failed because of who was met: everything else in TLS is a broken line */
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_BAD_CERTIFICATE ? CH_ERROR_SERVER_IDENTITY
                                                      : CH_ERROR_SERVER_UNREACHABLE;
  if (error->domain == SOUP_SESSION_ERROR)
    return CH_ERROR_BAD_ANSWER;
  if (error->domain != G_IO_ERROR)
    return CH_ERROR_SERVER_UNREACHABLE;

  switch (error->code)
    {
    case G_IO_ERROR_CANCELLED:
      return CH_ERROR_CANCELLED;
    case G_IO_ERROR_TIMED_OUT:
      return CH_ERROR_TIMED_OUT;
    case G_IO_ERROR_INVALID_DATA:
      return CH_ERROR_BAD_ANSWER;
    default:
      return CH_ERROR_SERVER_UNREACHABLE;
    }
}

/**
 * ch_api_error_from_network:
 * @error: (transfer full): what sending or reading ended with
 *
 * Returns: (transfer full): the same as an error of %CH_ERROR
 */
GError *
ch_api_error_from_network (GError *error)
{
  g_autoptr (GError) owned = error;

  if (error->domain == CH_ERROR)
    return g_steal_pointer (&owned);
  return g_error_new_literal (CH_ERROR, map_network (error), error->message);
}

/**
 * ch_api_error_from_answer:
 * @status: of HTTP, no success
 * @body: what came with it
 * @retry_after: (nullable): the header of this name
 *
 * Returns: (transfer full): what the server says, or what the status means when it says nothing
 */
GError *
ch_api_error_from_answer (guint status, GBytes *body, const char *retry_after)
{
  g_autoptr (GError) error = ch_failure_decode_error (body);

  if (error->code != CH_ERROR_BAD_ANSWER)
    {
      if (retry_after != NULL && ch_error_get_detail (error, "retry-after") == NULL)
        ch_error_set_detail (error, "retry-after", retry_after);
      return g_steal_pointer (&error);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == status)
      return g_error_new (CH_ERROR, statuses[i].code, "status %u without an explanation", status);

  return g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "status %u: %s", status, error->message);
}

/**
 * ch_api_error_is_of_gateway:
 * @status: of HTTP
 * @body: what came with it
 *
 * Returns: whether something in between says that it does not reach the server
 */
gboolean
ch_api_error_is_of_gateway (guint status, GBytes *body)
{
  g_autoptr (GError) error = NULL;

  if (status != SOUP_STATUS_BAD_GATEWAY && status != SOUP_STATUS_SERVICE_UNAVAILABLE
      && status != SOUP_STATUS_GATEWAY_TIMEOUT)
    return FALSE;
  error = ch_failure_decode_error (body);
  return error->code == CH_ERROR_BAD_ANSWER;
}
