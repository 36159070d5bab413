#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"

/* Asks for the passphrase of a token: from --pin-file, by the command of --ask, at the terminal */
#define CH_TYPE_CLI_ASKER (ch_cli_asker_get_type ())
G_DECLARE_FINAL_TYPE (ChCliAsker, ch_cli_asker, CH, CLI_ASKER, GTlsInteraction)

struct _ChCliAsker
{
  GTlsInteraction parent_instance;

  ChCli *cli; /* (unowned): lives longer */
};

G_DEFINE_FINAL_TYPE (ChCliAsker, ch_cli_asker, G_TYPE_TLS_INTERACTION)

static ChSecret *
find_secret (ChCliAsker *self, GTlsPassword *password, GError **error)
{
  gboolean again = (g_tls_password_get_flags (password) & G_TLS_PASSWORD_RETRY) != 0;
  gboolean is_new = ch_asker_get_kind (password) == CH_ASK_NEW;
  g_autofree char *prompt = NULL;

  /* A file or a command would say the same again, until the token is locked */
  if (again && !ch_cli_is_interactive (self->cli))
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_PIN_WRONG, "the passphrase given is wrong");
      return NULL;
    }
  if (!again && self->cli->given.pin_file != NULL)
    return ch_cli_read_secret_file (self->cli->given.pin_file, error);

  if (again)
    ch_cli_say (self->cli, "%s", _ (ch_error_code_get_info (CH_ERROR_PIN_WRONG)->title));
  /* Translators: %s is the name of a token */
  prompt = g_strdup_printf (_ ("Passphrase of %s"), g_tls_password_get_description (password));
  return ch_cli_ask_secret (self->cli, "passphrase", prompt, is_new);
}

static void
ch_cli_asker_ask_password_async (GTlsInteraction *interaction,
                                 GTlsPassword *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  ChCliAsker *self = CH_CLI_ASKER (interaction);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) secret = NULL;

  g_task_set_source_tag (task, ch_cli_asker_ask_password_async);
  secret = find_secret (self, password, &error);
  if (secret != NULL)
    {
      ch_secret_set_password (secret, password);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
    }
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (ch_cli_is_interactive (self->cli))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the passphrase was not given");
  else
    g_task_return_int (task, G_TLS_INTERACTION_UNHANDLED);
}

static GTlsInteractionResult
ch_cli_asker_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  return answer < 0 ? G_TLS_INTERACTION_FAILED : (GTlsInteractionResult) answer;
}

static void
ch_cli_asker_class_init (ChCliAskerClass *klass)
{
  GTlsInteractionClass *interaction_class = G_TLS_INTERACTION_CLASS (klass);

  interaction_class->ask_password_async = ch_cli_asker_ask_password_async;
  interaction_class->ask_password_finish = ch_cli_asker_ask_password_finish;
}

static void
ch_cli_asker_init (ChCliAsker *self)
{
}

/**
 * ch_cli_asker_new:
 * @cli: outlives it
 *
 * Returns: (transfer full): who asks for PINs in the terminal
 */
GTlsInteraction *
ch_cli_asker_new (ChCli *cli)
{
  ChCliAsker *self = g_object_new (CH_TYPE_CLI_ASKER, NULL);

  self->cli = cli;
  return G_TLS_INTERACTION (self);
}
