#include "config.h"

#include "envcheck/ch-probe.h"

#include <curl/curl.h>
#include <string.h>

#include "pki/ch-cert.h"

#define BODY_LIMIT 65536

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)

static const char *const phase_ids[] = {
  [CH_PROBE_NAME] = "name",     [CH_PROBE_CONNECT] = "connect", [CH_PROBE_TLS] = "tls",
  [CH_PROBE_ANSWER] = "answer", [CH_PROBE_DONE] = "done",
};

G_STATIC_ASSERT (G_N_ELEMENTS (phase_ids) == CH_N_PROBE_PHASES);

/* What libcurl counts from the beginning of the call to the end of each phase */
static const CURLINFO clocks[CH_PROBE_DONE] = {
  [CH_PROBE_NAME] = CURLINFO_NAMELOOKUP_TIME_T,
  [CH_PROBE_CONNECT] = CURLINFO_CONNECT_TIME_T,
  [CH_PROBE_TLS] = CURLINFO_APPCONNECT_TIME_T,
  [CH_PROBE_ANSWER] = CURLINFO_STARTTRANSFER_TIME_T,
};

/* Where a failure belongs that says so by itself; the others belong to the first phase that did not end */
static const struct
{
  CURLcode code;
  ChProbePhase phase;
  gboolean is_proxy;
} failures[] = {
  { CURLE_URL_MALFORMAT, CH_PROBE_NAME, FALSE },
  { CURLE_COULDNT_RESOLVE_HOST, CH_PROBE_NAME, FALSE },
  { CURLE_COULDNT_RESOLVE_PROXY, CH_PROBE_NAME, TRUE },
  { CURLE_COULDNT_CONNECT, CH_PROBE_CONNECT, FALSE },
  { CURLE_PROXY, CH_PROBE_CONNECT, TRUE },
  { CURLE_SSL_CONNECT_ERROR, CH_PROBE_TLS, FALSE },
  { CURLE_PEER_FAILED_VERIFICATION, CH_PROBE_TLS, FALSE },
  { CURLE_WEIRD_SERVER_REPLY, CH_PROBE_ANSWER, FALSE },
  { CURLE_GOT_NOTHING, CH_PROBE_ANSWER, FALSE },
};

static gsize
on_data_cb (char *data, gsize size, gsize n, void *user_data)
{
  GByteArray *body = user_data;

  if (size * n > BODY_LIMIT - body->len)
    return 0;
  g_byte_array_append (body, (const guint8 *) data, size * n);
  return size * n;
}

static int
on_progress_cb (void *user_data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
  return g_cancellable_is_cancelled (user_data) ? 1 : 0;
}

/* libcurl does not say when it was connected if it got no further, but the first words of TLS show it */
static int
on_debug_cb (CURL *curl, curl_infotype type, char *data, size_t size, void *user_data)
{
  gint64 *first_words = user_data;

  if (type == CURLINFO_SSL_DATA_OUT && *first_words == 0)
    *first_words = g_get_monotonic_time ();
  return 0;
}

static gpointer
init_curl (gpointer data)
{
  curl_global_init (CURL_GLOBAL_DEFAULT);
  return NULL;
}

static void
set_options (CURL *curl, const char *url, const char *proxy, guint limit)
{
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, (long) limit);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "certhall/" CH_VERSION);
  /* The way the program goes, not the one libcurl would choose by itself */
  curl_easy_setopt (curl, CURLOPT_PROXY, proxy != NULL ? proxy : "");
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "");
  /* Whose certificate it is is judged by who asked, who can name a stranger only if the connection is made.
   * Nothing of the user is sent. */
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (curl, CURLOPT_CERTINFO, 1L);
}

static void
read_chain (ChProbe *self, CURL *curl)
{
  struct curl_certinfo *info = NULL;

  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (curl_easy_getinfo (curl, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL)
    return;

  for (int i = 0; i < info->num_of_certs; i++)
    for (struct curl_slist *row = info->certinfo[i]; row != NULL; row = row->next)
      if (g_str_has_prefix (row->data, "Cert:"))
        {
          const char *pem = row->data + strlen ("Cert:");
          g_autoptr (GPtrArray) certs = ch_cert_list_from_pem (pem, strlen (pem), NULL);

          if (certs != NULL && certs->len > 0)
            g_ptr_array_add (self->chain, g_bytes_ref (certs->pdata[0]));
        }
}

static void
read_answer (ChProbe *self, CURL *curl)
{
  const char *kind = NULL, *location = NULL;

  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &self->http_status);
  curl_easy_getinfo (curl, CURLINFO_CONTENT_TYPE, &kind);
  curl_easy_getinfo (curl, CURLINFO_REDIRECT_URL, &location);
  self->is_page = kind != NULL && g_ascii_strncasecmp (kind, "text/html", strlen ("text/html")) == 0;
  self->location = g_strdup (location);
}

static void
read_times (ChProbe *self, CURL *curl, gint64 connected)
{
  curl_off_t before = 0, total = 0;

  for (guint i = 0; i < CH_PROBE_DONE; i++)
    {
      curl_off_t end = 0;

      curl_easy_getinfo (curl, clocks[i], &end);
      if (i == CH_PROBE_CONNECT && end == 0)
        end = connected;
      self->spent[i] = end > 0 ? end - before : -1;
      before = MAX (before, end);
    }
  curl_easy_getinfo (curl, CURLINFO_TOTAL_TIME_T, &total);
  self->total = total;
}

static void
read_failure (ChProbe *self, CURLcode code, CURL *curl)
{
  long proxy_status = 0;

  self->is_late = code == CURLE_OPERATION_TIMEDOUT;
  self->is_other_host = code == CURLE_PEER_FAILED_VERIFICATION;
  curl_easy_getinfo (curl, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  self->is_proxy = proxy_status >= 300;
  self->wants_password = proxy_status == 407;

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (failures[i].code == code)
      {
        self->phase = failures[i].phase;
        self->is_proxy = self->is_proxy || failures[i].is_proxy;
        return;
      }

  for (self->phase = CH_PROBE_NAME; self->phase < CH_PROBE_ANSWER; self->phase++)
    if (self->spent[self->phase] < 0)
      break;
}

/**
 * ch_probe_run:
 * @url: to ask, of https, or of http to see who listens in between
 * @proxy: (nullable): the way there; %NULL for none
 * @limit: milliseconds in all
 * @cancellable: (nullable): stops it
 *
 * Asks a server and measures. Blocks: for a thread of its own. The certificates shown are *not* judged but
 * for the name of the host; what came back is worth nothing before they are.
 *
 * Returns: (transfer full): how far it came; never %NULL
 */
ChProbe *
ch_probe_run (const char *url, const char *proxy, guint limit, GCancellable *cancellable)
{
  static GOnce once = G_ONCE_INIT;
  ChProbe *self = g_new0 (ChProbe, 1);
  GByteArray *body = g_byte_array_new ();
  char said[CURL_ERROR_SIZE] = "";
  g_autoptr (CURL) curl = NULL;
  const char *address = NULL;
  gint64 began = g_get_monotonic_time ();
  gint64 first_words = 0;
  CURLcode code;

  g_once (&once, init_curl, NULL);
  curl = curl_easy_init ();
  set_options (curl, url, proxy, limit);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_data_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, body);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress_cb);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, cancellable);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, said);
  curl_easy_setopt (curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (curl, CURLOPT_DEBUGFUNCTION, on_debug_cb);
  curl_easy_setopt (curl, CURLOPT_DEBUGDATA, &first_words);

  code = curl_easy_perform (curl);
  self->received_at = g_get_real_time () / G_USEC_PER_SEC;
  self->phase = CH_PROBE_DONE;
  read_times (self, curl, first_words != 0 ? first_words - began : 0);
  read_chain (self, curl);
  read_answer (self, curl);
  if (curl_easy_getinfo (curl, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != NULL && *address != 0)
    self->address = g_strdup (address);
  if (code != CURLE_OK)
    {
      self->message = g_strdup (*said != 0 ? said : curl_easy_strerror (code));
      read_failure (self, code, curl);
    }
  self->body = g_byte_array_free_to_bytes (body);
  return self;
}

void
ch_probe_free (ChProbe *self)
{
  g_free (self->message);
  g_free (self->address);
  g_free (self->location);
  g_ptr_array_unref (self->chain);
  g_bytes_unref (self->body);
  g_free (self);
}

/**
 * ch_probe_find_portal:
 * @url: a server of https
 * @limit: milliseconds
 * @cancellable: (nullable): stops it
 *
 * Asks the server’s host without encryption, as a network that wants to be logged in to answers in anybody’s
 * place: it sends elsewhere, or shows a page. Our servers answer nothing there. Blocks; nothing of the user
 * is sent.
 *
 * Returns: (transfer full) (nullable): the page to log in at; %NULL when nobody stands in between
 */
char *
ch_probe_find_portal (const char *url, guint limit, GCancellable *cancellable)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) plain = NULL;
  g_autofree char *plain_url = NULL;
  g_autoptr (ChProbe) probe = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return NULL;
  plain = g_uri_build (G_URI_FLAGS_NONE, "http", NULL, g_uri_get_host (uri), g_uri_get_port (uri), "/", NULL,
                       NULL);
  plain_url = g_uri_to_string (plain);
  probe = ch_probe_run (plain_url, NULL, limit, cancellable);
  if (probe->location != NULL && g_str_has_prefix (probe->location, "http"))
    {
      g_autoptr (GUri) there = g_uri_parse (probe->location, G_URI_FLAGS_NONE, NULL);

      /* The same host, only encrypted, is what decent servers do */
      if (there != NULL
          && (g_strcmp0 (g_uri_get_scheme (there), "https") != 0
              || g_strcmp0 (g_uri_get_host (there), g_uri_get_host (uri)) != 0))
        return g_strdup (probe->location);
    }
  return probe->http_status == 200 && probe->is_page ? g_steal_pointer (&plain_url) : NULL;
}

/**
 * ch_probe_phase_get_id:
 *
 * Returns: kebab-case, for report and terminal
 */
const char *
ch_probe_phase_get_id (ChProbePhase phase)
{
  return phase_ids[phase];
}

/**
 * ch_probe_get_system_anchors:
 *
 * Returns: (transfer full) (nullable): the PEM file of what this system trusts
 */
char *
ch_probe_get_system_anchors (void)
{
  return g_strdup (curl_version_info (CURLVERSION_NOW)->cainfo);
}
