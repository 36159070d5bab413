#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-application-item.h"
#include "front/ch-format.h"
#include "front/ch-lookup-desk.h"

/* Applications without an account */

/* What stands on the command line or in the answers file, or is asked for: checked before a code is sent */
static gboolean
collect (ChCli *cli, GHashTable *answers, GError **error)
{
  const struct
  {
    const ChField *field;
    const char *given;
  } rows[] = {
    { ch_form_lookup.fields[0], cli->given.document_number },
    { ch_form_lookup.fields[1], cli->given.mobile },
  };
  GError *wrong = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const ChField *field = rows[i].field;
      g_autofree char *typed = rows[i].given != NULL ? g_strdup (rows[i].given)
                                                     : ch_cli_ask_text (cli, field->id, _ (field->label));
      char *value = typed != NULL ? ch_field_normalize (field, typed) : NULL;
      ChReason reason;

      if (value == NULL)
        {
          g_clear_error (&wrong);
          g_propagate_error (error, ch_cli_new_resting (field->id));
          return FALSE;
        }
      g_hash_table_insert (answers, g_strdup (field->id), value);
      reason = ch_field_check (field, value, answers);
      if (reason == CH_REASON_OK)
        continue;
      if (wrong == NULL)
        wrong = ch_error_new_fields ();
      ch_error_add_field (wrong, field->id, reason, NULL);
    }

  if (wrong != NULL)
    g_propagate_error (error, wrong);
  return wrong == NULL;
}

static void
print_item (ChCli *cli, ChApplicationItem *item)
{
  const ChOrder *order = ch_application_item_get_order (item);
  g_autofree char *when = ch_application_item_format_when (item);
  g_autofree char *amount = order != NULL ? ch_format_fen (order->fen) : NULL;
  g_autoptr (GPtrArray) properties = ch_application_item_list_properties (item);
  g_autoptr (GPtrArray) reasons = ch_application_item_list_reasons (item);

  printf ("%s · %s · %s\n", _ (ch_application_item_get_title (item)),
          _ (ch_standing_get_title (ch_application_item_get_standing (item))), when);
  if (order != NULL)
    {
      g_autofree char *paid
          = g_strdup_printf ("%s · %s", amount, _ (ch_order_state_get_title (order->state)));

      ch_property_list_add (properties, "amount", N_ ("Amount"), FALSE, paid);
    }
  ch_cli_add_refunds (properties, ch_application_item_get_application (item)->refunds);
  ch_cli_print_properties (properties);
  for (guint i = 0; i < reasons->len; i++)
    {
      const ChProperty *reason = reasons->pdata[i];

      printf ("%s: %s\n", _ (reason->label), reason->value);
    }
}

static void
print_list (ChCli *cli, const ChLookupList *list)
{
  g_autoptr (GPtrArray) items = ch_lookup_desk_make_items (ch_cli_get_ports (cli), list);

  if (items->len == 0)
    ch_cli_say (cli,
                _ ("None has this document number and this mobile of its handler. Check both, or call the "
                   "hotline."));
  for (guint i = 0; i < items->len; i++)
    {
      if (i > 0)
        printf ("\n");
      print_item (cli, items->pdata[i]);
    }
}

static int
run_lookup (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autoptr (ChSecret) code = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ChLookupList) list = NULL;
  const char *mobile;

  if (!collect (cli, answers, error))
    return 0;
  mobile = g_hash_table_lookup (answers, "handler-mobile");
  code = ch_cli_ask_code (cli, mobile, CH_SMS_LOOKUP, error);
  if (code == NULL)
    return 0;

  ch_lookup_desk_find_async (ch_cli_get_ports (cli), g_hash_table_lookup (answers, "document-number"), mobile,
                             code, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  list = ch_lookup_desk_find_finish (ch_cli_get_ports (cli), result, error);
  if (list == NULL)
    return 0;

  if (cli->given.json)
    ch_cli_print_json (&ChLookupList_wire, list);
  else
    print_list (cli, list);
  return 0;
}

const ChCliCommand ch_cli_lookup_commands[] = {
  {
      .topic = "lookup",
      .summary = N_ ("Look applications up without an account"),
      .about
      = N_ ("By the document number of the unit, of the handler or of the person the certificate is for, "
            "and a code that is sent to the handler’s mobile (field sms-code). Nothing can be changed by "
            "it, and numbers of documents are masked."),
      .takes = CH_CLI_TAKES (DOCUMENT_NUMBER) | CH_CLI_TAKES (MOBILE) | CH_CLI_TAKES (ANSWERS)
               | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT),
      .needs = CH_CLI_ANYBODY,
      .run = run_lookup,
  },
  { NULL },
};
