#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ch_version_is_valid (const char *version);
gboolean ch_version_is_older (const char *version, const char *than);

G_END_DECLS
