#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "cli/ch-cli-private.h"
#include "envcheck/ch-check-report.h"
#include "envcheck/ch-failure.h"

/* -- Explaining ---------------------------------------------------------------------------------------- */

static void
print_failures (ChCli *cli, GPtrArray *failures)
{
  if (cli->given.json)
    {
      ChFailureList list = { .failures = failures };

      ch_cli_print_json (&ChFailureList_wire, &list);
      return;
    }
  for (guint i = 0; i < failures->len; i++)
    {
      g_autofree char *text = ch_failure_to_text (failures->pdata[i]);

      printf ("%s%s", i > 0 ? "\n" : "", text);
    }
}

static int
run_explain (ChCli *cli, GError **error)
{
  g_autoptr (GPtrArray) failures = ch_failure_explain (cli->given.explain);

  if (failures == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE,
                   "%s is no code of a report, number of a finding or id of an error: was a digit misheard?",
                   cli->given.explain);
      return 0;
    }
  print_failures (cli, failures);
  return 0;
}

/* -- Checking ------------------------------------------------------------------------------------------ */

static gboolean
check_only (ChCheckRun *run, char **only, GError **error)
{
  for (guint i = 0; only != NULL && only[i] != NULL; i++)
    if (ch_check_find (only[i]) == NULL && ch_check_run_find (run, only[i]) == NULL)
      {
        g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "there is no check %s", only[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
save (ChCli *cli, const ChCheckReport *report, GError **error)
{
  if (cli->given.html != NULL && !ch_check_report_save_html (report, cli->given.html, error))
    return FALSE;
  return cli->given.report == NULL || ch_check_report_save (report, cli->given.report, error);
}

static void
print_report (ChCli *cli, const ChCheckReport *report)
{
  g_autofree char *text = NULL;

  if (cli->given.json)
    ch_cli_print_json (&ChCheckReport_wire, report);
  else if (cli->given.html == NULL || cli->given.as_text)
    {
      text = ch_check_report_to_text (report);
      fputs (text, stdout);
    }
}

/* Without a server, an account or a network: what fails is what this is for */
static int
run_check (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChCheckContext) context = NULL;
  g_autoptr (ChCheckRun) run = NULL;
  g_autoptr (ChCheckReport) report = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (cli->given.explain != NULL)
    return run_explain (cli, error);

  context = ch_check_context_new_shipped (cli->given.server, cli->given.trust);
  if (cli->given.offline)
    ch_check_context_set_offline (context);
  run = ch_check_run_new (context, (const char *const *) cli->given.only);
  if (!check_only (run, cli->given.only, error))
    return 0;
  ch_check_run_start_async (run, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_check_run_start_finish (run, result, error))
    return 0;

  report = ch_check_report_new (run);
  if (!save (cli, report, error))
    return 0;
  print_report (cli, report);
  return ch_check_run_get_exit_status (run);
}

const ChCliCommand ch_cli_check_commands[] = {
  {
      .topic = "envcheck",
      .summary = N_ ("Find out what this PC lacks, and what to do about it"),
      .about = N_ (
          "Needs no server, no account and no network; --offline asks nobody elsewhere. The report names "
          "neither the user nor the PC. Exit status: 0 when nothing failed, else that of the first failure. "
          "What "
          "--json prints is described by envcheck-report.schema.json, which is installed with the program."),
      .takes = CH_CLI_TAKES (REPORT) | CH_CLI_TAKES (OFFLINE) | CH_CLI_TAKES (ONLY) | CH_CLI_TAKES (HTML)
               | CH_CLI_TAKES (AS_TEXT) | CH_CLI_TAKES (EXPLAIN),
      .needs = CH_CLI_ALONE,
      .run = run_check,
  },
  { NULL },
};
