#pragma once

#include <libsoup/soup.h>

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Listens to the server as long as somebody wants it and there is a session: one connection, made anew when
 * it breaks, each time after a longer pause. */
typedef struct _ChApiEvents ChApiEvents;

typedef struct
{
  /* Returns: (transfer full): the request, with session and all */
  SoupMessage *(*build) (gpointer data);
  /* @application: (nullable): NULL when anything may have changed, or whether there are events has */
  void (*changed) (const char *application, gpointer data);
} ChApiEventsFuncs;

ChApiEvents *ch_api_events_new (SoupSession *session, const ChApiEventsFuncs *funcs, gpointer data);
void ch_api_events_free (ChApiEvents *self);
void ch_api_events_set_token (ChApiEvents *self, ChSecret *token);
void ch_api_events_watch (ChApiEvents *self);
void ch_api_events_unwatch (ChApiEvents *self);
gboolean ch_api_events_is_live (ChApiEvents *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChApiEvents, ch_api_events_free)

G_END_DECLS
