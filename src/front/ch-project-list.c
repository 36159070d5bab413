#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-validate.h"
#include "front/ch-format.h"
#include "front/ch-project-list.h"

/* Wide blanks are blanks after normalising, so that what is typed with a Chinese keyboard has words too */
static GPtrArray *
fold_words (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *whole = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_NFKC);
  g_auto (GStrv) parts = g_strsplit_set (whole != NULL ? whole : "", " \t\r\n", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *word = ch_fold_text (parts[i]);

      if (*word != 0)
        g_ptr_array_add (words, word);
      else
        g_free (word);
    }
  return words;
}

static void
add_text (GPtrArray *texts, const char *text)
{
  g_ptr_array_add (texts, ch_fold_text (text));
}

/* In both languages: a project is known by the name on its tender, whatever language the program speaks */
static void
add_both (GPtrArray *texts, const ChText *text)
{
  if (text == NULL)
    return;
  add_text (texts, text->zh);
  add_text (texts, text->en);
}

/* What a project is looked for by, folded: what its row shows, and its id */
static GPtrArray *
list_texts (const ChProject *project)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *subjects = ch_project_format_subjects (project);

  add_text (texts, project->id);
  add_both (texts, project->name);
  add_both (texts, project->note);
  add_text (texts, _ (ch_medium_get_title (project->medium)));
  add_text (texts, _ (ch_settlement_get_title (project->settlement)));
  add_text (texts, subjects);
  for (guint i = 0; i < project->terms->len; i++)
    add_both (texts, ((const ChTerm *) project->terms->pdata[i])->name);
  return texts;
}

static gboolean
has_word (GPtrArray *texts, const char *word)
{
  for (guint i = 0; i < texts->len; i++)
    if (strstr (texts->pdata[i], word) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
matches (const ChProject *project, GPtrArray *words)
{
  g_autoptr (GPtrArray) texts = list_texts (project);

  for (guint i = 0; i < words->len; i++)
    if (!has_word (texts, words->pdata[i]))
      return FALSE;
  return TRUE;
}

/**
 * ch_projects_find:
 * @text: (nullable): words; capitals, wide letters and blanks make no difference. %NULL or none finds all.
 *
 * Returns: (transfer container) (element-type ChProject): the projects that have each of the words, in the
 * CA’s order
 */
GPtrArray *
ch_projects_find (const ChProfile *profile, const char *text)
{
  GPtrArray *found = g_ptr_array_new ();
  g_autoptr (GPtrArray) words = fold_words (text);

  for (guint i = 0; i < profile->projects->len; i++)
    if (matches (profile->projects->pdata[i], words))
      g_ptr_array_add (found, profile->projects->pdata[i]);
  return found;
}

/**
 * ch_project_format_subjects:
 *
 * Returns: (transfer full): which types of certificate are made in it
 */
char *
ch_project_format_subjects (const ChProject *project)
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

/**
 * ch_project_format_price:
 *
 * Returns: (transfer full): what somebody pays here for @term; who settles otherwise pays nothing here
 */
char *
ch_project_format_price (const ChProject *project, const ChTerm *term)
{
  return project->settlement == CH_SETTLEMENT_SELF_PAY
             ? ch_format_fen (term->fen)
             : g_strdup (_ (ch_settlement_get_title (project->settlement)));
}

/**
 * ch_project_format_terms:
 *
 * Returns: (transfer full): for how long certificates are made, and for how much
 */
char *
ch_project_format_terms (const ChProject *project)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];

      g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "", ch_text_get (term->name));
      if (project->settlement == CH_SETTLEMENT_SELF_PAY)
        {
          g_autofree char *price = ch_format_fen (term->fen);

          g_string_append_printf (text, " %s", price);
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
