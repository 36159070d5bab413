#include "config.h"

#include "steps/steps.h"

/* Remote download, chapter 9 of the CA’s manual: a code of the customer service, the certificate looked at,
 * then the PIN. The manual does not say where the key comes from; here it never leaves its medium: a key of
 * the application that is on one is gone on with, else one is made there. What was paid for is not paid
 * again. */
static const ChStep *const download_recipe[] = {
  &ch_step_download_code,
  &ch_step_download_check,
  CH_STEPS_INSTALL,
  NULL,
};

/* clang-format off */
const ChFlow ch_download_flows[] = {
  CH_FLOW (DOWNLOAD, ENTERPRISE,   SOFT, ENTERPRISE_PAY, "download.enterprise.soft.enterprise-pay",   N_("Download an enterprise certificate"),     download_recipe),
  CH_FLOW (DOWNLOAD, LEGAL_PERSON, SOFT, ENTERPRISE_PAY, "download.legal-person.soft.enterprise-pay", N_("Download a legal person’s certificate"), download_recipe),
  CH_FLOW (DOWNLOAD, PERSON,       SOFT, ENTERPRISE_PAY, "download.person.soft.enterprise-pay",       N_("Download a personal certificate"),        download_recipe),
  CH_FLOW (DOWNLOAD, ENTERPRISE,   UKEY, ENTERPRISE_PAY, "download.enterprise.ukey.enterprise-pay",   N_("Download an enterprise certificate"),     download_recipe),
  CH_FLOW (DOWNLOAD, LEGAL_PERSON, UKEY, ENTERPRISE_PAY, "download.legal-person.ukey.enterprise-pay", N_("Download a legal person’s certificate"), download_recipe),
  CH_FLOW (DOWNLOAD, PERSON,       UKEY, ENTERPRISE_PAY, "download.person.ukey.enterprise-pay",       N_("Download a personal certificate"),        download_recipe),
};
/* clang-format on */

const guint ch_n_download_flows = G_N_ELEMENTS (ch_download_flows);
