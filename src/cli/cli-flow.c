#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "flow/ch-choice.h"
#include "front/ch-needs.h"
#include "wire/ch-policy.h"

static ChCliFlow *
describe_flow (ChCli *cli, const ChFlow *flow)
{
  ChCliFlow *message = ch_wire_new (&ChCliFlow_wire);

  message->id = g_strdup (flow->id);
  message->title = g_strdup (_ (flow->title));
  message->offered = ch_profile_offers (ch_ports_get_profile (ch_cli_get_ports (cli)), &flow->axes);
  return message;
}

/* What can be chosen whatever was answered before: a city depends on its province and is left out; the only
 * project there is is chosen */
static GStrv
list_choices (ChCli *cli, const ChFlow *flow, const ChField *field)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (GHashTable) answers = ch_wire_map_new ();
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (profile, &flow->axes);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GPtrArray) choices = NULL;

  if (projects->len == 1)
    g_hash_table_insert (answers, g_strdup ("project"),
                         g_strdup (((const ChProject *) projects->pdata[0])->id));
  choices = ch_choices_list (field, profile, &flow->axes, answers);

  for (guint i = 0; i < choices->len; i++)
    g_strv_builder_add (ids, ((const ChChoice *) choices->pdata[i])->id);
  return choices->len > 0 ? g_strv_builder_end (ids) : NULL;
}

static gboolean
is_choice (const ChField *field)
{
  return field->kind == CH_FIELD_CHOICE || field->kind == CH_FIELD_PROJECT || field->kind == CH_FIELD_TERM
         || field->kind == CH_FIELD_SUBJECT || field->kind == CH_FIELD_PROVINCE
         || field->kind == CH_FIELD_CITY;
}

static void
describe_form (ChCli *cli, const ChFlow *flow, const ChForm *form, GPtrArray *fields)
{
  for (gsize i = 0; form != NULL && form->fields[i] != NULL; i++)
    {
      const ChField *field = form->fields[i];
      ChCliField *message = ch_wire_new (&ChCliField_wire);

      message->id = g_strdup (field->id);
      message->label = g_strdup (_ (field->label));
      message->optional = field->optional;
      message->secret = ch_field_is_secret (field);
      message->choices = is_choice (field) ? list_choices (cli, flow, field) : NULL;
      g_ptr_array_add (fields, message);
    }
}

static void
describe_documents (ChCli *cli, const ChFlow *flow, GPtrArray *fields)
{
  g_autoptr (GPtrArray) rules
      = ch_profile_list_documents (ch_ports_get_profile (ch_cli_get_ports (cli)), &flow->axes);

  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];
      ChCliField *message = ch_wire_new (&ChCliField_wire);

      message->id = g_strdup (rule->id);
      message->label = g_strdup (ch_text_get (rule->name));
      message->optional = !rule->required;
      message->document = TRUE;
      g_ptr_array_add (fields, message);
    }
}

static ChCliStep *
describe_step (ChCli *cli, const ChFlow *flow, const ChStep *step)
{
  ChCliStep *message = ch_wire_new (&ChCliStep_wire);

  message->id = g_strdup (step->id);
  message->title = g_strdup (_ (step->title));
  message->needs = ch_facts_format (step->needs);
  message->gives = ch_facts_format (step->gives);
  message->automatic = (step->flags & CH_STEP_AUTO) != 0;
  message->fields = ch_wire_list_new (&ChCliField_wire);
  describe_form (cli, flow, step->form, message->fields);
  if (step->page == CH_PAGE_DOCUMENTS)
    describe_documents (cli, flow, message->fields);
  return message;
}

static void
print_step (const ChCliStep *step)
{
  g_autofree char *needs = g_strjoinv (" ", step->needs);
  g_autofree char *gives = g_strjoinv (" ", step->gives);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  printf ("\n%s  %s\n", step->id, step->title);
  /* Translators: facts a step of a flow needs, and those it gives */
  printf (_ ("    needs: %s\n    gives: %s\n"), *needs != 0 ? needs : "–", *gives != 0 ? gives : "–");

  for (guint i = 0; i < step->fields->len; i++)
    {
      const ChCliField *field = step->fields->pdata[i];
      g_autofree char *id = g_strconcat ("    ", field->id, NULL);
      g_autofree char *choices = field->choices != NULL ? g_strjoinv (" ", field->choices) : g_strdup ("");
      const char *kind = field->document ? _ ("document") : field->secret ? _ ("secret") : "";
      const char *const cells[]
          = { id, field->label, field->optional ? _ ("optional") : "", kind, choices, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  ChCliFlowList list = { .items = ch_wire_list_new (&ChCliFlow_wire) };
  g_autoptr (GPtrArray) owned = list.items;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  guint n;
  const ChFlow *const *flows = ch_desk_get_flows (&n);

  for (guint i = 0; i < n; i++)
    {
      ChCliFlow *flow = describe_flow (cli, flows[i]);
      const ChAxes *axes = &flows[i]->axes;
      const char *const cells[] = { flow->id,
                                    flow->title,
                                    _ (ch_medium_get_title (axes->medium)),
                                    _ (ch_settlement_get_title (axes->settlement)),
                                    flow->offered ? "" : _ ("not offered by this CA"),
                                    NULL };

      g_ptr_array_add (list.items, flow);
      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }

  if (cli->given.json)
    ch_cli_print_json (&ChCliFlowList_wire, &list);
  else
    ch_cli_print_rows (rows);
  return 0;
}

static const ChFlow *
find_flow (const char *id, GError **error)
{
  const ChFlow *flow = ch_desk_lookup_flow (id);

  if (flow == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "there is no flow %s", id);
  return flow;
}

static int
run_show (ChCli *cli, const char *const *args, GError **error)
{
  const ChFlow *flow = find_flow (args[0], error);
  g_autoptr (ChCliFlow) message = NULL;
  g_autoptr (GPtrArray) steps = NULL;

  if (flow == NULL)
    return 0;

  message = describe_flow (cli, flow);
  message->steps = ch_wire_list_new (&ChCliStep_wire);
  steps = ch_flow_list_steps (flow, ch_ports_get_profile (ch_cli_get_ports (cli)));
  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (message->steps, describe_step (cli, flow, steps->pdata[i]));

  if (cli->given.json)
    {
      ch_cli_print_json (&ChCliFlow_wire, message);
      return 0;
    }

  printf ("%s  %s\n", message->id, message->title);
  for (guint i = 0; i < message->steps->len; i++)
    print_step (message->steps->pdata[i]);
  return 0;
}

static ChCliNeed *
describe_need (const ChNeed *need)
{
  ChCliNeed *message = ch_wire_new (&ChCliNeed_wire);

  message->part = g_strdup (ch_need_part_get_id (need->part));
  message->id = g_strdup (need->id);
  message->title = g_strdup (need->title);
  message->detail = g_strdup (need->detail);
  message->value = g_strdup (need->value);
  message->optional = need->optional;
  if (need->rule != NULL)
    {
      message->formats = g_strdupv (need->rule->formats);
      message->max_bytes = need->rule->max_bytes;
    }
  return message;
}

static int
run_needs (ChCli *cli, const char *const *args, GError **error)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  const ChFlow *flow = find_flow (args[0], error);
  g_autoptr (GPtrArray) needs = NULL;
  g_autoptr (ChCliFlowNeeds) message = NULL;

  if (flow == NULL)
    return 0;

  needs = ch_needs_list (flow, profile);
  if (!cli->given.json)
    {
      g_autofree char *text = ch_needs_format (needs, flow, profile);

      fputs (text, stdout);
      return 0;
    }

  message = ch_wire_new (&ChCliFlowNeeds_wire);
  message->flow = g_strdup (flow->id);
  message->title = g_strdup (_ (flow->title));
  message->offered = ch_profile_offers (profile, &flow->axes);
  message->review_days = profile->limits->review_days;
  message->items = ch_wire_list_new (&ChCliNeed_wire);
  for (guint i = 0; i < needs->len; i++)
    g_ptr_array_add (message->items, describe_need (needs->pdata[i]));
  ch_cli_print_json (&ChCliFlowNeeds_wire, message);
  return 0;
}

#define TAKEN_BY_RUNS                                                                                        \
  (CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT) | CH_CLI_TAKES (PIN_FILE)           \
   | CH_CLI_TAKES (CHANNEL) | CH_CLI_TAKES (DOCUMENT) | CH_CLI_TAKES (ON_MEDIUM))
#define ABOUT_RUN                                                                                            \
  N_ ("What is not in --answers is asked for: by the command of --ask, which is run with the field’s "     \
      "id as "                                                                                               \
      "its last argument (and in CERTHALL_FIELD) and prints the value on its first line, else at the "       \
      "terminal. Paths of documents begin at the answers file; several with commas between become one "      \
      "document, "                                                                                           \
      "FILE@90 turns a page. Secrets are never taken from it. --certificate says which certificate is "      \
      "renewed.\n\n"                                                                                         \
      "With --no-input nothing is waited for: where something is missing, at the payment and at the "        \
      "review the run rests with status 75 and prints what it rests at; go on with flow resume.")

const ChCliCommand ch_cli_flow_commands[] = {
  {
      .topic = "flow",
      .verb = "list",
      .summary = N_ ("The businesses there are"),
      .needs = CH_CLI_ANYBODY,
      .run = run_list,
  },
  {
      .topic = "flow",
      .verb = "show",
      .arguments = N_ ("FLOW"),
      .summary = N_ ("The steps of a business: their fields, documents and facts"),
      .n_args = 1,
      .needs = CH_CLI_ANYBODY,
      .run = run_show,
  },
  {
      .topic = "flow",
      .verb = "needs",
      .arguments = N_ ("FLOW"),
      .summary = N_ ("What to have at hand before a business is begun, as a list to print"),
      .about = N_ ("Documents with what is accepted, data that have to be looked up, prices, and the steps "
                   "with how long they take. Nobody need be logged in."),
      .n_args = 1,
      .needs = CH_CLI_ANYBODY,
      .run = run_needs,
  },
  {
      .topic = "flow",
      .verb = "run",
      .arguments = N_ ("FLOW"),
      .summary = N_ ("Do a business from its beginning"),
      .about = ABOUT_RUN,
      .takes = TAKEN_BY_RUNS | CH_CLI_TAKES (ABOUT),
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = ch_cli_flow_run,
  },
  {
      .topic = "flow",
      .verb = "resume",
      .arguments = N_ ("APPLICATION"),
      .summary = N_ ("Go on with a business that was begun, here or elsewhere"),
      .about = N_ ("Begins at the first step for which something is missing. After a refusal it asks for "
                   "what is to be "
                   "corrected, or takes it from --answers."),
      .takes = TAKEN_BY_RUNS,
      .n_args = 1,
      .needs = CH_CLI_MEMBER,
      .run = ch_cli_flow_resume,
  },
  { NULL },
};
