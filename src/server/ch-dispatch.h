#pragma once

#include <libsoup/soup.h>

#include "server/ch-event-hub.h"
#include "server/ch-handler.h"
#include "server/ch-server-types.h"

G_BEGIN_DECLS

/* From a request to its handler and back */
typedef struct _ChDispatch ChDispatch;

/* Says whether a request may reach further handlers at all; in the main thread, before the body */
typedef gboolean (*ChAdmitFunc) (SoupServerMessage *message, gpointer data, GError **error);

ChDispatch *ch_dispatch_new (ChService *service);
void ch_dispatch_free (ChDispatch *self);
void ch_dispatch_add_rows (ChDispatch *self, const ChHandlerRow *rows, ChAdmitFunc admit, gpointer data);
SoupServer *ch_dispatch_get_soup (ChDispatch *self);
ChEventHub *ch_dispatch_get_events (ChDispatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDispatch, ch_dispatch_free)

G_END_DECLS
