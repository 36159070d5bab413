#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "wire/ch-regions.h"
#include "wire/fields-private.h"

static const ChForm *const forms[] = {
  &ch_form_register,
  &ch_form_login,
  &ch_form_reset,
  &ch_form_fresh,
  &ch_form_password,
  &ch_form_mobile,
  &ch_form_email,
  &ch_form_close,
  &ch_form_lookup,
  &ch_form_about,
  &ch_form_term,
  &ch_form_handler_kept,
  &ch_form_subject_kept,
  &ch_form_revoke,
  &ch_form_replace,
  &ch_form_prove,
  &ch_form_change,
  &ch_form_change_legal_person,
  &ch_form_change_person,
  &ch_form_choose,
  &ch_form_subject,
  &ch_form_subject_legal_person,
  &ch_form_subject_person,
  &ch_form_handler,
  &ch_form_passphrase,
  &ch_form_old_key,
  &ch_form_invoice,
  &ch_form_download_code,
  &ch_form_download,
  &ch_form_delivery,
  &ch_form_delivery_person,
  &ch_form_medium,
  &ch_form_make,
  &ch_form_make_check,
  &ch_form_make_sent,
  &ch_form_unlock_mobile,
  &ch_form_unlock_code,
};

/**
 * ch_forms_get:
 * @n_forms: (out): how many
 *
 * Returns: (transfer none) (array length=n_forms): every form of every topic
 */
const ChForm *const *
ch_forms_get (guint *n_forms)
{
  *n_forms = G_N_ELEMENTS (forms);
  return forms;
}

/**
 * ch_form_fits:
 *
 * Returns: whether the form is asked for in the business of @axes, for certificates of its subject
 */
gboolean
ch_form_fits (const ChForm *self, const ChAxes *axes)
{
  return (self->subjects == 0 || (self->subjects & (1u << axes->subject)) != 0)
         && (self->businesses == 0 || (self->businesses & (1u << axes->business)) != 0)
         && (self->media == 0 || (self->media & (1u << axes->medium)) != 0);
}

/**
 * ch_form_of_fact:
 * @axes: the flow
 *
 * Returns: (transfer none) (nullable): the form that gives @fact
 */
const ChForm *
ch_form_of_fact (ChFact fact, const ChAxes *axes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (forms[i]->fact == fact && ch_form_fits (forms[i], axes))
      return forms[i];
  return NULL;
}

/**
 * ch_forms_find_field:
 * @axes: the flow
 * @id: of a field
 *
 * Returns: (transfer none) (nullable): the field, if an application of @axes keeps an answer to it
 */
const ChField *
ch_forms_find_field (const ChAxes *axes, const char *id)
{
  static const ChFact kept[] = { CH_FACT_APPLICATION, CH_FACT_SUBJECT, CH_FACT_HANDLER, CH_FACT_DELIVERY };

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      const ChForm *form = ch_form_of_fact (kept[i], axes);

      for (gsize j = 0; form != NULL && form->fields[j] != NULL; j++)
        if (g_strcmp0 (form->fields[j]->id, id) == 0)
          return ch_field_is_secret (form->fields[j]) ? NULL : form->fields[j];
    }

  return NULL;
}

/**
 * ch_forms_get_name_field:
 * @axes: the flow
 *
 * Returns: (transfer none): id of the field with the name the certificate is made out to
 */
const char *
ch_forms_get_name_field (const ChAxes *axes)
{
  static const char *const names[] = {
    [CH_SUBJECT_ENTERPRISE] = "unit-name",
    [CH_SUBJECT_LEGAL_PERSON] = "legal-person-name",
    [CH_SUBJECT_PERSON] = "person-name",
  };

  return names[axes->subject];
}

/**
 * ch_field_lookup:
 *
 * Returns: (transfer none) (nullable): the field with @id, whatever form it is in
 */
const ChField *
ch_field_lookup (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    for (gsize j = 0; forms[i]->fields[j] != NULL; j++)
      if (g_strcmp0 (forms[i]->fields[j]->id, id) == 0)
        return forms[i]->fields[j];
  return NULL;
}

/**
 * ch_field_is_secret:
 *
 * Returns: whether the value is a #ChSecret and must never be among the answers
 */
gboolean
ch_field_is_secret (const ChField *self)
{
  return self->kind == CH_FIELD_SECRET || self->kind == CH_FIELD_NEW_SECRET
         || self->kind == CH_FIELD_SMS_CODE;
}

/**
 * ch_field_is_asked:
 * @answers: (nullable): the other answers
 *
 * Returns: whether the field is asked for, as far as it depends on other answers; what is not asked for is
 * neither shown nor checked
 */
gboolean
ch_field_is_asked (const ChField *self, GHashTable *answers)
{
  return self->asked == NULL || self->asked (answers);
}

/**
 * ch_field_normalize:
 * @value: as typed
 *
 * Mends silently what nobody means: blanks at the ends, small letters in codes, full-width digits, other
 * normalisation forms, a region’s code for its name.
 *
 * Returns: (transfer full): the value to keep
 */
char *
ch_field_normalize (const ChField *self, const char *value)
{
  switch (self->kind)
    {
    case CH_FIELD_CODE:
    case CH_FIELD_MOBILE:
      return ch_normalize_code (value);
    case CH_FIELD_PROVINCE:
    case CH_FIELD_CITY:
      return ch_regions_normalize (value);
    default:
      return ch_normalize_text (value);
    }
}

static gboolean
is_choice (const ChFieldChoice *choices, const char *value)
{
  for (gsize i = 0; choices[i].id != NULL; i++)
    if (g_str_equal (choices[i].id, value))
      return TRUE;
  return FALSE;
}

/**
 * ch_field_check:
 * @self: a field that is no secret
 * @value: (nullable): normalised
 * @answers: (nullable): the other answers, for fields that depend on them
 *
 * Returns: what is wrong, or %CH_REASON_OK
 */
ChReason
ch_field_check (const ChField *self, const char *value, GHashTable *answers)
{
  if (value == NULL || *value == 0)
    return self->optional ? CH_REASON_OK : CH_REASON_MISSING;
  if (!g_utf8_validate (value, -1, NULL))
    return CH_REASON_CHARACTERS;
  /* A code of the wrong length says so itself, in its own words */
  if (self->kind != CH_FIELD_CODE && self->kind != CH_FIELD_MOBILE && g_utf8_strlen (value, -1) > self->max)
    return CH_REASON_TOO_LONG;
  if (self->choices != NULL && !is_choice (self->choices, value))
    return CH_REASON_CHOICE;
  return self->validate != NULL ? self->validate (value, answers) : CH_REASON_OK;
}

static const ChProject *
find_project (const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  const ChProject *project = ch_profile_get_project (profile, g_hash_table_lookup (answers, "project"));

  return project != NULL && ch_project_fits (project, axes) ? project : NULL;
}

/**
 * ch_field_check_in:
 * @self: a field that is no secret
 * @profile: the CA’s profile, for projects and terms
 * @axes: the flow
 * @answers: all answers, normalised
 *
 * Returns: what is wrong with this field’s answer, or %CH_REASON_OK
 */
ChReason
ch_field_check_in (const ChField *self, const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  const char *value = g_hash_table_lookup (answers, self->id);
  ChReason reason = ch_field_is_asked (self, answers) ? ch_field_check (self, value, answers) : CH_REASON_OK;
  const ChProject *project;

  if (reason != CH_REASON_OK || value == NULL || *value == 0)
    return reason;
  if (self->kind == CH_FIELD_SUBJECT)
    return g_str_equal (value, ch_wire_enum_get_id (&ChSubjectKind_enum, axes->subject)) ? CH_REASON_OK
                                                                                         : CH_REASON_CHOICE;
  if (self->kind != CH_FIELD_PROJECT && self->kind != CH_FIELD_TERM)
    return CH_REASON_OK;

  project = find_project (profile, axes, answers);
  if (project == NULL || (self->kind == CH_FIELD_TERM && ch_project_get_term (project, value) == NULL))
    return CH_REASON_CHOICE;
  return CH_REASON_OK;
}

/**
 * ch_form_check:
 * @self: a form
 * @profile: the CA’s profile
 * @axes: the flow
 * @answers: all answers, normalised
 * @error: %CH_ERROR_INVALID_INPUT naming each wrong field; secrets are not looked at
 *
 * Checks a form, the same on both ends.
 */
gboolean
ch_form_check (const ChForm *self,
               const ChProfile *profile,
               const ChAxes *axes,
               GHashTable *answers,
               GError **error)
{
  g_autoptr (GError) wrong = NULL;

  for (gsize i = 0; self->fields[i] != NULL; i++)
    {
      const ChField *field = self->fields[i];
      ChReason reason
          = ch_field_is_secret (field) ? CH_REASON_OK : ch_field_check_in (field, profile, axes, answers);

      if (reason == CH_REASON_OK)
        continue;
      if (wrong == NULL)
        wrong = ch_error_new_fields ();
      ch_error_add_field (wrong, field->id, reason, NULL);
    }

  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/**
 * ch_form_is_complete:
 *
 * Returns: whether ch_form_check() would accept @answers
 */
gboolean
ch_form_is_complete (const ChForm *self, const ChProfile *profile, const ChAxes *axes, GHashTable *answers)
{
  return ch_form_check (self, profile, axes, answers, NULL);
}

static const char *
get (GHashTable *answers, const char *id)
{
  const char *value = answers != NULL ? g_hash_table_lookup (answers, id) : NULL;

  return value != NULL ? value : "";
}

/**
 * ch_form_differs:
 * @before: (nullable): what was answered once
 * @answers: what is answered now
 *
 * Returns: whether a field of the form has another answer
 */
gboolean
ch_form_differs (const ChForm *self, GHashTable *before, GHashTable *answers)
{
  for (gsize i = 0; self->fields[i] != NULL; i++)
    if (!g_str_equal (get (before, self->fields[i]->id), get (answers, self->fields[i]->id)))
      return TRUE;
  return FALSE;
}
