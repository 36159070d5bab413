#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/ch-cli-private.h"
#include "front/ch-application-item.h"
#include "front/ch-cert-item.h"

static GStrv
make_row (gconstpointer data)
{
  const ChApplication *application = data;
  g_autoptr (ChApplicationItem) item = ch_application_item_new (application);
  g_autofree char *when = ch_application_item_format_when (item);
  const char *const cells[]
      = { application->id, _ (ch_standing_get_title (ch_application_item_get_standing (item))),
          _ (ch_application_item_get_title (item)), when, NULL };

  return g_strdupv ((GStrv) cells);
}

static gboolean
is_unfinished (ChCli *cli, ChApplicationItem *application, GPtrArray *certs)
{
  g_autoptr (ChToken) retiring = ch_application_item_find_retiring (application, ch_cli_get_ports (cli));

  for (guint i = 0; i < certs->len; i++)
    {
      ChCertItem *old = certs->pdata[i];

      if (g_strcmp0 (ch_cert_item_get_serial (old), ch_application_item_get_superseded (application)) != 0)
        continue;
      ch_cert_item_set_successor (old, ch_application_item_get_id (application));
      if (ch_cert_item_get_unfinished (old) != NULL)
        return TRUE;
    }
  return retiring != NULL;
}

/* What is still to be put away of certificates that were replaced: the tokens are asked only where it can be
 */
static void
say_unfinished (ChCli *cli, const ChApplicationList *list)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (GPtrArray) certs = NULL;

  for (guint i = 0; i < list->items->len; i++)
    {
      g_autoptr (ChApplicationItem) item = ch_application_item_new (list->items->pdata[i]);

      ch_application_item_set_profile (item, profile);
      if (ch_application_item_get_superseded (item) == NULL)
        continue;
      if (certs == NULL)
        certs = ch_cli_list_cert_items (cli);
      if (is_unfinished (cli, item, certs))
        /* Translators: %s is a business, as “Renew a certificate”; then the number of an application */
        ch_cli_say (cli,
                    _ ("%s: not finished, the old key is still on this PC. Finish it with: "
                       "certhallctl flow resume %s"),
                    _ (ch_application_item_get_title (item)), ch_application_item_get_id (item));
    }
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChApplicationList) list = ch_cli_call_list (cli, &ch_route_application_list, error);

  if (list != NULL && !cli->given.json)
    say_unfinished (cli, list);

  return list != NULL
             ? ch_cli_print_list (cli, &ChApplicationList_wire, list, list->items, list->next, make_row)
             : 0;
}

static int
run_show (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChApplication) application = ch_cli_call (cli, &ch_route_application, path, NULL, error);
  g_autoptr (ChApplicationItem) item = NULL;
  g_autoptr (GPtrArray) properties = NULL;

  if (application == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChApplication_wire, application);
      return 0;
    }

  item = ch_application_item_new (application);
  ch_application_item_set_profile (item, ch_ports_get_profile (ch_cli_get_ports (cli)));
  properties = ch_application_item_list_properties (item);
  ch_cli_add_refunds (properties, application->refunds);
  ch_cli_print_properties (properties);
  for (guint i = 0; application->reasons != NULL && i < application->reasons->len; i++)
    {
      const ChFieldReason *reason = application->reasons->pdata[i];
      const char *text = ch_reason_get_text (ch_reason_from_id (reason->reason));

      ch_cli_say (cli, "%s (%s): %s %s", ch_cli_get_label (cli, reason->field), reason->field,
                  text != NULL ? _ (text) : reason->reason, reason->remark != NULL ? reason->remark : "");
    }
  return 0;
}

/* Sends the application @id another way, as it is now; says how it stands then */
static int
turn (ChCli *cli, const ChRoute *route, const char *id, GError **error)
{
  const char *const path[] = { id, NULL };
  g_autoptr (ChApplication) seen = ch_cli_call (cli, &ch_route_application, path, NULL, error);
  g_autoptr (ChApplication) turned = NULL;
  ChVersion request = { 0 };

  if (seen == NULL)
    return 0;
  request.version = seen->version;
  turned = ch_cli_call (cli, route, path, &request, error);
  if (turned == NULL)
    return 0;

  if (cli->given.json)
    ch_cli_print_json (&ChApplication_wire, turned);
  else
    ch_cli_say (cli, "%s: %s", id, _ (ch_application_state_get_title (turned->state)));
  return 0;
}

static int
run_withdraw (ChCli *cli, const char *const *args, GError **error)
{
  return turn (cli, &ch_route_application_withdraw, args[0], error);
}

static int
run_again (ChCli *cli, const char *const *args, GError **error)
{
  return turn (cli, &ch_route_application_again, args[0], error);
}

static int
run_discard (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChApplication) seen = ch_cli_call (cli, &ch_route_application, path, NULL, error);
  ChVersion request = { 0 };
  gpointer nothing;

  if (seen == NULL)
    return 0;
  request.version = seen->version;
  nothing = ch_cli_call (cli, &ch_route_application_discard, path, &request, error);
  ch_wire_free (&ChNothing_wire, nothing);
  return 0;
}

static int
run_change (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChApplication) seen = ch_cli_call (cli, &ch_route_application, path, NULL, error);
  g_autoptr (ChApplication) changed = NULL;
  ChFlowChange request = { .flow = (char *) args[1], .project = (char *) args[2] };

  if (seen == NULL)
    return 0;
  request.version = seen->version;
  changed = ch_cli_call (cli, &ch_route_application_flow, path, &request, error);
  if (changed != NULL && cli->given.json)
    ch_cli_print_json (&ChApplication_wire, changed);
  return 0;
}

/**
 * ch_cli_get_receipt:
 * @application: that was handed in
 *
 * Fetches its receipt and saves it to --out, or beside under its name: the applicant’s session and that of
 * staff get the same.
 */
int
ch_cli_get_receipt (ChCli *cli, const char *application, GError **error)
{
  const char *const path[] = { application, NULL };
  g_autoptr (ChReceipt) receipt = ch_cli_call (cli, &ch_route_application_receipt, path, NULL, error);
  g_autofree char *base = receipt != NULL ? g_path_get_basename (receipt->name) : NULL;
  const char *out = cli->given.out != NULL ? cli->given.out : base;

  if (receipt == NULL || !ch_cli_save_document (out, receipt->bytes, error))
    return 0;

  if (cli->given.json)
    {
      ChCliDone done = { .state = (char *) "done", .name = (char *) out, .code = receipt->check_code };

      ch_cli_print_json (&ChCliDone_wire, &done);
    }
  else
    ch_cli_say (cli, _ ("%s\nCheck code: %s"), out, receipt->check_code);
  return 0;
}

static int
run_receipt (ChCli *cli, const char *const *args, GError **error)
{
  return ch_cli_get_receipt (cli, args[0], error);
}

const ChCliCommand ch_cli_application_commands[] = {
  {
      .topic = "application",
      .verb = "list",
      .summary = N_ ("The applications of the account, and where they stand"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_MEMBER,
      .run = run_list,
  },
  {
      .topic = "application",
      .verb = "show",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("One application: its data, and what is to be corrected"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_show,
  },
  {
      .topic = "application",
      .verb = "change",
      .arguments = N_ ("APPLICATION FLOW PROJECT"),
      .summary = N_ ("Turn a draft that was not paid for to another project or type of certificate"),
      .about = N_ ("What the new one asks for too is kept; price and documents are reckoned anew."),
      .n_args = 3,
      .needs = CH_CLI_MEMBER,
      .run = run_change,
  },
  {
      .topic = "application",
      .verb = "withdraw",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Withdraw an application before its certificate is issued; what was paid goes back"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_withdraw,
  },
  {
      .topic = "application",
      .verb = "discard",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Delete a draft that was never submitted"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_discard,
  },
  {
      .topic = "application",
      .verb = "again",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Have a certificate made again whose key is out of reach; then go on with flow resume"),
      .about = N_ ("The certificate that was issued is revoked. It costs nothing and is possible three times "
                   "within 30 days."),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_again,
  },
  {
      .topic = "application",
      .verb = "receipt",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Save the receipt of acceptance of an application that was submitted, as a PDF"),
      .about = N_ ("It says what was handed in and how it stands now; numbers of persons are masked. Its "
                   "check code is the same whenever it is fetched, by the staff too."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_receipt,
  },
  { NULL },
};
