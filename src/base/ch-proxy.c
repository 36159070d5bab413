#include "config.h"

#include "base/ch-proxy.h"

#include <string.h>

#define VARIABLE "CERTHALL_PROXY"

/* Ours, in front of the system’s; made once and never freed, as those of GIO */
static GSimpleProxyResolver *own;
static gboolean is_set;
static char *address; /* (owned) (nullable) */
G_LOCK_DEFINE_STATIC (own);

static gboolean
is_proxy (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != 0
         && (g_str_equal (scheme, "http") || g_str_equal (scheme, "socks5"));
}

/* @text with a scheme before it; NULL for none */
static char *
complete (const char *text)
{
  if (text == NULL || *text == 0)
    return NULL;
  return strstr (text, "://") != NULL ? g_strdup (text) : g_strconcat ("http://", text, NULL);
}

static void
take (const char *text)
{
  if (own == NULL)
    own = G_SIMPLE_PROXY_RESOLVER (g_simple_proxy_resolver_new (NULL, NULL));
  g_free (address);
  address = g_strdup (text);
  if (text != NULL)
    g_simple_proxy_resolver_set_default_proxy (own, text);
}

/* Told by the environment, until somebody says otherwise. Called with the lock held. */
static void
read_environment (void)
{
  g_autofree char *told = complete (g_getenv (VARIABLE));

  if (is_set)
    return;
  is_set = TRUE;
  if (told != NULL && is_proxy (told))
    take (told);
}

/**
 * ch_proxy_get_resolver:
 *
 * Returns: (transfer none): tells which proxies a call goes through
 */
GProxyResolver *
ch_proxy_get_resolver (void)
{
  GProxyResolver *resolver;

  G_LOCK (own);
  read_environment ();
  resolver = address != NULL ? G_PROXY_RESOLVER (own) : g_proxy_resolver_get_default ();
  G_UNLOCK (own);
  return resolver;
}

/**
 * ch_proxy_set:
 * @address: (nullable): `http://HOST:PORT`, or `HOST:PORT` for the same; %NULL or empty: as the system says
 *
 * Sets the proxy of this program; calls that begin later go by it.
 *
 * Returns: %FALSE when @address is none
 */
gboolean
ch_proxy_set (const char *text)
{
  g_autofree char *full = complete (text);

  if (full != NULL && !is_proxy (full))
    return FALSE;
  G_LOCK (own);
  is_set = TRUE;
  take (full);
  G_UNLOCK (own);
  return TRUE;
}

/**
 * ch_proxy_get:
 *
 * Returns: (transfer full) (nullable): the proxy set for this program; %NULL: as the system says
 */
char *
ch_proxy_get (void)
{
  char *text;

  G_LOCK (own);
  read_environment ();
  text = g_strdup (address);
  G_UNLOCK (own);
  return text;
}

/**
 * ch_proxy_find:
 * @url: to reach
 * @cancellable: (nullable): stops it
 *
 * For what does not take a #GProxyResolver, such as libcurl. Blocks.
 *
 * Returns: (transfer full) (nullable): the proxy @url is reached through, perhaps with user and password;
 * %NULL when there is none
 */
char *
ch_proxy_find (const char *url, GCancellable *cancellable)
{
  g_auto (GStrv) proxies = g_proxy_resolver_lookup (ch_proxy_get_resolver (), url, cancellable, NULL);

  if (proxies == NULL || proxies[0] == NULL || g_str_equal (proxies[0], "direct://"))
    return NULL;
  return g_strdup (proxies[0]);
}
