#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-private.h"

#define ANSWERS_LIMIT (1024 * 1024)
#define SECRET_LIMIT  512

/* -- The answers file
 * ---------------------------------------------------------------------------------------- */

static gboolean
is_document (ChCli *self, const char *id)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (self));

  for (guint i = 0; profile != NULL && i < profile->documents->len; i++)
    if (g_str_equal (((const ChDocumentRule *) profile->documents->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

/* A misspelt id would be an answer that silently is not given; a secret in a file would stay there */
static gboolean
check_ids (ChCli *self, GHashTable *answers, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, answers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      const ChField *field = ch_field_lookup (id);

      if (field != NULL && ch_field_is_secret (field))
        {
          g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is a secret and must not be in the answers file",
                       (const char *) id);
          return FALSE;
        }
      if (field == NULL && !is_document (self, id))
        {
          g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s in the answers file is no field and no document",
                       (const char *) id);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * ch_cli_load_answers:
 *
 * Reads the file of --answers. Each answer is used once: what is asked for again needs another.
 */
gboolean
ch_cli_load_answers (ChCli *self, GError **error)
{
  g_autoptr (GBytes) content = ch_file_read (self->given.answers, ANSWERS_LIMIT, error);
  g_autoptr (GError) local = NULL;
  g_autoptr (ChCliAnswers) message = NULL;

  if (content == NULL)
    return FALSE;

  /* The readers know messages of fixed members: the object becomes the value of one */
  if (ch_wire_scan (content, &local))
    {
      GString *text = g_string_new ("{\"answers\":");
      g_autoptr (GBytes) wrapped = NULL;

      g_string_append_len (text, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
      g_string_append_c (text, '}');
      wrapped = g_string_free_to_bytes (text);
      message = ch_wire_decode (&ChCliAnswers_wire, wrapped, &local);
    }
  if (message == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is no JSON object of texts: %s", self->given.answers,
                   local->message);
      return FALSE;
    }

  if (!check_ids (self, message->answers, error))
    return FALSE;
  self->answers = g_steal_pointer (&message->answers);
  self->answers_dir = g_path_get_dirname (self->given.answers);
  return TRUE;
}

/* -- The command of --ask
 * ---------------------------------------------------------------------------------------- */

static ChSecret *
take_first_line (GBytes *output)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (output, &len);
  const char *end = len > 0 ? memchr (data, '\n', len) : NULL;
  gsize n = end != NULL ? (gsize) (end - data) : len;
  ChSecret *line;

  while (n > 0 && data[n - 1] == '\r')
    n--;
  line = n > 0 ? ch_secret_new (data, n) : NULL;
  /* Nobody else holds these bytes; they may be a passphrase */
  ch_secret_wipe ((gpointer) data, len);
  return line;
}

/* What it prints may be a secret, so it is taken for one */
static ChSecret *
run_ask_command (ChCli *self, const char *field)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_shell_parse_argv (self->given.ask, NULL, &argv, &error))
    {
      g_printerr ("--ask: %s\n", error->message);
      return NULL;
    }

  for (gsize i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (argv[i]));
  g_ptr_array_add (words, g_strdup (field));
  g_ptr_array_add (words, NULL);
  g_subprocess_launcher_setenv (launcher, "CERTHALL_FIELD", field, TRUE);

  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  if (process == NULL || !g_subprocess_communicate (process, NULL, NULL, &output, NULL, &error))
    {
      g_printerr ("--ask: %s\n", error->message);
      return NULL;
    }

  return g_subprocess_get_successful (process) ? take_first_line (output) : NULL;
}

/* -- The human at the terminal
 * ----------------------------------------------------------------------------------- */

gboolean
ch_cli_is_interactive (ChCli *self)
{
  return !self->given.no_input && isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

gboolean
ch_cli_can_ask (ChCli *self)
{
  return self->given.ask != NULL || ch_cli_is_interactive (self);
}

static char *
read_line (const char *prompt)
{
  char *line = NULL;
  size_t size = 0;
  g_autofree char *copy = NULL;

  g_printerr ("%s: ", prompt);
  if (getline (&line, &size, stdin) >= 0)
    copy = g_strchomp (g_strdup (line));
  free (line);
  return copy != NULL && g_utf8_validate (copy, -1, NULL) ? g_steal_pointer (&copy) : NULL;
}

/* One key after the other: neither shown nor kept in the line of the terminal. Returns what was typed, %NULL
 * after Ctrl+C or Ctrl+D. */
static ChSecret *
read_keys (void)
{
  char keys[SECRET_LIMIT];
  gsize n = 0;
  ChSecret *secret = NULL;

  while (TRUE)
    {
      char key = 0;
      gssize got = read (STDIN_FILENO, &key, 1);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0 || key == 3 || key == 4)
        break;
      if (key == '\r' || key == '\n')
        {
          secret = ch_secret_new (keys, n);
          break;
        }
      if (key == 127 || key == 8)
        while (n > 0 && ((guchar) keys[--n] & 0xc0) == 0x80)
          continue;
      else if (key == 21)
        n = 0;
      else if (n < sizeof keys)
        keys[n++] = key;
    }

  ch_secret_wipe (keys, sizeof keys);
  return secret;
}

static ChSecret *
read_secret (const char *prompt)
{
  struct termios before, quiet;
  ChSecret *secret;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return NULL;

  quiet = before;
  quiet.c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG);
  quiet.c_cc[VMIN] = 1;
  quiet.c_cc[VTIME] = 0;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  /* Only now: what is typed at once must neither be shown nor be lost */
  g_printerr ("%s: ", prompt);
  secret = read_keys ();
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  g_printerr ("\n");
  return secret;
}

static gboolean
copy_text (const guint8 *data, gsize len, gpointer user_data)
{
  *(char **) user_data = g_strndup ((const char *) data, len);
  return TRUE;
}

/**
 * ch_cli_ask_text:
 * @field: id of a field or document
 * @prompt: its name for people
 *
 * Returns: (transfer full) (nullable): what the command of --ask or the human says; empty when the human only
 * presses Enter
 */
char *
ch_cli_ask_text (ChCli *self, const char *field, const char *prompt)
{
  if (self->given.ask != NULL)
    {
      g_autoptr (ChSecret) line = run_ask_command (self, field);
      char *text = NULL;

      if (line != NULL)
        ch_secret_with (line, copy_text, &text);
      if (text != NULL && g_utf8_validate (text, -1, NULL))
        return text;
      g_free (text);
    }

  return ch_cli_is_interactive (self) ? read_line (prompt) : NULL;
}

/**
 * ch_cli_ask_secret:
 * @field: id of a secret field
 * @prompt: what it is for
 * @twice: whether it is chosen now: a human types it twice
 *
 * Returns: (transfer full) (nullable): the secret
 */
ChSecret *
ch_cli_ask_secret (ChCli *self, const char *field, const char *prompt, gboolean twice)
{
  ChSecret *secret = self->given.ask != NULL ? run_ask_command (self, field) : NULL;

  if (secret != NULL || !ch_cli_is_interactive (self))
    return secret;

  while (TRUE)
    {
      g_autoptr (ChSecret) first = read_secret (prompt);
      g_autoptr (ChSecret) second = NULL;

      if (first == NULL || !twice)
        return g_steal_pointer (&first);

      second = read_secret (_ ("Once more"));
      if (second == NULL || ch_secret_equal (first, second))
        return g_steal_pointer (&second);
      g_printerr ("%s\n", _ (ch_reason_get_text (CH_REASON_NOT_EQUAL)));
    }
}

/**
 * ch_cli_ask_yes:
 * @question: a whole sentence
 *
 * Returns: whether the human agrees; %FALSE when nobody can be asked
 */
gboolean
ch_cli_ask_yes (ChCli *self, const char *question)
{
  g_autofree char *prompt = NULL;
  g_autofree char *line = NULL;
  g_autofree char *lower = NULL;

  if (!ch_cli_is_interactive (self))
    return FALSE;

  /* Translators: %s is a question; y and yes are understood in every language */
  prompt = g_strdup_printf (_ ("%s [y/n]"), question);
  line = read_line (prompt);
  lower = line != NULL ? g_utf8_strdown (line, -1) : NULL;
  return g_strcmp0 (lower, "y") == 0 || g_strcmp0 (lower, "yes") == 0 || g_strcmp0 (lower, _ ("yes")) == 0;
}

/**
 * ch_cli_read_secret_file:
 * @path: a file whose first line is the secret
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_cli_read_secret_file (const char *path, GError **error)
{
  g_autoptr (GBytes) content = ch_file_read (path, SECRET_LIMIT, error);
  ChSecret *secret = content != NULL ? take_first_line (content) : NULL;

  if (content != NULL && secret == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s has no first line", path);
  return secret;
}

/**
 * ch_cli_new_resting:
 * @field: what is missing
 *
 * Returns: (transfer full): the error of a command that cannot go on without it
 */
GError *
ch_cli_new_resting (const char *field)
{
  GError *error = g_error_new (CH_ERROR, CH_ERROR_RESTING, "%s is missing", field);

  ch_error_add_field (error, field, CH_REASON_MISSING, NULL);
  return error;
}
