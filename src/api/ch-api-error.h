#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError *ch_api_error_from_network (GError *error);
GError *ch_api_error_from_answer (guint status, GBytes *body, const char *retry_after);
gboolean ch_api_error_is_of_gateway (guint status, GBytes *body);

G_END_DECLS
