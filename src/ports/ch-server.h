#pragma once

#include "ports/ch-entries.h"
#include "wire/ch-route.h"

G_BEGIN_DECLS

/* The CA’s service as the flows see it. While it is watched, the signal `changed` (application: nullable
 * string) tells that an application has changed; without one, that anything may have, or that events begin or
 * end. */
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

  ChServer *(*new_with_session) (ChServer *self, ChSecret *token);

  /* Of what tells nothing by itself these are NULL */
  void (*watch) (ChServer *self);
  void (*unwatch) (ChServer *self);
  gboolean (*is_live) (ChServer *self);

  /* Of what has one address only these are NULL */
  ChEntries *(*get_entries) (ChServer *self);
  void (*measure_async) (ChServer *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  gboolean (*measure_finish) (ChServer *self, GAsyncResult *result, GError **error);
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
void ch_server_fetch_async (ChServer *self,
                            const ChRoute *route,
                            const char *const *args,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GBytes *ch_server_fetch_finish (ChServer *self, GAsyncResult *result, GError **error);
void ch_server_set_session (ChServer *self, ChSecret *token);
gboolean ch_server_has_session (ChServer *self);
ChServer *ch_server_new_with_session (ChServer *self, ChSecret *token);
GBytes *ch_server_get_peer_certificate (ChServer *self);
void ch_server_watch (ChServer *self);
void ch_server_unwatch (ChServer *self);
gboolean ch_server_is_live (ChServer *self);
ChEntries *ch_server_get_entries (ChServer *self);
void ch_server_measure_async (ChServer *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean ch_server_measure_finish (ChServer *self, GAsyncResult *result, GError **error);
void ch_server_tell_changed (ChServer *self, const char *application);

G_END_DECLS
