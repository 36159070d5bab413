#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"
#include "front/ch-project-list.h"

static void
add_rows (GPtrArray *rows, const ChProject *project)
{
  g_autofree char *subjects = ch_project_format_subjects (project);

  for (guint i = 0; i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];
      g_autofree char *price = ch_project_format_price (project, term);
      g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();

      g_strv_builder_add_many (cells, project->id, ch_text_get (project->name), ch_text_get (term->name),
                               price, _ (ch_medium_get_title (project->medium)), subjects, NULL);
      g_ptr_array_add (rows, g_strv_builder_end (cells));
    }
}

static int
run_project_list (ChCli *cli, const char *const *args, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (GPtrArray) projects = ch_projects_find (profile, cli->given.search);
  const ChCliProjectList list = { projects };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (cli->given.json)
    {
      ch_cli_print_json (&ChCliProjectList_wire, &list);
      return 0;
    }
  for (guint i = 0; i < projects->len; i++)
    add_rows (rows, projects->pdata[i]);
  if (projects->len == 0)
    ch_cli_say (cli, _ ("No project has these words."));
  ch_cli_print_rows (rows);
  return 0;
}

const ChCliCommand ch_cli_project_commands[] = {
  {
      .topic = "project",
      .verb = "list",
      .summary = N_ ("The projects of the CA: terms, prices, and for whom they are"),
      .about
      = N_ ("With --search only those that have each of its words, in either language. Capitals and wide "
            "letters make no difference."),
      .takes = CH_CLI_TAKES (SEARCH),
      .needs = CH_CLI_ANYBODY,
      .run = run_project_list,
  },
  { NULL },
};
