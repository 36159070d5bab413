#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"

static GStrv
make_row (gconstpointer item)
{
  const ChRefund *refund = item;
  g_autofree char *fen = ch_format_fen (refund->fen);
  const char *const cells[] = { refund->id,
                                _ (ch_refund_state_get_title (refund->state)),
                                fen,
                                refund->channel,
                                _ (ch_refund_reason_get_title (refund->reason)),
                                refund->failure != NULL ? refund->failure : "",
                                NULL };

  return g_strdupv ((GStrv) cells);
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChRefundList) list = ch_cli_call_list (cli, &ch_route_refund_list, error);

  return list != NULL ? ch_cli_print_list (cli, &ChRefundList_wire, list, list->items, NULL, make_row) : 0;
}

static int
change (ChCli *cli, const ChRoute *route, const char *id, gconstpointer request, GError **error)
{
  const char *const path[] = { id, NULL };
  g_autoptr (ChRefund) refund = ch_cli_call (cli, route, path, request, error);

  if (refund == NULL)
    return 0;
  if (cli->given.json)
    ch_cli_print_json (&ChRefund_wire, refund);
  else if (refund->state == CH_REFUND_DUE && refund->checked_by != NULL)
    ch_cli_say (cli, _ ("Noted. A second person must agree before the money goes back."));
  else
    ch_cli_say (cli, "%s: %s", id, _ (ch_refund_state_get_title (refund->state)));
  return 0;
}

static int
run_approve (ChCli *cli, const char *const *args, GError **error)
{
  return change (cli, &ch_route_refund_approve, args[0], NULL, error);
}

static int
run_retry (ChCli *cli, const char *const *args, GError **error)
{
  return change (cli, &ch_route_refund_retry, args[0], NULL, error);
}

static int
run_by_hand (ChCli *cli, const char *const *args, GError **error)
{
  ChRefundNote request = { (char *) args[1] };

  return change (cli, &ch_route_refund_by_hand, args[0], &request, error);
}

const ChCliCommand ch_cli_refund_commands[] = {
  {
      .topic = "staff",
      .verb = "refunds",
      .summary = N_ ("Money that is to go back, the oldest first"),
      .about = N_ ("All that is not done; --state due, approved, sent, done or failed shows those only."),
      .takes = CH_CLI_TAKES (STATE),
      .needs = CH_CLI_STAFF,
      .run = run_list,
  },
  {
      .topic = "staff",
      .verb = "refund-approve",
      .arguments = N_ ("REFUND"),
      .summary = N_ ("Agree that money goes back"),
      .about = N_ ("Two people must agree; then the server sends it by itself."),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_approve,
  },
  {
      .topic = "staff",
      .verb = "refund-retry",
      .arguments = N_ ("REFUND"),
      .summary = N_ ("Have the payment provider asked again, under the same number"),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_retry,
  },
  {
      .topic = "staff",
      .verb = "refund-by-hand",
      .arguments = N_ ("REFUND NOTE"),
      .summary = N_ ("Note how money was paid back that the provider would not pay back"),
      .n_args = 2,
      .needs = CH_CLI_STAFF,
      .run = run_by_hand,
  },
  { NULL },
};
