#pragma once

#include "ports/ch-vault.h"

G_BEGIN_DECLS

/* Whether the system looks once a day for certificates that end, by `certhallctl remind notify`: by a timer
 * of systemd, else by what the desktop starts at each login (org.freedesktop.portal.Background). Nothing of
 * ours stays running. */
void ch_daily_get_async (ChVault *vault,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean ch_daily_get_finish (GAsyncResult *result, gboolean *is_on, GError **error);
void ch_daily_set_async (ChVault *vault,
                         gboolean is_on,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean ch_daily_set_finish (GAsyncResult *result, GError **error);

G_END_DECLS
