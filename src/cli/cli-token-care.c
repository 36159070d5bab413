#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-private.h"
#include "front/ch-sign-test.h"

#define MAX_FILE (1024 * 1024)

static int
print_done (ChCli *cli, const char *name, const char *code)
{
  ChCliDone done = { .state = (char *) "done", .name = (char *) name, .code = (char *) code };

  if (cli->given.json)
    ch_cli_print_json (&ChCliDone_wire, &done);
  return 0;
}

static ChToken *
find_able (ChCli *cli, const char *serial, ChTokenAbilities ability, GError **error)
{
  g_autoptr (ChToken) token = ch_cli_find_token (cli, serial, error);

  if (token != NULL && (ch_token_get_info (token)->abilities & ability) == 0)
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE, "the token keeps its keys");
      return NULL;
    }
  return g_steal_pointer (&token);
}

static gboolean
check_out (ChCli *cli, GError **error)
{
  if (cli->given.out == NULL)
    g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE, "--out is needed");
  else if (g_file_test (cli->given.out, G_FILE_TEST_EXISTS))
    g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s exists already", cli->given.out);
  else
    return TRUE;
  return FALSE;
}

static gboolean
write_out (ChCli *cli, GBytes *bytes, GError **error)
{
  return bytes != NULL
         && ch_file_write_durably (cli->given.out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   0600, error);
}

static int
run_passphrase (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChToken) token = find_able (cli, args[0], CH_TOKEN_CAN_CHANGE_PIN, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (token == NULL)
    return 0;
  ch_token_change_pin_async (token, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_token_change_pin_finish (token, result, error))
    return 0;

  ch_cli_say (cli, "%s",
              (ch_token_get_info (token)->abilities & CH_TOKEN_CAN_BACK_UP) != 0
                  ? _ ("The passphrase is changed. Back-ups made before are still opened by the old one.")
                  : _ ("The PIN is changed."));
  return print_done (cli, args[0], NULL);
}

/* The file has a passphrase of its own: it goes to other programs and other people’s hands */
static int
run_export (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChToken) token = find_able (cli, args[0], CH_TOKEN_CAN_EXPORT, error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bundle = NULL;

  if (token == NULL || !check_out (cli, error))
    return 0;
  ch_token_export_bundle_async (token, cli->given.key, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  bundle = ch_token_export_bundle_finish (token, result, error);
  if (!write_out (cli, bundle, error))
    return 0;

  /* Translators: %s is a file */
  ch_cli_say (cli, _ ("Key and certificate are in %s, protected by the passphrase you chose for the file."),
              cli->given.out);
  return print_done (cli, cli->given.out, NULL);
}

static int
run_back_up (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChToken) token = find_able (cli, args[0], CH_TOKEN_CAN_BACK_UP, error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) file = NULL;

  if (token == NULL || !check_out (cli, error))
    return 0;
  ch_token_back_up_async (token, cli->given.move, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  file = ch_token_back_up_finish (token, result, error);
  if (!write_out (cli, file, error))
    return 0;

  /* Translators: %s is a file */
  ch_cli_say (cli, _ ("The back-up is in %s. The passphrase the token has now opens it."), cli->given.out);
  if (cli->given.move)
    ch_cli_say (cli, _ ("Import it on the other PC, then remove the token here with the code shown there: "
                        "certhallctl token delete TOKEN --code CODE"));
  return print_done (cli, cli->given.out, NULL);
}

static int
run_import (ChCli *cli, const char *const *args, GError **error)
{
  ChTokenHub *hub = ch_ports_get_hub (ch_cli_get_ports (cli));
  g_autoptr (GBytes) file = ch_file_read (args[0], MAX_FILE, error);
  g_autoptr (GBytes) cert_file = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autofree char *code = NULL;
  const ChTokenInfo *info;

  if (file != NULL && cli->given.certificate != NULL)
    cert_file = ch_file_read (cli->given.certificate, MAX_FILE, error);
  if (file == NULL || (cli->given.certificate != NULL && cert_file == NULL))
    return 0;

  ch_token_hub_import_async (hub, file, cert_file, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  token = ch_token_hub_import_finish (hub, result, &code, error);
  if (token == NULL)
    return 0;

  info = ch_token_get_info (token);
  /* Translators: name and serial number of a software token */
  ch_cli_say (cli, _ ("The software token “%s” (%s) is on this PC now; its keys were tried and sign."),
              info->label, info->serial);
  if (code != NULL)
    {
      /* Translators: two halves of a code of eight digits */
      ch_cli_say (cli, _ ("To finish the move, enter this code on the other PC: %.4s %s"), code, code + 4);
    }
  if (!cli->given.json)
    printf ("%s\n", info->serial);
  return print_done (cli, info->serial, code);
}

static int
run_test (ChCli *cli, const char *const *args, GError **error)
{
  ChPorts *ports = ch_cli_get_ports (cli);
  g_autoptr (ChToken) token = ch_cli_find_token (cli, args[0], error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *kind = NULL;

  if (token == NULL)
    return 0;
  ch_sign_test_async (ports, token, cli->given.key, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  kind = ch_sign_test_finish (ports, result, error);
  if (kind == NULL)
    return 0;

  /* Translators: %s is a kind of key, e.g. RSA 2048 */
  ch_cli_say (cli, _ ("The key signed a test, and the certificate confirms the signature (%s)."), kind);
  return print_done (cli, args[0], NULL);
}

/* Gone is gone: the serial number is typed again, or the other PC’s code proves that the keys live on there
 */
static int
run_delete (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChToken) token = find_able (cli, args[0], CH_TOKEN_CAN_BACK_UP, error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *typed = NULL;

  if (token == NULL)
    return 0;
  if (cli->given.code == NULL)
    {
      typed = g_strdup (cli->given.confirm);
      if (typed == NULL)
        {
          ch_cli_say (cli, _ ("This deletes the keys for ever. Without a back-up nobody can sign with these "
                              "certificates again, nor read what was encrypted for them."));
          typed = ch_cli_ask_text (cli, "confirm", _ ("Serial number of the token, to confirm"));
        }
      if (typed == NULL)
        {
          g_propagate_error (error, ch_cli_new_resting ("confirm"));
          return 0;
        }
      if (!g_str_equal (typed, args[0]))
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CANCELLED, "%s is not the serial number", typed);
          return 0;
        }
    }

  ch_token_remove_async (token, cli->given.code, cli->asker, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_token_remove_finish (token, result, error))
    return 0;
  ch_cli_say (cli, _ ("The software token is no longer on this PC."));
  return print_done (cli, args[0], NULL);
}

#define ASKS (CH_CLI_TAKES (PIN_FILE) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT))

const ChCliCommand ch_cli_token_care_commands[] = {
  {
      .topic = "token",
      .verb = "passphrase",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Change the passphrase of a software token"),
      .takes = ASKS | CH_CLI_TAKES (NEW_PIN_FILE),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_passphrase,
  },
  {
      .topic = "token",
      .verb = "unlock",
      .summary = N_ ("Unlock the PIN of the USB key that is plugged in, without an account"),
      .about
      = N_ ("Asks for the mobile of the handler (field unlock-mobile), sends a code there, asks for it "
            "(field unlock-code), then for a new PIN of your own (--new-pin-file or field new-pin). "
            "Twice a day at most for one USB key."),
      .takes = CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT)
               | CH_CLI_TAKES (NEW_PIN_FILE) | CH_CLI_TAKES (ON_MEDIUM),
      .needs = CH_CLI_ANYBODY,
      .run = ch_cli_token_unlock,
  },
  {
      .topic = "token",
      .verb = "backup",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Write a software token into one encrypted file, to be kept or moved"),
      .about
      = N_ ("The passphrase of the token opens the file. With --move the token is to live on another PC: "
            "import the file there, then delete the token here with the code shown there."),
      .takes = ASKS | CH_CLI_TAKES (OUT) | CH_CLI_TAKES (MOVE),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_back_up,
  },
  {
      .topic = "token",
      .verb = "import",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Take over a back-up, a PKCS#12 file, or an encrypted key with its certificate"),
      .takes = ASKS | CH_CLI_TAKES (FILE_PIN_FILE) | CH_CLI_TAKES (CERTIFICATE),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_import,
  },
  {
      .topic = "token",
      .verb = "export",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Write key and certificate of a software token into a PKCS#12 file"),
      .about = N_ ("The file is as good as the token: who has it and its passphrase can sign for the unit."),
      .takes = ASKS | CH_CLI_TAKES (OUT) | CH_CLI_TAKES (FILE_PIN_FILE) | CH_CLI_TAKES (KEY),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_export,
  },
  {
      .topic = "token",
      .verb = "test",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Have the key sign a test, and verify it"),
      .takes = ASKS | CH_CLI_TAKES (KEY),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_test,
  },
  {
      .topic = "token",
      .verb = "delete",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("Delete a software token with its keys from this PC"),
      .about
      = N_ ("The serial number is to be typed again, or given by --confirm. After a move, --code says that "
            "the token works on the other PC."),
      .takes = ASKS | CH_CLI_TAKES (CONFIRM) | CH_CLI_TAKES (CODE),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_delete,
  },
  { NULL },
};
