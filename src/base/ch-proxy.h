#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The way the program’s own calls go: a proxy that was set for it, else what the system’s settings say. */
GProxyResolver *ch_proxy_get_resolver (void);
gboolean ch_proxy_set (const char *address);
char *ch_proxy_get (void);
char *ch_proxy_find (const char *url, GCancellable *cancellable);

G_END_DECLS
