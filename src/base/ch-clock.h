#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 ch_clock_now (void);
gint64 ch_clock_now_us (void);
void ch_clock_set_offset (gint64 seconds);
gint64 ch_clock_get_offset (void);
char *ch_clock_format (gint64 seconds);
gboolean ch_clock_parse (const char *text, gint64 *seconds);

G_END_DECLS
