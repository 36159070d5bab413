#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ch_log_set_up (const char *program, gboolean verbose);

G_END_DECLS
