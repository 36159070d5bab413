#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-format.h"

static char *
format_local (gint64 seconds, const char *format)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);
  char *text = time != NULL ? g_date_time_format (time, format) : NULL;

  return text != NULL ? text : g_strdup ("");
}

/**
 * ch_format_fen:
 * @fen: an amount, in hundredths of a yuan
 *
 * Returns: (transfer full): the amount with its currency
 */
char *
ch_format_fen (gint64 fen)
{
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", fen / 100, (int) (fen % 100));

  /* Translators: %s is an amount of yuan: 300.00 */
  return g_strdup_printf (_ ("%s yuan"), amount);
}

/**
 * ch_format_date:
 *
 * Returns: (transfer full): the day, as it stands in a sentence
 */
char *
ch_format_date (gint64 seconds)
{
  /* Translators: a day in a sentence, for strftime: 14 December 2026 */
  return format_local (seconds, _ ("%-d %B %Y"));
}

/**
 * ch_format_day:
 *
 * Returns: (transfer full): the day without the year
 */
char *
ch_format_day (gint64 seconds)
{
  /* Translators: a day without its year, for strftime: 14 December */
  return format_local (seconds, _ ("%-d %B"));
}

/**
 * ch_format_moment:
 *
 * Returns: (transfer full): day and time of day, short
 */
char *
ch_format_moment (gint64 seconds)
{
  /* Translators: day and time of day, for strftime: 20 Nov 14:32 */
  return format_local (seconds, _ ("%-d %b %H:%M"));
}

/**
 * ch_format_time:
 *
 * Returns: (transfer full): the time of day
 */
char *
ch_format_time (gint64 seconds)
{
  return format_local (seconds, "%H:%M");
}

/**
 * ch_format_left:
 * @seconds: how long still, not negative
 *
 * Returns: (transfer full): in words, never like a time of day
 */
char *
ch_format_left (gint64 seconds)
{
  g_autofree char *minutes = NULL;
  g_autofree char *rest = NULL;

  /* Translators: seconds that are left */
  rest
      = g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) (seconds % 60)), (int) (seconds % 60));
  if (seconds < 60)
    return g_steal_pointer (&rest);

  /* Translators: minutes that are left */
  minutes
      = g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) (seconds / 60)), (int) (seconds / 60));
  /* Translators: first %s is minutes, second %s is seconds: 14 minutes 32 seconds */
  return g_strdup_printf (C_ ("time left", "%s %s"), minutes, rest);
}

/**
 * ch_format_size:
 * @bytes: size of a file
 *
 * Returns: (transfer full): in KB or MB
 */
char *
ch_format_size (gint64 bytes)
{
  if (bytes >= 102400)
    return g_strdup_printf ("%.1f MB", (double) bytes / 1048576.0);
  return g_strdup_printf ("%" G_GINT64_FORMAT " KB", (bytes + 1023) / 1024);
}

/**
 * ch_format_document_changes:
 * @changes: (nullable): as ch_prepared_list_changes() names them
 *
 * Returns: (transfer full): what was done to a document before it was sent, in words; empty: nothing
 */
char *
ch_format_document_changes (const char *const *changes)
{
  static const struct
  {
    const char *id;
    const char *text;
  } rows[] = {
    { "joined", N_ ("joined into one") }, { "bundled", N_ ("bundled") },
    { "turned", N_ ("turned upright") },  { "converted", N_ ("changed into another format") },
    { "shrunk", N_ ("made smaller") },    { "cleaned", N_ ("place and time taken out") },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (changes != NULL && g_strv_contains (changes, rows[i].id))
      /* Translators: between the things of a list */
      g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "", _ (rows[i].text));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ch_format_document_error:
 * @error: why a document was refused
 *
 * Returns: (transfer full): which file it is, where there are several, what is wrong and what to do
 */
char *
ch_format_document_error (const GError *error)
{
  GPtrArray *fields = ch_error_get_fields (error);
  const ChErrorInfo *info = ch_error_get_info (error);
  const ChFieldError *field = fields != NULL && fields->len > 0 ? fields->pdata[0] : NULL;

  if (field == NULL)
    /* Translators: first %s says what happened, second %s is a sentence that says what to do */
    return g_strdup_printf (_ ("%s. %s"), _ (info->title), _ (info->todo));
  if (field->remark == NULL)
    return g_strdup (_ (ch_reason_get_text (field->reason)));
  /* Translators: name of a file: what is wrong with it */
  return g_strdup_printf (_ ("%s: %s"), field->remark, _ (ch_reason_get_text (field->reason)));
}

/**
 * ch_format_iso_date:
 * @seconds: since 1970, UTC
 *
 * Returns: (transfer full): the day as lists have it, 2026-12-14
 */
char *
ch_format_iso_date (gint64 seconds)
{
  return format_local (seconds, "%Y-%m-%d");
}

/**
 * ch_format_iso_time:
 *
 * Returns: (transfer full): day and minute, 2026-12-14 09:20
 */
char *
ch_format_iso_time (gint64 seconds)
{
  return format_local (seconds, "%Y-%m-%d %H:%M");
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

/**
 * ch_format_change:
 * @before: (nullable): what it was
 * @now: (nullable): what it is to be
 * @changes: whether it could be changed at all; else @now stands for itself
 *
 * Returns: (transfer full) (nullable): from what to what; %NULL where there is nothing on either side
 */
char *
ch_format_change (const char *before, const char *now, gboolean changes)
{
  if (!changes || g_strcmp0 (before, now) == 0)
    return g_strdup (now);

  /* Translators: what was in a field, what is to be in it */
  return g_strdup_printf (_ ("%1$s → %2$s"), before != NULL ? before : _ ("Not given"),
                          now != NULL ? now : _ ("Not given"));
}
