#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *ch_check_strip_proxy (const char *proxy);

G_END_DECLS
