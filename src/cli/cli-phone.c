#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "cli/ch-cli-private.h"

/* What phones do for who sits at a terminal: the code stands here, in letters too */

#define CH_CLI_SCAN_FIELDS(F, S)                                                                             \
  F (S, state, STRING, "state", REQUIRED, 32, _)                                                             \
  F (S, address, STRING, "address", OPTIONAL, 512, _)                                                        \
  F (S, turns, TIME, "turns", OPTIONAL, 0, _)                                                                \
  F (S, name, STRING, "name", OPTIONAL, 256, _)
CH_WIRE_DECLARE (ChCliScan, ch_cli_scan, CH_CLI_SCAN_FIELDS)
CH_WIRE_DEFINE (ChCliScan, ch_cli_scan, CH_CLI_SCAN_FIELDS, "cli-scan")

static void
on_changed_cb (ChScanDesk *desk, gpointer unused)
{
  g_main_context_wakeup (NULL);
}

/* To a program each code is a line of its own: it draws it, or sends it where a phone is */
static void
show_code (ChCli *cli, ChScanDesk *desk)
{
  const char *address = ch_scan_desk_get_address (desk);
  ChCliScan shown = { (char *) "shown", (char *) address, ch_scan_desk_get_turns (desk), NULL };
  g_autofree char *qr = NULL;

  if (cli->given.json)
    {
      ch_cli_print_json (&ChCliScan_wire, &shown);
      fflush (stdout);
      return;
    }
  qr = ch_cli_draw_qr (address);
  ch_cli_say (cli, "\n%s\n%s\n%s", qr != NULL ? qr : "", address,
              _ ("Scan it with the camera of the phone; it changes every minute."));
}

static gboolean
give_code (ChCli *cli, ChScanDesk *desk, GError **error)
{
  g_autoptr (ChSecret) code = NULL;

  if (ch_scan_desk_get_mobile (desk) != NULL)
    ch_cli_say (cli, _ ("This PC is new to the account. A code was sent to %s."),
                ch_scan_desk_get_mobile (desk));
  code = ch_cli_ask_secret (cli, "sms-code", _ ("SMS code"), FALSE);
  if (code == NULL)
    {
      g_propagate_error (error, ch_cli_new_resting ("sms-code"));
      return FALSE;
    }
  ch_scan_desk_give_code (desk, code);
  return TRUE;
}

/**
 * ch_cli_scan:
 * @purpose: what the phone is to do
 * @application: (nullable): id, where it is about one
 * @error: what the phone or the server said
 *
 * Shows codes until the phone has done what is asked.
 *
 * Returns: whether it has
 */
gboolean
ch_cli_scan (ChCli *cli, ChScanPurpose purpose, const char *application, GError **error)
{
  g_autoptr (ChScanDesk) desk = ch_scan_desk_new (ch_cli_get_ports (cli), purpose, application);
  g_autofree char *shown = NULL;
  const GError *told = NULL;
  gboolean is_taken = FALSE, is_done = FALSE;

  g_signal_connect (desk, "changed", G_CALLBACK (on_changed_cb), NULL);
  ch_scan_desk_start (desk);
  while (!is_done)
    {
      ChScanStanding standing = ch_scan_desk_get_standing (desk);

      if (standing == CH_SCAN_STANDING_SHOWN && g_strcmp0 (shown, ch_scan_desk_get_address (desk)) != 0)
        {
          g_free (shown);
          shown = g_strdup (ch_scan_desk_get_address (desk));
          show_code (cli, desk);
        }
      if (standing == CH_SCAN_STANDING_TAKEN && !is_taken)
        {
          is_taken = TRUE;
          ch_cli_say (cli, _ ("The phone has read the code. Go on there."));
        }
      if (standing == CH_SCAN_STANDING_PLACE_UNKNOWN && ch_scan_desk_get_error (desk) != told)
        {
          told = ch_scan_desk_get_error (desk);
          if (!give_code (cli, desk, error))
            break;
        }
      /* Who sits at a terminal may wait for longer than a ticket lasts */
      if (standing == CH_SCAN_STANDING_EXPIRED)
        ch_scan_desk_start (desk);
      if (standing == CH_SCAN_STANDING_FAILED)
        {
          g_propagate_error (error, g_error_copy (ch_scan_desk_get_error (desk)));
          break;
        }
      is_done = standing == CH_SCAN_STANDING_DONE;
      if (!is_done)
        g_main_context_iteration (NULL, TRUE);
    }
  if (!is_done)
    ch_scan_desk_cancel (desk);
  return is_done;
}

static int
print_done (ChCli *cli, const char *name)
{
  ChCliScan done = { (char *) "done", NULL, 0, (char *) name };

  if (cli->given.json)
    ch_cli_print_json (&ChCliScan_wire, &done);
  return 0;
}

/**
 * ch_cli_login_by_phone:
 *
 * Lets this PC in as the holder of a certificate that is on a phone.
 */
int
ch_cli_login_by_phone (ChCli *cli, GError **error)
{
  const ChAccount *account;

  if (!ch_cli_scan (cli, CH_SCAN_LOGIN, NULL, error))
    return 0;
  account = ch_ports_get_account (ch_cli_get_ports (cli));
  /* Translators: %s is the name in a certificate */
  ch_cli_say (cli, _ ("Logged in by the certificate of %s."), account->name);
  return print_done (cli, account->name);
}

static int
run_add (ChCli *cli, const char *const *args, GError **error)
{
  if (!ch_cli_scan (cli, CH_SCAN_PAIR, NULL, error))
    return 0;
  ch_cli_say (cli, _ ("The phone belongs to the account now."));
  return print_done (cli, NULL);
}

static int
run_scan (ChCli *cli, const char *const *args, GError **error)
{
  if (!ch_cli_scan (cli, CH_SCAN_PAPERS, args[0], error))
    return 0;
  ch_cli_say (cli, _ ("The photographs are in the application."));
  return print_done (cli, NULL);
}

static int
print_phones (ChCli *cli, ChPhoneList *list)
{
  g_autoptr (ChPhoneList) phones = list;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (phones == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChPhoneList_wire, phones);
      return 0;
    }
  for (guint i = 0; i < phones->items->len; i++)
    {
      const ChPhone *phone = phones->items->pdata[i];
      g_autofree char *used = ch_clock_format (phone->used);
      const char *const cells[] = { phone->id, used, phone->name, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
  if (rows->len == 0)
    ch_cli_say (cli, _ ("No phone belongs to the account. Add one: certhallctl phone add"));
  return 0;
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  return print_phones (cli, ch_cli_call (cli, &ch_route_phones, NULL, NULL, error));
}

static int
run_forget (ChCli *cli, const char *const *args, GError **error)
{
  return print_phones (cli, ch_cli_call (cli, &ch_route_phone_forget, args, NULL, error));
}

const ChCliCommand ch_cli_phone_commands[] = {
  {
      .topic = "phone",
      .verb = "add",
      .summary = N_ ("Make a phone known to the account"),
      .about = N_ (
          "Shows a code for the camera of the phone. Its key is made there and stays there; the phone asks "
          "for a "
          "PIN of its own and a code that is sent to the account’s mobile. With --json each code is a line."),
      .needs = CH_CLI_MEMBER,
      .run = run_add,
  },
  {
      .topic = "phone",
      .verb = "scan",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Photograph the documents of an application with the phone"),
      .about
      = N_ ("Shows a code for the camera of the phone. Its page takes the photographs and puts them into the "
            "application; no PIN is asked for. With --json each code is a line."),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_scan,
  },
  {
      .topic = "phone",
      .verb = "list",
      .summary = N_ ("Show the phones of the account"),
      .needs = CH_CLI_MEMBER,
      .run = run_list,
  },
  {
      .topic = "phone",
      .verb = "forget",
      .arguments = N_ ("PHONE"),
      .summary = N_ ("Forget a phone: its PIN opens nothing any more"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_forget,
  },
  { NULL },
};
