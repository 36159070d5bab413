#include "config.h"

#include "steps/steps.h"

/* A new certificate in the order of the CA’s manual, 3.1–3.4: pay, then submit. Where the CA makes the medium
 * itself it is waited for; else the key is made on the one that is there: a software token made for it, or a
 * USB key the user has in hand. */
static const ChStep *const apply_recipe[] = {
  &ch_step_choose,
  &ch_step_subject,
  &ch_step_subject_legal_person,
  &ch_step_subject_person,
  &ch_step_documents,
  &ch_step_handler,
  &ch_step_delivery,
  &ch_step_delivery_person,
  &ch_step_order,
  &ch_step_settle,
  &ch_step_pay,
  &ch_step_submit,
  &ch_step_review,
  &ch_step_made,
  CH_STEPS_INSTALL,
  &ch_step_result_made,
  NULL,
};

/* clang-format off */
const ChFlow ch_apply_flows[] = {
  CH_FLOW (APPLY, ENTERPRISE,   SOFT, SELF_PAY,       "apply.enterprise.soft.self-pay",         N_("New enterprise certificate"),       apply_recipe),
  CH_FLOW (APPLY, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "apply.enterprise.soft.enterprise-pay",   N_("New enterprise certificate"),       apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, SOFT, SELF_PAY,       "apply.legal-person.soft.self-pay",       N_("New legal person’s certificate"),   apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "apply.legal-person.soft.enterprise-pay", N_("New legal person’s certificate"),   apply_recipe),
  CH_FLOW (APPLY, PERSON,       SOFT, SELF_PAY,       "apply.person.soft.self-pay",             N_("New personal certificate"),         apply_recipe),
  CH_FLOW (APPLY, PERSON,       SOFT, ENTERPRISE_PAY, "apply.person.soft.enterprise-pay",       N_("New personal certificate"),         apply_recipe),
  CH_FLOW (APPLY, ENTERPRISE,   UKEY, SELF_PAY,       "apply.enterprise.ukey.self-pay",           N_("New enterprise certificate"), apply_recipe),
  CH_FLOW (APPLY, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "apply.enterprise.ukey.enterprise-pay",     N_("New enterprise certificate"), apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, UKEY, SELF_PAY,       "apply.legal-person.ukey.self-pay",         N_("New legal person’s certificate"), apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "apply.legal-person.ukey.enterprise-pay",   N_("New legal person’s certificate"), apply_recipe),
  CH_FLOW (APPLY, PERSON,       UKEY, SELF_PAY,       "apply.person.ukey.self-pay",               N_("New personal certificate"), apply_recipe),
  CH_FLOW (APPLY, PERSON,       UKEY, ENTERPRISE_PAY, "apply.person.ukey.enterprise-pay",         N_("New personal certificate"), apply_recipe),
  CH_FLOW (APPLY, ENTERPRISE,   PHONE, SELF_PAY,       "apply.enterprise.phone.self-pay", N_("New enterprise certificate"), apply_recipe),
  CH_FLOW (APPLY, ENTERPRISE,   PHONE, ENTERPRISE_PAY, "apply.enterprise.phone.enterprise-pay", N_("New enterprise certificate"), apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, PHONE, SELF_PAY,       "apply.legal-person.phone.self-pay", N_("New legal person’s certificate"), apply_recipe),
  CH_FLOW (APPLY, LEGAL_PERSON, PHONE, ENTERPRISE_PAY, "apply.legal-person.phone.enterprise-pay", N_("New legal person’s certificate"), apply_recipe),
  CH_FLOW (APPLY, PERSON,       PHONE, SELF_PAY,       "apply.person.phone.self-pay", N_("New personal certificate"), apply_recipe),
  CH_FLOW (APPLY, PERSON,       PHONE, ENTERPRISE_PAY, "apply.person.phone.enterprise-pay", N_("New personal certificate"), apply_recipe),
};
/* clang-format on */

const guint ch_n_apply_flows = G_N_ELEMENTS (ch_apply_flows);
