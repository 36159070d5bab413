#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-probe.h"
#include "envcheck/check-proxy.h"
#include "envcheck/checks.h"

#include "base/ch-file.h"
#include "base/ch-proxy.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain.h"
#include "wire/ch-route.h"

#define TRUST_LIMIT (4 * 1024 * 1024)

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

static ChFindingCode
map_chain (ChChainReason reason)
{
  switch (reason)
    {
    case CH_CHAIN_OK:
      return CH_FINDING_NONE;
    case CH_CHAIN_UNKNOWN_ISSUER:
    case CH_CHAIN_BAD_SIGNATURE:
      return CH_FINDING_ENTRY_STRANGER;
    case CH_CHAIN_EXPIRED:
      return CH_FINDING_ENTRY_EXPIRED;
    case CH_CHAIN_NOT_YET_VALID:
      return CH_FINDING_ENTRY_FUTURE;
    default:
      return CH_FINDING_ENTRY_CHAIN;
    }
}

static ChFindingCode
map_failure (const ChProbe *probe)
{
  static const ChFindingCode by_phase[] = {
    [CH_PROBE_NAME] = CH_FINDING_ENTRY_NAME,
    [CH_PROBE_CONNECT] = CH_FINDING_ENTRY_CONNECT,
    [CH_PROBE_TLS] = CH_FINDING_ENTRY_TLS,
    [CH_PROBE_ANSWER] = CH_FINDING_ENTRY_ANSWER,
  };

  if (probe->is_proxy)
    return probe->wants_password ? CH_FINDING_ENTRY_PROXY_PASSWORD : CH_FINDING_ENTRY_PROXY;
  if (probe->is_late && probe->phase != CH_PROBE_NAME)
    return CH_FINDING_ENTRY_SILENT;
  if (probe->is_other_host)
    return CH_FINDING_ENTRY_OTHER_HOST;
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

static char *
format_time (const ChProbe *probe, gboolean is_in_use)
{
  int milliseconds = (probe->total + 500) / 1000;

  if (is_in_use)
    /* Translators: how long a server took to answer, and that the program goes through this entry */
    return g_strdup_printf (_ ("%d ms, in use"), milliseconds);
  /* Translators: how long a server took to answer */
  return g_strdup_printf (_ ("%d ms"), milliseconds);
}

static ChCheckResult *
new_result (ChFindingCode end, const ChProbe *probe, gboolean is_in_use)
{
  g_autofree char *summary = NULL;

  if (end == CH_FINDING_ENTRY_STRANGER)
    {
      g_autofree char *stranger = name_stranger (probe->chain);

      /* Translators: %s is the name in a certificate, e.g. of a firewall */
      summary = g_strdup_printf (_ ("“%s” answers in place of the CA"), stranger);
    }
  else if (end == CH_FINDING_ENTRY_HTTP)
    /* Translators: %ld is a number of HTTP, e.g. 503 */
    summary = g_strdup_printf (_ ("The server answers with an error (HTTP %ld)"), probe->http_status);
  else if (end == CH_FINDING_NONE)
    summary = format_time (probe, is_in_use);

  if (end == CH_FINDING_NONE)
    return ch_check_result_new (CH_CHECK_PASSED, summary);
  return ch_check_result_new_found (end, summary);
}

static void
describe (ChCheckResult *result, const ChProbe *probe, const char *url, gboolean is_in_use, const char *proxy)
{
  g_autoptr (GString) text = g_string_new (url);

  if (is_in_use)
    g_string_append (text, ", in use");
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
  if (probe->location != NULL)
    g_string_append_printf (text, "\nsends to %s", probe->location);
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

  if (time != NULL && result->state == CH_CHECK_PASSED)
    result->oldest = g_strdup (time->oldest);
  if (time == NULL || judge_chain (probe->chain, anchors, time->now) != CH_CHAIN_OK)
    return;
  result->has_offset = TRUE;
  result->offset = time->now - probe->received_at;
  result->is_usable = TRUE;
}

static ChFindingCode
judge (const ChProbe *probe, GPtrArray *anchors)
{
  g_autoptr (ChTime) time = NULL;
  ChFindingCode end;

  /* Who answers matters more than what it does then */
  end = map_chain (judge_chain (probe->chain, anchors, g_get_real_time () / G_USEC_PER_SEC));
  if (end == CH_FINDING_ENTRY_STRANGER
      || (probe->phase == CH_PROBE_DONE && end != CH_FINDING_NONE && end != CH_FINDING_ENTRY_FUTURE))
    return end;
  if (probe->phase != CH_PROBE_DONE)
    return map_failure (probe);
  if (probe->http_status != 200)
    return CH_FINDING_ENTRY_HTTP;
  time = ch_wire_decode (&ChTime_wire, probe->body, NULL);
  return time != NULL ? end : CH_FINDING_ENTRY_ANSWER;
}

/* Behind a stranger’s certificate, a closed port or a broken connection there may be a network that wants to
 * be logged in to first */
static gboolean
may_be_portal (ChFindingCode end, const ChProbe *probe)
{
  return end == CH_FINDING_ENTRY_TLS || end == CH_FINDING_ENTRY_CONNECT || end == CH_FINDING_ENTRY_SILENT
         || end == CH_FINDING_ENTRY_STRANGER;
}

/* A stranger that sends elsewhere or shows a page is no proxy that reads along: that would pass the answer on
 */
static char *
find_portal (const ChCheckTask *task, ChFindingCode end, const ChProbe *probe, guint limit)
{
  if (!may_be_portal (end, probe))
    return NULL;
  if (end == CH_FINDING_ENTRY_STRANGER && probe->location != NULL)
    return g_strdup (probe->location);
  if (end == CH_FINDING_ENTRY_STRANGER && probe->is_page)
    return g_strdup (task->entry->url);
  return end != CH_FINDING_ENTRY_STRANGER && limit > 0
             ? ch_probe_find_portal (task->entry->url, limit, task->cancellable)
             : NULL;
}

static ChCheckResult *
run_entry (const ChCheckTask *task)
{
  g_autofree char *path = ch_route_format_path (&ch_route_time, NULL);
  g_autofree char *url = g_strconcat (task->entry->url, path, NULL);
  g_autofree char *proxy = ch_proxy_find (task->entry->url, task->cancellable);
  guint limit = ch_check_get_limit (&ch_check_entry, task->context);
  gint64 began = g_get_monotonic_time ();
  g_autoptr (ChProbe) probe = ch_probe_run (url, proxy, limit, task->cancellable);
  guint spent = (g_get_monotonic_time () - began) / G_TIME_SPAN_MILLISECOND;
  g_autoptr (GPtrArray) anchors = probe->chain->len > 0 ? read_anchors (task->context->trust_file) : NULL;
  g_autofree char *shown = ch_check_strip_proxy (proxy);
  gboolean is_known = anchors != NULL && anchors->len > 0;
  g_autofree char *portal = NULL;
  ChCheckResult *result;
  ChFindingCode end;

  if (probe->chain->len == 0)
    end = map_failure (probe);
  else
    end = is_known ? judge (probe, anchors) : CH_FINDING_ENTRY_NO_ANCHOR;
  /* Through a proxy the network is another one’s business */
  if (proxy == NULL)
    portal = find_portal (task, end, probe, limit > spent ? limit - spent : 0);
  if (portal != NULL)
    end = CH_FINDING_ENTRY_PORTAL;
  result = new_result (end, probe, task->entry->is_in_use);
  if (portal != NULL)
    ch_check_result_set_subject (result, portal);
  describe (result, probe, task->entry->url, task->entry->is_in_use, shown);
  if (is_known)
    read_time (result, probe, anchors);
  return result;
}

/* The program finds its way by itself; who wants to keep away from an entry that comes and goes says so */
static void
offer_other (ChCheckResult *result, const ChCheckEntry *failed, const ChCheckEntry *works)
{
  if (!failed->is_in_use || works == NULL)
    return;
  result->action = CH_CHECK_ACTION_USE_ENTRY;
  ch_check_result_set_todo (result, _ ("Go on: the program uses the other entry by itself. If this one fails "
                                       "again and again, choose the other one in the preferences."));
  ch_check_result_set_subject (result, works->url);
}

const ChCheck ch_check_entry = {
  .id = "entry",
  .title = N_ ("The CA’s server"),
  .group = CH_CHECK_GROUP_NETWORK,
  .kind = CH_CHECK_FOR_ENTRY,
  .one_is_enough = N_ ("Another entry answers; the program can use that one."),
  .soften = offer_other,
  .run = run_entry,
};
