#pragma once

#include <libsoup/soup.h>

#include "server/ch-server-types.h"

G_BEGIN_DECLS

/* Tells programs that listen which applications of theirs have changed, once the change is on the disk. What
 * changed stands in the store’s table of events, so it does not matter who wrote it, or in which thread. */
typedef struct _ChEventHub ChEventHub;

ChEventHub *ch_event_hub_new (ChService *service);
void ch_event_hub_free (ChEventHub *self);
gboolean ch_event_hub_check_room (ChEventHub *self, const char *whose, GError **error);
void
ch_event_hub_take (ChEventHub *self, GIOStream *stream, GUri *uri, const char *whose, GBytes *token_sha256);
guint ch_event_hub_get_n_sockets (ChEventHub *self);
void ch_event_hub_check_sessions (ChEventHub *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChEventHub, ch_event_hub_free)

G_END_DECLS
