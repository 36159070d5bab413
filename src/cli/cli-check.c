#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "cli/ch-cli-private.h"
#include "envcheck/ch-check-report.h"

/* Without a server, an account or a network: what fails is what this is for */
static int
run_check (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChCheckContext) context = ch_check_context_new_shipped (cli->given.server, cli->given.trust);
  g_autoptr (ChCheckRun) run = ch_check_run_new (context);
  g_autoptr (ChCheckReport) report = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  ch_check_run_start_async (run, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_check_run_start_finish (run, result, error))
    return 0;

  report = ch_check_report_new (run);
  if (cli->given.report != NULL && !ch_check_report_save (report, cli->given.report, error))
    return 0;

  if (cli->given.json)
    ch_cli_print_json (&ChCheckReport_wire, report);
  else
    {
      g_autofree char *text = ch_check_report_to_text (report);

      fputs (text, stdout);
    }
  return ch_check_run_get_exit_status (run);
}

const ChCliCommand ch_cli_check_commands[] = {
  {
      .topic = "check",
      .summary = N_ ("Find out what this PC lacks, and what to do about it"),
      .about
      = N_ ("Needs no server, no account and no network. The report names neither the user nor the PC. "
            "Exit status: 0 when nothing failed, else that of the first failure."),
      .takes = CH_CLI_TAKES (REPORT),
      .needs = CH_CLI_ALONE,
      .run = run_check,
  },
  { NULL },
};
