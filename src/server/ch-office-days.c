#include "config.h"

#include <string.h>

#include "server/ch-office-days.h"

/* The office is in China, whose clocks show one time */
#define OFFICE_ZONE "+08"

static gboolean
is_worked (const ChProfile *profile, GDateTime *day)
{
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");

  /* Dates of this form sort as text */
  for (guint i = 0; profile->office_days != NULL && i < profile->office_days->len; i++)
    {
      const ChOfficeDays *row = g_ptr_array_index (profile->office_days, i);

      if (strcmp (row->from, date) <= 0 && strcmp (date, row->to) <= 0)
        return row->works;
    }

  return g_date_time_get_day_of_week (day) <= 5;
}

/**
 * ch_office_days_after:
 * @profile: whose “office-days” name public holidays and the weekends worked for them; of other days the day
 * of the week decides
 * @start: seconds since 1970
 * @n_days: how many days the office works
 *
 * Returns: the same time of day @n_days working days later, in seconds since 1970
 */
gint64
ch_office_days_after (const ChProfile *profile, gint64 start, guint n_days)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (OFFICE_ZONE);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (start);
  g_autoptr (GDateTime) day = g_date_time_to_timezone (utc, zone);

  while (n_days > 0)
    {
      GDateTime *next = g_date_time_add_days (day, 1);

      g_date_time_unref (day);
      day = next;
      if (is_worked (profile, day))
        n_days--;
    }

  return g_date_time_to_unix (day);
}
