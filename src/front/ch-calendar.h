#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ends of certificates for a calendar: iCalendar, RFC 5545 */
char *ch_calendar_write (GPtrArray *reminders, gint64 now);

G_END_DECLS
