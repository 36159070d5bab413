#pragma once

#include "wire/ch-route.h"

G_BEGIN_DECLS

/* The CA’s service as the flows see it */
#define CH_TYPE_SERVER (ch_server_get_type ())
G_DECLARE_INTERFACE (ChServer, ch_server, CH, SERVER, GObject)

struct _ChServerInterface
{
  GTypeInterface parent_iface;

  /* @body: JSON, or what stands behind the `?` where ch_route_has_query() */
  void (*call_async) (ChServer *self,
                      const ChRoute *route,
                      const char *const *args,
                      GBytes *body,
                      const char *key,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  GBytes *(*call_finish) (ChServer *self, GAsyncResult *result, GError **error);
  void (*set_session) (ChServer *self, ChSecret *token);
  gboolean (*has_session) (ChServer *self);
  GBytes *(*get_peer_certificate) (ChServer *self);
};

void ch_server_call_async (ChServer *self,
                           const ChRoute *route,
                           const char *const *args,
                           gconstpointer request,
                           const char *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gpointer ch_server_call_finish (ChServer *self, GAsyncResult *result, GError **error);
void ch_server_set_session (ChServer *self, ChSecret *token);
gboolean ch_server_has_session (ChServer *self);
GBytes *ch_server_get_peer_certificate (ChServer *self);

G_END_DECLS
