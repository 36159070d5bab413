#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *ch_soft_import (const char *dir,
                      const char *new_serial,
                      GBytes *file,
                      GBytes *cert_file,
                      GTlsInteraction *asker,
                      GCancellable *cancellable,
                      char **move_code,
                      GError **error);

G_END_DECLS
