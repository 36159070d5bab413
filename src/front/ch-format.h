#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and times as people read them, alike in window and terminal */
char *ch_format_fen (gint64 fen);
char *ch_format_date (gint64 seconds);
char *ch_format_day (gint64 seconds);
char *ch_format_moment (gint64 seconds);
char *ch_format_time (gint64 seconds);
char *ch_format_iso_date (gint64 seconds);
char *ch_format_iso_time (gint64 seconds);
char *ch_format_left (gint64 seconds);
char *ch_format_size (gint64 bytes);
char *ch_format_document_changes (const char *const *changes);
char *ch_format_document_error (const GError *error);
gint64 ch_format_count_days (gint64 from, gint64 to);
char *ch_format_change (const char *before, const char *now, gboolean changes);

G_END_DECLS
