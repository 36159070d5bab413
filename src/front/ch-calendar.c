#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "front/ch-calendar.h"
#include "front/ch-reminders.h"

/* Octets of a line, RFC 5545 §3.1 */
#define MAX_LINE 75

/* Hour of the day at which the calendar rings */
#define RINGS_AT 9

/* TEXT of RFC 5545 §3.3.11 */
static void
append_escaped (GString *line, const char *text)
{
  for (const char *p = text; *p != 0; p++)
    if (*p == '\n')
      g_string_append (line, "\\n");
    else if (strchr ("\\;,", *p) != NULL)
      g_string_append_printf (line, "\\%c", *p);
    else if ((guchar) *p >= 0x20)
      g_string_append_c (line, *p);
}

/* Longer lines go on in the next one after a space, and no character is cut in two */
static void
append_line (GString *out, const char *line)
{
  gsize room = MAX_LINE;

  for (const char *p = line; *p != 0; p = g_utf8_next_char (p))
    {
      gsize size = (gsize) (g_utf8_next_char (p) - p);

      if (size > room)
        {
          g_string_append (out, "\r\n ");
          room = MAX_LINE - 1;
        }
      g_string_append_len (out, p, (gssize) size);
      room -= size;
    }
  g_string_append (out, "\r\n");
}

static void
append_text (GString *out, const char *name, const char *text)
{
  g_autoptr (GString) line = g_string_new (name);

  g_string_append_c (line, ':');
  append_escaped (line, text);
  append_line (out, line->str);
}

static void
append_time (GString *out, const char *name, GDateTime *time, const char *format)
{
  g_autofree char *value = g_date_time_format (time, format);
  g_autofree char *line = g_strdup_printf ("%s:%s", name, value);

  append_line (out, line);
}

/* In the morning of the day that is so many days before the end */
static void
append_alarm (GString *out, int days, const char *title)
{
  g_autofree char *trigger = days > 1 ? g_strdup_printf ("TRIGGER:-P%dDT%dH", days - 1, 24 - RINGS_AT)
                                      : g_strdup_printf ("TRIGGER:-PT%dH", 24 - RINGS_AT);

  append_line (out, "BEGIN:VALARM");
  append_line (out, "ACTION:DISPLAY");
  append_text (out, "DESCRIPTION", title);
  append_line (out, trigger);
  append_line (out, "END:VALARM");
}

static void
append_event (GString *out, const ChReminder *reminder, GDateTime *stamp)
{
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (reminder->not_after);
  g_autofree char *title = g_strdup_printf (_ ("Certificate ends: %s"), reminder->name);
  g_autofree char *body = ch_reminder_format_body (reminder);
  g_autofree char *uid = g_strdup_printf ("UID:%s@certhall", reminder->serial);

  append_line (out, "BEGIN:VEVENT");
  append_line (out, uid);
  append_time (out, "DTSTAMP", stamp, "%Y%m%dT%H%M%SZ");
  append_time (out, "DTSTART;VALUE=DATE", end, "%Y%m%d");
  append_text (out, "SUMMARY", title);
  append_text (out, "DESCRIPTION", body);
  append_line (out, "TRANSP:TRANSPARENT");
  for (guint i = 0; i < CH_N_REMINDER_DAYS; i++)
    append_alarm (out, ch_reminder_days[i], title);
  append_line (out, "END:VEVENT");
}

/**
 * ch_calendar_write:
 * @reminders: (element-type ChReminder): of which certificates
 * @now: seconds since 1970
 *
 * Returns: (transfer full): a calendar (RFC 5545) with the day each ends, ringing at ch_reminder_days before
 *   it. Read twice, each is there once: it is known again by its serial number.
 */
char *
ch_calendar_write (GPtrArray *reminders, gint64 now)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GDateTime) stamp = g_date_time_new_from_unix_utc (now);

  append_line (out, "BEGIN:VCALENDAR");
  append_line (out, "VERSION:2.0");
  append_line (out, "PRODID:-//Certhall//" CH_VERSION "//EN");
  for (guint i = 0; i < reminders->len; i++)
    append_event (out, reminders->pdata[i], stamp);
  append_line (out, "END:VCALENDAR");
  return g_string_free (out, FALSE);
}
