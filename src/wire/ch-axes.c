#include "config.h"

#include "wire/ch-axes.h"

CH_WIRE_DEFINE_ENUM (ChBusiness, CH_BUSINESSES, "business")
CH_WIRE_DEFINE_ENUM (ChSubjectKind, CH_SUBJECTS, "subject")
CH_WIRE_DEFINE_ENUM (ChMedium, CH_MEDIA, "medium")
CH_WIRE_DEFINE_ENUM (ChSettlement, CH_SETTLEMENTS, "settlement")

#define TITLE(code, id, title) title,
static const char *const business_titles[] = { CH_BUSINESSES (TITLE) };
static const char *const subject_titles[] = { CH_SUBJECTS (TITLE) };
static const char *const medium_titles[] = { CH_MEDIA (TITLE) };
static const char *const settlement_titles[] = { CH_SETTLEMENTS (TITLE) };

/**
 * ch_axes_parse:
 * @flow_id: `business.subject.medium.settlement`
 * @axes: (out): set on success
 *
 * Returns: whether @flow_id is made of known words; whether such a flow is offered is the profile’s to say
 */
gboolean
ch_axes_parse (const char *flow_id, ChAxes *axes)
{
  g_auto (GStrv) words = g_strsplit (flow_id != NULL ? flow_id : "", ".", 5);
  int business, subject, medium, settlement;

  if (g_strv_length (words) != 4 || !ch_wire_enum_from_id (&ChBusiness_enum, words[0], &business)
      || !ch_wire_enum_from_id (&ChSubjectKind_enum, words[1], &subject)
      || !ch_wire_enum_from_id (&ChMedium_enum, words[2], &medium)
      || !ch_wire_enum_from_id (&ChSettlement_enum, words[3], &settlement))
    return FALSE;

  *axes = (ChAxes){ business, subject, medium, settlement };
  return TRUE;
}

/**
 * ch_axes_format:
 *
 * Returns: (transfer full): the id of the flow
 */
char *
ch_axes_format (const ChAxes *axes)
{
  return g_strjoin (".", ch_wire_enum_get_id (&ChBusiness_enum, axes->business),
                    ch_wire_enum_get_id (&ChSubjectKind_enum, axes->subject),
                    ch_wire_enum_get_id (&ChMedium_enum, axes->medium),
                    ch_wire_enum_get_id (&ChSettlement_enum, axes->settlement), NULL);
}

/**
 * ch_business_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_business_get_title (ChBusiness business)
{
  g_return_val_if_fail ((guint) business < CH_N_BUSINESSES, "");

  return business_titles[business];
}

const char *
ch_subject_get_title (ChSubjectKind subject)
{
  g_return_val_if_fail ((guint) subject < CH_N_SUBJECTS, "");

  return subject_titles[subject];
}

const char *
ch_medium_get_title (ChMedium medium)
{
  g_return_val_if_fail ((guint) medium < CH_N_MEDIA, "");

  return medium_titles[medium];
}

const char *
ch_settlement_get_title (ChSettlement settlement)
{
  g_return_val_if_fail ((guint) settlement < CH_N_SETTLEMENTS, "");

  return settlement_titles[settlement];
}
