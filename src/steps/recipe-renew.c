#include "config.h"

#include "steps/steps.h"

/* A certificate is renewed in the order of the CA’s manual, 4.1–4.4: for how long, pay, install. The new key
 * is made on the token that holds the old one, which is put away only after the new certificate was proved.
 */
static const ChStep *const renew_recipe[] = {
  &ch_step_list_certificates,
  &ch_step_choose_certificate,
  &ch_step_handler_kept,
  &ch_step_term,
  &ch_step_documents,
  &ch_step_no_documents,
  &ch_step_room,
  &ch_step_order,
  &ch_step_settle,
  &ch_step_pay,
  &ch_step_hand_in,
  &ch_step_hand_in_approved,
  &ch_step_review,
  CH_STEPS_TAKE_PLACE,
  NULL,
};

/* clang-format off */
const ChFlow ch_renew_flows[] = {
  CH_FLOW (RENEW, ENTERPRISE,   SOFT, SELF_PAY,       "renew.enterprise.soft.self-pay",         N_("Renew an enterprise certificate"),       renew_recipe),
  CH_FLOW (RENEW, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "renew.enterprise.soft.enterprise-pay",   N_("Renew an enterprise certificate"),       renew_recipe),
  CH_FLOW (RENEW, LEGAL_PERSON, SOFT, SELF_PAY,       "renew.legal-person.soft.self-pay",       N_("Renew a legal person’s certificate"),    renew_recipe),
  CH_FLOW (RENEW, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "renew.legal-person.soft.enterprise-pay", N_("Renew a legal person’s certificate"),    renew_recipe),
  CH_FLOW (RENEW, PERSON,       SOFT, SELF_PAY,       "renew.person.soft.self-pay",             N_("Renew a personal certificate"),          renew_recipe),
  CH_FLOW (RENEW, PERSON,       SOFT, ENTERPRISE_PAY, "renew.person.soft.enterprise-pay",       N_("Renew a personal certificate"),          renew_recipe),
  CH_FLOW (RENEW, ENTERPRISE,   UKEY, SELF_PAY,       "renew.enterprise.ukey.self-pay",         N_("Renew an enterprise certificate"),       renew_recipe),
  CH_FLOW (RENEW, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "renew.enterprise.ukey.enterprise-pay",   N_("Renew an enterprise certificate"),       renew_recipe),
  CH_FLOW (RENEW, LEGAL_PERSON, UKEY, SELF_PAY,       "renew.legal-person.ukey.self-pay",       N_("Renew a legal person’s certificate"),    renew_recipe),
  CH_FLOW (RENEW, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "renew.legal-person.ukey.enterprise-pay", N_("Renew a legal person’s certificate"),    renew_recipe),
  CH_FLOW (RENEW, PERSON,       UKEY, SELF_PAY,       "renew.person.ukey.self-pay",             N_("Renew a personal certificate"),          renew_recipe),
  CH_FLOW (RENEW, PERSON,       UKEY, ENTERPRISE_PAY, "renew.person.ukey.enterprise-pay",       N_("Renew a personal certificate"),          renew_recipe),
};
/* clang-format on */

const guint ch_n_renew_flows = G_N_ELEMENTS (ch_renew_flows);
