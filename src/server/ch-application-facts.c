#include "config.h"

#include "server/ch-application-facts.h"
#include "wire/ch-field.h"

/* Offices keep Chinese time wherever the server stands */
/* What was given before it came to this state stays given in it: a profile that changes meanwhile does not
 * take back what was handed in. */
/* clang-format off */
#define HANDED_IN (CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER | CH_FACT_ORDER | CH_FACT_SETTLED | CH_FACT_SUBMITTED)
static const ChFact facts_of_state[] = {
  [CH_APPLICATION_DRAFT]     = CH_FACT_NONE,
  [CH_APPLICATION_SUBMITTED] = HANDED_IN,
  [CH_APPLICATION_REFUSED]   = CH_FACT_NONE,
  [CH_APPLICATION_APPROVED]  = HANDED_IN | CH_FACT_APPROVED,
  [CH_APPLICATION_ISSUED]    = HANDED_IN | CH_FACT_APPROVED | CH_FACT_ISSUED,
  [CH_APPLICATION_DONE]      = HANDED_IN | CH_FACT_APPROVED | CH_FACT_ISSUED | CH_FACT_INSTALLED,
  [CH_APPLICATION_WITHDRAWN] = CH_FACT_NONE,
};
/* clang-format on */

G_STATIC_ASSERT (G_N_ELEMENTS (facts_of_state) == CH_N_APPLICATION_STATES);

static gboolean
is_form_right (const ChApplicationView *self, ChFact fact, const ChProfile *profile, const ChAxes *axes)
{
  const ChForm *form = ch_form_of_fact (fact, axes);

  if (form == NULL || (fact == CH_FACT_DELIVERY && !ch_profile_is_made_here (profile, axes)))
    return FALSE;
  for (gsize i = 0; form->fields[i] != NULL; i++)
    if (g_hash_table_contains (self->marked, form->fields[i]->id))
      return FALSE;
  return ch_form_is_complete (form, profile, axes, self->answers)
         && (ch_business_changes (axes->business) != fact || self->before == NULL
             || ch_form_differs (form, self->before, self->answers));
}

static gboolean
has_documents (const ChApplicationView *self, const ChProfile *profile, const ChAxes *axes)
{
  g_autoptr (GPtrArray) rules = ch_profile_list_documents (profile, axes);

  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];

      if (g_hash_table_contains (self->marked, rule->id)
          || (rule->required && !g_hash_table_contains (self->documents, rule->id)))
        return FALSE;
    }

  return TRUE;
}

/**
 * ch_application_facts:
 * @self: what is known of an application
 * @profile: the CA’s profile
 * @axes: of its flow
 *
 * The one place that says which facts an application has.
 */
ChFact
ch_application_facts (const ChApplicationView *self, const ChProfile *profile, const ChAxes *axes)
{
  static const ChFact forms[] = { CH_FACT_SUBJECT, CH_FACT_HANDLER, CH_FACT_DELIVERY };
  ChFact facts = CH_FACT_APPLICATION | facts_of_state[self->state];

  if (!ch_business_makes_certificate (axes->business))
    facts &= ~(CH_FACT_ISSUED | CH_FACT_INSTALLED);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (is_form_right (self, forms[i], profile, axes))
      facts |= forms[i];
  if (has_documents (self, profile, axes))
    facts |= CH_FACT_DOCUMENTS;
  if (self->has_order)
    facts |= CH_FACT_ORDER;
  if (self->is_paid)
    facts |= CH_FACT_SETTLED;
  if (self->is_proved)
    facts |= CH_FACT_PROVED;
  /* Nothing to pay here: the price is a matter between the CA and the enterprise, or there is none */
  if (axes->settlement == CH_SETTLEMENT_ENTERPRISE_PAY || !ch_profile_charges (profile, axes->business))
    facts |= CH_FACT_ORDER | CH_FACT_SETTLED;

  return facts;
}
