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
  { NULL },
};
