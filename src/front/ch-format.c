#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"

#define DAY (24 * 60 * 60)

static char *
format_local (gint64 seconds, const char *format)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time != NULL ? g_date_time_format (time, format) : g_strdup ("");
}

/**
 * ch_format_date:
 * @seconds: since 1970, UTC
 *
 * Returns: (transfer full): the day as lists have it, 2026-12-14
 */
char *
ch_format_date (gint64 seconds)
{
  return format_local (seconds, "%Y-%m-%d");
}

/**
 * ch_format_date_time:
 *
 * Returns: (transfer full): day and minute, 2026-12-14 09:20
 */
char *
ch_format_date_time (gint64 seconds)
{
  return format_local (seconds, "%Y-%m-%d %H:%M");
}

/**
 * ch_format_date_in_words:
 *
 * Returns: (transfer full): the day as it stands in a sentence
 */
char *
ch_format_date_in_words (gint64 seconds)
{
  /* Translators: a day in a sentence, for strftime: “14 December 2026” */
  return format_local (seconds, _ ("%-d %B %Y"));
}

/**
 * ch_format_clock:
 *
 * Returns: (transfer full): the time of the day, 14:32
 */
char *
ch_format_clock (gint64 seconds)
{
  return format_local (seconds, "%H:%M");
}

/**
 * ch_format_fen:
 * @fen: an amount
 *
 * Returns: (transfer full): the amount with its currency
 */
char *
ch_format_fen (gint64 fen)
{
  g_autofree char *yuan = g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", fen / 100, (int) (fen % 100));

  /* Translators: an amount: “300.00 yuan” */
  return g_strdup_printf (_ ("%s yuan"), yuan);
}

/**
 * ch_format_size:
 *
 * Returns: (transfer full): the size of a file
 */
char *
ch_format_size (gint64 bytes)
{
  return g_format_size (MAX (bytes, 0));
}

/**
 * ch_format_time_left:
 * @seconds: how long something still lasts
 *
 * Returns: (transfer full): the time in words, never as 14:32, which is a time of the day
 */
char *
ch_format_time_left (gint64 seconds)
{
  int left = (int) CLAMP (seconds, 0, 99 * DAY);
  int hours = left / 3600, minutes = left / 60 % 60;

  if (left >= 2 * DAY)
    /* Translators: time left, %d is 2 or more */
    return g_strdup_printf (ngettext ("%d day", "%d days", left / DAY), left / DAY);
  if (hours > 0)
    /* Translators: time left: hours, minutes */
    return g_strdup_printf (_ ("%d h %d min"), hours, minutes);
  if (minutes > 0)
    /* Translators: time left: minutes, seconds */
    return g_strdup_printf (_ ("%d min %d s"), minutes, left % 60);

  /* Translators: time left in seconds */
  return g_strdup_printf (_ ("%d s"), left);
}

/**
 * ch_format_count_days:
 * @from: a time
 * @to: a later one
 *
 * Returns: how many midnights lie between them here; negative when @to is before @from
 */
gint64
ch_format_count_days (gint64 from, gint64 to)
{
  g_autoptr (GDateTime) a = g_date_time_new_from_unix_local (from);
  g_autoptr (GDateTime) b = g_date_time_new_from_unix_local (to);
  GDate first, last;

  if (a == NULL || b == NULL)
    return 0;

  g_date_set_dmy (&first, g_date_time_get_day_of_month (a), g_date_time_get_month (a),
                  g_date_time_get_year (a));
  g_date_set_dmy (&last, g_date_time_get_day_of_month (b), g_date_time_get_month (b),
                  g_date_time_get_year (b));

  return g_date_days_between (&first, &last);
}
