#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "envcheck/ch-check-report.h"

/* The report as one page: nothing of it lies elsewhere, and it prints on a sheet or two */

/* clang-format off */
static const char style[] =
  "body{font:11pt/1.45 system-ui,\"Noto Sans CJK SC\",sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
  "h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1rem;margin:1.4rem 0 .4rem}.dim{color:#666}"
  ".code{font-size:1.3rem;font-variant-numeric:tabular-nums;letter-spacing:.05em}"
  "table{border-collapse:collapse;width:100%}td{border-top:1px solid #ddd;padding:.3rem .5rem;vertical-align:top}"
  "td:first-child{width:6.5rem;white-space:nowrap}.failed{color:#a51d2d;font-weight:700}.warning{color:#8a5a00;font-weight:700}.passed{color:#1a6e3c}"
  "dl{margin:.3rem 0}dt{color:#666;font-size:.85em}dd{margin:0 0 .3rem}"
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.85em/1.4 ui-monospace,monospace;color:#555;margin:0}"
  "@media print{body{font-size:8pt;line-height:1.3;margin:0;max-width:none}h2{margin:.8rem 0 .2rem}td{padding:.12rem .4rem}dl,dd{margin:.1rem 0}"
  "tr{break-inside:avoid}pre{font-size:6.5pt;line-height:1.25}}@page{margin:12mm}";
/* clang-format on */

static void
append_escaped (GString *html, const char *before, const char *text, const char *after)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (html, before);
  g_string_append (html, escaped);
  g_string_append (html, after);
}

static void
append_part (GString *html, const char *name, const char *text, gboolean is_code)
{
  if (text == NULL || *text == 0)
    return;
  append_escaped (html, "<dt>", name, "</dt>");
  append_escaped (html, is_code ? "<dd><pre>" : "<dd>", text, is_code ? "</pre></dd>" : "</dd>");
}

/* Of what is well the details are enough, and need no head */
static void
append_parts (GString *html, const ChCheckFinding *finding)
{
  if (finding->code == 0)
    {
      if (finding->detail != NULL && *finding->detail != 0)
        append_escaped (html, "<pre>", finding->detail, "</pre>");
      return;
    }
  g_string_append (html, "<dl>");
  append_part (html, _ ("What it means"), finding->meaning, FALSE);
  append_part (html, _ ("What to do"), finding->todo, FALSE);
  if (finding->action == CH_CHECK_ACTION_COPY_COMMAND)
    append_part (html, _ ("Command for the administrator"), finding->subject, TRUE);
  append_part (html, _ ("Details"), finding->detail, TRUE);
  g_string_append (html, "</dl>");
}

static void
append_finding (GString *html, const ChCheckFinding *finding)
{
  g_string_append_printf (html, "<tr><td class=\"%s\">", ChCheckState_enum.ids[finding->state]);
  append_escaped (html, "", _ (ch_check_state_get_word (finding->state)), "</td>");
  append_escaped (html, "<td><b>", finding->title, "</b>");
  if (finding->summary != NULL)
    append_escaped (html, " – ", finding->summary, "");
  if (finding->code > 0)
    g_string_append_printf (html, " <span class=\"dim\">%03d</span>", (int) finding->code);
  append_parts (html, finding);
  g_string_append (html, "</td></tr>\n");
}

static void
append_group (GString *html, const ChCheckReport *self, ChCheckGroup group)
{
  gboolean has_head = FALSE;

  for (guint i = 0; i < self->checks->len; i++)
    {
      const ChCheckFinding *finding = self->checks->pdata[i];

      if (finding->group != group)
        continue;
      if (!has_head)
        append_escaped (html, "<h2>", _ (ch_check_group_get_title (group)), "</h2>\n<table>\n");
      has_head = TRUE;
      append_finding (html, finding);
    }
  if (has_head)
    g_string_append (html, "</table>\n");
}

/**
 * ch_check_report_to_html:
 *
 * Returns: (transfer full): the report as a page to be read and printed anywhere
 */
char *
ch_check_report_to_html (const ChCheckReport *self)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n");
  g_autofree char *made_at = ch_clock_format (self->made_at);
  const char *language = g_str_has_prefix (g_get_language_names ()[0], "zh") ? "zh-CN" : "en";

  g_string_append_printf (html, "<html lang=\"%s\"><head><meta charset=\"utf-8\">", language);
  append_escaped (html, "<title>", _ ("Environment check"), "</title>");
  g_string_append_printf (html, "<style>%s</style></head><body>\n", style);
  append_escaped (html, "<h1>", _ ("Environment check"), "</h1>\n");
  g_string_append_printf (html, "<p class=\"dim\">Certhall %s · %s</p>\n", self->version, made_at);
  append_escaped (html, "<p>", _ ("Code for the telephone"), " ");
  append_escaped (html, "<span class=\"code\">", self->code, "</span></p>\n");
  for (guint group = 0; group < CH_N_CHECK_GROUPS; group++)
    append_group (html, self, group);
  append_escaped (
      html, "<p class=\"dim\">",
      _ ("This report names neither who uses this PC nor the PC: names and numbers were shortened."),
      "</p>\n");
  g_string_append (html, "</body></html>\n");
  return g_string_free (html, FALSE);
}
