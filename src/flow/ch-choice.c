#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "flow/ch-choice.h"
#include "wire/ch-regions.h"
#include "wire/messages-certificate.h"

void
ch_choice_free (ChChoice *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->label);
  g_free (self->note);
  g_free (self->why);
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
add_terms (GPtrArray *list, const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  const ChProject *project = ch_profile_get_project (profile, g_hash_table_lookup (answers, "project"));

  for (guint i = 0; project != NULL && i < project->terms->len; i++)
    {
      const ChTerm *term = project->terms->pdata[i];
      ChChoice *choice = add (list, term->id, ch_text_get (term->name));

      choice->fen = axes != NULL ? ch_term_get_fen (term, axes->business) : term->fen;
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
      add_terms (list, profile, axes, answers);
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

static char *
format_day (gint64 seconds)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (day, "%Y-%m-%d");
}

/* Whether the CA offers the business for certificates as this one */
static gboolean
is_offered (const ChCertificate *certificate, const ChProfile *profile, ChBusiness business)
{
  ChAxes axes;

  if (certificate->flow == NULL || !ch_axes_parse (certificate->flow, &axes))
    return FALSE;
  axes.business = business;
  for (guint i = 0; i < CH_N_SETTLEMENTS; i++)
    {
      axes.settlement = i;
      if (ch_profile_offers (profile, &axes))
        return TRUE;
    }

  return FALSE;
}

/**
 * ch_choice_explain_closed:
 * @business: what is to be done
 *
 * Returns: (transfer full) (nullable): why it cannot be done about @certificate now; %NULL when it can
 */
char *
ch_choice_explain_closed (const ChCertificate *certificate, const ChProfile *profile, ChBusiness business)
{
  g_autofree char *day = NULL;

  if (certificate->state == CH_CERTIFICATE_REVOKED)
    return g_strdup (_ ("Revoked"));
  if (certificate->state == CH_CERTIFICATE_ON_HOLD)
    return g_strdup (_ ("On hold"));
  if (certificate->open != NULL)
    return g_strdup (_ ("There is an application about it already: go on with that one"));
  if (certificate->state == CH_CERTIFICATE_ISSUED)
    return g_strdup (_ ("It was not installed yet: finish that first"));
  if (!is_offered (certificate, profile, business))
    return g_strdup (_ ("This CA does not offer it for this kind of certificate"));
  if (business != CH_BUSINESS_RENEW)
    return certificate->not_after < ch_clock_now () ? g_strdup (_ ("It has ended")) : NULL;

  switch (ch_profile_judge_renewal (profile, certificate->not_after, ch_clock_now ()))
    {
    case CH_RENEWAL_EARLY:
      day = format_day (ch_profile_get_renewal_begin (profile, certificate->not_after));
      /* Translators: %s is a date */
      return g_strdup_printf (_ ("Can be renewed from %s"), day);
    case CH_RENEWAL_LATE:
      return g_strdup (_ ("It has ended: apply for a new certificate"));
    default:
      return NULL;
    }
}

static int
compare_choices (gconstpointer a, gconstpointer b)
{
  const ChChoice *first = *(ChChoice *const *) a;
  const ChChoice *second = *(ChChoice *const *) b;

  if ((first->why == NULL) != (second->why == NULL))
    return first->why == NULL ? -1 : 1;
  return first->end < second->end ? -1 : first->end > second->end;
}

/**
 * ch_choices_list_certificates:
 * @certificates: (nullable) (element-type ChCertificate): the user’s
 * @business: what is to be done about one
 *
 * Returns: (transfer full) (element-type ChChoice): those that can be chosen, then the others, with why not
 */
GPtrArray *
ch_choices_list_certificates (GPtrArray *certificates, const ChProfile *profile, ChBusiness business)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_choice_free);

  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      const ChCertificate *certificate = certificates->pdata[i];
      ChChoice *choice = add (list, certificate->serial, certificate->name);
      ChAxes axes;

      if (certificate->flow != NULL && ch_axes_parse (certificate->flow, &axes))
        choice->note = g_strdup (_ (ch_subject_get_title (axes.subject)));
      choice->end = certificate->not_after;
      choice->why = ch_choice_explain_closed (certificate, profile, business);
    }

  g_ptr_array_sort (list, compare_choices);
  return list;
}

/* What was pulled out meanwhile cannot be chosen. Without a PIN nothing is made on it; unlocking gives it one
 */
static char *
explain_medium (ChToken *token, ChBusiness business)
{
  if (token == NULL)
    return g_strdup (_ ("It was pulled out: plug it in again"));
  if (business != CH_BUSINESS_UNLOCK && ch_token_get_pin_state (token) == CH_PIN_NOT_SET)
    return g_strdup (_ ("It has no PIN yet"));
  return NULL;
}

/**
 * ch_choices_list_media:
 * @media: (nullable) (element-type ChChoice): those that were looked at: serial and name
 * @hub: what is plugged in now
 * @business: what is to be done with one
 *
 * Returns: (transfer full) (element-type ChChoice): each by the name on it and the number it has
 */
GPtrArray *
ch_choices_list_media (GPtrArray *media, ChTokenHub *hub, ChBusiness business)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_choice_free);

  for (guint i = 0; media != NULL && i < media->len; i++)
    {
      const ChChoice *medium = media->pdata[i];
      g_autoptr (ChToken) token = ch_token_hub_find (hub, medium->id);
      ChChoice *choice = add (list, medium->id, medium->label);

      choice->note = g_strdup (medium->id);
      choice->why = explain_medium (token, business);
    }
  return list;
}
