#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-private.h"
#include "wire/ch-policy.h"

/* What an account’s owner does with it */

static int
print_done (ChCli *cli, const char *name)
{
  ChCliDone done = { .state = (char *) "done", .name = (char *) name };

  if (cli->given.json)
    ch_cli_print_json (&ChCliDone_wire, &done);
  return 0;
}

static ChSecret *
ask_secret (ChCli *cli,
            const char *field,
            const char *prompt,
            gboolean twice,
            const char *file,
            GError **error)
{
  ChSecret *secret
      = file != NULL ? ch_cli_read_secret_file (file, error) : ch_cli_ask_secret (cli, field, prompt, twice);

  if (secret == NULL && file == NULL)
    g_propagate_error (error, ch_cli_new_resting (field));
  return secret;
}

static char *
ask_text (ChCli *cli, const char *given, const char *field, const char *prompt, GError **error)
{
  char *text = given != NULL ? g_strdup (given) : ch_cli_ask_text (cli, field, prompt);

  if (text == NULL)
    g_propagate_error (error, ch_cli_new_resting (field));
  return text;
}

/**
 * ch_cli_ask_code:
 * @mobile: (nullable): where to; %NULL for the account’s own
 * @error: %CH_ERROR_RESTING when nobody can be asked
 *
 * Has a code sent and asks for it.
 *
 * Returns: (transfer full): what was typed
 */
ChSecret *
ch_cli_ask_code (ChCli *cli, const char *mobile, ChSmsPurpose purpose, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (ChSmsSent) sent = NULL;

  ch_desk_send_code_async (cli->desk, mobile, purpose, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  sent = ch_desk_send_code_finish (cli->desk, result, &local);
  /* One that was sent a moment ago still holds */
  if (sent == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_TOO_OFTEN))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (sent == NULL)
    ch_cli_say (cli, _ ("A code was sent not long ago: use that one."));
  else if (mobile != NULL)
    ch_cli_say (cli, _ ("A code was sent to %s."), mobile);
  else
    ch_cli_say (cli, _ ("A code was sent to the mobile of the account."));
  return ask_secret (cli, "sms-code", _ ("SMS code"), FALSE, NULL, error);
}

/* -- Looking -- */

static char *
format_day (gint64 seconds)
{
  g_autofree char *text = ch_clock_format (seconds);

  return g_strndup (text, 10);
}

static void
add_row (GPtrArray *rows, const char *first, const char *second, const char *third)
{
  const char *const cells[] = { first, second, third, NULL };

  g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
}

static void
add_places (GPtrArray *rows, GPtrArray *places, const char *kind)
{
  for (guint i = 0; i < places->len; i++)
    {
      const ChSessionInfo *place = places->pdata[i];
      g_autofree char *day = format_day (place->used);
      g_autofree char *name = g_strdup_printf ("%s %s%s", place->id,
                                               place->name != NULL && *place->name != 0 ? place->name : "–",
                                               place->is_current ? _ (" (here)") : "");

      add_row (rows, kind, day, name);
    }
}

static void
print_care (ChCli *cli, const ChCare *care)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const ChAccount *account = care->account;

  add_row (rows, _ ("User name"), account->user_name, NULL);
  add_row (rows, _ ("Name of the handler"), account->name, NULL);
  add_row (rows, _ ("Document number of the handler"), account->document_number, NULL);
  add_row (rows, _ ("Mobile number of the handler"), account->mobile, NULL);
  add_row (rows, _ ("E-mail"), account->email != NULL ? account->email : "–", NULL);
  for (guint i = 0; i < care->consents->len; i++)
    {
      const ChConsentGiven *consent = care->consents->pdata[i];
      g_autofree char *day = format_day (consent->agreed);
      g_autofree char *name = g_strdup_printf ("%s %s", consent->id, consent->version);

      add_row (rows, _ ("Agreement"), day, name);
    }
  add_places (rows, care->sessions, _ ("Login"));
  add_places (rows, care->installations, _ ("Known PC"));
  ch_cli_print_rows (rows);
}

static int
show_care (ChCli *cli, ChCare *care)
{
  if (care == NULL)
    return 0;
  if (cli->given.json)
    ch_cli_print_json (&ChCare_wire, care);
  else
    print_care (cli, care);
  ch_care_free (care);
  return 0;
}

static int
run_show (ChCli *cli, const char *const *args, GError **error)
{
  return show_care (cli, ch_cli_call (cli, &ch_route_care, NULL, NULL, error));
}

static int
run_end_sessions (ChCli *cli, const char *const *args, GError **error)
{
  return show_care (cli, ch_cli_call (cli, &ch_route_sessions_end, NULL, NULL, error));
}

static int
run_forget (ChCli *cli, const char *const *args, GError **error)
{
  return show_care (cli, ch_cli_call (cli, &ch_route_installation_forget, args, NULL, error));
}

/* -- Changing -- */

static int
finish_change (ChCli *cli, ChAccount *account, const char *text)
{
  if (account == NULL)
    return 0;
  ch_cli_say (cli, "%s", text);
  if (cli->given.json)
    ch_cli_print_json (&ChAccount_wire, account);
  ch_account_free (account);
  return 0;
}

static int
run_password (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChSecret) old = NULL;
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (GError) local = NULL;
  ChPasswordChange change = { 0 };

  /* who came with a one-time password is not asked for the old one */
  if (!cli->given.once)
    {
      old = ask_secret (cli, "old-password", _ ("Present password"), FALSE, cli->given.password_file, error);
      if (old == NULL)
        return 0;
    }
  password = ask_secret (cli, "password", _ ("New password"), TRUE, cli->given.new_password_file, error);
  if (password == NULL)
    return 0;
  change.old = old;
  change.password = password;
  return finish_change (cli, ch_cli_call (cli, &ch_route_password, NULL, &change, error),
                        _ ("The password is changed. Everywhere else you are logged out."));
}

static int
run_mobile (ChCli *cli, const char *const *args, GError **error)
{
  g_autofree char *mobile = ask_text (cli, cli->given.mobile, "new-mobile", _ ("New mobile number"), error);
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (ChSecret) code = NULL;
  ChMobileChange change = { .mobile = mobile };

  if (mobile == NULL)
    return 0;
  password = ask_secret (cli, "password", _ ("Password"), FALSE, cli->given.password_file, error);
  code = password != NULL ? ch_cli_ask_code (cli, mobile, CH_SMS_MOBILE, error) : NULL;
  if (code == NULL)
    return 0;
  change.password = password;
  change.code = code;
  return finish_change (cli, ch_cli_call (cli, &ch_route_mobile, NULL, &change, error),
                        _ ("The mobile number is changed; the old one was told."));
}

static int
run_email (ChCli *cli, const char *const *args, GError **error)
{
  g_autofree char *email = ask_text (cli, cli->given.email, "email", _ ("E-mail"), error);
  g_autoptr (ChSecret) code = NULL;
  g_autoptr (ChSmsSent) sent = NULL;
  ChEmailRequest request = { .email = email };
  ChEmailChange change = { .email = email };

  if (email == NULL)
    return 0;
  if (*email != 0)
    {
      sent = ch_cli_call (cli, &ch_route_email_code, NULL, &request, error);
      if (sent == NULL)
        return 0;
      ch_cli_say (cli, _ ("A code was sent to %s."), email);
      code = ask_secret (cli, "email-code", _ ("Code from the e-mail"), FALSE, NULL, error);
      if (code == NULL)
        return 0;
      change.code = code;
    }
  return finish_change (cli, ch_cli_call (cli, &ch_route_email, NULL, &change, error),
                        _ ("The e-mail address is changed."));
}

static int
run_forgot (ChCli *cli, const char *const *args, GError **error)
{
  g_autofree char *mobile
      = ask_text (cli, cli->given.mobile, "handler-mobile", _ ("Mobile number of the handler"), error);
  g_autofree char *number = NULL;
  g_autoptr (ChSecret) code = NULL;
  g_autoptr (ChResetDone) done = NULL;
  ChReset request = { .mobile = mobile };

  if (mobile == NULL)
    return 0;
  number = ask_text (cli, NULL, "handler-document-number", _ ("Document number of the handler"), error);
  code = number != NULL ? ch_cli_ask_code (cli, mobile, CH_SMS_RESET, error) : NULL;
  if (code == NULL)
    return 0;
  request.document_number = number;
  request.code = code;
  done = ch_cli_call (cli, &ch_route_password_reset, NULL, &request, error);
  if (done == NULL)
    return 0;
  ch_cli_say (
      cli, _ ("If there is an account with this number and mobile, a one-time password is on its way. Log in "
              "with it within 15 minutes, then choose a new one."));
  return print_done (cli, NULL);
}

/* -- The end -- */

static int
run_export (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChExport) export = ch_cli_call (cli, &ch_route_export, NULL, NULL, error);
  const char *path = cli->given.out;
  gsize len = 0;
  gconstpointer data;

  if (export == NULL)
    return 0;
  if (path == NULL)
    path = export->name;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s exists already", path);
      return 0;
    }
  data = g_bytes_get_data (export->content, &len);
  if (!ch_file_write_durably (path, data, len, 0600, error))
    return 0;
  /* Translators: %s is a path */
  ch_cli_say (cli, _ ("Your data are in %s; only you can read the file."), path);
  return print_done (cli, path);
}

static int
run_close (ChCli *cli, const char *const *args, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (ChClosing) closing = ch_cli_call (cli, &ch_route_closing, NULL, NULL, error);
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (ChSecret) code = NULL;
  ChClose request = { 0 };
  g_autofree ChNothing *nothing = NULL;

  if (closing == NULL)
    return 0;
  if (closing->obstacles->len > 0)
    {
      const ChObstacle *first = closing->obstacles->pdata[0];

      g_set_error (error, CH_ERROR, CH_ERROR_CLOSING_REFUSED, "%s: %s", first->application, first->kind);
      return 0;
    }

  for (guint i = 0; i < closing->kept->len; i++)
    {
      const ChKept *kept = closing->kept->pdata[i];
      g_autofree char *day = format_day (kept->until);

      for (guint j = 0; profile->retention != NULL && j < profile->retention->len; j++)
        {
          const ChRetention *rule = profile->retention->pdata[j];

          if (g_str_equal (rule->kind, kept->kind))
            /* Translators: what is kept, until which day, and the law that says so */
            ch_cli_say (cli, _ ("%s: kept until %s (%s)"), ch_text_get (rule->name), day,
                        ch_text_get (rule->reason));
        }
    }
  password = ask_secret (cli, "password", _ ("Password"), FALSE, cli->given.password_file, error);
  code = password != NULL ? ch_cli_ask_code (cli, NULL, CH_SMS_CLOSE, error) : NULL;
  if (code == NULL)
    return 0;
  request.password = password;
  request.code = code;
  nothing = ch_cli_call (cli, &ch_route_close, NULL, &request, error);
  if (nothing == NULL)
    return 0;
  ch_server_set_session (ch_ports_get_server (ch_cli_get_ports (cli)), NULL);
  ch_vault_put_session (ch_ports_get_vault (ch_cli_get_ports (cli)), NULL, NULL);
  ch_cli_say (cli, _ ("The account is closed. Certificates that were issued stay valid until their end."));
  return print_done (cli, NULL);
}

#define ASKS (CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT))

const ChCliCommand ch_cli_care_commands[] = {
  {
      .topic = "account",
      .verb = "show",
      .summary = N_ ("Show the account: data, agreements, logins, known PCs"),
      .needs = CH_CLI_MEMBER,
      .run = run_show,
  },
  {
      .topic = "account",
      .verb = "forgot",
      .summary = N_ ("Have a one-time password sent to the mobile"),
      .about = N_ (
          "The old password stays good until the new one is used. After logging in with it: account password "
          "--once"),
      .takes = ASKS | CH_CLI_TAKES (MOBILE),
      .needs = CH_CLI_ANYBODY,
      .run = run_forgot,
  },
  {
      .topic = "account",
      .verb = "password",
      .summary = N_ ("Change the password"),
      .takes = ASKS | CH_CLI_TAKES (PASSWORD_FILE) | CH_CLI_TAKES (NEW_PASSWORD_FILE) | CH_CLI_TAKES (ONCE),
      .needs = CH_CLI_MEMBER,
      .run = run_password,
  },
  {
      .topic = "account",
      .verb = "mobile",
      .summary = N_ ("Change the mobile number"),
      .about = N_ ("A code goes to the new number, and the old one is told."),
      .takes = ASKS | CH_CLI_TAKES (PASSWORD_FILE) | CH_CLI_TAKES (MOBILE),
      .needs = CH_CLI_MEMBER,
      .run = run_mobile,
  },
  {
      .topic = "account",
      .verb = "email",
      .summary = N_ ("Change the e-mail address"),
      .takes = ASKS | CH_CLI_TAKES (EMAIL),
      .needs = CH_CLI_MEMBER,
      .run = run_email,
  },
  {
      .topic = "account",
      .verb = "end-sessions",
      .summary = N_ ("Log out everywhere else"),
      .needs = CH_CLI_MEMBER,
      .run = run_end_sessions,
  },
  {
      .topic = "account",
      .verb = "forget-pc",
      .arguments = "ID",
      .summary = N_ ("Log a PC out and forget it"),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = run_forget,
  },
  {
      .topic = "account",
      .verb = "export",
      .summary = N_ ("Save everything that is known of the account"),
      .takes = CH_CLI_TAKES (OUT),
      .needs = CH_CLI_MEMBER,
      .run = run_export,
  },
  {
      .topic = "account",
      .verb = "close",
      .summary = N_ ("Close the account"),
      .about = N_ (
          "What the law demands is kept for its time, which is told; everything else is deleted at once. It "
          "cannot be undone."),
      .takes = ASKS | CH_CLI_TAKES (PASSWORD_FILE),
      .needs = CH_CLI_MEMBER,
      .run = run_close,
  },
  { NULL },
};
