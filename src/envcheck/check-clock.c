#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/checks.h"

/* Seconds the clock may differ before it is worth a word; the program itself goes by the server’s time */
#define TOLERANCE 300

static gboolean
has_entries (const ChCheckContext *context)
{
  return context->entries->len > 0;
}

static char *
format_span (gint64 seconds)
{
  if (seconds >= 2 * 24 * 3600)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day", "%d days", seconds / (24 * 3600)),
                            (int) MIN (seconds / (24 * 3600), G_MAXINT));
  if (seconds >= 2 * 3600)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d hour", "%d hours", seconds / 3600),
                            (int) (seconds / 3600));
  if (seconds >= 120)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes", seconds / 60),
                            (int) (seconds / 60));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d second", "%d seconds", seconds), (int) seconds);
}

static ChCheckResult *
judge (gint64 offset)
{
  g_autofree char *span = format_span (ABS (offset));
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (ABS (offset) <= 2)
    return ch_check_result_new (CH_CHECK_PASSED, _ ("Agrees with the server"));

  /* Translators: %s is a time span, e.g. “4 minutes” */
  summary = g_strdup_printf (offset > 0 ? _ ("%s behind the server") : _ ("%s ahead of the server"), span);
  if (ABS (offset) <= TOLERANCE)
    return ch_check_result_new (CH_CHECK_PASSED, summary);

  result = ch_check_result_new (CH_CHECK_WARNING, summary);
  ch_check_result_explain (
      result, _ ("The server’s certificate may seem to be expired, and signatures get a wrong time."),
      _ ("Set date and time of this PC, best automatically from the network."));
  return result;
}

static ChCheckResult *
run_clock (const ChCheckTask *task)
{
  for (guint i = 0; i < task->needed->len; i++)
    {
      const ChCheckResult *entry = task->needed->pdata[i];
      ChCheckResult *result;

      if (!entry->has_offset)
        continue;
      result = judge (entry->offset);
      ch_check_result_set_detail (result, "server − PC = %" G_GINT64_FORMAT " s", entry->offset);
      return result;
    }
  return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("The server did not tell its time"));
}

const ChCheck ch_check_clock = {
  .id = "clock",
  .title = N_ ("Clock"),
  .group = CH_CHECK_GROUP_PC,
  .depends = "entry",
  .applies = has_entries,
  .run = run_clock,
};
