#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-pin-words.h"

/* Asks for the passphrase of a token: from --pin-file, by the command of --ask, at the terminal */
#define CH_TYPE_CLI_ASKER (ch_cli_asker_get_type ())
G_DECLARE_FINAL_TYPE (ChCliAsker, ch_cli_asker, CH, CLI_ASKER, GTlsInteraction)

struct _ChCliAsker
{
  GTlsInteraction parent_instance;

  ChCli *cli;         /* (unowned): lives longer */
  ChSecret *last_pin; /* (owned) (nullable): the old one, where a new one is chosen next */
};

G_DEFINE_FINAL_TYPE (ChCliAsker, ch_cli_asker, G_TYPE_TLS_INTERACTION)

/* What the secret is called where commands and files are asked for it, and in the terminal */
static const char *const fields[] = {
  [CH_ASK_EXISTING] = "passphrase",
  [CH_ASK_NEW] = "passphrase",
  [CH_ASK_CHANGED] = "new-passphrase",
  [CH_ASK_FILE_NEW] = "file-passphrase",
  [CH_ASK_FILE] = "file-passphrase",
  [CH_ASK_PIN] = "pin",
  [CH_ASK_PIN_CHANGED] = "new-pin",
  [CH_ASK_PIN_NEW] = "new-pin",
  [CH_ASK_PIN_PAD] = "pin",
  [CH_ASK_PIN_PAD_NEW] = "new-pin",
};

static char *
format_prompt (ChAskKind kind, const char *what)
{
  switch (kind)
    {
    case CH_ASK_CHANGED:
      /* Translators: %s is the name of a token */
      return g_strdup_printf (_ ("New passphrase of %s"), what);
    case CH_ASK_FILE_NEW:
      /* Translators: %s is the name of a token */
      return g_strdup_printf (_ ("Passphrase to be chosen for the file with %s"), what);
    case CH_ASK_FILE:
      /* Translators: %s is the name of a token or a kind of file */
      return g_strdup_printf (_ ("Passphrase of the file (%s)"), what);
    case CH_ASK_PIN:
    case CH_ASK_PIN_PAD:
      /* Translators: %s is the name of a USB key */
      return g_strdup_printf (_ ("PIN of %s"), what);
    case CH_ASK_PIN_CHANGED:
    case CH_ASK_PIN_NEW:
    case CH_ASK_PIN_PAD_NEW:
      /* Translators: %s is the name of a USB key */
      return g_strdup_printf (_ ("New PIN of %s"), what);
    case CH_ASK_EXISTING:
    case CH_ASK_NEW:
    default:
      /* Translators: %s is the name of a token */
      return g_strdup_printf (_ ("Passphrase of %s"), what);
    }
}

static const char *
get_file (const ChCliGiven *given, ChAskKind kind)
{
  if (kind == CH_ASK_CHANGED || kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW)
    return given->new_pin_file;
  return kind == CH_ASK_FILE || kind == CH_ASK_FILE_NEW ? given->file_pin_file : given->pin_file;
}

static ChErrorCode
get_code (ChAskKind kind)
{
  if (kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW)
    return CH_ERROR_PIN_UNFIT;
  if (ch_ask_kind_is_new (kind))
    return CH_ERROR_PASSPHRASE_WEAK;
  return kind == CH_ASK_FILE ? CH_ERROR_FILE_PASSPHRASE : CH_ERROR_PIN_WRONG;
}

/* The last try may lock a key medium for good: only a person who was told says that it is to be made */
static gboolean
confirm_last_try (ChCliAsker *self, GTlsPassword *password, GError **error)
{
  if (ch_asker_get_kind (password) != CH_ASK_PIN
      || (g_tls_password_get_flags (password) & G_TLS_PASSWORD_FINAL_TRY) == 0)
    return TRUE;
  if (!ch_cli_is_interactive (self->cli))
    g_set_error_literal (error, CH_ERROR, CH_ERROR_PIN_LAST_TRY, "nobody confirms the last try");
  else if (ch_cli_ask_yes (self->cli, _ ("Only one try is left for the PIN; if it is wrong, the key locks. "
                                         "Are you sure that you remember it?")))
    return TRUE;
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the last try is not made");
  return FALSE;
}

/* The rules of a new PIN, said before it is typed */
static void
say_rules (ChCliAsker *self, const ChAskLimits *limits)
{
  ch_cli_say (self->cli, "%s", _ ("The new PIN:"));
  for (guint i = 0; i < CH_N_PIN_RULES; i++)
    {
      ChPinRule rule = (ChPinRule) (1u << i);
      g_autofree char *text = NULL;

      if (rule == CH_PIN_RULE_EQUAL || (rule == CH_PIN_RULE_OTHER && self->last_pin == NULL))
        continue;
      text = ch_pin_words_format_rule (rule, limits);
      ch_cli_say (self->cli, "  • %s", text);
    }
}

/* A person chooses again until it fits; what a file says is not asked for twice */
static ChSecret *
choose_pin (ChCliAsker *self, GTlsPassword *password, ChSecret *given, const char *prompt, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (self->cli));
  ChAskLimits limits = ch_pin_words_get_limits (ch_asker_get_limits (password), profile);
  ChAskKind kind = ch_asker_get_kind (password);
  ChSecret *old = kind == CH_ASK_PIN_CHANGED ? self->last_pin : NULL;

  if (given == NULL && ch_cli_is_interactive (self->cli))
    say_rules (self, &limits);
  while (TRUE)
    {
      g_autoptr (ChSecret) pin
          = given != NULL ? ch_secret_ref (given) : ch_cli_ask_secret (self->cli, fields[kind], prompt, TRUE);
      ChPinRule unmet
          = pin != NULL ? ch_pin_find_unmet (pin, NULL, old, limits.min_length, limits.max_length) : 0;
      g_autofree char *text = NULL;

      if (unmet == 0)
        return g_steal_pointer (&pin);
      text = ch_pin_words_format_rule ((ChPinRule) (1u << g_bit_nth_lsf (unmet, -1)), &limits);
      /* Translators: %s is what a PIN must be: 6 to 16 characters */
      ch_cli_say (self->cli, _ ("The new PIN does not fit: %s."), text);
      if (given != NULL || !ch_cli_is_interactive (self->cli))
        {
          g_set_error (error, CH_ERROR, CH_ERROR_PIN_UNFIT, "%s", text);
          return NULL;
        }
    }
}

static ChSecret *
find_secret (ChCliAsker *self, GTlsPassword *password, GError **error)
{
  gboolean again = (g_tls_password_get_flags (password) & G_TLS_PASSWORD_RETRY) != 0;
  ChAskKind kind = ch_asker_get_kind (password);
  const char *file = get_file (&self->cli->given, kind);
  gboolean is_new_pin = kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW;
  g_autofree char *prompt = NULL;

  /* A file or a command would say the same again, until the token is locked */
  if (again && !ch_cli_is_interactive (self->cli))
    {
      g_set_error_literal (error, CH_ERROR, (int) get_code (kind), "the passphrase given is not right");
      return NULL;
    }
  if (!confirm_last_try (self, password, error))
    return NULL;
  if (!again && file != NULL)
    {
      g_autoptr (ChSecret) read = ch_cli_read_secret_file (file, error);

      return read == NULL || !is_new_pin ? g_steal_pointer (&read)
                                         : choose_pin (self, password, read, NULL, error);
    }

  if (again)
    ch_cli_say (self->cli, "%s", _ (ch_error_code_get_info (get_code (kind))->title));
  else if (kind == CH_ASK_PIN && (g_tls_password_get_flags (password) & G_TLS_PASSWORD_MANY_TRIES) != 0)
    ch_cli_say (self->cli, "%s.", _ (ch_pin_state_get_warning (CH_PIN_LOW)));
  prompt = format_prompt (kind, g_tls_password_get_description (password));
  if (is_new_pin)
    return choose_pin (self, password, NULL, prompt, error);
  return ch_cli_ask_secret (self->cli, fields[kind], prompt, ch_ask_kind_is_new (kind));
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
  if (ch_ask_kind_is_pad (ch_asker_get_kind (password)))
    {
      const char *name = g_tls_password_get_description (password);

      if (ch_asker_get_kind (password) == CH_ASK_PIN_PAD)
        /* Translators: %s is the name of a USB key with a keypad */
        ch_cli_say (self->cli, _ ("Enter the PIN at the keypad of %s."), name);
      else
        /* Translators: %s is the name of a USB key with a keypad */
        ch_cli_say (self->cli, _ ("Choose a PIN at the keypad of %s, and enter it there twice."), name);
      g_tls_password_set_value (password, (const guchar *) "", 0);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
      return;
    }
  secret = find_secret (self, password, &error);
  if (secret != NULL)
    {
      if (ch_asker_get_kind (password) == CH_ASK_PIN)
        {
          g_clear_pointer (&self->last_pin, ch_secret_unref);
          self->last_pin = ch_secret_ref (secret);
        }
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
ch_cli_asker_finalize (GObject *object)
{
  g_clear_pointer (&CH_CLI_ASKER (object)->last_pin, ch_secret_unref);
  G_OBJECT_CLASS (ch_cli_asker_parent_class)->finalize (object);
}

static void
ch_cli_asker_class_init (ChCliAskerClass *klass)
{
  GTlsInteractionClass *interaction_class = G_TLS_INTERACTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_cli_asker_finalize;
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
