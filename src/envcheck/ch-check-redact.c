#include "config.h"

#include <string.h>

#include "envcheck/ch-check-redact.h"

/* A word of so many letters and digits with so many digits among them is somebody’s number: of a card, a
 * telephone, a unit, a certificate. Its last ones tell two apart and are no use. */
#define NUMBER_LENGTH 8
#define NUMBER_DIGITS 6
#define NUMBER_SHOWN  4

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

/* Everywhere, whatever stands beside it: names in Chinese have no blanks around them */
static void
hide_names (GString *text, const GPtrArray *names)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = names->pdata[i];
      const char *end = g_utf8_next_char (name);
      g_autofree char *first = g_strndup (name, end - name);
      g_autofree char *with = g_strconcat (*end != 0 ? first : "", "…", NULL);

      g_string_replace (text, name, with, 0);
    }
}

static gsize
measure_word (const char *text, guint *n_digits)
{
  gsize len = 0;

  *n_digits = 0;
  for (; g_ascii_isalnum (text[len]); len++)
    *n_digits += g_ascii_isdigit (text[len]) ? 1 : 0;
  return len;
}

static char *
shorten_numbers (const char *text)
{
  GString *result = g_string_new (NULL);

  while (*text != 0)
    {
      guint n_digits;
      gsize len = measure_word (text, &n_digits);

      if (len >= NUMBER_LENGTH && n_digits >= NUMBER_DIGITS)
        {
          g_string_append (result, "…");
          g_string_append_len (result, text + len - NUMBER_SHOWN, NUMBER_SHOWN);
        }
      else
        g_string_append_len (result, text, MAX (len, 1));
      text += MAX (len, 1);
    }
  return g_string_free (result, FALSE);
}

static char *
hide_mails (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("[\\w.+-]+@[\\w.-]+\\.\\w+", 0, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "…@…", 0, NULL);
}

/**
 * ch_check_redact:
 * @text: (nullable): what a check saw
 * @names: (nullable) (element-type utf8): names that stand in it
 *
 * Takes out who uses this PC: of @names the first letter is left, of numbers the end; the home folder becomes
 * `~`, a folder or account with the user’s name `USER`, the name of the PC `PC`.
 *
 * Returns: (transfer full) (nullable): text for others to read
 */
char *
ch_check_redact (const char *text, const GPtrArray *names)
{
  const char *home = g_get_home_dir ();
  const char *user = g_get_user_name ();
  const char *host = g_get_host_name ();
  g_autoptr (GString) step = NULL;
  g_autofree char *at_home = NULL;
  g_autofree char *of_user = NULL;
  g_autofree char *of_pc = NULL;
  g_autofree char *mails = NULL;

  if (text == NULL)
    return NULL;
  step = g_string_new (text);
  hide_names (step, names);
  /* “/” would make every path a home, “localhost” is nobody’s name */
  at_home
      = home != NULL && strlen (home) > 1 ? replace_name (step->str, "", home, "~") : g_strdup (step->str);
  of_user = user != NULL && *user != 0 ? replace_name (at_home, "/", user, "/USER") : g_strdup (at_home);
  of_pc = host == NULL || strlen (host) < 3 || g_str_equal (host, "localhost")
              ? g_strdup (of_user)
              : replace_name (of_user, "", host, "PC");
  mails = hide_mails (of_pc);
  return shorten_numbers (mails);
}
