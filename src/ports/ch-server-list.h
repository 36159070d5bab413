#pragma once

#include "ports/ch-server.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* How many pages are read at most: an account may have what a batch of 10,000 rows has brought, and as much
 * again */
#define CH_SERVER_MAX_PAGES 100

void ch_server_list_async (ChServer *self,
                           const ChRoute *route,
                           const ChListQuery *query,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gpointer ch_server_list_finish (ChServer *self, GAsyncResult *result, GError **error);

G_END_DECLS
