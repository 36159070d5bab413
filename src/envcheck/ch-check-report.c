#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "envcheck/ch-check-report.h"

#include "base/ch-clock.h"
#include "base/ch-file.h"

#define INDENT "      "

CH_WIRE_DEFINE (ChCheckFinding, ch_check_finding, CH_CHECK_FINDING_FIELDS, "check finding")
CH_WIRE_DEFINE (ChCheckReport, ch_check_report, CH_CHECK_REPORT_FIELDS, "check report")

static gboolean
ends_name (char c)
{
  return !g_ascii_isalnum (c) && c != '_' && c != '-' && c != '.';
}

/* Every @name that stands alone behind @before */
static char *
replace_name (const char *text, const char *before, const char *name, const char *with)
{
  g_autofree char *wanted = g_strconcat (before, name, NULL);
  gsize len = strlen (wanted);
  GString *result = g_string_new (NULL);
  const char *found;

  while ((found = strstr (text, wanted)) != NULL)
    {
      g_string_append_len (result, text, found - text);
      g_string_append (result, ends_name (found[len]) ? with : wanted);
      text = found + len;
    }
  g_string_append (result, text);
  return g_string_free (result, FALSE);
}

/**
 * ch_check_report_redact:
 * @text: (nullable): what a check saw
 *
 * Takes out who uses this PC: the home folder becomes `~`, a folder or account with the user’s name `USER`,
 * the name of the PC `PC`.
 *
 * Returns: (transfer full) (nullable): text for others to read
 */
char *
ch_check_report_redact (const char *text)
{
  const char *home = g_get_home_dir ();
  const char *user = g_get_user_name ();
  const char *host = g_get_host_name ();
  g_autofree char *step = NULL;
  g_autofree char *next = NULL;

  if (text == NULL)
    return NULL;
  /* “/” would make every path a home, “localhost” is nobody’s name */
  step = home != NULL && strlen (home) > 1 ? replace_name (text, "", home, "~") : g_strdup (text);
  next = user != NULL && *user != 0 ? replace_name (step, "/", user, "/USER") : g_strdup (step);
  if (host == NULL || strlen (host) < 3 || g_str_equal (host, "localhost"))
    return g_steal_pointer (&next);
  return replace_name (next, "", host, "PC");
}

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

  if (result->state == CH_CHECK_FAILED)
    finding->error = g_strdup (ch_error_code_get_info (result->error)->id);
  finding->summary = ch_check_report_redact (result->summary);
  finding->meaning = g_strdup (result->meaning);
  finding->todo = g_strdup (result->todo);
  finding->detail = ch_check_report_redact (result->detail);
  finding->action = result->action;
  finding->times = result->times != NULL ? g_hash_table_ref (result->times) : NULL;
  return finding;
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

/**
 * ch_check_report_save:
 * @path: where; JSON when it ends in `.json`, else text
 *
 * Returns: whether it was written
 */
gboolean
ch_check_report_save (const ChCheckReport *self, const char *path, GError **error)
{
  g_autoptr (GBytes) data = NULL;

  if (g_str_has_suffix (path, ".json"))
    data = ch_check_report_to_json (self);
  else
    {
      char *text = ch_check_report_to_text (self);

      data = g_bytes_new_take (text, strlen (text));
    }
  return ch_file_write_durably (path, g_bytes_get_data (data, NULL), g_bytes_get_size (data), 0644, error);
}
