#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-probe.h"
#include "envcheck/check-proxy.h"
#include "envcheck/checks.h"

#include "base/ch-file.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain.h"
#include "wire/ch-route.h"

#define TRUST_LIMIT (4 * 1024 * 1024)

/* How a call to an entry can end */
typedef enum
{
  END_GOOD,
  END_NAME,
  END_CONNECT,
  END_PROXY,
  END_TLS,
  END_SILENT,
  END_OTHER_HOST,
  END_STRANGER,
  END_TOO_OLD,
  END_TOO_NEW,
  END_CHAIN,
  END_HTTP,
  END_ANSWER,
  END_NO_ANCHOR,
  N_ENDS
} End;

#define MEANS_NO_WAY                                                                                         \
  N_ ("The program does not reach the CA through this entry. What is filled in stays on this PC.")
#define MEANS_NOT_SAFE                                                                                       \
  N_ ("The program does not talk to this server, so that nobody can read or change what you send.")

/* clang-format off */
static const struct
{
  ChErrorCode error;
  const char *summary; /* untranslated; NULL: made where it happens */
  const char *meaning;
  const char *todo;
} ends[] = {
  [END_GOOD]       = { 0, NULL, NULL, NULL },
  [END_NAME]       = { CH_ERROR_SERVER_UNREACHABLE, N_("The name of the server cannot be found"), MEANS_NO_WAY,
                       N_("Check that this PC is connected to the network. If other sites open, ask the network’s administrator about DNS.") },
  [END_CONNECT]    = { CH_ERROR_SERVER_UNREACHABLE, N_("No connection to the server"), MEANS_NO_WAY,
                       N_("Check that this PC is connected to the network. If other sites open, a firewall may block this address: ask the network’s administrator.") },
  [END_PROXY]      = { CH_ERROR_SERVER_UNREACHABLE, N_("The proxy does not let the program through"), MEANS_NO_WAY,
                       N_("Check the proxy in the system settings, or ask the network’s administrator to let this address pass.") },
  [END_TLS]        = { CH_ERROR_SERVER_UNREACHABLE, N_("No secure connection"), MEANS_NO_WAY,
                       N_("Something else may answer at this address, or a firewall may cut the connection: ask the network’s administrator.") },
  [END_SILENT]     = { CH_ERROR_TIMED_OUT, N_("No answer within 5 seconds"), MEANS_NO_WAY,
                       N_("Check again in a moment. If it stays like this, a firewall may block this address: ask the network’s administrator.") },
  [END_OTHER_HOST] = { CH_ERROR_SERVER_IDENTITY, N_("The certificate of another server is shown"), MEANS_NOT_SAFE,
                       N_("Check the address of the server, or ask the CA’s hotline.") },
  [END_STRANGER]   = { CH_ERROR_SERVER_IDENTITY, NULL, MEANS_NOT_SAFE,
                       N_("A security program or a proxy of your network reads along: ask its administrator to exempt this address, or use another network.") },
  [END_TOO_OLD]    = { CH_ERROR_SERVER_IDENTITY, N_("The server’s certificate seems to have expired"), MEANS_NOT_SAFE,
                       N_("Check date and time of this PC. If they are right, ask the CA’s hotline.") },
  [END_TOO_NEW]    = { 0, N_("The clock of this PC is behind"), N_("The program works, but dates it shows may be wrong."),
                       N_("Set date and time of this PC.") },
  [END_CHAIN]      = { CH_ERROR_SERVER_IDENTITY, N_("The server’s certificate is not in order"), MEANS_NOT_SAFE,
                       N_("Ask the CA’s hotline; the details below help.") },
  [END_HTTP]       = { CH_ERROR_BAD_ANSWER, NULL, MEANS_NO_WAY, N_("Check again in a few minutes, or ask the CA’s hotline.") },
  [END_ANSWER]     = { CH_ERROR_BAD_ANSWER, N_("Something else answers at this address"), MEANS_NO_WAY,
                       N_("Check the address of the server, or ask the CA’s hotline.") },
  [END_NO_ANCHOR]  = { CH_ERROR_FILE, N_("The file with the CA’s trust anchor cannot be read"), MEANS_NOT_SAFE,
                       N_("Install the program again, or name another file.") },
};
/* clang-format on */

G_STATIC_ASSERT (G_N_ELEMENTS (ends) == N_ENDS);

static GPtrArray *
read_anchors (const char *trust_file)
{
  g_autofree char *path = trust_file != NULL ? g_strdup (trust_file) : ch_probe_get_system_anchors ();
  g_autoptr (GBytes) pem = path != NULL ? ch_file_read (path, TRUST_LIMIT, NULL) : NULL;
  gconstpointer data;
  gsize len;

  if (pem == NULL)
    return NULL;
  data = g_bytes_get_data (pem, &len);
  return ch_cert_list_from_pem (data, len, NULL);
}

static ChChainReason
judge_chain (GPtrArray *chain, GPtrArray *anchors, gint64 when)
{
  g_autoptr (ChChainResult) result = NULL;

  if (chain->len == 0)
    return CH_CHAIN_DAMAGED;
  result = ch_chain_verify (chain->pdata[0], chain, anchors, when, NULL, NULL);
  return result->reason;
}

static End
map_chain (ChChainReason reason)
{
  switch (reason)
    {
    case CH_CHAIN_OK:
      return END_GOOD;
    case CH_CHAIN_UNKNOWN_ISSUER:
    case CH_CHAIN_BAD_SIGNATURE:
      return END_STRANGER;
    case CH_CHAIN_EXPIRED:
      return END_TOO_OLD;
    case CH_CHAIN_NOT_YET_VALID:
      return END_TOO_NEW;
    default:
      return END_CHAIN;
    }
}

static End
map_failure (const ChProbe *probe)
{
  static const End by_phase[] = {
    [CH_PROBE_NAME] = END_NAME,
    [CH_PROBE_CONNECT] = END_CONNECT,
    [CH_PROBE_TLS] = END_TLS,
    [CH_PROBE_ANSWER] = END_ANSWER,
  };

  if (probe->is_proxy)
    return END_PROXY;
  if (probe->is_late && probe->phase != CH_PROBE_NAME)
    return END_SILENT;
  if (probe->is_other_host)
    return END_OTHER_HOST;
  return by_phase[probe->phase];
}

/* Who shows itself in the CA’s place, e.g. the root of a security program */
static char *
name_stranger (GPtrArray *chain)
{
  g_autoptr (ChCertInfo) info = chain->len > 0 ? ch_cert_info_new (chain->pdata[0], NULL) : NULL;
  const char *name = info != NULL ? ch_subject_find (info->issuer, "CN") : NULL;

  if (name == NULL && info != NULL)
    name = info->issuer_text;
  return g_strdup (name != NULL ? name : "?");
}

static ChCheckResult *
new_result (End end, const ChProbe *probe)
{
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (end == END_STRANGER)
    {
      g_autofree char *stranger = name_stranger (probe->chain);

      /* Translators: %s is the name in a certificate, e.g. of a firewall */
      summary = g_strdup_printf (_ ("“%s” answers in place of the CA"), stranger);
    }
  else if (end == END_HTTP)
    /* Translators: %ld is a number of HTTP, e.g. 503 */
    summary = g_strdup_printf (_ ("The server answers with an error (HTTP %ld)"), probe->http_status);
  else if (end == END_GOOD)
    /* Translators: how long a server took to answer */
    summary = g_strdup_printf (_ ("%d ms"), (int) ((probe->total + 500) / 1000));
  else
    summary = g_strdup (_ (ends[end].summary));

  if (end == END_GOOD)
    return ch_check_result_new (CH_CHECK_PASSED, summary);
  result = end == END_TOO_NEW ? ch_check_result_new (CH_CHECK_WARNING, summary)
                              : ch_check_result_new_failed (ends[end].error, summary);
  ch_check_result_explain (result, _ (ends[end].meaning), _ (ends[end].todo));
  return result;
}

static void
describe (ChCheckResult *result, const ChProbe *probe, const char *url, const char *proxy)
{
  g_autoptr (GString) text = g_string_new (url);

  if (proxy != NULL)
    g_string_append_printf (text, "\nproxy %s", proxy);
  if (probe->address != NULL)
    g_string_append_printf (text, "\naddress %s", probe->address);
  for (guint i = 0; i < CH_PROBE_DONE; i++)
    if (probe->spent[i] >= 0)
      {
        const char *id = ch_probe_phase_get_id (i);

        g_string_append_printf (text, "%s%s %.1f ms", i == 0 ? "\n" : " · ", id, probe->spent[i] / 1000.0);
        ch_check_result_add_time (result, id, probe->spent[i]);
      }
  ch_check_result_add_time (result, "total", probe->total);
  for (guint i = 0; i < probe->chain->len; i++)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (probe->chain->pdata[i], NULL);

      if (info != NULL)
        g_string_append_printf (text, "\ncertificate %s, issued by %s, SHA-256 %s", info->subject_text,
                                info->issuer_text, info->sha256);
    }
  if (probe->http_status != 0)
    g_string_append_printf (text, "\nHTTP %ld", probe->http_status);
  if (probe->message != NULL)
    g_string_append_printf (text, "\nstopped at %s: %s", ch_probe_phase_get_id (probe->phase),
                            probe->message);
  ch_check_result_set_detail (result, "%s", text->str);
}

/* The server’s own time, if it is our server. Whether its certificate is of today is asked at that very time.
 */
static void
read_time (ChCheckResult *result, const ChProbe *probe, GPtrArray *anchors)
{
  g_autoptr (ChTime) time = ch_wire_decode (&ChTime_wire, probe->body, NULL);

  if (time == NULL || judge_chain (probe->chain, anchors, time->now) != CH_CHAIN_OK)
    return;
  result->has_offset = TRUE;
  result->offset = time->now - probe->received_at;
  result->is_usable = TRUE;
}

static End
judge (const ChProbe *probe, GPtrArray *anchors)
{
  g_autoptr (ChTime) time = NULL;
  End end;

  /* Who answers matters more than what it does then */
  end = map_chain (judge_chain (probe->chain, anchors, g_get_real_time () / G_USEC_PER_SEC));
  if (end == END_STRANGER || (probe->phase == CH_PROBE_DONE && end != END_GOOD && end != END_TOO_NEW))
    return end;
  if (probe->phase != CH_PROBE_DONE)
    return map_failure (probe);
  if (probe->http_status != 200)
    return END_HTTP;
  time = ch_wire_decode (&ChTime_wire, probe->body, NULL);
  return time != NULL ? end : END_ANSWER;
}

static ChCheckResult *
run_entry (const ChCheckTask *task)
{
  g_autofree char *path = ch_route_format_path (&ch_route_time, NULL);
  g_autofree char *url = g_strconcat (task->entry->url, path, NULL);
  g_autofree char *proxy = ch_check_find_proxy (task->entry->url, task->cancellable);
  g_autoptr (ChProbe) probe = ch_probe_run (url, proxy, CH_CHECK_TIME_LIMIT, task->cancellable);
  g_autoptr (GPtrArray) anchors = probe->chain->len > 0 ? read_anchors (task->context->trust_file) : NULL;
  g_autofree char *shown = ch_check_strip_proxy (proxy);
  gboolean is_known = anchors != NULL && anchors->len > 0;
  ChCheckResult *result;
  End end;

  if (probe->chain->len == 0)
    end = map_failure (probe);
  else
    end = is_known ? judge (probe, anchors) : END_NO_ANCHOR;
  result = new_result (end, probe);
  describe (result, probe, task->entry->url, shown);
  if (is_known)
    read_time (result, probe, anchors);
  return result;
}

const ChCheck ch_check_entry = {
  .id = "entry",
  .title = N_ ("The CA’s server"),
  .group = CH_CHECK_GROUP_NETWORK,
  .is_per_entry = TRUE,
  .one_is_enough = N_ ("Another entry answers; the program can use that one."),
  .run = run_entry,
};
