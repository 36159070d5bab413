#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"
#include "front/ch-calendar.h"
#include "front/ch-daily.h"
#include "front/ch-format.h"
#include "front/ch-notice.h"
#include "front/ch-reminders.h"

/* Ends of certificates, from what is remembered on this PC: without server and without login */

static ChVault *
get_vault (ChCli *cli)
{
  return ch_ports_get_vault (ch_cli_get_ports (cli));
}

static int
print_done (ChCli *cli)
{
  ChCliDone done = { .state = (char *) "done" };

  if (cli->given.json)
    ch_cli_print_json (&ChCliDone_wire, &done);
  return 0;
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChReminderList) list = ch_reminders_read (get_vault (cli));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gint64 now = ch_clock_now ();

  if (cli->given.json)
    {
      ch_cli_print_json (&ChReminderList_wire, list);
      return 0;
    }
  for (guint i = 0; i < list->items->len; i++)
    {
      const ChReminder *reminder = list->items->pdata[i];
      g_autofree char *end = ch_format_iso_date (reminder->not_after);
      g_autofree char *title
          = now > reminder->not_after
                ? g_strdup (_ ("A certificate has expired"))
                : ch_reminder_format_title (ch_format_count_days (now, reminder->not_after));
      const char *const cells[] = { reminder->serial, reminder->name, end, title, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  if (rows->len == 0)
    ch_cli_say (cli, _ ("No certificate is remembered on this PC yet; “certhallctl cert list” does it."));
  ch_cli_print_rows (rows);
  return 0;
}

/* -- Telling -- */

static gboolean
tell (ChCli *cli, ChReminder *reminder, gint64 now, GError **error)
{
  gint64 days = ch_format_count_days (now, reminder->not_after);
  int due = ch_reminder_get_due (reminder, now);
  g_autofree char *title = ch_reminder_format_title (days);
  g_autofree char *body = ch_reminder_format_body (reminder);
  g_autoptr (GAsyncResult) result = NULL;

  /* What is a week off or less stays on the screen until it was seen */
  ch_notice_send_async (title, body, days <= ch_reminder_days[1], NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_notice_send_finish (result, error))
    return FALSE;
  reminder->told = due;
  return TRUE;
}

static gboolean
write_list (ChCli *cli, const ChReminderList *list, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_reminders_write_async (get_vault (cli), list, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_reminders_write_finish (get_vault (cli), result, error);
}

/* Each is written down as soon as it was told: what is told twice is better than what is told never */
static int
run_notify (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChReminderList) list = ch_reminders_read (get_vault (cli));
  gint64 now = ch_clock_now ();
  g_autoptr (GPtrArray) due = ch_reminders_list_due (list, now);

  for (guint i = 0; i < due->len; i++)
    if (!tell (cli, due->pdata[i], now, error) || !write_list (cli, list, error))
      return 0;
  return print_done (cli);
}

/* -- Once a day -- */

static int
set_daily (ChCli *cli, gboolean is_on, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_daily_set_async (get_vault (cli), is_on, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_daily_set_finish (result, error) ? print_done (cli) : 0;
}

static int
run_on (ChCli *cli, const char *const *args, GError **error)
{
  return set_daily (cli, TRUE, error);
}

static int
run_off (ChCli *cli, const char *const *args, GError **error)
{
  return set_daily (cli, FALSE, error);
}

/* -- The calendar -- */

/* All of them, or those that are named */
static GPtrArray *
choose (const ChReminderList *list, const char *const *serials, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (gsize i = 0; serials[i] != NULL; i++)
    {
      guint n_before = chosen->len;

      for (guint j = 0; j < list->items->len; j++)
        if (g_ascii_strcasecmp (((const ChReminder *) list->items->pdata[j])->serial, serials[i]) == 0)
          g_ptr_array_add (chosen, list->items->pdata[j]);
      if (chosen->len == n_before)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND,
                       "%s is not remembered on this PC: see certhallctl remind list", serials[i]);
          return NULL;
        }
    }
  if (serials[0] == NULL)
    g_ptr_array_extend (chosen, list->items, NULL, NULL);
  return g_steal_pointer (&chosen);
}

static int
run_calendar (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChReminderList) list = ch_reminders_read (get_vault (cli));
  g_autoptr (GPtrArray) chosen = choose (list, args, error);
  g_autofree char *text = NULL;

  if (chosen == NULL)
    return 0;
  text = ch_calendar_write (chosen, ch_clock_now ());
  if (cli->given.out == NULL)
    {
      fputs (text, stdout);
      return 0;
    }
  if (g_file_test (cli->given.out, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s exists already", cli->given.out);
      return 0;
    }
  return ch_file_write_durably (cli->given.out, text, strlen (text), 0600, error) ? print_done (cli) : 0;
}

const ChCliCommand ch_cli_remind_commands[] = {
  {
      .topic = "remind",
      .verb = "list",
      .summary = N_ ("The certificates whose ends are remembered on this PC"),
      .about = N_ ("What “certhallctl cert list” and the window have seen of the account. Neither server nor "
                   "login is needed."),
      .needs = CH_CLI_HERE,
      .run = run_list,
  },
  {
      .topic = "remind",
      .verb = "notify",
      .summary = N_ ("Show notifications of certificates that end soon"),
      .about
      = N_ ("90, 30, 7 and 1 days before the end, each once. This is what “certhallctl remind on” lets "
            "the system run once a day."),
      .needs = CH_CLI_HERE,
      .run = run_notify,
  },
  {
      .topic = "remind",
      .verb = "on",
      .summary = N_ ("Let the system look once a day for certificates that end soon"),
      .about = N_ ("By the timer certhall-reminders.timer of systemd, for this user; in a sandbox by the "
                   "desktop, at each login. Nothing of the program stays running."),
      .needs = CH_CLI_HERE,
      .run = run_on,
  },
  {
      .topic = "remind",
      .verb = "off",
      .summary = N_ ("Let the system no longer look once a day"),
      .needs = CH_CLI_HERE,
      .run = run_off,
  },
  {
      .topic = "remind",
      .verb = "calendar",
      .arguments = N_ ("[CERTIFICATE…]"),
      .summary = N_ ("The ends of certificates for a calendar (iCalendar)"),
      .about = N_ ("CERTIFICATE is a serial number of “certhallctl remind list”; without one all are taken. "
                   "Written to --out, or printed."),
      .takes = CH_CLI_TAKES (OUT),
      .takes_more = TRUE,
      .needs = CH_CLI_HERE,
      .run = run_calendar,
  },
  { NULL },
};
