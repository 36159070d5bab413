#include "config.h"

#include "steps/steps.h"

/* Another handler, in the order of the CA’s manual, 5.7–5.9: documents, the handler’s data, review. The
 * certificate stays as it is; whose mobile unlocks it follows. */
static const ChStep *const change_handler_recipe[] = {
  &ch_step_list_certificates,
  &ch_step_choose_certificate,
  &ch_step_subject_kept,
  &ch_step_documents,
  &ch_step_no_documents,
  &ch_step_handler_changed,
  &ch_step_free,
  &ch_step_submit,
  &ch_step_review,
  &ch_step_carried_out,
  NULL,
};

/* clang-format off */
const ChFlow ch_change_handler_flows[] = {
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   SOFT, SELF_PAY,       "change-handler.enterprise.soft.self-pay",         N_("Change the handler of an enterprise certificate"),     change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "change-handler.enterprise.soft.enterprise-pay",   N_("Change the handler of an enterprise certificate"),     change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, SOFT, SELF_PAY,       "change-handler.legal-person.soft.self-pay",       N_("Change the handler of a legal person’s certificate"),  change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "change-handler.legal-person.soft.enterprise-pay", N_("Change the handler of a legal person’s certificate"),  change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       SOFT, SELF_PAY,       "change-handler.person.soft.self-pay",             N_("Change the handler of a personal certificate"),        change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       SOFT, ENTERPRISE_PAY, "change-handler.person.soft.enterprise-pay",       N_("Change the handler of a personal certificate"),        change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   UKEY, SELF_PAY,       "change-handler.enterprise.ukey.self-pay",         N_("Change the handler of an enterprise certificate"),     change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "change-handler.enterprise.ukey.enterprise-pay",   N_("Change the handler of an enterprise certificate"),     change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, UKEY, SELF_PAY,       "change-handler.legal-person.ukey.self-pay",       N_("Change the handler of a legal person’s certificate"),  change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "change-handler.legal-person.ukey.enterprise-pay", N_("Change the handler of a legal person’s certificate"),  change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       UKEY, SELF_PAY,       "change-handler.person.ukey.self-pay",             N_("Change the handler of a personal certificate"),        change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       UKEY, ENTERPRISE_PAY, "change-handler.person.ukey.enterprise-pay",       N_("Change the handler of a personal certificate"),        change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   PHONE, SELF_PAY,       "change-handler.enterprise.phone.self-pay", N_("Change the handler of an enterprise certificate"), change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, ENTERPRISE,   PHONE, ENTERPRISE_PAY, "change-handler.enterprise.phone.enterprise-pay", N_("Change the handler of an enterprise certificate"), change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, PHONE, SELF_PAY,       "change-handler.legal-person.phone.self-pay", N_("Change the handler of a legal person’s certificate"), change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, LEGAL_PERSON, PHONE, ENTERPRISE_PAY, "change-handler.legal-person.phone.enterprise-pay", N_("Change the handler of a legal person’s certificate"), change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       PHONE, SELF_PAY,       "change-handler.person.phone.self-pay", N_("Change the handler of a personal certificate"), change_handler_recipe),
  CH_FLOW (CHANGE_HANDLER, PERSON,       PHONE, ENTERPRISE_PAY, "change-handler.person.phone.enterprise-pay", N_("Change the handler of a personal certificate"), change_handler_recipe),
};
/* clang-format on */

const guint ch_n_change_handler_flows = G_N_ELEMENTS (ch_change_handler_flows);
