#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What leaves this PC names nobody */
char *ch_check_redact (const char *text, const GPtrArray *names);

G_END_DECLS
