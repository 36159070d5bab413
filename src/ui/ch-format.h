#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Numbers and times as people read them */
char *ch_format_fen (gint64 fen);
char *ch_format_date (gint64 seconds);
char *ch_format_day (gint64 seconds);
char *ch_format_moment (gint64 seconds);
char *ch_format_time (gint64 seconds);
char *ch_format_left (gint64 seconds);
char *ch_format_size (gint64 bytes);

G_END_DECLS
