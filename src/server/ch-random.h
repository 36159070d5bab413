#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ch_random_fill (gpointer data, gsize len);
char *ch_random_new_id (void);
GBytes *ch_sha256 (gconstpointer data, gsize len);
gboolean ch_equal_in_constant_time (gconstpointer a, gconstpointer b, gsize len);

G_END_DECLS
