#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "wire/ch-policy.h"

/* -- Agreements
 * --------------------------------------------------------------------------------------------------- */

static void
show_consent (ChCli *cli, const ChConsentText *text, gboolean whole)
{
  /* Translators: title, id and version of an agreement */
  ch_cli_say (cli, _ ("Agreement “%s” (%s, version %s)"), ch_text_get (text->title), text->id, text->version);
  if (whole)
    ch_cli_say (cli, "\n%s\n", ch_text_get (text->text));
}

/* Nobody agrees to anything by running a command: it is said by --accept-consents, or read and answered */
static gboolean
accept_consents (ChCli *cli, const char *where, GError **error)
{
  g_autoptr (GPtrArray) texts
      = ch_profile_list_consents (ch_ports_get_profile (ch_cli_get_ports (cli)), where);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];

      show_consent (cli, text, !cli->given.accept_consents);
      if (cli->given.accept_consents || ch_cli_ask_yes (cli, _ ("Do you agree?")))
        continue;

      g_set_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING, "%s was not accepted; see --accept-consents",
                   text->id);
      return FALSE;
    }

  return TRUE;
}

/* -- Fields
 * ---------------------------------------------------------------------------------------------------------
 */

static ChSecret *
get_password (ChCli *cli, const ChField *field, GError **error)
{
  ChSecret *secret = NULL;

  if (cli->given.password_file != NULL)
    return ch_cli_read_secret_file (cli->given.password_file, error);

  secret = ch_cli_ask_secret (cli, field->id, _ (field->label), field->kind == CH_FIELD_NEW_SECRET);
  if (secret == NULL)
    g_propagate_error (error, ch_cli_new_resting (field->id));
  return secret;
}

/**
 * ch_cli_collect_answers:
 * @answers: where they go
 * @error: %CH_ERROR_RESTING naming the first field that nobody answers
 *
 * Takes a form from the answers file; what is not in it is asked for, but for what may stay empty.
 */
gboolean
ch_cli_collect_answers (ChCli *cli, const ChForm *form, GHashTable *answers, GError **error)
{
  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const ChField *field = form->fields[i];
      const char *given = cli->answers != NULL ? g_hash_table_lookup (cli->answers, field->id) : NULL;
      g_autofree char *value = given != NULL ? g_strdup (given) : NULL;

      if (ch_field_is_secret (field))
        continue;
      if (value == NULL && field->initial != NULL)
        value = g_strdup (field->initial);
      if (value == NULL && !field->optional)
        value = ch_cli_ask_text (cli, field->id, _ (field->label));
      if (value == NULL && !field->optional)
        {
          g_propagate_error (error, ch_cli_new_resting (field->id));
          return FALSE;
        }
      if (value != NULL)
        g_hash_table_insert (answers, g_strdup (field->id), ch_field_normalize (field, value));
    }

  return TRUE;
}

/* To a mobile, or to the account’s own */
static gboolean
send_code (ChCli *cli, const char *mobile, ChSmsPurpose purpose, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (ChSmsSent) sent = NULL;

  ch_desk_send_code_async (cli->desk, mobile, purpose, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  sent = ch_desk_send_code_finish (cli->desk, result, &local);

  /* One that was sent a moment ago by the same command still holds */
  if (sent != NULL && mobile == NULL)
    ch_cli_say (cli, _ ("A code was sent to the mobile of the account."));
  else if (sent != NULL)
    ch_cli_say (cli, _ ("A code was sent to %s."), mobile);
  else if (g_error_matches (local, CH_ERROR, CH_ERROR_TOO_OFTEN))
    ch_cli_say (cli, _ ("A code was sent not long ago: use that one."));
  else
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

/* -- Commands
 * ---------------------------------------------------------------------------------------------------------
 */

static int
print_done (ChCli *cli, const char *name)
{
  ChCliDone done = { .state = (char *) "done", .name = (char *) name };

  if (cli->given.json && !cli->is_passing)
    ch_cli_print_json (&ChCliDone_wire, &done);
  return 0;
}

static int
run_register (ChCli *cli, const char *const *args, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autoptr (ChSecret) password = NULL, code = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ChAxes axes = { 0 };

  if (!ch_cli_collect_answers (cli, &ch_form_register, answers, error)
      || !ch_form_check (&ch_form_register, profile, &axes, answers, error))
    return 0;
  password = get_password (cli, ch_field_lookup ("password"), error);
  if (password == NULL || !accept_consents (cli, "register", error)
      || !send_code (cli, g_hash_table_lookup (answers, "handler-mobile"), CH_SMS_REGISTER, error))
    return 0;

  code = ch_cli_ask_secret (cli, "sms-code", _ ("SMS code"), FALSE);
  if (code == NULL)
    {
      g_propagate_error (error, ch_cli_new_resting ("sms-code"));
      return 0;
    }

  ch_desk_register_async (cli->desk, answers, password, code, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_desk_register_finish (cli->desk, result, error))
    return 0;

  ch_cli_say (cli, _ ("The account is made. Now log in: certhallctl account login"));
  return print_done (cli, g_hash_table_lookup (answers, "user-name"));
}

/* A certificate says whose it is: nobody asks for a name */
static int
login_by_token (ChCli *cli, GError **error)
{
  g_autoptr (ChToken) token = ch_cli_find_token (cli, cli->given.token, error);
  const ChAccount *account;
  g_autoptr (GAsyncResult) result = NULL;

  if (token == NULL || (cli->given.staff == NULL && !accept_consents (cli, "login", error)))
    return 0;
  ch_desk_login_by_certificate_async (cli->desk, token, cli->given.key, cli->given.staff, cli->asker, NULL,
                                      ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_desk_login_by_certificate_finish (cli->desk, result, error))
    return 0;

  account = ch_ports_get_account (ch_cli_get_ports (cli));
  /* Translators: %s is the name in a certificate */
  ch_cli_say (cli, _ ("Logged in by the certificate of %s."),
              account != NULL ? account->name : cli->given.staff);
  return print_done (cli, account != NULL ? account->name : cli->given.staff);
}

static gboolean
try_login (ChCli *cli, const ChLogin *login, gboolean as_staff, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_desk_login_async (cli->desk, login, as_staff, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_desk_login_finish (cli->desk, result, error);
}

/* Agreements of which there is a newer version than the one that was accepted */
static gboolean
accept_renewed (ChCli *cli, const GError *missing, GPtrArray **consents, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  const char *ids = ch_error_get_detail (missing, "consents");
  g_auto (GStrv) wanted = g_strsplit (ids != NULL ? ids : "", " ", -1);

  *consents = ch_wire_list_new (&ChConsent_wire);
  for (guint i = 0; i < profile->consents->len; i++)
    {
      const ChConsentText *text = profile->consents->pdata[i];
      ChConsent *consent;

      if (!g_strv_contains ((const char *const *) wanted, text->id))
        continue;
      show_consent (cli, text, !cli->given.accept_consents);
      if (!cli->given.accept_consents && !ch_cli_ask_yes (cli, _ ("Do you agree?")))
        break;
      consent = ch_wire_new (&ChConsent_wire);
      consent->id = g_strdup (text->id);
      consent->version = g_strdup (text->version);
      g_ptr_array_add (*consents, consent);
    }
  if (*wanted != NULL && (*consents)->len == g_strv_length (wanted))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING, "%s was not accepted; see --accept-consents",
               ids != NULL ? ids : "an agreement");
  return FALSE;
}

/* With a code to the mobile of the account nobody waits after wrong passwords */
static ChSecret *
ask_login_code (ChCli *cli, GError **error)
{
  g_autofree char *mobile = ch_cli_ask_text (cli, "handler-mobile", _ ("Mobile number of the handler"));
  ChSecret *code;

  if (mobile == NULL)
    {
      g_propagate_error (error, ch_cli_new_resting ("handler-mobile"));
      return NULL;
    }
  if (!send_code (cli, mobile, CH_SMS_LOGIN, error))
    return NULL;
  code = ch_cli_ask_secret (cli, "sms-code", _ ("SMS code"), FALSE);
  if (code == NULL)
    g_propagate_error (error, ch_cli_new_resting ("sms-code"));
  return code;
}

static int
run_login (ChCli *cli, const char *const *args, GError **error)
{
  gboolean as_staff = cli->given.staff != NULL;
  g_autofree char *name = g_strdup (as_staff ? cli->given.staff : cli->given.user);
  g_autoptr (ChSecret) password = NULL, code = NULL;
  g_autoptr (GError) local = NULL;
  ChLogin login = { 0 };

  if (cli->given.token != NULL)
    return login_by_token (cli, error);
  if (cli->given.phone)
    return accept_consents (cli, "login", error) ? ch_cli_login_by_phone (cli, error) : 0;
  if (name == NULL)
    name = ch_cli_ask_text (cli, "login-name", _ ("User name"));
  if (name == NULL)
    {
      g_propagate_error (error, ch_cli_new_resting ("login-name"));
      return 0;
    }

  password = get_password (cli, ch_field_lookup ("login-password"), error);
  if (password == NULL || (!as_staff && !accept_consents (cli, "login", error)))
    return 0;

  login.user_name = name;
  login.password = password;
  if (cli->given.by_sms)
    {
      code = ask_login_code (cli, error);
      if (code == NULL)
        return 0;
      login.sms_code = code;
    }
  if (!try_login (cli, &login, as_staff, &local)
      && (!g_error_matches (local, CH_ERROR, CH_ERROR_CONSENT_MISSING)
          || !accept_renewed (cli, local, &login.consents, error)
          || (g_clear_error (&local), !try_login (cli, &login, as_staff, &local))))
    {
      g_clear_pointer (&login.consents, g_ptr_array_unref);
      if (local != NULL && (error == NULL || *error == NULL))
        g_propagate_error (error, g_steal_pointer (&local));
      return 0;
    }
  g_clear_pointer (&login.consents, g_ptr_array_unref);

  /* Translators: %s is a user name */
  ch_cli_say (cli, _ ("Logged in as %s."), name);
  if (ch_desk_get_must_change_password (cli->desk))
    ch_cli_say (cli, _ ("This was a one-time password. Choose a new one: certhallctl account password"));
  return print_done (cli, name);
}

static int
run_logout (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!ch_server_has_session (ch_ports_get_server (ch_cli_get_ports (cli))))
    return print_done (cli, NULL);

  ch_desk_logout_async (cli->desk, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_desk_logout_finish (cli->desk, result, error))
    return 0;

  ch_cli_say (cli, _ ("Logged out."));
  return print_done (cli, NULL);
}

/**
 * ch_cli_log_in:
 *
 * Logs in for this command alone, on a PC that keeps nothing.
 */
gboolean
ch_cli_log_in (ChCli *cli, GError **error)
{
  g_autoptr (GError) local = NULL;

  cli->is_passing = TRUE;
  run_login (cli, NULL, &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * ch_cli_log_out:
 *
 * Ends what ch_cli_log_in() has begun, if it has.
 */
void
ch_cli_log_out (ChCli *cli)
{
  if (cli->is_passing)
    run_logout (cli, NULL, NULL);
}

const ChCliCommand ch_cli_account_commands[] = {
  {
      .topic = "account",
      .verb = "register",
      .summary = N_ ("Make an account"),
      .about
      = N_ ("Asks for what is not in --answers, has an SMS code sent to the handler’s mobile and asks for it "
            "(field sms-code). The agreements are shown with id and version and must be accepted."),
      .takes = CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT)
               | CH_CLI_TAKES (PASSWORD_FILE) | CH_CLI_TAKES (ACCEPT_CONSENTS),
      .needs = CH_CLI_ANYBODY,
      .run = run_register,
  },
  {
      .topic = "account",
      .verb = "login",
      .summary = N_ ("Log in"),
      .about
      = N_ ("The session is kept for the following commands until it ends, is logged out, or you log out of "
            "this PC. Members of staff log in with --staff; their session stands beside that of the account. "
            "With --token a certificate logs in instead of name and password; what is seen then are that "
            "certificate’s businesses only. With --phone a code is shown for the camera of a phone that "
            "has a certificate; on a PC that is new to the account a code by SMS is asked for too."),
      .takes = CH_CLI_TAKES (TOKEN) | CH_CLI_TAKES (KEY) | CH_CLI_TAKES (PIN_FILE) | CH_CLI_TAKES (USER)
               | CH_CLI_TAKES (STAFF) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT)
               | CH_CLI_TAKES (PASSWORD_FILE) | CH_CLI_TAKES (ACCEPT_CONSENTS) | CH_CLI_TAKES (BY_SMS)
               | CH_CLI_TAKES (PHONE),
      .needs = CH_CLI_ANYBODY,
      .run = run_login,
  },
  {
      .topic = "account",
      .verb = "logout",
      .summary = N_ ("End the session, there and here"),
      .takes = CH_CLI_TAKES (AS_STAFF),
      .needs = CH_CLI_ANYBODY,
      .run = run_logout,
  },
  { NULL },
};
