#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file of a store as a whole, also while somebody writes into it */
gboolean ch_db_copy (const char *from, const char *to, GError **error);
gboolean ch_db_check (const char *path, GError **error);

G_END_DECLS
