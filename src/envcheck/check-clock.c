#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "envcheck/ch-module-probe.h"
#include "envcheck/checks.h"
#include "pki/ch-cert.h"

#define DAY (24 * 3600)
/* Seconds the clock may differ before it is worth a word; the program itself goes by the server’s time */
#define TOLERANCE 300

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

/* When the newest of the certificates was made; 0 when there is none */
static gint64
find_latest (GPtrArray *certs)
{
  gint64 latest = 0;

  for (guint i = 0; i < certs->len; i++)
    {
      const ChKeyObject *cert = certs->pdata[i];
      g_autoptr (ChCertInfo) info = cert->value != NULL ? ch_cert_info_new (cert->value, NULL) : NULL;

      if (info != NULL)
        latest = MAX (latest, info->not_before);
    }
  return latest;
}

static ChCheckResult *
judge (gint64 offset)
{
  g_autofree char *span = format_span (ABS (offset));
  g_autofree char *summary = NULL;

  if (ABS (offset) <= 2)
    return ch_check_result_new (CH_CHECK_PASSED, _ ("Agrees with the server"));

  /* Translators: %s is a time span, e.g. “4 minutes” */
  summary = g_strdup_printf (offset > 0 ? _ ("%s behind the server") : _ ("%s ahead of the server"), span);
  if (ABS (offset) <= TOLERANCE)
    return ch_check_result_new (CH_CHECK_PASSED, summary);
  return ch_check_result_new_found (ABS (offset) < DAY ? CH_FINDING_CLOCK_OFF : CH_FINDING_CLOCK_FAR,
                                    summary);
}

static gint64
get_time_of_pc (const ChCheckContext *context)
{
  return context->now != 0 ? context->now : g_get_real_time () / G_USEC_PER_SEC;
}

/* Nothing made before now can begin later: this release, and the certificates on the keys */
static ChCheckResult *
judge_alone (const ChCheckTask *task)
{
  GPtrArray *modules = ch_check_task_get (task, "module");
  gint64 now = get_time_of_pc (task->context);
  gint64 latest = CH_RELEASE_TIME;

  for (guint i = 0; i < modules->len; i++)
    {
      const ChModuleProbe *probe = ((ChCheckResult *) modules->pdata[i])->data;

      for (guint j = 0; probe != NULL && j < probe->tokens->len; j++)
        latest = MAX (latest, find_latest (((ChKeyToken *) probe->tokens->pdata[j])->certs));
    }
  if (now + DAY < latest)
    return ch_check_result_new_found (CH_FINDING_CLOCK_IMPOSSIBLE, NULL);
  return ch_check_result_new (CH_CHECK_PASSED, _ ("Possible; not compared with a server"));
}

static ChCheckResult *
run_clock (const ChCheckTask *task)
{
  GPtrArray *entries = ch_check_task_get (task, "entry");
  g_autofree char *shown = ch_clock_format (get_time_of_pc (task->context));
  ChCheckResult *result;

  for (guint i = 0; i < entries->len; i++)
    {
      const ChCheckResult *entry = entries->pdata[i];

      if (!entry->has_offset)
        continue;
      result = judge (entry->offset);
      ch_check_result_set_detail (result, "server − PC = %" G_GINT64_FORMAT " min %d s", entry->offset / 60,
                                  (int) (entry->offset % 60));
      return result;
    }
  result = judge_alone (task);
  ch_check_result_set_detail (result, "%s", shown);
  return result;
}

/* -- Zone ---------------------------------------------------------------------------------------------- */

static ChCheckResult *
run_zone (const ChCheckTask *task)
{
  const char *told = g_getenv ("TZ");
  g_autoptr (GTimeZone) zone = told != NULL && *told != 0 ? g_time_zone_new_identifier (told) : NULL;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *shown = NULL;
  ChCheckResult *result;

  if (zone == NULL && told != NULL && *told != 0)
    {
      result = ch_check_result_new_found (CH_FINDING_ZONE_UNKNOWN, NULL);
      ch_check_result_set_detail (result, "TZ=%s", told);
      return result;
    }
  if (zone == NULL)
    zone = g_time_zone_new_local ();
  now = g_date_time_new_now (zone);
  shown = g_date_time_format (now, "UTC%:z");
  result = ch_check_result_new (CH_CHECK_PASSED, shown);
  ch_check_result_set_detail (result, "%s", g_time_zone_get_identifier (zone));
  return result;
}

const ChCheck ch_check_clock = {
  .id = "clock",
  .title = N_ ("Clock"),
  .group = CH_CHECK_GROUP_PC,
  .after = { "entry", "module" },
  .run = run_clock,
};

const ChCheck ch_check_zone = {
  .id = "zone",
  .title = N_ ("Time zone"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_zone,
};
