#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "wire/ch-policy.h"
#include "wire/messages-error.h"

/* Seconds this PC’s clock may be wrong before it is worth a word */
#define CLOCK_TOLERANCE 300
#define COLUMN_GAP      2
#define ALWAYS          (CH_CLI_TAKES (SERVER) | CH_CLI_TAKES (TRUST) | CH_CLI_TAKES (JSON) | CH_CLI_TAKES (SHARED))
/* What logging in takes: with --shared every command does that by itself */
#define LOGGING_IN (CH_CLI_TAKES (USER) | CH_CLI_TAKES (PASSWORD_FILE) | CH_CLI_TAKES (ACCEPT_CONSENTS))

static const ChCliCommand *const topics[] = {
  ch_cli_account_commands,     ch_cli_care_commands,      ch_cli_flow_commands,    ch_cli_token_commands,
  ch_cli_token_care_commands,  ch_cli_cert_commands,      ch_cli_list_commands,    ch_cli_afterwards_commands,
  ch_cli_application_commands, ch_cli_documents_commands, ch_cli_project_commands, ch_cli_ca_commands,
  ch_cli_entry_commands,       ch_cli_staff_commands,     ch_cli_refund_commands,  ch_cli_check_commands,
  ch_cli_lookup_commands,      ch_cli_phone_commands,     ch_cli_batch_commands,   ch_cli_remind_commands,
};

static const GOptionEntry option_rows[] = {
#define O(code, name, member, kind, argument, text)                                                          \
  {                                                                                                          \
    name, 0, 0, G_OPTION_ARG_##kind, GSIZE_TO_POINTER (G_STRUCT_OFFSET (ChCliGiven, member)), text, argument \
  },
  CH_CLI_OPTIONS (O)
#undef O
};

G_STATIC_ASSERT (G_N_ELEMENTS (option_rows) == CH_N_CLI_OPTIONS);

/* -- Waiting
 * ---------------------------------------------------------------------------------------------------- */

/**
 * ch_cli_on_result_cb:
 *
 * The callback of every call that is waited for by ch_cli_wait().
 */
void
ch_cli_on_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object (&((ChCli *) user_data)->result, result);
}

/**
 * ch_cli_wait:
 *
 * The terminal does one thing at a time: there is no loop around its commands, and this is where they wait.
 *
 * Returns: (transfer full): what ch_cli_on_result_cb() was given
 */
GAsyncResult *
ch_cli_wait (ChCli *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&self->result);
}

ChPorts *
ch_cli_get_ports (ChCli *self)
{
  return ch_desk_get_ports (self->desk);
}

/**
 * ch_cli_call:
 * @route: which call
 * @args: (nullable): what stands for each {name}
 * @request: (nullable): the message
 *
 * Calls the server and waits.
 *
 * Returns: (transfer full): the answer
 */
gpointer
ch_cli_call (ChCli *self,
             const ChRoute *route,
             const char *const *args,
             gconstpointer request,
             GError **error)
{
  ChServer *server = ch_ports_get_server (ch_cli_get_ports (self));
  g_autofree char *key = (route->flags & CH_ROUTE_CHANGES) != 0 ? g_uuid_string_random () : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  ch_server_call_async (server, route, args, request, key, NULL, ch_cli_on_result_cb, self);
  result = ch_cli_wait (self);
  return ch_server_call_finish (server, result, error);
}

/* -- Telling
 * ---------------------------------------------------------------------------------------------------- */

/**
 * ch_cli_say:
 *
 * Tells a human how things go; what a command is asked for goes to standard output instead.
 */
void
ch_cli_say (ChCli *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (self->given.json)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("%s\n", text);
}

/**
 * ch_cli_get_label:
 * @field: id of a field or document
 *
 * Returns: (transfer none): its name for people, or the id
 */
const char *
ch_cli_get_label (ChCli *self, const char *field)
{
  const ChField *declared = ch_field_lookup (field);
  const ChProfile *profile = self->desk != NULL ? ch_ports_get_profile (ch_cli_get_ports (self)) : NULL;

  if (declared != NULL)
    return _ (declared->label);
  for (guint i = 0; profile != NULL && i < profile->documents->len; i++)
    {
      const ChDocumentRule *rule = profile->documents->pdata[i];

      if (g_str_equal (rule->id, field))
        return ch_text_get (rule->name);
    }

  return field;
}

static void
tell_fields (ChCli *self, const GError *error)
{
  GPtrArray *fields = ch_error_get_fields (error);

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *field = fields->pdata[i];

      g_printerr ("  %s (%s): %s %s\n", ch_cli_get_label (self, field->field), field->field,
                  field->reason != CH_REASON_OK ? _ (ch_reason_get_text (field->reason)) : "",
                  field->remark != NULL ? field->remark : "");
    }
}

/* Something is missing that nobody could be asked for: its id is what programs want to know */
static void
tell_missing (ChCli *self, const ChFieldError *field)
{
  ChCliDone message = { .state = (char *) "resting", .field = field->field };

  if (self->given.json)
    ch_cli_print_json (&ChCliDone_wire, &message);
  else
    printf ("%s\n", field->field);
}

static void
tell_error (ChCli *self, const GError *error)
{
  const ChErrorInfo *info = ch_error_get_info (error);
  GPtrArray *fields = ch_error_get_fields (error);

  if (g_error_matches (error, CH_ERROR, CH_ERROR_RESTING) && fields != NULL)
    tell_missing (self, fields->pdata[0]);
  else if (self->given.json)
    {
      g_autoptr (GBytes) json = ch_failure_encode_error (error, ch_error_get_detail (error, "request"));

      printf ("%.*s\n", (int) g_bytes_get_size (json), (const char *) g_bytes_get_data (json, NULL));
    }
  if (self->given.json)
    return;

  /* Translators: what happened, and what to do: %3$s is the id of the error, for support */
  g_printerr (_ ("%1$s. %2$s [%3$s]\n"), _ (info->title), _ (info->todo), info->id);
  tell_fields (self, error);
  g_printerr ("  %s\n", error->message);
}

/**
 * ch_cli_print_json:
 * @type: the type of @message
 */
void
ch_cli_print_json (const ChWireType *type, gconstpointer message)
{
  g_autoptr (GBytes) json = ch_wire_encode (type, message);

  printf ("%.*s\n", (int) g_bytes_get_size (json), (const char *) g_bytes_get_data (json, NULL));
}

/* How many columns of a terminal it takes: Chinese characters are two wide */
static guint
measure (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/**
 * ch_cli_print_rows:
 * @rows: (element-type GStrv): cells; the last one of a row may be as long as it likes
 *
 * Prints a table whose columns stand under each other.
 */
void
ch_cli_print_rows (GPtrArray *rows)
{
  guint widths[16] = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      GStrv cells = rows->pdata[i];

      for (guint j = 0; j < G_N_ELEMENTS (widths) && cells[j] != NULL; j++)
        widths[j] = MAX (widths[j], measure (cells[j]));
    }

  for (guint i = 0; i < rows->len; i++)
    {
      GStrv cells = rows->pdata[i];

      for (guint j = 0; j < G_N_ELEMENTS (widths) && cells[j] != NULL; j++)
        printf ("%s%*s", cells[j],
                cells[j + 1] != NULL ? (int) (widths[j] - measure (cells[j]) + COLUMN_GAP) : 0, "");
      printf ("\n");
    }
}

/**
 * ch_cli_print_properties:
 * @properties: (element-type ChProperty): names and values
 */
void
ch_cli_print_properties (GPtrArray *properties)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < properties->len; i++)
    {
      const ChProperty *property = properties->pdata[i];
      const char *const cells[] = { _ (property->label), property->value, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
}

/* -- Commands
 * --------------------------------------------------------------------------------------------------- */

/**
 * ch_cli_get_topics:
 * @n_topics: (out): how many
 *
 * Returns: (transfer none) (array length=n_topics): the commands of each topic, each ended by an empty row
 */
const ChCliCommand *const *
ch_cli_get_topics (guint *n_topics)
{
  *n_topics = G_N_ELEMENTS (topics);
  return topics;
}

/**
 * ch_cli_get_option:
 *
 * Returns: (transfer none): its name, kind and untranslated texts
 */
const GOptionEntry *
ch_cli_get_option (ChCliOption option)
{
  return &option_rows[option];
}

gboolean
ch_cli_command_takes (const ChCliCommand *command, ChCliOption option)
{
  guint64 takes = ALWAYS | command->takes | (command->needs == CH_CLI_MEMBER ? LOGGING_IN : 0);

  return ((takes >> option) & 1) != 0;
}

/* As it is typed: topic and verb, or the topic alone where there is one thing to do */
static char *
format_name (const ChCliCommand *command)
{
  return g_strjoin (" ", command->topic, command->verb, NULL);
}

static const ChCliCommand *
find_command (const char *topic, const char *verb)
{
  for (gsize i = 0; i < G_N_ELEMENTS (topics); i++)
    for (const ChCliCommand *row = topics[i]; row->topic != NULL; row++)
      if (g_strcmp0 (row->topic, topic) == 0 && g_strcmp0 (row->verb, verb) == 0)
        return row;
  return NULL;
}

/* All commands, or those of one topic */
static void
print_commands (const char *topic)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (gsize i = 0; i < G_N_ELEMENTS (topics); i++)
    for (const ChCliCommand *row = topics[i]; row->topic != NULL; row++)
      if (topic == NULL || g_str_equal (topic, row->topic))
        {
          g_autofree char *typed = format_name (row);
          g_autofree char *name
              = g_strdup_printf ("  %s %s", typed, row->arguments != NULL ? row->arguments : "");
          const char *const cells[] = { name, _ (row->summary), NULL };

          g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
        }

  printf ("%s\n\n", _ ("Usage: certhallctl TOPIC VERB [OPTION…] [ARGUMENT…]"));
  ch_cli_print_rows (rows);
  printf ("\n%s\n%s\n", _ ("certhallctl TOPIC VERB --help tells more of one of them."),
          _ ("Every command takes --server URL, --trust FILE, --json and --shared."));
}

static GOptionContext *
build_context (ChCli *self, const ChCliCommand *command)
{
  g_autofree char *typed = format_name (command);
  g_autofree char *usage
      = g_strdup_printf ("%s %s", typed, command->arguments != NULL ? command->arguments : "");
  g_autofree char *summary
      = g_strjoin ("\n\n", _ (command->summary), command->about != NULL ? _ (command->about) : NULL, NULL);
  GOptionContext *context = g_option_context_new (usage);
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    if (ch_cli_command_takes (command, i))
      {
        GOptionEntry entry = option_rows[i];

        entry.arg_data = G_STRUCT_MEMBER_P (&self->given, GPOINTER_TO_SIZE (entry.arg_data));
        g_array_append_val (entries, entry);
      }

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (
      context,
      _ ("Exit status: 0 when it is done, 75 when it rests, else the status of the error that is told."));
  g_option_context_add_main_entries (context, (GOptionEntry *) entries->data, GETTEXT_PACKAGE);
  g_array_unref (entries);
  return context;
}

static guint
count_words (const ChCliCommand *command)
{
  return command->verb != NULL ? 3 : 2;
}

static gboolean
parse (ChCli *self, const ChCliCommand *command, GStrv *args, GError **error)
{
  g_autoptr (GOptionContext) context = build_context (self, command);
  g_autofree char *typed = format_name (command);
  g_autoptr (GError) local = NULL;
  guint n_given, n_wanted;

  if (!g_option_context_parse_strv (context, args, &local))
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE, local->message);
      return FALSE;
    }

  /* Program, topic and verb are left, then what it is about */
  n_given = g_strv_length (*args);
  n_wanted = count_words (command) + command->n_args;
  if (n_given < n_wanted || (n_given > n_wanted && !command->takes_more))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s %s", typed,
                   command->arguments != NULL ? command->arguments : "takes no argument");
      return FALSE;
    }

  if (self->given.server == NULL)
    self->given.server = g_strdup (g_getenv ("CERTHALL_SERVER"));
  if (self->given.trust == NULL)
    self->given.trust = g_strdup (g_getenv ("CERTHALL_TRUST"));
  self->given.shared = self->given.shared || g_getenv ("CERTHALL_SHARED") != NULL;
  return TRUE;
}

static gboolean
connect_desk (ChCli *self, ChCliNeeds needs, GError **error)
{
  ChPorts *ports = ch_cli_get_ports (self);
  g_autoptr (GAsyncResult) result = NULL;

  ch_desk_connect_async (self->desk, NULL, ch_cli_on_result_cb, self);
  result = ch_cli_wait (self);
  if (!ch_desk_connect_finish (self->desk, result, error))
    return FALSE;

  if (ABS (ch_clock_get_offset ()) > CLOCK_TOLERANCE)
    ch_cli_say (self, _ ("This PC’s clock is wrong; the server’s time is used."));

  if (self->given.shared && needs == CH_CLI_MEMBER && ch_ports_get_account (ports) == NULL)
    return ch_cli_log_in (self, error);
  if ((needs == CH_CLI_MEMBER && ch_ports_get_account (ports) == NULL)
      || (needs == CH_CLI_STAFF && !ch_server_has_session (ch_ports_get_server (ports))))
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN, "there is no session, or it has ended");
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_alone (ChCli *self, ChCliNeeds needs)
{
  return needs == CH_CLI_ALONE
         || (needs == CH_CLI_EITHER
             && (self->given.offline || self->given.anchors != NULL || self->given.server == NULL
                 || self->given.trust == NULL));
}

static gboolean
set_up (ChCli *self,
        const ChCliCommand *command,
        ChCliPortsFunc make_ports,
        gpointer user_data,
        GError **error)
{
  gboolean as_staff = command->needs == CH_CLI_STAFF || self->given.staff != NULL || self->given.as_staff;
  gboolean has_server = !is_alone (self, command->needs);
  g_autoptr (ChPorts) ports = NULL;

  if (has_server && (self->given.server == NULL || self->given.trust == NULL))
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE, "--server and --trust are needed");
      return FALSE;
    }

  ports = make_ports (has_server ? self->given.server : NULL, self->given.trust, as_staff, self->given.shared,
                      self->asker, user_data, error);
  if (ports == NULL)
    return FALSE;

  self->desk = ch_desk_new (ports);
  return !has_server || command->needs == CH_CLI_HERE || connect_desk (self, command->needs, error);
}

static int
run_command (ChCli *self,
             const ChCliCommand *command,
             GStrv *args,
             ChCliPortsFunc make_ports,
             gpointer user_data,
             GError **error)
{
  if (!parse (self, command, args, error) || !set_up (self, command, make_ports, user_data, error)
      || (self->given.answers != NULL && !ch_cli_load_answers (self, error)))
    return 0;

  return command->run (self, (const char *const *) *args + count_words (command), error);
}

static void
clear (ChCli *self)
{
  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (&self->given, GPOINTER_TO_SIZE (option_rows[i].arg_data));

      if (option_rows[i].arg == G_OPTION_ARG_STRING_ARRAY
          || option_rows[i].arg == G_OPTION_ARG_FILENAME_ARRAY)
        g_clear_pointer ((GStrv *) member, g_strfreev);
      else if (option_rows[i].arg != G_OPTION_ARG_NONE)
        g_clear_pointer ((char **) member, g_free);
    }
  g_clear_object (&self->desk);
  g_clear_object (&self->result);
  g_clear_object (&self->asker);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->answers_dir, g_free);
}

/**
 * ch_cli_run:
 * @make_ports: makes the adapters when it is known what is needed
 *
 * Runs the command that is given on the command line.
 *
 * Returns: the exit status
 */
int
ch_cli_run (int argc, char **argv, ChCliPortsFunc make_ports, gpointer user_data)
{
  g_auto (GStrv) args = g_strdupv (argv);
  const ChCliCommand *command = argc > 2 ? find_command (args[1], args[2]) : NULL;
  const char *topic = argc > 1 && *args[1] != '-' ? args[1] : NULL;
  ChCli self = { 0 };
  g_autoptr (GError) error = NULL;
  int status;

  if (argc == 2 && g_str_equal (args[1], "--version"))
    {
      printf ("certhallctl %s\n", CH_VERSION);
      return 0;
    }
  if (command == NULL && topic != NULL)
    command = find_command (topic, NULL);
  if (command == NULL)
    {
      gboolean is_asked = argc > 1 && g_str_equal (args[argc - 1], "--help");

      print_commands (topic);
      return is_asked ? 0 : ch_error_code_get_info (CH_ERROR_USAGE)->exit_status;
    }

  self.asker = ch_cli_asker_new (&self);
  status = run_command (&self, command, &args, make_ports, user_data, &error);
  if (error != NULL)
    {
      tell_error (&self, error);
      status = ch_error_get_info (error)->exit_status;
    }
  fflush (stdout);
  ch_cli_log_out (&self);
  clear (&self);
  return status;
}
