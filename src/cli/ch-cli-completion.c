#include "config.h"

#include <stdio.h>

#include "cli/ch-cli-private.h"

/* What stands before the tables and after them; the tables are bash’s associative arrays. */
static const char head[] = "# bash completion of certhallctl, written of its table of commands\n\n";
static const char body[]
    = "\n"
      "_certhallctl ()\n"
      "{\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word skip= key=\n"
      "  local -a names=()\n"
      "\n"
      "  # Topic, verb and argument: what is neither an option nor its value\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n"
      "    if [ -n \"$skip\" ]; then\n"
      "      skip=\n"
      "    elif [[ $word == --* ]]; then\n"
      "      skip=${_certhallctl_values[$word]:-}\n"
      "    else\n"
      "      names+=(\"$word\")\n"
      "    fi\n"
      "  done\n"
      "  if [[ -n ${names[0]:-} && -n ${_certhallctl_takes[${names[0]}]+is} ]]; then\n"
      "    key=${names[0]}\n"
      "    names=(\"${names[0]}\" '' \"${names[@]:1}\")\n"
      "  elif [ ${#names[@]} -ge 2 ]; then\n"
      "    key=\"${names[0]} ${names[1]}\"\n"
      "  fi\n"
      "\n"
      "  COMPREPLY=()\n"
      "  if [ -n \"$skip\" ]; then\n"
      "    _certhallctl_complete \"$skip\"\n"
      "  elif [[ $current == -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"${_certhallctl_takes[${key:- }]:-$_certhallctl_always} "
      "--help\" -- "
      "\"$current\")\n"
      "  elif [ ${#names[@]} -eq 0 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"${!_certhallctl_verbs[*]}\" -- \"$current\")\n"
      "  elif [ ${#names[@]} -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"${_certhallctl_verbs[${names[0]}]:-}\" -- \"$current\")\n"
      "  elif [[ ${#names[@]} -eq 2 && -n $key ]]; then\n"
      "    _certhallctl_complete \"${_certhallctl_arguments[$key]:-}\"\n"
      "  fi\n"
      "}\n"
      "\n"
      "_certhallctl_complete ()\n"
      "{\n"
      "  case $1 in\n"
      "    FILE | FILE*)\n"
      "      compopt -o filenames 2>/dev/null\n"
      "      mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
      "      ;;\n"
      "    COMMAND) mapfile -t COMPREPLY < <(compgen -c -- \"$current\") ;;\n"
      "    FLOW) mapfile -t COMPREPLY < <(compgen -W \"$_certhallctl_flows\" -- \"$current\") ;;\n"
      "  esac\n"
      "}\n"
      "\n"
      "complete -F _certhallctl certhallctl\n";

static void
print_options_of (const ChCliCommand *command)
{
  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    if (ch_cli_command_takes (command, i))
      printf (" --%s", ch_cli_get_option (i)->long_name);
}

/* Of a file, whatever the option calls it */
static const char *
name_value (const GOptionEntry *option)
{
  gboolean is_file = option->arg == G_OPTION_ARG_FILENAME || option->arg == G_OPTION_ARG_FILENAME_ARRAY;

  return is_file ? "FILE" : option->arg_description;
}

/* A name may belong to two options, with a value and without: then the one with a value counts, for the value
 * is what would be taken for a topic */
static void
print_values (void)
{
  printf ("declare -gA _certhallctl_values=(\n");
  for (guint i = 0; i < CH_N_CLI_OPTIONS; i++)
    {
      const GOptionEntry *option = ch_cli_get_option (i);

      if (option->arg != G_OPTION_ARG_NONE)
        printf ("  [--%s]='%s'\n", option->long_name, name_value (option));
    }
  printf (")\n");
}

static void
print_topics (const ChCliCommand *const *topics, guint n)
{
  printf ("declare -gA _certhallctl_verbs=(\n");
  for (guint i = 0; i < n; i++)
    {
      printf ("  [%s]='", topics[i]->topic);
      for (const ChCliCommand *row = topics[i]; row->topic != NULL; row++)
        printf ("%s%s", row == topics[i] ? "" : " ", row->verb != NULL ? row->verb : "");
      printf ("'\n");
    }
  printf (")\n");
}

static void
print_commands (const ChCliCommand *const *topics, guint n, gboolean is_arguments)
{
  printf ("declare -gA _certhallctl_%s=(\n", is_arguments ? "arguments" : "takes");
  for (guint i = 0; i < n; i++)
    for (const ChCliCommand *row = topics[i]; row->topic != NULL; row++)
      {
        if (is_arguments && row->arguments == NULL)
          continue;
        printf ("  ['%s%s%s']='", row->topic, row->verb != NULL ? " " : "",
                row->verb != NULL ? row->verb : "");
        if (is_arguments)
          printf ("%s", row->arguments);
        else
          print_options_of (row);
        printf ("'\n");
      }
  printf (")\n");
}

static void
print_flows (void)
{
  guint n;
  const ChFlow *const *flows = ch_desk_get_flows (&n);

  printf ("_certhallctl_flows='");
  for (guint i = 0; i < n; i++)
    printf ("%s%s", i > 0 ? " " : "", flows[i]->id);
  printf ("'\n");
}

/**
 * ch_cli_print_completion:
 *
 * Prints what bash needs to complete topics, verbs, options, flows and files of certhallctl.
 */
void
ch_cli_print_completion (void)
{
  static const ChCliCommand nothing = { 0 };
  guint n;
  const ChCliCommand *const *topics = ch_cli_get_topics (&n);

  printf ("%s", head);
  print_topics (topics, n);
  print_commands (topics, n, FALSE);
  print_commands (topics, n, TRUE);
  print_values ();
  print_flows ();
  printf ("_certhallctl_always='");
  print_options_of (&nothing);
  printf (" --version'\n%s", body);
}
