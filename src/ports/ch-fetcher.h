#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Fetches what lies elsewhere: CRLs, OCSP answers, certificates of CAs. What comes back is checked by who
 * asked. */
#define CH_TYPE_FETCHER (ch_fetcher_get_type ())
G_DECLARE_INTERFACE (ChFetcher, ch_fetcher, CH, FETCHER, GObject)

struct _ChFetcherInterface
{
  GTypeInterface parent_iface;

  GBytes *(*fetch) (ChFetcher *self,
                    const char *url,
                    const char *content_type,
                    GBytes *body,
                    gsize max,
                    GCancellable *cancellable,
                    GError **error);
};

GBytes *ch_fetcher_fetch (ChFetcher *self,
                          const char *url,
                          const char *content_type,
                          GBytes *body,
                          gsize max,
                          GCancellable *cancellable,
                          GError **error);
void ch_fetcher_fetch_async (ChFetcher *self,
                             const char *url,
                             const char *content_type,
                             GBytes *body,
                             gsize max,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GBytes *ch_fetcher_fetch_finish (ChFetcher *self, GAsyncResult *result, GError **error);

G_END_DECLS
