#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How times and money are written for people, alike in window and terminal */
char *ch_format_date (gint64 seconds);
char *ch_format_date_time (gint64 seconds);
char *ch_format_date_in_words (gint64 seconds);
char *ch_format_clock (gint64 seconds);
char *ch_format_fen (gint64 fen);
char *ch_format_size (gint64 bytes);
char *ch_format_time_left (gint64 seconds);
gint64 ch_format_count_days (gint64 from, gint64 to);

G_END_DECLS
