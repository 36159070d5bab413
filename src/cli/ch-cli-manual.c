#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"

/* What stands in the manual beside the tables. Section and paragraphs; a paragraph is a sentence or more. */
static const struct
{
  const char *title;
  const char *paragraphs[4];
} introduction = {
  N_ ("DESCRIPTION"),
  {
      N_ ("Does from a terminal what the window of Certhall does: registering and logging in, applying for a "
          "certificate, paying, installing, looking after what was installed, and the work of the CA’s "
          "staff."),
      N_ ("What is printed for people goes to standard error, what was asked for to standard output. With "
          "--json that is one JSON object, and nothing else is printed. Secrets are read from files or asked "
          "for, and are never given on the command line."),
      N_ ("A business that has to wait – for a payment, for the review – rests: the program ends with status "
          "75, and flow resume goes on from there, on this PC or another."),
  },
};

typedef struct
{
  const char *name;
  const char *text; /* untranslated */
} Entry;

static const Entry environment[] = {
  { "CERTHALL_SERVER", N_ ("Address of the CA’s server, when --server is not given.") },
  { "CERTHALL_TRUST", N_ ("Certificate the server is trusted by, when --trust is not given.") },
  { "CERTHALL_SHARED", N_ ("When set, as with --shared.") },
  { "CERTHALL_FIELD", N_ ("Set for the command of --ask: the id of the field that is asked for.") },
  { "CERTHALL_PROXY", N_ ("The proxy to the CA, HOST:PORT, instead of that of the system.") },
  { "CERTHALL_VERBOSE", N_ ("When set, tells more of what happens, for support. Never a secret.") },
  { "LANGUAGE, LC_ALL, LANG", N_ ("The language of the texts: English or Chinese.") },
  { NULL },
};

static const Entry files[] = {
  { "$XDG_DATA_HOME/certhall/tokens", N_ ("Software tokens, one encrypted file each.") },
  { "$XDG_DATA_HOME/certhall/state",
    N_ ("What was typed and has not arrived at the server yet, and what is on its way.") },
  { "$XDG_RUNTIME_DIR/certhall", N_ ("The session; gone when you log out of this PC.") },
  { NULL },
};

static const Entry examples[] = {
  { "certhallctl flow list", N_ ("What this CA offers.") },
  { "certhallctl flow run apply.enterprise.soft.self-pay", N_ ("Apply for an enterprise certificate.") },
  { "certhallctl --json envcheck", N_ ("What this PC lacks, for a program.") },
  { NULL },
};

/* -- roff
 * ----------------------------------------------------------------------------------------------------------
 */

/* Text as roff takes it: nothing in it is a request, no quotation mark changes. */
static char *
escape (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != 0; p++)
    {
      gboolean is_first = p == text || p[-1] == '\n';

      if (is_first && (*p == '.' || *p == '\''))
        g_string_append (out, "\\&");
      if (*p == '\\')
        g_string_append (out, "\\e");
      else if (*p == '-')
        g_string_append (out, "\\-");
      else if (*p == '"')
        g_string_append (out, "\\(dq");
      else
        g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

static void
print_line (const char *macro, const char *text)
{
  g_autofree char *escaped = escape (text);

  if (macro != NULL)
    printf ("%s \"%s\"\n", macro, escaped);
  else
    printf ("%s\n", escaped);
}

/* What may have paragraphs of its own */
static void
print_text (const char *text)
{
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n\n", -1);

  for (gsize i = 0; paragraphs[i] != NULL; i++)
    {
      if (i > 0)
        printf (".sp\n");
      print_line (NULL, paragraphs[i]);
    }
}

static void
print_entry (const char *name, const char *text)
{
  printf (".TP\n");
  print_line (".B", name);
  print_text (text);
}

static void
print_entries (const char *section, const Entry *entries)
{
  print_line (".SH", section);
  for (gsize i = 0; entries[i].name != NULL; i++)
    print_entry (entries[i].name, _ (entries[i].text));
}

/* -- Of the tables
 * -------------------------------------------------------------------------------------------------
 */

static char *
list_options (const ChCliCommand *command)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    if (ch_cli_command_takes (command, i) && i != CH_CLI_OPTION_SERVER && i != CH_CLI_OPTION_TRUST
        && i != CH_CLI_OPTION_JSON && i != CH_CLI_OPTION_SHARED)
      {
        g_autofree char *name = g_strconcat ("--", ch_cli_get_option (i)->long_name, NULL);

        g_strv_builder_add (names, name);
      }
  all = g_strv_builder_end (names);
  return g_strjoinv (", ", all);
}

static void
print_command (const ChCliCommand *command)
{
  g_autofree char *name = g_strjoin (" ", command->topic, command->verb, NULL);
  g_autofree char *options = list_options (command);
  g_autofree char *title
      = command->arguments != NULL ? g_strconcat (name, " ", command->arguments, NULL) : g_strdup (name);

  printf (".TP\n");
  print_line (".B", title);
  print_line (NULL, _ (command->summary));
  if (command->about != NULL)
    {
      printf (".sp\n");
      print_text (_ (command->about));
    }
  if (*options != 0)
    {
      /* Translators: %s is a list of options of a command */
      g_autofree char *line = g_strdup_printf (_ ("Options: %s."), options);

      printf (".sp\n");
      print_line (NULL, line);
    }
}

static void
print_commands (void)
{
  guint n;
  const ChCliCommand *const *topics = ch_cli_get_topics (&n);

  print_line (".SH", _ ("COMMANDS"));
  print_line (NULL, _ ("Every command takes --server URL, --trust FILE, --json and --shared."));
  for (guint i = 0; i < n; i++)
    {
      print_line (".SS", topics[i]->topic);
      for (const ChCliCommand *row = topics[i]; row->topic != NULL; row++)
        print_command (row);
    }
}

static void
print_options (void)
{
  print_line (".SH", _ ("OPTIONS"));
  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    {
      const GOptionEntry *option = ch_cli_get_option (i);
      g_autofree char *name
          = g_strconcat ("--", option->long_name, option->arg_description != NULL ? " " : NULL,
                         option->arg_description != NULL ? _ (option->arg_description) : NULL, NULL);

      print_entry (name, _ (option->description));
    }
}

/* Each status, and the errors that end with it */
static void
print_statuses (void)
{
  print_line (".SH", _ ("EXIT STATUS"));
  print_entry ("0", _ ("It is done."));
  for (int status = 1; status < 128; status++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; i < CH_N_ERRORS; i++)
        {
          const ChErrorInfo *info = ch_error_code_get_info (i);

          if (info->exit_status == status)
            /* Translators: what happened, and the id of the error */
            g_string_append_printf (text, _ ("%s (%s). "), _ (info->title), info->id);
        }
      if (text->len > 0)
        {
          g_autofree char *name = g_strdup_printf ("%d", status);

          print_entry (name, g_strchomp (text->str));
        }
    }
}

/**
 * ch_cli_print_manual:
 * @date: of the manual
 *
 * Prints the manual page of certhallctl, in the language of the locale.
 */
void
ch_cli_print_manual (const char *date)
{
  printf (".\\\" Written of the tables of commands, options and errors\n"
          ".TH certhallctl 1 \"%s\" \"Certhall %s\"\n.ad l\n.nh\n",
          date, CH_VERSION);
  /* Translators: the headings of the manual page follow */
  print_line (".SH", _ ("NAME"));
  printf ("certhallctl \\- %s\n", _ ("the service hall of a certificate authority, from the terminal"));
  print_line (".SH", _ ("SYNOPSIS"));
  printf (".B certhallctl\n.I TOPIC VERB\n");
  print_line (NULL, _ ("[OPTION…] [ARGUMENT…]"));
  printf (".br\n.B certhallctl\n.RB [ \\-\\-help | \\-\\-version ]\n");
  print_line (".SH", _ (introduction.title));
  for (gsize i = 0; i < G_N_ELEMENTS (introduction.paragraphs) && introduction.paragraphs[i] != NULL; i++)
    {
      if (i > 0)
        printf (".PP\n");
      print_line (NULL, _ (introduction.paragraphs[i]));
    }

  print_commands ();
  print_options ();
  print_entries (_ ("ENVIRONMENT"), environment);
  print_entries (_ ("FILES"), files);
  print_statuses ();
  print_entries (_ ("EXAMPLES"), examples);
  print_line (".SH", _ ("SEE ALSO"));
  printf (".BR certhall (1),\n.BR certhalld (8)\n");
}
