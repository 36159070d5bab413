#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "envcheck/ch-check-report.h"

#include "base/ch-clock.h"
#include "base/ch-file.h"
#include "envcheck/ch-check-redact.h"

#define INDENT "      "
/* So many numbers can be read out and written down */
#define CODE_FINDINGS 5

CH_WIRE_DEFINE (ChCheckFinding, ch_check_finding, CH_CHECK_FINDING_FIELDS, "check finding")
CH_WIRE_DEFINE (ChCheckReport, ch_check_report, CH_CHECK_REPORT_FIELDS, "check report")

static ChCheckFinding *
build_finding (ChCheckItem *item)
{
  ChCheckFinding *finding = ch_wire_new (&ChCheckFinding_wire);
  const ChCheckResult *result = ch_check_item_get_result (item);

  finding->id = g_strdup (ch_check_item_get_id (item));
  finding->group = ch_check_item_get_check (item)->group;
  finding->state = ch_check_item_get_state (item);
  finding->title = g_strdup (ch_check_item_get_title (item));
  if (result == NULL)
    return finding;

  if (result->finding != CH_FINDING_NONE)
    finding->code = ch_finding_get (result->finding)->number;
  if (result->state == CH_CHECK_FAILED)
    finding->error = g_strdup (ch_error_code_get_info (result->error)->id);
  finding->summary = ch_check_redact (result->summary, result->hidden);
  finding->meaning = g_strdup (result->meaning);
  finding->todo = g_strdup (result->todo);
  finding->detail = ch_check_redact (result->detail, result->hidden);
  finding->subject = ch_check_redact (result->subject, result->hidden);
  finding->action = result->action;
  finding->times = result->times != NULL ? g_hash_table_ref (result->times) : NULL;
  return finding;
}

static void
add_numbers (ChCheckRun *run, ChCheckState state, GArray *numbers)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (run));

  for (guint i = 0; i < n && numbers->len < CODE_FINDINGS; i++)
    {
      g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (run), i);
      const ChCheckResult *result = ch_check_item_get_result (item);

      if (result != NULL && result->state == state && result->finding != CH_FINDING_NONE)
        g_array_append_val (numbers, ch_finding_get (result->finding)->number);
    }
}

/* What failed comes first */
static char *
make_code (ChCheckRun *run)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  add_numbers (run, CH_CHECK_FAILED, numbers);
  add_numbers (run, CH_CHECK_WARNING, numbers);
  return ch_check_code_format ((const guint *) (gpointer) numbers->data, numbers->len);
}

/**
 * ch_check_report_new:
 * @run: checks that were made
 *
 * Returns: (transfer full): what they found, without personal data
 */
ChCheckReport *
ch_check_report_new (ChCheckRun *run)
{
  ChCheckReport *self = ch_wire_new (&ChCheckReport_wire);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (run));

  self->version = g_strdup (CH_VERSION);
  self->made_at = ch_clock_now ();
  self->state = ch_check_run_count (run, CH_CHECK_FAILED) > 0    ? CH_CHECK_FAILED
                : ch_check_run_count (run, CH_CHECK_WARNING) > 0 ? CH_CHECK_WARNING
                                                                 : CH_CHECK_PASSED;
  self->code = make_code (run);
  self->exit_status = ch_check_run_get_exit_status (run);
  self->checks = ch_wire_list_new (&ChCheckFinding_wire);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (run), i);

      g_ptr_array_add (self->checks, build_finding (item));
    }
  return self;
}

static void
append_lines (GString *text, const char *name, const char *value)
{
  g_auto (GStrv) lines = NULL;

  if (value == NULL || *value == 0)
    return;
  lines = g_strsplit (value, "\n", -1);
  g_string_append_printf (text, INDENT "%s: %s\n", name, lines[0]);
  for (guint i = 1; lines[i] != NULL; i++)
    g_string_append_printf (text, INDENT "  %s\n", lines[i]);
}

static void
append_finding (GString *text, const ChCheckFinding *finding)
{
  g_string_append_printf (text, "  [%s] %s", _ (ch_check_state_get_word (finding->state)), finding->title);
  if (finding->summary != NULL)
    g_string_append_printf (text, ": %s", finding->summary);
  g_string_append_c (text, '\n');
  append_lines (text, _ ("What it means"), finding->meaning);
  append_lines (text, _ ("What to do"), finding->todo);
  if (finding->subject != NULL && finding->action == CH_CHECK_ACTION_COPY_COMMAND)
    append_lines (text, _ ("Command for the administrator"), finding->subject);
  append_lines (text, _ ("Details"), finding->detail);
}

/**
 * ch_check_report_to_text:
 *
 * Returns: (transfer full): the report for people
 */
char *
ch_check_report_to_text (const ChCheckReport *self)
{
  GString *text = g_string_new (NULL);
  g_autofree char *made_at = ch_clock_format (self->made_at);

  /* Translators: %s is the program’s version, then a time */
  g_string_append_printf (text, _ ("Environment check, Certhall %s, %s"), self->version, made_at);
  g_string_append_c (text, '\n');
  /* Translators: %s is digits, to be read out on the telephone: 112-211-7 */
  g_string_append_printf (text, _ ("Code for the telephone: %s"), self->code);
  g_string_append_c (text, '\n');
  for (guint group = 0; group < CH_N_CHECK_GROUPS; group++)
    {
      gboolean has_head = FALSE;

      for (guint i = 0; i < self->checks->len; i++)
        {
          const ChCheckFinding *finding = self->checks->pdata[i];

          if (finding->group != group)
            continue;
          if (!has_head)
            g_string_append_printf (text, "\n%s\n", _ (ch_check_group_get_title (group)));
          has_head = TRUE;
          append_finding (text, finding);
        }
    }
  return g_string_free (text, FALSE);
}

/**
 * ch_check_report_to_json:
 *
 * Returns: (transfer full): the report for programs
 */
GBytes *
ch_check_report_to_json (const ChCheckReport *self)
{
  return ch_wire_encode (&ChCheckReport_wire, self);
}

static gboolean
write_text (char *text, const char *path, GError **error)
{
  g_autofree char *owned = text;

  return ch_file_write_durably (path, owned, strlen (owned), 0644, error);
}

/**
 * ch_check_report_save_html:
 * @path: where
 *
 * Returns: whether it was written
 */
gboolean
ch_check_report_save_html (const ChCheckReport *self, const char *path, GError **error)
{
  return write_text (ch_check_report_to_html (self), path, error);
}

/**
 * ch_check_report_save:
 * @path: where; JSON when it ends in `.json`, HTML when in `.html`, else text
 *
 * Returns: whether it was written
 */
gboolean
ch_check_report_save (const ChCheckReport *self, const char *path, GError **error)
{
  g_autoptr (GBytes) data = NULL;

  if (g_str_has_suffix (path, ".html"))
    return ch_check_report_save_html (self, path, error);
  if (!g_str_has_suffix (path, ".json"))
    return write_text (ch_check_report_to_text (self), path, error);
  data = ch_check_report_to_json (self);
  return ch_file_write_durably (path, g_bytes_get_data (data, NULL), g_bytes_get_size (data), 0644, error);
}
