#include "config.h"

#include <curl/curl.h>
#include <string.h>

#include "base/ch-error.h"
#include "server/pay/ch-pay-http.h"

/* A worker waits for it, and a person in front of the window */
#define CONNECT_SECONDS 5
#define TOTAL_SECONDS   15
#define MAX_ANSWER      262144

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist CurlList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlList, curl_slist_free_all)

typedef struct
{
  GByteArray *body;
  GHashTable *headers;
} Arriving;

static gsize
on_body_cb (char *data, gsize size, gsize n, void *user_data)
{
  Arriving *self = user_data;

  if (size * n > MAX_ANSWER - self->body->len)
    return 0;
  g_byte_array_append (self->body, (const guint8 *) data, size * n);
  return size * n;
}

static gsize
on_header_cb (char *data, gsize size, gsize n, void *user_data)
{
  Arriving *self = user_data;
  const char *colon = memchr (data, ':', size * n);

  if (colon != NULL)
    {
      g_autofree char *name = g_ascii_strdown (data, colon - data);
      char *value = g_strndup (colon + 1, size * n - (colon + 1 - data));

      g_hash_table_replace (self->headers, g_steal_pointer (&name), g_strstrip (value));
    }
  return size * n;
}

static CURL *
make_handle (void)
{
  static gsize is_set_up = 0;

  if (g_once_init_enter (&is_set_up))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&is_set_up, 1);
    }
  return curl_easy_init ();
}

static void
set_up (CURL *curl, const ChPayRequest *request, Arriving *arriving)
{
  curl_easy_setopt (curl, CURLOPT_URL, request->url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) TOTAL_SECONDS);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "certhalld/" CH_VERSION);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_body_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, arriving);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_header_cb);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, arriving);
  if (request->trust_file != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, request->trust_file);
  if (request->body != NULL)
    {
      curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) g_bytes_get_size (request->body));
      curl_easy_setopt (curl, CURLOPT_POSTFIELDS, g_bytes_get_data (request->body, NULL));
    }
  else if (g_str_equal (request->method, "GET"))
    curl_easy_setopt (curl, CURLOPT_HTTPGET, 1L);
}

static CurlList *
make_headers (const ChPayRequest *request)
{
  CurlList *list = curl_slist_append (NULL, "Accept: application/json");

  if (request->content_type != NULL)
    {
      g_autofree char *line = g_strconcat ("Content-Type: ", request->content_type, NULL);

      list = curl_slist_append (list, line);
    }
  list = curl_slist_append (list, "Expect:"); /* not a round trip more for each small body */
  for (gsize i = 0; request->extras != NULL && request->extras[i] != NULL; i++)
    list = curl_slist_append (list, request->extras[i]);
  return list;
}

/**
 * ch_pay_http_call:
 * @error: %CH_ERROR_GATEWAY when there is no answer: it is not known whether the call arrived
 *
 * Calls a provider and waits. Nothing is followed elsewhere, and nothing but https is spoken.
 *
 * Returns: (transfer full): what was answered, whatever the status
 */
ChPayAnswer *
ch_pay_http_call (const ChPayRequest *request, GError **error)
{
  g_autoptr (CURL) curl = make_handle ();
  g_autoptr (CurlList) headers = make_headers (request);
  Arriving arriving
      = { g_byte_array_new (), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };
  CURLcode code = CURLE_FAILED_INIT;
  ChPayAnswer *answer = g_new0 (ChPayAnswer, 1);
  long status = 0;

  if (curl != NULL)
    {
      set_up (curl, request, &arriving);
      curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
      code = curl_easy_perform (curl);
      curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
    }
  answer->status = status;
  answer->headers = arriving.headers;
  answer->body = g_byte_array_free_to_bytes (arriving.body);
  if (code == CURLE_OK)
    return answer;

  /* What follows the question mark may be signed, and is not for the log */
  g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "%.*s: %s", (int) strcspn (request->url, "?"), request->url,
               curl_easy_strerror (code));
  ch_pay_answer_free (answer);
  return NULL;
}

void
ch_pay_answer_free (ChPayAnswer *self)
{
  if (self == NULL)
    return;

  g_bytes_unref (self->body);
  g_hash_table_unref (self->headers);
  g_free (self);
}
