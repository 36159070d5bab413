#include "config.h"

#include "base/ch-validate.h"
#include "wire/ch-regions.h"
#include "wire/fields-private.h"

static ChReason
check_name (const char *value, GHashTable *answers)
{
  return ch_validate_name (value);
}

static ChReason
check_uscc (const char *value, GHashTable *answers)
{
  return ch_validate_uscc (value);
}

static ChReason
check_email (const char *value, GHashTable *answers)
{
  return ch_validate_email (value);
}

static ChReason
check_province (const char *value, GHashTable *answers)
{
  return ch_regions_has_province (value) ? CH_REASON_OK : CH_REASON_REGION;
}

static ChReason
check_city (const char *value, GHashTable *answers)
{
  const char *province = answers != NULL ? g_hash_table_lookup (answers, "province") : NULL;

  return province != NULL && ch_regions_has_city (province, value) ? CH_REASON_OK : CH_REASON_REGION;
}

const ChField ch_field_project = {
  .id = "project",
  .label = N_ ("Project"),
  .kind = CH_FIELD_PROJECT,
  .max = 32,
  .group = N_ ("Project"),
};

const ChField ch_field_certificate_type = {
  .id = "certificate-type",
  .label = N_ ("Type of certificate"),
  .kind = CH_FIELD_SUBJECT,
  .max = 32,
  .group = N_ ("Type of certificate"),
  .initial = "enterprise",
};

const ChField ch_field_unit_name = {
  .id = "unit-name",
  .label = N_ ("Name of the unit (in full)"),
  .kind = CH_FIELD_TEXT,
  .max = 60,
  .validate = check_name,
  .group = N_ ("Unit"),
};

const ChField ch_field_unit_code = {
  .id = "unit-code",
  .label = N_ ("Unified social credit code"),
  .kind = CH_FIELD_CODE,
  .max = 18,
  .validate = check_uscc,
  .group = N_ ("Unit"),
  .hint = N_ ("18 characters, as on the business licence."),
};

const ChField ch_field_unit_email = {
  .id = "unit-email",
  .label = N_ ("E-mail of the unit"),
  .kind = CH_FIELD_EMAIL,
  .optional = TRUE,
  .max = 254,
  .validate = check_email,
  .group = N_ ("Unit"),
};

const ChField ch_field_term = {
  .id = "term",
  .label = N_ ("Validity"),
  .kind = CH_FIELD_TERM,
  .max = 32,
  .group = N_ ("Validity of the certificate"),
};

const ChField ch_field_province = {
  .id = "province",
  .label = N_ ("Province or municipality"),
  .kind = CH_FIELD_PROVINCE,
  .max = 32,
  .validate = check_province,
  .group = N_ ("Place"),
};

const ChField ch_field_city = {
  .id = "city",
  .label = N_ ("City or district"),
  .kind = CH_FIELD_CITY,
  .max = 32,
  .validate = check_city,
  .group = N_ ("Place"),
};

static const ChField *const choose_fields[] = { &ch_field_project, &ch_field_certificate_type, NULL };

const ChForm ch_form_choose = {
  .id = "choose",
  .fact = CH_FACT_APPLICATION,
  .fields = choose_fields,
  .title = N_ ("Choose the type of certificate"),
  .lead = N_ ("The project decides where the key is kept and who pays."),
};

static const ChField *const subject_fields[] = {
  &ch_field_unit_name,
  &ch_field_unit_code,
  &ch_field_unit_email,
  &ch_field_term,
  &ch_field_province,
  &ch_field_city,
  NULL,
};

const ChForm ch_form_subject = {
  .id = "subject",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_ENTERPRISE,
  .fields = subject_fields,
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("This is written into the certificate. It must be as on the business licence."),
};
