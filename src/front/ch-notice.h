#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the desktop shows although no window of the program is open: org.freedesktop.Notifications 1.2 */
void ch_notice_send_async (const char *title,
                           const char *body,
                           gboolean is_urgent,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean ch_notice_send_finish (GAsyncResult *result, GError **error);

G_END_DECLS
