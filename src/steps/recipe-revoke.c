#include "config.h"

#include "steps/steps.h"

/* Revocation in the order of the CA’s manual, chapter 7: documents, the handler’s code, review; and a reason,
 * which the manual does not ask for but the list of revoked certificates names. From the submission on the
 * certificate is on hold. */
static const ChStep *const revoke_recipe[] = {
  &ch_step_list_certificates,
  &ch_step_choose_certificate,
  &ch_step_handler_kept,
  &ch_step_reason,
  &ch_step_documents,
  &ch_step_no_documents,
  &ch_step_free,
  &ch_step_send_code,
  &ch_step_prove,
  &ch_step_submit,
  &ch_step_review,
  &ch_step_carried_out,
  NULL,
};

/* clang-format off */
const ChFlow ch_revoke_flows[] = {
  CH_FLOW (REVOKE, ENTERPRISE,   SOFT, SELF_PAY,       "revoke.enterprise.soft.self-pay",                    N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "revoke.enterprise.soft.enterprise-pay",              N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, SOFT, SELF_PAY,       "revoke.legal-person.soft.self-pay",                  N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "revoke.legal-person.soft.enterprise-pay",            N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       SOFT, SELF_PAY,       "revoke.person.soft.self-pay",                        N_("Revoke a personal certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       SOFT, ENTERPRISE_PAY, "revoke.person.soft.enterprise-pay",                  N_("Revoke a personal certificate"), revoke_recipe),
  CH_FLOW (REVOKE, ENTERPRISE,   UKEY, SELF_PAY,       "revoke.enterprise.ukey.self-pay",                    N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "revoke.enterprise.ukey.enterprise-pay",              N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, UKEY, SELF_PAY,       "revoke.legal-person.ukey.self-pay",                  N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "revoke.legal-person.ukey.enterprise-pay",            N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       UKEY, SELF_PAY,       "revoke.person.ukey.self-pay",                        N_("Revoke a personal certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       UKEY, ENTERPRISE_PAY, "revoke.person.ukey.enterprise-pay",                  N_("Revoke a personal certificate"), revoke_recipe),
  CH_FLOW (REVOKE, ENTERPRISE,   PHONE, SELF_PAY,       "revoke.enterprise.phone.self-pay", N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, ENTERPRISE,   PHONE, ENTERPRISE_PAY, "revoke.enterprise.phone.enterprise-pay", N_("Revoke an enterprise certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, PHONE, SELF_PAY,       "revoke.legal-person.phone.self-pay", N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, LEGAL_PERSON, PHONE, ENTERPRISE_PAY, "revoke.legal-person.phone.enterprise-pay", N_("Revoke a legal person’s certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       PHONE, SELF_PAY,       "revoke.person.phone.self-pay", N_("Revoke a personal certificate"), revoke_recipe),
  CH_FLOW (REVOKE, PERSON,       PHONE, ENTERPRISE_PAY, "revoke.person.phone.enterprise-pay", N_("Revoke a personal certificate"), revoke_recipe),
};
/* clang-format on */

const guint ch_n_revoke_flows = G_N_ELEMENTS (ch_revoke_flows);
