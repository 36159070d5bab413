#include "config.h"

#include "steps/steps.h"

/* Other data in a certificate, in the order of the CA’s manual, 5.1–5.6: documents, certificate data,
 * handler, review, download. A new certificate with the old end is put in the place of the old one, as in a
 * renewal. */
static const ChStep *const change_recipe[] = {
  &ch_step_list_certificates,
  &ch_step_choose_certificate,
  &ch_step_documents,
  &ch_step_no_documents,
  &ch_step_change,
  &ch_step_change_legal_person,
  &ch_step_change_person,
  &ch_step_handler,
  &ch_step_room,
  &ch_step_order,
  &ch_step_settle,
  &ch_step_pay,
  &ch_step_free,
  &ch_step_submit,
  &ch_step_review,
  CH_STEPS_TAKE_PLACE,
  NULL,
};

/* clang-format off */
const ChFlow ch_change_flows[] = {
  CH_FLOW (CHANGE, ENTERPRISE,   SOFT, SELF_PAY,       "change.enterprise.soft.self-pay",                    N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "change.enterprise.soft.enterprise-pay",              N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, SOFT, SELF_PAY,       "change.legal-person.soft.self-pay",                  N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "change.legal-person.soft.enterprise-pay",            N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       SOFT, SELF_PAY,       "change.person.soft.self-pay",                        N_("Change a personal certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       SOFT, ENTERPRISE_PAY, "change.person.soft.enterprise-pay",                  N_("Change a personal certificate"), change_recipe),
  CH_FLOW (CHANGE, ENTERPRISE,   UKEY, SELF_PAY,       "change.enterprise.ukey.self-pay",                    N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "change.enterprise.ukey.enterprise-pay",              N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, UKEY, SELF_PAY,       "change.legal-person.ukey.self-pay",                  N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "change.legal-person.ukey.enterprise-pay",            N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       UKEY, SELF_PAY,       "change.person.ukey.self-pay",                        N_("Change a personal certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       UKEY, ENTERPRISE_PAY, "change.person.ukey.enterprise-pay",                  N_("Change a personal certificate"), change_recipe),
  CH_FLOW (CHANGE, ENTERPRISE,   PHONE, SELF_PAY,       "change.enterprise.phone.self-pay", N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, ENTERPRISE,   PHONE, ENTERPRISE_PAY, "change.enterprise.phone.enterprise-pay", N_("Change an enterprise certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, PHONE, SELF_PAY,       "change.legal-person.phone.self-pay", N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, LEGAL_PERSON, PHONE, ENTERPRISE_PAY, "change.legal-person.phone.enterprise-pay", N_("Change a legal person’s certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       PHONE, SELF_PAY,       "change.person.phone.self-pay", N_("Change a personal certificate"), change_recipe),
  CH_FLOW (CHANGE, PERSON,       PHONE, ENTERPRISE_PAY, "change.person.phone.enterprise-pay", N_("Change a personal certificate"), change_recipe),
};
/* clang-format on */

const guint ch_n_change_flows = G_N_ELEMENTS (ch_change_flows);
