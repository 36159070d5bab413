#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"
#include "wire/ch-field.h"

#define MAX_INVOICE_BYTES 2097152

/* -- Invoices -- */

static GStrv
make_invoice_row (gconstpointer item)
{
  const ChInvoice *invoice = item;
  g_autofree char *fen = ch_format_fen (invoice->fen);
  const char *const cells[] = { invoice->application,
                                _ (ch_invoice_state_get_title (invoice->state)),
                                fen,
                                invoice->number != NULL ? invoice->number : "",
                                invoice->applicant != NULL ? invoice->applicant : "",
                                NULL };

  return g_strdupv ((GStrv) cells);
}

static int
print_invoices (ChCli *cli, const ChRoute *route, GError **error)
{
  g_autoptr (ChInvoiceList) list = ch_cli_call_list (cli, route, error);

  return list != NULL
             ? ch_cli_print_list (cli, &ChInvoiceList_wire, list, list->items, list->next, make_invoice_row)
             : 0;
}

static int
print_invoice (ChCli *cli, const ChInvoice *invoice)
{
  g_autoptr (GPtrArray) properties = ch_property_list_new ();
  g_autofree char *fen = NULL;

  if (invoice == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChInvoice_wire, invoice);
      return 0;
    }

  fen = ch_format_fen (invoice->fen);
  ch_property_list_add (properties, "application", N_ ("Application number"), TRUE, invoice->application);
  ch_property_list_add (properties, "state", N_ ("State"), FALSE,
                        _ (ch_invoice_state_get_title (invoice->state)));
  ch_property_list_add (properties, "fen", N_ ("Amount"), FALSE, fen);
  ch_property_list_add (properties, "number", N_ ("Number of the invoice"), TRUE, invoice->number);
  for (gsize i = 0; ch_form_invoice.fields[i] != NULL; i++)
    {
      const ChField *field = ch_form_invoice.fields[i];

      ch_property_list_add (properties, field->id, field->label, FALSE,
                            g_hash_table_lookup (invoice->answers, field->id));
    }
  ch_cli_print_properties (properties);
  return 0;
}

static int
run_invoice_list (ChCli *cli, const char *const *args, GError **error)
{
  return print_invoices (cli, &ch_route_invoice_list, error);
}

static int
run_invoice_show (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChInvoice) invoice = ch_cli_call (cli, &ch_route_invoice, path, NULL, error);

  return print_invoice (cli, invoice);
}

static int
run_invoice_ask (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autoptr (ChInvoice) invoice = NULL;
  const ChInvoiceNew request = { .answers = answers };

  if (!ch_cli_collect_answers (cli, &ch_form_invoice, answers, error))
    return 0;
  invoice = ch_cli_call (cli, &ch_route_invoice_new, path, &request, error);
  return print_invoice (cli, invoice);
}

static int
run_invoice_get (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChInvoiceFile) file = ch_cli_call (cli, &ch_route_invoice_file, path, NULL, error);
  const char *out = cli->given.out != NULL ? cli->given.out : file != NULL ? file->name : NULL;

  if (file != NULL && ch_cli_save_document (out, file->bytes, error))
    ch_cli_say (cli, "%s", out);
  return 0;
}

static int
run_staff_invoices (ChCli *cli, const char *const *args, GError **error)
{
  return print_invoices (cli, &ch_route_staff_invoice_list, error);
}

static int
run_staff_invoice (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (GBytes) file = ch_file_read (args[2], MAX_INVOICE_BYTES, error);
  const ChInvoiceMade request = { .number = (char *) args[1], .file = file };
  g_autoptr (ChInvoice) invoice
      = file != NULL ? ch_cli_call (cli, &ch_route_staff_invoice_made, path, &request, error) : NULL;

  return print_invoice (cli, invoice);
}

/* -- Deliveries -- */

static GStrv
make_delivery_row (gconstpointer item)
{
  const ChDelivery *delivery = item;
  const char *const cells[] = { delivery->application,
                                _ (ch_delivery_state_get_title (delivery->state)),
                                delivery->courier != NULL ? delivery->courier : "",
                                delivery->number != NULL ? delivery->number : "",
                                delivery->applicant != NULL ? delivery->applicant : "",
                                NULL };

  return g_strdupv ((GStrv) cells);
}

static int
print_deliveries (ChCli *cli, const ChRoute *route, GError **error)
{
  g_autoptr (ChDeliveryList) list = ch_cli_call_list (cli, route, error);

  return list != NULL
             ? ch_cli_print_list (cli, &ChDeliveryList_wire, list, list->items, list->next, make_delivery_row)
             : 0;
}

static int
print_delivery (ChCli *cli, const ChDelivery *delivery)
{
  g_autoptr (GPtrArray) properties = ch_property_list_new ();
  g_autofree char *sent = NULL, *received = NULL;

  if (delivery == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChDelivery_wire, delivery);
      return 0;
    }

  sent = delivery->sent != 0 ? ch_format_iso_time (delivery->sent) : NULL;
  received = delivery->received != 0 ? ch_format_iso_time (delivery->received) : NULL;
  ch_property_list_add (properties, "application", N_ ("Application number"), TRUE, delivery->application);
  ch_property_list_add (properties, "state", N_ ("State"), FALSE,
                        _ (ch_delivery_state_get_title (delivery->state)));
  ch_property_list_add (properties, "way", N_ ("How"), FALSE, _ (ch_delivery_way_get_title (delivery->way)));
  ch_property_list_add (properties, "courier", N_ ("Courier"), FALSE, delivery->courier);
  ch_property_list_add (properties, "number", N_ ("Number of the parcel"), TRUE, delivery->number);
  ch_property_list_add (properties, "place", N_ ("Place"), FALSE, delivery->place);
  ch_property_list_add (properties, "sent", N_ ("Sent at"), FALSE, sent);
  ch_property_list_add (properties, "received", N_ ("Received at"), FALSE, received);
  ch_cli_print_properties (properties);
  return 0;
}

static int
run_delivery_list (ChCli *cli, const char *const *args, GError **error)
{
  return print_deliveries (cli, &ch_route_delivery_list, error);
}

static int
run_delivery_show (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChDelivery) delivery = ch_cli_call (cli, &ch_route_delivery, path, NULL, error);

  return print_delivery (cli, delivery);
}

static int
run_delivery_receive (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChDelivery) delivery = ch_cli_call (cli, &ch_route_delivery_received, path, NULL, error);

  return print_delivery (cli, delivery);
}

static int
run_staff_deliveries (ChCli *cli, const char *const *args, GError **error)
{
  return print_deliveries (cli, &ch_route_staff_delivery_list, error);
}

static int
run_staff_send (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  const ChDeliverySent request
      = { .way = CH_DELIVERY_BY_COURIER, .courier = (char *) args[1], .number = (char *) args[2] };
  g_autoptr (ChDelivery) delivery = ch_cli_call (cli, &ch_route_staff_delivery_sent, path, &request, error);

  return print_delivery (cli, delivery);
}

static int
run_staff_ready (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  const ChDeliverySent request = { .way = CH_DELIVERY_BY_HALL, .place = (char *) args[1] };
  g_autoptr (ChDelivery) delivery = ch_cli_call (cli, &ch_route_staff_delivery_sent, path, &request, error);

  return print_delivery (cli, delivery);
}

const ChCliCommand ch_cli_afterwards_commands[] = {
  {
      .topic = "invoice",
      .verb = "list",
      .summary = N_ ("What was paid, and whether there is an invoice"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_MEMBER,
      .run = run_invoice_list,
  },
  {
      .topic = "invoice",
      .verb = "show",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("The invoice of an application"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_invoice_show,
  },
  {
      .topic = "invoice",
      .verb = "ask",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Ask for the invoice of what was paid"),
      .takes = CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_invoice_ask,
  },
  {
      .topic = "invoice",
      .verb = "get",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Fetch the PDF of an invoice"),
      .about = N_ ("Without --out it is written to this folder, under the number of the invoice."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_invoice_get,
  },
  {
      .topic = "delivery",
      .verb = "list",
      .summary = N_ ("Keys on their way to the account"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_MEMBER,
      .run = run_delivery_list,
  },
  {
      .topic = "delivery",
      .verb = "show",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Where the key of an application is"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_delivery_show,
  },
  {
      .topic = "delivery",
      .verb = "receive",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Sign for a key that has arrived"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_delivery_receive,
  },
  {
      .topic = "staff",
      .verb = "invoices",
      .summary = N_ ("Invoices that were asked for, and those made out"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_STAFF,
      .run = run_staff_invoices,
  },
  {
      .topic = "staff",
      .verb = "invoice",
      .arguments = N_ ("APPLICATION NUMBER FILE"),
      .summary = N_ ("Enter the number and the PDF of an invoice that is made out"),
      .n_args = 3,
      .needs = CH_CLI_STAFF,
      .run = run_staff_invoice,
  },
  {
      .topic = "staff",
      .verb = "deliveries",
      .summary = N_ ("Keys that are to be sent, and those on their way"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_STAFF,
      .run = run_staff_deliveries,
  },
  {
      .topic = "staff",
      .verb = "send",
      .arguments = N_ ("APPLICATION COURIER NUMBER"),
      .summary = N_ ("Enter courier and number of a key that has left"),
      .n_args = 3,
      .needs = CH_CLI_STAFF,
      .run = run_staff_send,
  },
  {
      .topic = "staff",
      .verb = "ready",
      .arguments = N_ ("APPLICATION PLACE"),
      .summary = N_ ("Say in which hall a key lies ready"),
      .n_args = 2,
      .needs = CH_CLI_STAFF,
      .run = run_staff_ready,
  },
  { NULL },
};
