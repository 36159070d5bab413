#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-check-report.h"
#include "envcheck/ch-failure.h"

CH_WIRE_DEFINE (ChFailureEntry, ch_failure_entry, CH_FAILURE_ENTRY_FIELDS, "failure")
CH_WIRE_DEFINE (ChFailureList, ch_failure_list, CH_FAILURE_LIST_FIELDS, "failures")

/* Which check is about an error that somebody meets in the middle of a business */
static const struct
{
  ChErrorCode error;
  const char *check;
} concerned[] = {
  { CH_ERROR_SERVER_UNREACHABLE, "entry" }, { CH_ERROR_TIMED_OUT, "entry" },
  { CH_ERROR_SERVER_IDENTITY, "entry" },    { CH_ERROR_TOKEN_GONE, "readers" },
  { CH_ERROR_TOKEN_NONE, "readers" },       { CH_ERROR_CARD_SERVICE, "card-service" },
  { CH_ERROR_DRIVER_BROKEN, "drivers" },    { CH_ERROR_MODULE_FAILED, "drivers" },
  { CH_ERROR_MODULE_HANGS, "drivers" },     { CH_ERROR_NO_SPACE, "disk" },
  { CH_ERROR_TOKEN_BROKEN, "soft-tokens" }, { CH_ERROR_PROGRAM_OLD, "program" },
  { CH_ERROR_FONT_MISSING, "font" },
};

/**
 * ch_failure_find_check:
 * @error_id: of an error
 *
 * Returns: (nullable): id of the check that finds out what is behind it
 */
const char *
ch_failure_find_check (const char *error_id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (concerned); i++)
    if (g_str_equal (ch_error_code_get_info (concerned[i].error)->id, error_id))
      return concerned[i].check;
  return NULL;
}

/**
 * ch_failure_of_finding:
 *
 * Returns: (transfer full): what the environment check says of it
 */
ChFailureEntry *
ch_failure_of_finding (ChFindingCode code)
{
  const ChFinding *finding = ch_finding_get (code);
  const ChCheck *check = ch_check_find (finding->check);
  const char *const causes[] = { _ (finding->cause), NULL };
  ChFailureEntry *self = ch_wire_new (&ChFailureEntry_wire);

  self->id = g_strdup_printf ("%03u", finding->number);
  if (check != NULL)
    {
      self->check = g_strdup (check->id);
      /* Translators: a check and what it found: “Smart-card service: Not running” */
      self->title = g_strdup_printf (_ ("%1$s: %2$s"), _ (check->title), _ (finding->title));
    }
  else
    self->title = g_strdup (_ (finding->title));
  self->meaning = g_strdup (_ (finding->meaning));
  self->causes = g_strdupv ((GStrv) causes);
  self->todo = g_strdup (_ (finding->todo));
  self->command = g_strdup (finding->command);
  return self;
}

/* What the check may find when this was met, by their numbers */
static void
add_findings (ChErrorCode code, GStrvBuilder *causes)
{
  for (guint i = 0; i < CH_N_FINDINGS; i++)
    {
      const ChFinding *finding = ch_finding_get (i);
      g_autofree char *text = NULL;

      if (finding->error != code || finding->state != CH_CHECK_FAILED)
        continue;
      /* Translators: a finding of the environment check and its number: “Not running (112)” */
      text = g_strdup_printf (_ ("%1$s (%2$03u)"), _ (finding->title), finding->number);
      g_strv_builder_add (causes, text);
    }
}

/**
 * ch_failure_of_error:
 *
 * Returns: (transfer full): what is known of an error
 */
ChFailureEntry *
ch_failure_of_error (ChErrorCode code)
{
  const ChErrorInfo *info = ch_error_code_get_info (code);
  g_autoptr (GStrvBuilder) causes = g_strv_builder_new ();
  ChFailureEntry *self = ch_wire_new (&ChFailureEntry_wire);

  g_strv_builder_add (causes, _ (ch_failure_get_cause (code)));
  add_findings (code, causes);
  self->id = g_strdup (info->id);
  self->title = g_strdup (_ (info->title));
  self->causes = g_strv_builder_end (causes);
  self->todo = g_strdup (_ (info->todo));
  return self;
}

static ChFindingCode
find_code (const ChFinding *finding)
{
  for (guint i = 0; i < CH_N_FINDINGS; i++)
    if (ch_finding_get (i) == finding)
      return i;
  return CH_FINDING_NONE;
}

/**
 * ch_failure_explain:
 * @code: of a report, the number of a finding, or the id of an error
 *
 * Returns: (transfer full) (nullable) (element-type ChFailureEntry): what it stands for; empty when nothing
 * was found; %NULL when it is none
 */
GPtrArray *
ch_failure_explain (const char *code)
{
  g_autoptr (GPtrArray) failures = ch_wire_list_new (&ChFailureEntry_wire);
  g_autoptr (GArray) numbers = NULL;
  ChErrorCode error;

  if (ch_error_code_from_id (code, &error))
    {
      g_ptr_array_add (failures, ch_failure_of_error (error));
      return g_steal_pointer (&failures);
    }
  numbers = ch_check_code_parse (code);
  if (numbers == NULL)
    return NULL;
  for (guint i = 0; i < numbers->len; i++)
    g_ptr_array_add (failures,
                     ch_failure_of_finding (find_code (ch_finding_find (g_array_index (numbers, guint, i)))));
  return g_steal_pointer (&failures);
}

static void
append_part (GString *text, const char *name, const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, "  %s: %s\n", name, value);
}

/**
 * ch_failure_to_text:
 *
 * Returns: (transfer full): the entry for people
 */
char *
ch_failure_to_text (const ChFailureEntry *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s  %s\n", self->id, self->title);
  append_part (text, _ ("What it means"), self->meaning);
  for (guint i = 0; self->causes[i] != NULL; i++)
    append_part (text, _ ("Possible cause"), self->causes[i]);
  append_part (text, _ ("What to do"), self->todo);
  append_part (text, _ ("Command for the administrator"), self->command);
  return g_string_free (text, FALSE);
}

/* -- The document -------------------------------------------------------------------------------------- */

static void
append_entry (GString *text, ChFailureEntry *taken)
{
  ChFailureEntry *self = taken;

  g_string_append_printf (text, "## %s {#%s}\n\n%s\n\n", self->id, self->id, self->title);
  if (self->meaning != NULL)
    g_string_append_printf (text, "- %s: %s\n", _ ("What it means"), self->meaning);
  for (guint i = 0; self->causes[i] != NULL; i++)
    g_string_append_printf (text, "- %s: %s\n", _ ("Possible cause"), self->causes[i]);
  g_string_append_printf (text, "- %s: %s\n", _ ("What to do"), self->todo);
  if (self->command != NULL)
    g_string_append_printf (text, "- %s: `%s`\n", _ ("Command for the administrator"), self->command);
  g_string_append_c (text, '\n');
  ch_wire_free (&ChFailureEntry_wire, self);
}

/**
 * ch_failure_make_document:
 *
 * Returns: (transfer full): every failure there is, as Markdown
 */
char *
ch_failure_make_document (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "# %s\n\n%s\n\n", _ ("When something does not work"),
                          _ ("Every message of the program has an id at its end, and every finding of the "
                             "environment check a number. Here stands what each of them means."));
  for (guint i = 0; i < CH_N_FINDINGS; i++)
    append_entry (text, ch_failure_of_finding (i));
  for (guint i = 0; i < CH_N_ERRORS; i++)
    append_entry (text, ch_failure_of_error (i));
  return g_string_free (text, FALSE);
}
