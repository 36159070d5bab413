#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"
#include "wire/ch-policy.h"

static char *
list_subjects (const ChProject *project)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; project->subjects[i] != NULL; i++)
    {
      int subject;

      if (ch_wire_enum_from_id (&ChSubjectKind_enum, project->subjects[i], &subject))
        g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "",
                                _ (ch_subject_get_title ((ChSubjectKind) subject)));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_rows (GPtrArray *rows, const ChProject *project)
{
  g_autofree char *subjects = list_subjects (project);

  for (guint i = 0; i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];
      g_autofree char *price = project->settlement == CH_SETTLEMENT_SELF_PAY
                                   ? ch_format_fen (term->fen)
                                   : g_strdup (_ (ch_settlement_get_title (project->settlement)));
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
  const ChCliProjectList list = { profile->projects };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (cli->given.json)
    {
      ch_cli_print_json (&ChCliProjectList_wire, &list);
      return 0;
    }
  for (guint i = 0; i < profile->projects->len; i++)
    add_rows (rows, profile->projects->pdata[i]);
  ch_cli_print_rows (rows);
  return 0;
}

const ChCliCommand ch_cli_project_commands[] = {
  {
      .topic = "project",
      .verb = "list",
      .summary = N_ ("The projects of the CA: terms, prices, and for whom they are"),
      .needs = CH_CLI_ANYBODY,
      .run = run_project_list,
  },
  { NULL },
};
