#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "flow/ch-choice.h"
#include "wire/ch-regions.h"

void
ch_choice_free (ChChoice *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->label);
  g_free (self->note);
  g_free (self);
}

static ChChoice *
add (GPtrArray *list, const char *id, const char *label)
{
  ChChoice *choice = g_new0 (ChChoice, 1);

  choice->id = g_strdup (id);
  choice->label = g_strdup (label);
  g_ptr_array_add (list, choice);
  return choice;
}

static void
add_projects (GPtrArray *list, const ChProfile *profile, const ChAxes *axes)
{
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (profile, axes);

  for (guint i = 0; i < projects->len; i++)
    {
      const ChProject *project = projects->pdata[i];
      ChChoice *choice = add (list, project->id, ch_text_get (project->name));

      choice->note = project->note != NULL ? g_strdup (ch_text_get (project->note)) : NULL;
    }
}

static void
add_terms (GPtrArray *list, const ChProfile *profile, GHashTable *answers)
{
  const ChProject *project = ch_profile_get_project (profile, g_hash_table_lookup (answers, "project"));

  for (guint i = 0; project != NULL && i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];
      ChChoice *choice = add (list, term->id, ch_text_get (term->name));

      choice->fen = term->fen;
      choice->end = ch_term_get_end (term, ch_clock_now ());
    }
}

/* What each type is for, in a line: the names alone tell an accountant little */
static const char *const subject_notes[] = {
  [CH_SUBJECT_ENTERPRISE] = N_ ("Acts for the unit: bids, declarations, the unit’s seal"),
  [CH_SUBJECT_LEGAL_PERSON] = N_ ("Signs for the unit’s legal person: the legal person’s seal"),
  [CH_SUBJECT_PERSON] = N_ ("Signs for one person"),
};

/* The types of certificate made in the chosen project; of one flow only its own */
static void
add_subjects (GPtrArray *list, const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  const ChProject *project = ch_profile_get_project (profile, g_hash_table_lookup (answers, "project"));

  for (guint i = 0; project != NULL && i < CH_N_SUBJECTS; i++)
    {
      ChChoice *choice;

      if (!ch_subjects_have (project->subjects, i) || (axes != NULL && axes->subject != i))
        continue;
      choice = add (list, ch_wire_enum_get_id (&ChSubjectKind_enum, i), _ (ch_subject_get_title (i)));
      choice->note = g_strdup (_ (subject_notes[i]));
    }
}

static void
add_regions (GPtrArray *list, GPtrArray *regions)
{
  for (guint i = 0; i < regions->len; i++)
    {
      const ChRegion *region = regions->pdata[i];

      add (list, region->name, region->name);
    }
}

/**
 * ch_choices_list:
 * @field: a field to choose in
 * @profile: the CA’s profile
 * @axes: (nullable): the flow; %NULL while the project is still to decide it
 * @answers: the answers so far: terms depend on the project, cities on the province
 *
 * Returns: (transfer full) (element-type ChChoice): what can be chosen; empty for fields that are typed
 */
GPtrArray *
ch_choices_list (const ChField *field, const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_choice_free);
  const char *province;

  switch (field->kind)
    {
    case CH_FIELD_PROJECT:
      add_projects (list, profile, axes);
      break;
    case CH_FIELD_SUBJECT:
      add_subjects (list, profile, axes, answers);
      break;
    case CH_FIELD_TERM:
      add_terms (list, profile, answers);
      break;
    case CH_FIELD_PROVINCE:
      add_regions (list, ch_regions_list_provinces ());
      break;
    case CH_FIELD_CITY:
      province = g_hash_table_lookup (answers, "province");
      if (province != NULL)
        {
          g_autoptr (GPtrArray) cities = ch_regions_list_cities (province);

          add_regions (list, cities);
        }
      break;
    default:
      for (gsize i = 0; field->choices != NULL && field->choices[i].id != NULL; i++)
        add (list, field->choices[i].id, _ (field->choices[i].label));
      break;
    }

  return list;
}
