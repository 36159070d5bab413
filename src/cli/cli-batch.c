#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"
#include "front/ch-batch-desk.h"
#include "front/ch-format.h"
#include "wire/ch-policy.h"

static const ChProfile *
get_profile (ChCli *cli)
{
  return ch_ports_get_profile (ch_cli_get_ports (cli));
}

static const ChFlow *
find_flow (ChCli *cli, const char *id, GError **error)
{
  const ChFlow *flow = ch_desk_lookup_flow (id);

  if (flow != NULL && ch_batch_offers (get_profile (cli), flow))
    return flow;
  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "%s: there are no batches of it", id);
  return NULL;
}

/* The one that is given, or the only one there is */
static const char *
find_project (ChCli *cli, const ChFlow *flow, GError **error)
{
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (get_profile (cli), &flow->axes);

  for (guint i = 0; i < projects->len; i++)
    {
      const ChProject *project = projects->pdata[i];

      if (cli->given.project == NULL ? projects->len == 1 : g_str_equal (cli->given.project, project->id))
        return project->id;
    }
  g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "--project: which? See certhallctl project list");
  return NULL;
}

static ChBatchSheet *
read_sheet (ChCli *cli, const char *const *args, GError **error)
{
  const ChFlow *flow = find_flow (cli, args[0], error);
  const char *project = flow != NULL ? find_project (cli, flow, error) : NULL;
  GError *local = NULL;
  ChBatchSheet *sheet
      = project != NULL ? ch_batch_sheet_read (get_profile (cli), flow, project, args[1], &local) : NULL;
  const char *line = local != NULL ? ch_error_get_detail (local, "line") : NULL;

  if (line != NULL)
    /* Translators: %s is the number of a line of a file */
    ch_cli_say (cli, _ ("Line %s of the file:"), line);
  if (local != NULL)
    g_propagate_error (error, local);
  return sheet;
}

/* -- Checking -- */

static ChCliBatchProblem *
describe_problem (const ChBatchProblem *problem)
{
  ChCliBatchProblem *message = ch_wire_new (&ChCliBatchProblem_wire);

  message->row = problem->row;
  message->line = problem->line;
  message->column = g_strdup (problem->column);
  message->field = g_strdup (problem->field);
  message->reason = g_strdup (ch_reason_get_id (problem->reason));
  message->text = ch_batch_problem_format (problem);
  return message;
}

/* Returns: the exit status: whether there is something wrong */
static int
print_check (ChCli *cli, ChBatchSheet *sheet, GError **error)
{
  GPtrArray *problems = ch_batch_sheet_get_problems (sheet);
  g_autoptr (GPtrArray) items = ch_wire_list_new (&ChCliBatchProblem_wire);
  const ChCliBatchCheck report = { ch_batch_sheet_get_n_rows (sheet), problems->len, items };

  for (guint i = 0; i < problems->len; i++)
    {
      ChCliBatchProblem *problem = describe_problem (problems->pdata[i]);

      if (!cli->given.json)
        printf ("%s\n", problem->text);
      g_ptr_array_add (items, problem);
    }
  if (cli->given.json)
    ch_cli_print_json (&ChCliBatchCheck_wire, &report);
  else if (problems->len == 0)
    /* Translators: %u is a number of rows, at least 1 */
    ch_cli_say (cli,
                ngettext ("%u row, and nothing is wrong.", "%u rows, and nothing is wrong.",
                          ch_batch_sheet_get_n_rows (sheet)),
                ch_batch_sheet_get_n_rows (sheet));
  if (problems->len == 0)
    return 0;
  if (!cli->given.json)
    g_set_error (error, CH_ERROR, CH_ERROR_BATCH_WRONG, "%u cells are wrong", problems->len);
  return ch_error_code_get_info (CH_ERROR_BATCH_WRONG)->exit_status;
}

static int
run_check (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChBatchSheet) sheet = read_sheet (cli, args, error);

  return sheet != NULL ? print_check (cli, sheet, error) : 0;
}

static int
run_template (ChCli *cli, const char *const *args, GError **error)
{
  const ChFlow *flow = find_flow (cli, args[0], error);
  g_autoptr (GBytes) bytes = flow != NULL ? ch_batch_make_template (get_profile (cli), flow) : NULL;

  if (bytes == NULL)
    return 0;
  if (cli->given.out == NULL)
    fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
  else if (ch_cli_save_document (cli->given.out, bytes, error))
    ch_cli_say (cli, "%s", cli->given.out);
  return 0;
}

/* -- Sending -- */

static void
print_sent (ChCli *cli, ChBatchDesk *desk, const GError *stopped)
{
  ChBatchSheet *sheet = ch_batch_desk_get_sheet (desk);
  guint n_rows = ch_batch_sheet_get_n_rows (sheet), n_sent = ch_batch_desk_count (desk, CH_BATCH_ROW_SENT);
  g_autoptr (GPtrArray) items = ch_wire_list_new (&ChCliBatchRow_wire);
  const ChCliBatch report = {
    .state = (char *) (n_sent == n_rows ? "done" : "resting"),
    .batch = (char *) ch_batch_desk_get_batch (desk),
    .rows = n_rows,
    .sent = n_sent,
    .failed = ch_batch_desk_count (desk, CH_BATCH_ROW_FAILED),
    .error = stopped != NULL ? (char *) ch_error_get_info (stopped)->id : NULL,
    .items = items,
  };

  for (guint row = 1; row <= n_rows; row++)
    {
      const ChBatchResult *result = ch_batch_desk_get_result (desk, row);
      ChCliBatchRow *message = ch_wire_new (&ChCliBatchRow_wire);

      message->row = row;
      message->applicant = ch_batch_sheet_format_applicant (sheet, row);
      message->state = g_strdup (ch_batch_row_state_get_id (result->state));
      message->application = g_strdup (result->application);
      message->error = g_strdup (result->error);
      message->text = g_strdup (result->detail);
      if (!cli->given.json)
        printf ("%u\t%s\t%s\t%s\t%s\n", row, message->applicant,
                _ (ch_batch_row_state_get_title (result->state)),
                result->application != NULL ? result->application : "",
                result->detail != NULL ? result->detail : "");
      g_ptr_array_add (items, message);
    }
  if (cli->given.json)
    ch_cli_print_json (&ChCliBatch_wire, &report);
  else
    /* Translators: number of rows sent, number of rows there are */
    ch_cli_say (cli, _ ("%1$u of %2$u rows are sent."), n_sent, n_rows);
}

static void
on_done_cb (ChBatchDesk *desk, GParamSpec *pspec, ChCli *cli)
{
  if (ch_cli_is_interactive (cli) && ch_batch_desk_get_n_done (desk) > 0)
    ch_cli_say (cli, "%u/%u", ch_batch_desk_get_n_done (desk),
                ch_batch_sheet_get_n_rows (ch_batch_desk_get_sheet (desk)));
}

/* What is not all sent says so by its status: the same command goes on */
static int
run_send (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChBatchSheet) sheet = read_sheet (cli, args, error);
  g_autoptr (ChBatchDesk) desk = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) report = NULL;
  g_autoptr (GError) stopped = NULL;

  if (sheet == NULL)
    return 0;
  if (ch_batch_sheet_get_problems (sheet)->len > 0)
    return print_check (cli, sheet, error);

  desk = ch_batch_desk_new (ch_cli_get_ports (cli), sheet);
  g_signal_connect (desk, "notify::n-done", G_CALLBACK (on_done_cb), cli);
  ch_batch_desk_send_async (desk, cli->given.token, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  ch_batch_desk_send_finish (desk, result, &stopped);
  if (ch_batch_desk_get_batch (desk) != NULL)
    print_sent (cli, desk, stopped);

  report = ch_batch_desk_make_report (desk);
  if (cli->given.out != NULL && !ch_cli_save_document (cli->given.out, report, error))
    return 0;
  if (stopped != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&stopped));
      return 0;
    }
  return ch_batch_desk_count (desk, CH_BATCH_ROW_SENT) == ch_batch_sheet_get_n_rows (sheet)
             ? 0
             : ch_error_code_get_info (CH_ERROR_BATCH_STOPPED)->exit_status;
}

/* -- Looking -- */

static GStrv
make_batch_row (gconstpointer item)
{
  const ChBatch *batch = item;
  g_autofree char *when = ch_format_iso_time (batch->created);
  g_autofree char *sent
      = g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, batch->sent, batch->rows);
  const char *const cells[] = { batch->id, sent, when, batch->flow, batch->name, NULL };

  return g_strdupv ((GStrv) cells);
}

static GStrv
make_row_row (gconstpointer item)
{
  const ChBatchRow *row = item;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, row->row);
  const char *const cells[]
      = { number, ch_wire_enum_get_id (&ChApplicationState_enum, row->state), row->application, NULL };

  return g_strdupv ((GStrv) cells);
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  const ChBatchQuery all = { NULL };
  g_autoptr (ChBatchList) list = ch_cli_call (cli, &ch_route_batch_list, NULL, &all, error);

  return list != NULL ? ch_cli_print_list (cli, &ChBatchList_wire, list, list->items, NULL, make_batch_row)
                      : 0;
}

static int
run_status (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChBatchRowList) list = ch_cli_call (cli, &ch_route_batch_rows, path, NULL, error);

  return list != NULL ? ch_cli_print_list (cli, &ChBatchRowList_wire, list, list->items, NULL, make_row_row)
                      : 0;
}

const ChCliCommand ch_cli_batch_commands[] = {
  {
      .topic = "batch",
      .verb = "template",
      .arguments = N_ ("FLOW"),
      .summary = N_ ("A sheet to fill in: a row for each application of a kind"),
      .about
      = N_ ("A CSV file for a spreadsheet program, with a column for each field and document. Names of "
            "documents are files in the folder of the sheet or below, several with semicolons between."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 1,
      .needs = CH_CLI_ANYBODY,
      .run = run_template,
  },
  {
      .topic = "batch",
      .verb = "check",
      .arguments = N_ ("FLOW FILE"),
      .summary = N_ ("See what is wrong in a sheet; nothing is sent"),
      .takes = CH_CLI_TAKES (PROJECT),
      .n_args = 2,
      .needs = CH_CLI_ANYBODY,
      .run = run_check,
  },
  {
      .topic = "batch",
      .verb = "send",
      .arguments = N_ ("FLOW FILE"),
      .summary = N_ ("Send all rows of a sheet, confirmed by one signature"),
      .about
      = N_ ("The sheet is checked as a whole before anything is sent, then signed with a certificate of "
            "the account. What breaks off is gone on with by the same command, here or on another PC: "
            "no row is sent twice. --out writes the sheet with what became of each row."),
      .takes = CH_CLI_TAKES (PROJECT) | CH_CLI_TAKES (TOKEN) | CH_CLI_TAKES (PIN_FILE) | CH_CLI_TAKES (OUT)
               | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT),
      .n_args = 2,
      .needs = CH_CLI_MEMBER,
      .run = run_send,
  },
  {
      .topic = "batch",
      .verb = "list",
      .summary = N_ ("The batches of the account, and how many rows of each are sent"),
      .needs = CH_CLI_MEMBER,
      .run = run_list,
  },
  {
      .topic = "batch",
      .verb = "status",
      .arguments = N_ ("BATCH"),
      .summary = N_ ("What became of the rows of a batch"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_status,
  },
  { NULL },
};
