#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"

static GStrv
make_row (gconstpointer item)
{
  const ChApplication *application = item;
  const char *const cells[]
      = { application->id, _ (ch_application_state_get_title (application->state)), application->flow,
          application->applicant != NULL ? application->applicant : "", NULL };

  return g_strdupv ((GStrv) cells);
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChApplicationList) list = ch_cli_call_list (cli, &ch_route_staff_list, error);

  return list != NULL
             ? ch_cli_print_list (cli, &ChApplicationList_wire, list, list->items, list->next, make_row)
             : 0;
}

/* `FIELD=TEXT`: the text are the reviewer’s words to the applicant */
static GPtrArray *
parse_reasons (ChCli *cli, GError **error)
{
  g_autoptr (GPtrArray) reasons = ch_wire_list_new (&ChFieldReason_wire);

  for (gsize i = 0; cli->given.reasons != NULL && cli->given.reasons[i] != NULL; i++)
    {
      const char *text = cli->given.reasons[i];
      const char *equals = strchr (text, '=');
      ChFieldReason *reason = ch_wire_new (&ChFieldReason_wire);

      g_ptr_array_add (reasons, reason);
      reason->field = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);
      reason->reason = g_strdup (ch_reason_get_id (CH_REASON_REVIEW));
      reason->remark = equals != NULL && equals[1] != 0 ? g_strdup (equals + 1) : NULL;
    }

  if (reasons->len == 0)
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE,
                           "say what is to be corrected: --reason FIELD=TEXT");
      return NULL;
    }
  return g_steal_pointer (&reasons);
}

static int
review (ChCli *cli, const char *id, GPtrArray *reasons, GError **error)
{
  const char *const path[] = { id, NULL };
  g_autoptr (ChApplication) seen = ch_cli_call (cli, &ch_route_staff_application, path, NULL, error);
  g_autoptr (ChApplication) reviewed = NULL;
  ChReview request = { .approve = reasons == NULL, .reasons = reasons };

  if (seen == NULL)
    return 0;
  request.version = seen->version;
  reviewed = ch_cli_call (cli, &ch_route_staff_review, path, &request, error);
  if (reviewed == NULL)
    return 0;

  if (cli->given.json)
    ch_cli_print_json (&ChApplication_wire, reviewed);
  else
    ch_cli_say (cli, "%s: %s", id, _ (ch_application_state_get_title (reviewed->state)));
  return 0;
}

static int
run_approve (ChCli *cli, const char *const *args, GError **error)
{
  return review (cli, args[0], NULL, error);
}

static int
run_refuse (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (GPtrArray) reasons = parse_reasons (cli, error);

  return reasons != NULL ? review (cli, args[0], reasons, error) : 0;
}

static int
run_document (ChCli *cli, const char *const *args, GError **error)
{
  return ch_cli_get_document (cli, args[0], args[1], error);
}

static int
run_receipt (ChCli *cli, const char *const *args, GError **error)
{
  return ch_cli_get_receipt (cli, args[0], error);
}

static gboolean
copy_text (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static int
run_download_code (ChCli *cli, const char *const *args, GError **error)
{
  const ChDownloadCodeNew request = { .what = (char *) args[0], .again = cli->given.again };
  g_autoptr (ChDownloadCode) code = ch_cli_call (cli, &ch_route_staff_download_code, NULL, &request, error);
  g_autofree char *until = code != NULL ? ch_format_time (code->expires) : NULL;
  char *text = NULL;

  if (code == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChDownloadCode_wire, code);
      return 0;
    }

  /* This is what it is made for: it is read out to the handler */
  ch_secret_with (code->code, copy_text, &text);
  printf ("%s\n", text);
  ch_secret_wipe (text, strlen (text));
  g_free (text);
  /* Translators: name in a certificate, date and time */
  ch_cli_say (cli, _ ("For %s, once, until %s."), code->name, until);
  return 0;
}

/* -- A medium that is no longer unlocked -- */

static const char *const escrow_titles[CH_N_ESCROW_STATES] = {
  [CH_ESCROW_KEPT] = N_ ("It can be unlocked."),
  [CH_ESCROW_RELEASED] = N_ ("Unlocking was begun and is not confirmed. It can be begun again."),
  [CH_ESCROW_STOPPED]
  = N_ ("Unlocking is stopped: it was begun too often and never confirmed. Look into why, then allow it "
        "again, or replace the USB key."),
};

/* What happened to a medium: a member of its history, in words */
static const struct
{
  const char *what;
  const char *title;
} escrow_events[] = {
  { "kept", N_ ("taken in hand") },    { "taken", N_ ("handed over by the office") },
  { "making", N_ ("being made") },     { "made", N_ ("made") },
  { "released", N_ ("opened") },       { "confirmed", N_ ("confirmed by its key") },
  { "allowed", N_ ("allowed again") },
};

static const char *
get_event_title (const char *what)
{
  for (gsize i = 0; i < G_N_ELEMENTS (escrow_events); i++)
    if (g_str_equal (escrow_events[i].what, what))
      return _ (escrow_events[i].title);
  return what;
}

static void
print_medium (ChCli *cli, const ChMediumStatus *status)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (cli->given.json)
    {
      ch_cli_print_json (&ChMediumStatus_wire, status);
      return;
    }

  /* Translators: serial number of a USB key, how it stands, how often it was opened */
  printf (_ ("%s: %s Opened since it was last confirmed: %d."), status->token_serial,
          _ (escrow_titles[status->state]), (int) status->runs);
  printf ("\n");
  for (guint i = 0; i < status->history->len; i++)
    {
      const ChMediumEvent *event = status->history->pdata[i];
      g_autofree char *at = ch_format_time (event->at);
      const char *const cells[] = { at, get_event_title (event->what), event->who, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
}

static int
run_medium (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChMediumStatus) status = ch_cli_call (cli, &ch_route_staff_medium, path, NULL, error);

  if (status != NULL)
    print_medium (cli, status);
  return 0;
}

static int
run_allow_unlock (ChCli *cli, const char *const *args, GError **error)
{
  const ChMediumAllow request = { .token_serial = (char *) args[0] };
  g_autoptr (ChMediumStatus) status = ch_cli_call (cli, &ch_route_staff_medium_allow, NULL, &request, error);

  if (status != NULL)
    print_medium (cli, status);
  return 0;
}

const ChCliCommand ch_cli_staff_commands[] = {
  {
      .topic = "staff",
      .verb = "list",
      .summary = N_ ("Applications that wait for review"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_STAFF,
      .run = run_list,
  },
  {
      .topic = "staff",
      .verb = "document",
      .arguments = N_ ("APPLICATION DOCUMENT"),
      .summary = N_ ("Save a document of an application to look at it"),
      .about = N_ ("The file is readable by you alone; delete it when you have looked. That you opened it is "
                   "recorded with "
                   "name and time."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 2,
      .needs = CH_CLI_STAFF,
      .run = run_document,
  },
  {
      .topic = "staff",
      .verb = "receipt",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Save the receipt of acceptance that an applicant shows, to compare it"),
      .about = N_ ("It is made anew. Where its check code is that of the applicant’s, the applicant’s is "
                   "genuine."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_receipt,
  },
  {
      .topic = "staff",
      .verb = "approve",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Approve an application"),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_approve,
  },
  {
      .topic = "staff",
      .verb = "refuse",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Refuse an application and say what is to be corrected"),
      .about = N_ ("Each --reason names a field or document and tells the applicant why, in your words."),
      .takes = CH_CLI_TAKES (REASON),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_refuse,
  },
  {
      .topic = "staff",
      .verb = "download-code",
      .arguments = N_ ("APPLICATION|CERTIFICATE"),
      .summary = N_ ("Make a code by which an approved certificate is downloaded"),
      .about
      = N_ ("It is shown once: tell it to the handler. It ends older ones of the same application. With "
            "--again a certificate that never arrived is revoked, and another one is issued by the code."),
      .takes = CH_CLI_TAKES (AGAIN),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_download_code,
  },
  {
      .topic = "staff",
      .verb = "make",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Make the USB key of an approved application"),
      .about
      = N_ ("Plug in one blank USB key. It is set up, the certificate is written to it, read back and tried. "
            "Where it broke off, the same command goes on. The first PIN is in the letter that --out names, "
            "and nowhere else; with --again a certificate whose key is lost is revoked and made once more."),
      .takes = CH_CLI_TAKES (AGAIN) | CH_CLI_TAKES (MEDIUM) | CH_CLI_TAKES (PIN_BY_SMS) | CH_CLI_TAKES (OUT)
               | CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (NO_INPUT) | CH_CLI_TAKES (ASK),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = ch_cli_make,
  },
  {
      .topic = "staff",
      .verb = "medium",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Show how unlocking a USB key stands, and what happened to it"),
      .about = N_ ("By the serial number of the USB key. What it is unlocked with is shown to nobody."),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_medium,
  },
  {
      .topic = "staff",
      .verb = "allow-unlock",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Let a USB key be unlocked again that was opened too often without a confirmation"),
      .about = N_ (
          "Look into why it was never confirmed first: each time may cost the USB key one of its last tries. "
          "A key that is damaged is replaced, not unlocked."),
      .n_args = 1,
      .needs = CH_CLI_STAFF,
      .run = run_allow_unlock,
  },
  { NULL },
};
