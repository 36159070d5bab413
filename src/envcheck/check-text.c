#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "envcheck/checks.h"

/* -- Language ------------------------------------------------------------------------------------------ */

/* What a program is told by, the most important first */
static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

static const char *
find_wanted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *value = g_getenv (variables[i]);

      if (value != NULL && *value != 0)
        return value;
    }
  return "C";
}

static ChCheckResult *
run_locale (const ChCheckTask *task)
{
  const char *wanted = find_wanted ();
  locale_t locale = newlocale (LC_CTYPE_MASK, wanted, 0);
  g_autofree char *lower = g_ascii_strdown (wanted, -1);
  gboolean is_wide = strstr (lower, "utf-8") != NULL || strstr (lower, "utf8") != NULL
                     || strstr (lower, "gb18030") != NULL;
  ChCheckResult *result;

  if (locale == 0)
    result = ch_check_result_new_found (CH_FINDING_LOCALE_MISSING, NULL);
  else if (!is_wide)
    result = ch_check_result_new_found (CH_FINDING_LOCALE_NARROW, NULL);
  else
    result = ch_check_result_new (CH_CHECK_PASSED, wanted);
  if (locale != 0)
    freelocale (locale);
  ch_check_result_set_detail (result, "%s, languages of the program: %s", wanted, g_get_language_names ()[0]);
  return result;
}

/* -- Input method -------------------------------------------------------------------------------------- */

/* What types Chinese, and where its programs lie */
static const struct
{
  const char *name;
  const char *program;
} methods[] = {
  { "fcitx5", "/usr/bin/fcitx5" }, { "fcitx", "/usr/bin/fcitx" }, { "ibus", "/usr/bin/ibus-daemon" },
  { "scim", "/usr/bin/scim" },     { "hime", "/usr/bin/hime" },   { "uim", "/usr/bin/uim-xim" },
};

static ChCheckResult *
run_input (const ChCheckTask *task)
{
  const char *module = g_getenv ("GTK_IM_MODULE");
  const char *modifiers = g_getenv ("XMODIFIERS");
  g_autoptr (GString) found = g_string_new (NULL);
  ChCheckResult *result;

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *path = ch_check_context_find (task->context, methods[i].program);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        g_string_append_printf (found, "%s%s", found->len > 0 ? ", " : "", methods[i].name);
    }

  result = found->len > 0 ? ch_check_result_new (CH_CHECK_PASSED, found->str)
                          : ch_check_result_new_found (CH_FINDING_INPUT_MISSING, NULL);
  ch_check_result_set_detail (result, "installed: %s; GTK_IM_MODULE %s, XMODIFIERS %s",
                              found->len > 0 ? found->str : "none", module != NULL ? module : "not set",
                              modifiers != NULL ? modifiers : "not set");
  return result;
}

const ChCheck ch_check_locale = {
  .id = "locale",
  .title = N_ ("Language"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_locale,
};

const ChCheck ch_check_input = {
  .id = "input",
  .title = N_ ("Typing Chinese"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_input,
};
