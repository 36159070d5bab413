#include "config.h"

#include "fetch/ch-curl-fetcher.h"

#include <curl/curl.h>

#include "base/ch-error.h"
#include "base/ch-proxy.h"

#define CONNECT_LIMIT  10
#define FETCH_LIMIT    60
#define REDIRECT_LIMIT 3
#define PROTOCOLS      "http,https"

struct _ChCurlFetcher
{
  GObject parent_instance;

  char *trust_file; /* (nullable) */
  guint time_limit; /* seconds for a fetch */
};

/* One fetch on its way */
typedef struct
{
  GByteArray *data;
  gsize max;
  gboolean is_too_large;
  GCancellable *cancellable; /* (unowned) (nullable) */
} Transfer;

static void ch_curl_fetcher_init_fetcher (ChFetcherInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChCurlFetcher,
                               ch_curl_fetcher,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_FETCHER, ch_curl_fetcher_init_fetcher))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist CurlList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlList, curl_slist_free_all)

static const struct
{
  CURLcode curl;
  ChErrorCode code;
} codes[] = {
  { CURLE_UNSUPPORTED_PROTOCOL, CH_ERROR_BAD_ANSWER },
  { CURLE_URL_MALFORMAT, CH_ERROR_BAD_ANSWER },
  { CURLE_TOO_MANY_REDIRECTS, CH_ERROR_BAD_ANSWER },
  { CURLE_WEIRD_SERVER_REPLY, CH_ERROR_BAD_ANSWER },
  { CURLE_HTTP_RETURNED_ERROR, CH_ERROR_BAD_ANSWER },
  { CURLE_OPERATION_TIMEDOUT, CH_ERROR_TIMED_OUT },
  { CURLE_PEER_FAILED_VERIFICATION, CH_ERROR_SERVER_IDENTITY },
  { CURLE_FILESIZE_EXCEEDED, CH_ERROR_TOO_LARGE },
  { CURLE_ABORTED_BY_CALLBACK, CH_ERROR_CANCELLED },
  { CURLE_SSL_CACERT_BADFILE, CH_ERROR_FILE },
};

static ChErrorCode
map_code (CURLcode curl)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].curl == curl)
      return codes[i].code;
  return CH_ERROR_SERVER_UNREACHABLE;
}

static gsize
on_data_cb (char *data, gsize size, gsize n, void *user_data)
{
  Transfer *transfer = user_data;

  if (size * n > transfer->max - transfer->data->len)
    {
      transfer->is_too_large = TRUE;
      return 0;
    }
  g_byte_array_append (transfer->data, (const guint8 *) data, size * n);
  return size * n;
}

static int
on_progress_cb (void *user_data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
  const Transfer *transfer = user_data;

  return g_cancellable_is_cancelled (transfer->cancellable) ? 1 : 0;
}

static void
set_limits (ChCurlFetcher *self, CURL *curl, const Transfer *transfer)
{
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_LIMIT);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) self->time_limit);
  curl_easy_setopt (curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) transfer->max);
  /* An address comes out of a certificate or a stranger’s answer: never a file, never a password */
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, PROTOCOLS);
  curl_easy_setopt (curl, CURLOPT_REDIR_PROTOCOLS_STR, PROTOCOLS);
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt (curl, CURLOPT_MAXREDIRS, (long) REDIRECT_LIMIT);
  curl_easy_setopt (curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt (curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "certhall/" CH_VERSION);
  /* Beside the anchors of the system, which stay in their folder */
  if (self->trust_file != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, self->trust_file);
}

static CurlList *
set_request (CURL *curl, const char *content_type, GBytes *body)
{
  g_autofree char *header = NULL;
  CurlList *headers;
  gsize len = 0;
  gconstpointer data;

  if (body == NULL)
    return NULL;

  data = g_bytes_get_data (body, &len);
  header = g_strdup_printf ("Content-Type: %s",
                            content_type != NULL ? content_type : "application/octet-stream");
  headers = curl_slist_append (NULL, header);
  curl_easy_setopt (curl, CURLOPT_POST, 1L);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) len);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, len > 0 ? data : "");
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  return headers;
}

/* libcurl is set up by who fetches first: at the start of a program it would cost memory for nothing */
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

static GBytes *
ch_curl_fetcher_fetch (ChFetcher *fetcher,
                       const char *url,
                       const char *content_type,
                       GBytes *body,
                       gsize max,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  Transfer transfer = { data, max, FALSE, cancellable };
  g_autoptr (CURL) curl = make_handle ();
  g_autoptr (CurlList) headers = NULL;
  g_autofree char *proxy = NULL;
  CURLcode code;

  if (curl == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "libcurl cannot be used");
      return NULL;
    }

  set_limits (CH_CURL_FETCHER (fetcher), curl, &transfer);
  /* The way the program goes, not the one libcurl would choose by itself */
  proxy = ch_proxy_find (url, cancellable);
  curl_easy_setopt (curl, CURLOPT_PROXY, proxy != NULL ? proxy : "");
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "");
  headers = set_request (curl, content_type, body);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_data_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress_cb);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, &transfer);

  code = curl_easy_perform (curl);
  if (code == CURLE_OK)
    return g_byte_array_free_to_bytes (g_steal_pointer (&data));

  g_set_error (error, CH_ERROR, transfer.is_too_large ? CH_ERROR_TOO_LARGE : map_code (code), "%s: %s", url,
               curl_easy_strerror (code));
  return NULL;
}

static void
ch_curl_fetcher_init_fetcher (ChFetcherInterface *iface)
{
  iface->fetch = ch_curl_fetcher_fetch;
}

static void
ch_curl_fetcher_finalize (GObject *object)
{
  g_free (CH_CURL_FETCHER (object)->trust_file);

  G_OBJECT_CLASS (ch_curl_fetcher_parent_class)->finalize (object);
}

static void
ch_curl_fetcher_class_init (ChCurlFetcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_curl_fetcher_finalize;
}

static void
ch_curl_fetcher_init (ChCurlFetcher *self)
{
  self->time_limit = FETCH_LIMIT;
}

/**
 * ch_curl_fetcher_new:
 * @trust_file: (nullable): PEM file of what is trusted for https beside the system’s anchors
 *
 * Returns: (transfer full): the fetcher
 */
ChFetcher *
ch_curl_fetcher_new (const char *trust_file)
{
  ChCurlFetcher *self = g_object_new (CH_TYPE_CURL_FETCHER, NULL);

  self->trust_file = g_strdup (trust_file);
  return CH_FETCHER (self);
}

/**
 * ch_curl_fetcher_set_time_limit:
 * @seconds: for a fetch in all, 1 or more
 */
void
ch_curl_fetcher_set_time_limit (ChCurlFetcher *self, guint seconds)
{
  self->time_limit = MAX (seconds, 1);
}
