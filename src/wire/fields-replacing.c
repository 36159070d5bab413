#include "config.h"

#include "wire/fields-private.h"

/* What is asked where a business is about a certificate: which, for how long the new one is to live, and what
 * becomes of the old key */

#define IN(business) (1u << CH_BUSINESS_##business)

static ChReason
check_serial (const char *value, GHashTable *answers)
{
  for (const char *c = value; *c != 0; c++)
    if (!g_ascii_isxdigit (*c))
      return CH_REASON_CHARACTERS;
  return CH_REASON_OK;
}

const ChField ch_field_certificate = {
  .id = "certificate",
  .label = N_ ("Certificate"),
  .kind = CH_FIELD_CERTIFICATE,
  .max = 64,
  .validate = check_serial,
  .group = N_ ("Certificate"),
};

static const ChField *const about_fields[] = { &ch_field_certificate, NULL };

const ChForm ch_form_about = {
  .id = "about",
  .fact = CH_FACT_APPLICATION,
  .businesses = IN (RENEW) | IN (CHANGE) | IN (CHANGE_HANDLER) | IN (REPLACE) | IN (REVOKE),
  .fields = about_fields,
  .title = N_ ("Choose the certificate"),
  .lead = N_ ("Where it cannot be done now it is said why."),
};

static const ChField *const term_fields[] = { &ch_field_term, NULL };

/* All that goes into the certificate but this is taken over from the old one */
const ChForm ch_form_term = {
  .id = "term",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (RENEW),
  .fields = term_fields,
  .title = N_ ("Choose the validity"),
  .lead = N_ ("How long the new certificate is to live."),
};

static const ChField *const no_fields[] = { NULL };

const ChForm ch_form_handler_kept = {
  .id = "handler-kept",
  .fact = CH_FACT_HANDLER,
  .businesses = IN (RENEW) | IN (REPLACE) | IN (REVOKE),
  .fields = no_fields,
  .title = N_ ("Handler"),
  .lead = N_ ("The handler stays as it is."),
};

const ChForm ch_form_subject_kept = {
  .id = "subject-kept",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (CHANGE_HANDLER) | IN (REPLACE),
  .fields = no_fields,
  .title = N_ ("Certificate data"),
  .lead = N_ ("What stands in the certificate stays as it is."),
};

static const ChFieldChoice old_key_choices[] = {
  { "keep", N_ ("Keep it: files encrypted with the old certificate can still be opened") },
  { "delete", N_ ("Delete it: files encrypted with the old certificate can never be opened again") },
  { NULL, NULL },
};

const ChField ch_field_old_key = {
  .id = "old-key",
  .label = N_ ("Old key"),
  .kind = CH_FIELD_CHOICE,
  .max = 16,
  .group = N_ ("Old key"),
  .choices = old_key_choices,
  .initial = "keep",
};

static const ChField *const old_key_fields[] = { &ch_field_old_key, NULL };

const ChForm ch_form_old_key = {
  .id = "old-key",
  .fact = CH_FACT_RETIRED,
  .fields = old_key_fields,
  .title = N_ ("What becomes of the old key"),
  .lead = N_ ("The new certificate works. Files that others encrypted with the old one need its key."),
};
