#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/check-proxy.h"

#include "base/ch-proxy.h"
#include "envcheck/checks.h"

/* Where programs of the terminal look; ours goes by the system’s settings */
static const char *const variables[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };

static const char *
find_variable (const char **name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *value = g_getenv (variables[i]);

      if (value != NULL && *value != 0)
        {
          *name = variables[i];
          return value;
        }
    }
  return NULL;
}

/**
 * ch_check_strip_proxy:
 * @proxy: (nullable): an address
 *
 * Returns: (transfer full) (nullable): the address without user and password
 */
char *
ch_check_strip_proxy (const char *proxy)
{
  g_autoptr (GUri) uri = proxy != NULL ? g_uri_parse (proxy, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr (GUri) bare = NULL;

  if (proxy == NULL)
    return NULL;
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup ("?");
  bare = g_uri_build (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                      g_uri_get_port (uri), "", NULL, NULL);
  return g_uri_to_string (bare);
}

static gboolean
has_entries (const ChCheckContext *context)
{
  return context->entries->len > 0;
}

static ChCheckResult *
run_proxy (const ChCheckTask *task)
{
  const ChCheckEntry *entry = task->context->entries->pdata[0];
  g_autofree char *proxy = ch_proxy_find (entry->url, task->cancellable);
  g_autofree char *shown = ch_check_strip_proxy (proxy);
  const char *variable = NULL;
  g_autofree char *variable_shown = ch_check_strip_proxy (find_variable (&variable));
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (proxy != NULL)
    {
      /* Translators: %s is the address of a proxy */
      summary = g_strdup_printf (_ ("The program goes through %s"), shown);
      result = ch_check_result_new (CH_CHECK_PASSED, summary);
    }
  else if (variable != NULL)
    {
      result = ch_check_result_new_found (CH_FINDING_PROXY_UNUSED, NULL);
      ch_check_result_set_subject (result, variable_shown);
    }
  else
    result = ch_check_result_new (CH_CHECK_PASSED, _ ("None, direct connection"));

  ch_check_result_set_detail (result, "proxy %s, resolver %s%s%s%s%s", shown != NULL ? shown : "none",
                              G_OBJECT_TYPE_NAME (ch_proxy_get_resolver ()), variable != NULL ? ", " : "",
                              variable != NULL ? variable : "", variable != NULL ? " " : "",
                              variable != NULL ? variable_shown : "");
  return result;
}

const ChCheck ch_check_proxy = {
  .id = "proxy",
  .title = N_ ("Proxy"),
  .group = CH_CHECK_GROUP_NETWORK,
  .applies = has_entries,
  .run = run_proxy,
};
