#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"

/* What is given for none of them: the quickest is taken */
#define AUTOMATIC "auto"

static ChEntries *
get_entries (ChCli *cli)
{
  return ch_server_get_entries (ch_ports_get_server (ch_cli_get_ports (cli)));
}

static ChCliEntry *
describe (ChEntries *entries, const ChEntryRow *row)
{
  ChCliEntry *entry = ch_wire_new (&ChCliEntry_wire);

  entry->id = g_strdup (row->id);
  entry->name = g_strdup (ch_entry_row_get_title (row));
  entry->url = g_strdup (row->url);
  entry->state = row->state;
  entry->milliseconds = row->milliseconds;
  entry->current = row == ch_entries_get_current (entries);
  entry->chosen = g_strcmp0 (row->id, ch_entries_get_chosen (entries)) == 0;
  return entry;
}

static char *
format_state (const ChCliEntry *entry)
{
  switch (entry->state)
    {
    case CH_ENTRY_ANSWERS:
      /* Translators: how long a server took to answer */
      return g_strdup_printf (_ ("%d ms"), (int) entry->milliseconds);
    case CH_ENTRY_SILENT:
      return g_strdup (_ ("does not answer"));
    default:
      return g_strdup (_ ("not measured"));
    }
}

static const char *
get_mark (const ChCliEntry *entry)
{
  if (entry->current)
    return entry->chosen ? _ ("in use, chosen") : _ ("in use");
  return entry->chosen ? _ ("chosen") : "";
}

static void
print_entries (ChCli *cli, ChEntries *entries)
{
  g_autoptr (GPtrArray) items = ch_wire_list_new (&ChCliEntry_wire);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const ChCliEntryList list = { items };

  for (guint i = 0; i < ch_entries_get_n (entries); i++)
    {
      ChCliEntry *entry = describe (entries, ch_entries_get (entries, i));
      g_autofree char *state = format_state (entry);
      const char *const cells[] = { entry->id, entry->name, entry->url, state, get_mark (entry), NULL };

      g_ptr_array_add (items, entry);
      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  if (cli->given.json)
    ch_cli_print_json (&ChCliEntryList_wire, &list);
  else
    ch_cli_print_rows (rows);
}

static gboolean
measure (ChCli *cli, GError **error)
{
  ChServer *server = ch_ports_get_server (ch_cli_get_ports (cli));
  g_autoptr (GAsyncResult) result = NULL;

  ch_server_measure_async (server, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_server_measure_finish (server, result, error);
}

static int
run_entries (ChCli *cli, const char *const *args, GError **error)
{
  if (measure (cli, error))
    print_entries (cli, get_entries (cli));
  return 0;
}

static int
run_use (ChCli *cli, const char *const *args, GError **error)
{
  ChEntries *entries = get_entries (cli);
  const char *id = g_str_equal (args[0], AUTOMATIC) ? NULL : args[0];

  if (!ch_entries_choose (entries, id))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no entry %s: see certhallctl ca entries",
                   id);
      return 0;
    }
  if (measure (cli, error))
    print_entries (cli, entries);
  return 0;
}

const ChCliCommand ch_cli_entry_commands[] = {
  {
      .topic = "ca",
      .verb = "entries",
      .summary = N_ ("The addresses at which the CA answers, how quickly, and which is in use"),
      .about
      = N_ ("They lead to the same accounts. The quickest is in use unless another was chosen; when it "
            "does not answer, the next one is asked, and nothing is done twice."),
      .needs = CH_CLI_ANYBODY,
      .run = run_entries,
  },
  {
      .topic = "ca",
      .verb = "use",
      .arguments = N_ ("ENTRY"),
      .summary = N_ ("Go through this entry, by its id; auto: through the quickest"),
      .about = N_ ("Holds on this PC until another is chosen, in the window too."),
      .n_args = 1,
      .needs = CH_CLI_ANYBODY,
      .run = run_use,
  },
  { NULL },
};
