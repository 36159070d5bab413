#include "config.h"

#include "steps/steps.h"

/* A USB key that is lost or broken, in the order of the CA’s manual, 6.1: documents, the handler’s code,
 * delivery, pay, review. The old certificate is on hold from the submission on, the old key is not needed,
 * and the new one comes as with a new certificate: made by the CA, or on a medium the user has in hand. */
static const ChStep *const replace_recipe[] = {
  &ch_step_list_certificates,
  &ch_step_choose_certificate,
  &ch_step_handler_kept,
  &ch_step_what_happened,
  &ch_step_documents,
  &ch_step_no_documents,
  &ch_step_send_code,
  &ch_step_prove,
  &ch_step_delivery,
  &ch_step_delivery_person,
  &ch_step_order,
  &ch_step_settle,
  &ch_step_pay,
  &ch_step_free,
  &ch_step_submit,
  &ch_step_review,
  &ch_step_made,
  CH_STEPS_INSTALL,
  &ch_step_result_made,
  NULL,
};

/* clang-format off */
const ChFlow ch_replace_flows[] = {
  CH_FLOW (REPLACE, ENTERPRISE,   UKEY, SELF_PAY,       "replace.enterprise.ukey.self-pay",                N_("Replace an enterprise’s USB key"), replace_recipe),
  CH_FLOW (REPLACE, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "replace.enterprise.ukey.enterprise-pay",          N_("Replace an enterprise’s USB key"), replace_recipe),
  CH_FLOW (REPLACE, LEGAL_PERSON, UKEY, SELF_PAY,       "replace.legal-person.ukey.self-pay",              N_("Replace a legal person’s USB key"), replace_recipe),
  CH_FLOW (REPLACE, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "replace.legal-person.ukey.enterprise-pay",        N_("Replace a legal person’s USB key"), replace_recipe),
  CH_FLOW (REPLACE, PERSON,       UKEY, SELF_PAY,       "replace.person.ukey.self-pay",                    N_("Replace a person’s USB key"), replace_recipe),
  CH_FLOW (REPLACE, PERSON,       UKEY, ENTERPRISE_PAY, "replace.person.ukey.enterprise-pay",              N_("Replace a person’s USB key"), replace_recipe),
};
/* clang-format on */

const guint ch_n_replace_flows = G_N_ELEMENTS (ch_replace_flows);
