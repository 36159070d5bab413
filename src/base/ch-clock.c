#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/ch-clock.h"

/* Seconds between this machine’s clock and the time we go by: the server’s time in a client, a moved clock in
 * a trial. Written rarely, read everywhere. */
static gint64 offset;

/**
 * ch_clock_now_us:
 *
 * Returns: the time we go by, microseconds since 1970-01-01 UTC
 */
gint64
ch_clock_now_us (void)
{
  return g_get_real_time () + __atomic_load_n (&offset, __ATOMIC_RELAXED) * G_USEC_PER_SEC;
}

/**
 * ch_clock_now:
 *
 * Returns: the time we go by, seconds since 1970-01-01 UTC
 */
gint64
ch_clock_now (void)
{
  return ch_clock_now_us () / G_USEC_PER_SEC;
}

/**
 * ch_clock_set_offset:
 * @seconds: what to add to this machine’s clock
 */
void
ch_clock_set_offset (gint64 seconds)
{
  __atomic_store_n (&offset, seconds, __ATOMIC_RELAXED);
}

gint64
ch_clock_get_offset (void)
{
  return __atomic_load_n (&offset, __ATOMIC_RELAXED);
}

/**
 * ch_clock_format:
 * @seconds: since 1970-01-01 UTC
 *
 * Returns: (transfer full): RFC 3339 in UTC, e.g. `2026-11-21T14:32:00Z`
 */
char *
ch_clock_format (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

/**
 * ch_clock_parse:
 * @text: RFC 3339 with a zone
 * @seconds: (out): since 1970-01-01 UTC
 *
 * Returns: %FALSE when @text is no such time, or not after 1970: nothing here is that old, and 0 means absent
 */
gboolean
ch_clock_parse (const char *text, gint64 *seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  /* GLib reads every form of ISO 8601, weeks and days of the year too */
  if (time == NULL || strlen (text) < strlen ("2026-11-21T14:32:00Z") || text[4] != '-' || text[7] != '-'
      || text[10] != 'T' || g_date_time_to_unix (time) <= 0)
    return FALSE;
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}
