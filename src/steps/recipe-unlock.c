#include "config.h"

#include "steps/steps.h"

/* Unlocking a PIN, chapter 8 of the CA’s manual: the key plugged in, a code to the handler’s mobile, then a
 * new PIN. The manual sets 111111; here it is the user’s own. Nobody need be logged in, and nothing is paid.
 */
static const ChStep *const unlock_recipe[] = {
  &ch_step_look_for_media,
  &ch_step_choose_medium,
  &ch_step_unlock_key,
  &ch_step_unlock_mobile,
  &ch_step_unlock_code,
  &ch_step_unlock_proof,
  &ch_step_unlock_release,
  &ch_step_unlock_pin,
  &ch_step_unlock_confirm,
  &ch_step_unlock_result,
  NULL,
};

/* clang-format off */
const ChFlow ch_unlock_flows[] = {
  CH_FLOW (UNLOCK, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "unlock.enterprise.ukey.enterprise-pay",   N_("Unlock the USB key of an enterprise"),     unlock_recipe),
  CH_FLOW (UNLOCK, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "unlock.legal-person.ukey.enterprise-pay", N_("Unlock the USB key of a legal person"),    unlock_recipe),
  CH_FLOW (UNLOCK, PERSON,       UKEY, ENTERPRISE_PAY, "unlock.person.ukey.enterprise-pay",       N_("Unlock the USB key of a person"),          unlock_recipe),
};
/* clang-format on */

const guint ch_n_unlock_flows = G_N_ELEMENTS (ch_unlock_flows);
