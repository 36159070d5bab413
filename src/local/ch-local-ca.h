#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which CA this PC or this user is set up for: the file ca.conf */
gboolean ch_local_ca_find (char **server, char **trust, gboolean *is_shared);

G_END_DECLS
