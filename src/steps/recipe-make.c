#include "config.h"

#include "steps/steps.h"

/* A certificate on a USB key, made by the CA: the medium is set up, then everything is as with any other
 * certificate that is installed. Its first PIN leaves last, when the key was tried. */
static const ChStep *const make_recipe[] = {
  &ch_step_make_application,
  &ch_step_make_check,
  &ch_step_find_key,
  &ch_step_make_medium,
  &ch_step_make_initialise,
  &ch_step_key,
  &ch_step_issue,
  &ch_step_store,
  &ch_step_confirm,
  &ch_step_make_pin,
  &ch_step_make_sent,
  &ch_step_make_result,
  NULL,
};

/* No row of the catalogue: no CA offers it to those who apply */
/* clang-format off */
const ChFlow ch_make_flows[] = {
  CH_FLOW (MAKE, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "make.enterprise.ukey.enterprise-pay",   N_("Make a USB key"), make_recipe),
  CH_FLOW (MAKE, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "make.legal-person.ukey.enterprise-pay", N_("Make a USB key"), make_recipe),
  CH_FLOW (MAKE, PERSON,       UKEY, ENTERPRISE_PAY, "make.person.ukey.enterprise-pay",       N_("Make a USB key"), make_recipe),
};
/* clang-format on */

const guint ch_n_make_flows = G_N_ELEMENTS (ch_make_flows);
