#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean ch_file_write_all (int fd, gconstpointer data, gsize len);
gboolean ch_file_write_durably (const char *path, gconstpointer data, gsize len, int mode, GError **error);
gboolean ch_file_remove_durably (const char *path, GError **error);
gboolean ch_file_make_dir (const char *path, GError **error);
GBytes *ch_file_read (const char *path, gsize max, GError **error);

G_END_DECLS
