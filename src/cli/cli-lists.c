#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"
#include "front/ch-refund-words.h"
#include "wire/messages-list.h"

/**
 * ch_cli_make_query:
 *
 * Returns: (transfer full): what the options ask of a list; %NULL with @error set when a word is none of it
 */
ChListQuery *
ch_cli_make_query (ChCli *cli, GError **error)
{
  g_autoptr (ChListQuery) query = ch_wire_new (&ChListQuery_wire);
  int sort = CH_LIST_BY_ATTENTION, part = CH_LIST_PART_ALL;
  char *end = NULL;

  if ((cli->given.sort != NULL && !ch_wire_enum_from_id (&ChListSort_enum, cli->given.sort, &sort))
      || (cli->given.part != NULL && !ch_wire_enum_from_id (&ChListPart_enum, cli->given.part, &part)))
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE,
                           "--sort or --part is none of the words of --help");
      return NULL;
    }
  if (cli->given.limit != NULL)
    {
      query->limit = g_ascii_strtoll (cli->given.limit, &end, 10);
      if (*end != 0 || query->limit < 1 || query->limit > CH_LIST_MAX_LIMIT)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "--limit is from 1 to %d", CH_LIST_MAX_LIMIT);
          return NULL;
        }
    }

  query->sort = sort;
  query->part = part;
  query->text = g_strdup (cli->given.text);
  query->state = g_strdup (cli->given.state);
  query->reverse = cli->given.reverse;
  query->after = g_strdup (cli->given.after);
  return g_steal_pointer (&query);
}

/**
 * ch_cli_call_list:
 *
 * Returns: (transfer full): the page that the options ask for
 */
gpointer
ch_cli_call_list (ChCli *cli, const ChRoute *route, GError **error)
{
  g_autoptr (ChListQuery) query = ch_cli_make_query (cli, error);

  return query != NULL ? ch_cli_call (cli, route, NULL, query, error) : NULL;
}

/**
 * ch_cli_say_more:
 * @next: (nullable): of a page
 *
 * Says how the list goes on.
 */
void
ch_cli_say_more (ChCli *cli, const char *next)
{
  if (next != NULL)
    ch_cli_say (cli, _ ("There is more: --after %s"), next);
}

/**
 * ch_cli_print_list:
 * @type: of @list
 * @list: a page
 * @items: of @list
 * @next: (nullable): where the list goes on
 * @make_row: the cells of an item
 *
 * Prints a page of a list: for programs as it came, else a row for each item.
 *
 * Returns: the exit status
 */
int
ch_cli_print_list (ChCli *cli,
                   const ChWireType *type,
                   gconstpointer list,
                   GPtrArray *items,
                   const char *next,
                   ChCliRowFunc make_row)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (cli->given.json)
    {
      ch_cli_print_json (type, list);
      return 0;
    }

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (rows, make_row (items->pdata[i]));
  ch_cli_print_rows (rows);
  ch_cli_say_more (cli, next);
  return 0;
}

/**
 * ch_cli_add_refunds:
 * @properties: (element-type ChProperty): is added to
 * @refunds: (nullable) (element-type ChRefund): of one order
 *
 * Says of each how much goes back, why, and how far it has come.
 */
void
ch_cli_add_refunds (GPtrArray *properties, GPtrArray *refunds)
{
  for (guint i = 0; refunds != NULL && i < refunds->len; i++)
    {
      const ChRefund *refund = refunds->pdata[i];
      g_autofree char *amount = ch_format_fen (refund->fen);
      g_autofree char *detail = ch_refund_format_detail (refund);
      g_autofree char *words
          = g_strjoin (" · ", amount, _ (ch_refund_state_get_title (refund->state)), detail, NULL);

      ch_property_list_add (properties, "refund", N_ ("Money that goes back"), FALSE, words);
    }
}

/* -- Orders -- */

static GStrv
make_row (gconstpointer item)
{
  const ChOrder *order = item;
  g_autofree char *fen = ch_format_fen (order->fen);
  g_autofree char *when = ch_format_iso_time (order->paid != 0 ? order->paid : order->created);
  g_autofree char *back = ch_refunds_format_short (order->refunds);
  const char *const cells[] = { order->id,    _ (ch_order_state_get_title (order->state)),
                                fen,          when,
                                order->title, back != NULL ? back : "",
                                NULL };

  return g_strdupv ((GStrv) cells);
}

static int
run_order_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChOrderList) list = ch_cli_call_list (cli, &ch_route_order_list, error);

  return list != NULL ? ch_cli_print_list (cli, &ChOrderList_wire, list, list->items, list->next, make_row)
                      : 0;
}

static int
run_order_show (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChOrder) order = ch_cli_call (cli, &ch_route_order, path, NULL, error);
  g_autoptr (GPtrArray) properties = ch_property_list_new ();
  g_autofree char *fen = order != NULL ? ch_format_fen (order->fen) : NULL;
  g_autofree char *paid = order != NULL && order->paid != 0 ? ch_format_iso_time (order->paid) : NULL;

  if (order == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChOrder_wire, order);
      return 0;
    }

  ch_property_list_add (properties, "order", N_ ("Order number"), TRUE, order->id);
  ch_property_list_add (properties, "application", N_ ("Application number"), TRUE, order->application);
  ch_property_list_add (properties, "title", N_ ("What for"), FALSE, order->title);
  ch_property_list_add (properties, "state", N_ ("State"), FALSE,
                        _ (ch_order_state_get_title (order->state)));
  ch_property_list_add (properties, "fen", N_ ("Amount"), FALSE, fen);
  ch_property_list_add (properties, "channel", N_ ("Paid by"), FALSE, order->channel);
  ch_property_list_add (properties, "paid", N_ ("Paid at"), FALSE, paid);
  ch_cli_add_refunds (properties, order->refunds);
  ch_cli_print_properties (properties);
  return 0;
}

const ChCliCommand ch_cli_list_commands[] = {
  {
      .topic = "order",
      .verb = "list",
      .summary = N_ ("The orders of the account, and whether they are paid"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_MEMBER,
      .run = run_order_list,
  },
  {
      .topic = "order",
      .verb = "show",
      .arguments = N_ ("ORDER"),
      .summary = N_ ("One order: amount, payment, what is paid back"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_order_show,
  },
  { NULL },
};
