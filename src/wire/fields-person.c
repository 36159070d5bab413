#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

/* People a certificate is made out to: the legal person of a unit, or somebody for himself */

static ChReason
check_name (const char *value, GHashTable *answers)
{
  return ch_validate_name (value);
}

static ChReason
check_mobile (const char *value, GHashTable *answers)
{
  return ch_validate_mobile (value);
}

static ChReason
check_email (const char *value, GHashTable *answers)
{
  return ch_validate_email (value);
}

static ChReason
check_legal_person_number (const char *value, GHashTable *answers)
{
  return ch_fields_check_number (value, answers, "legal-person-document-kind");
}

static ChReason
check_person_number (const char *value, GHashTable *answers)
{
  return ch_fields_check_number (value, answers, "person-document-kind");
}

const ChField ch_field_legal_person_name = {
  .id = "legal-person-name",
  .label = N_ ("Name of the legal person"),
  .kind = CH_FIELD_TEXT,
  .max = 40,
  .validate = check_name,
  .group = N_ ("Legal person"),
  .hint = N_ ("As on the business licence; the certificate is made out to this name."),
};

const ChField ch_field_legal_person_document_kind = {
  .id = "legal-person-document-kind",
  .label = N_ ("Kind of document"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Legal person"),
  .choices = ch_choices_document_kind,
  .initial = "resident-id",
};

const ChField ch_field_legal_person_document_number = {
  .id = "legal-person-document-number",
  .label = N_ ("Document number of the legal person"),
  .kind = CH_FIELD_CODE,
  .max = 30,
  .validate = check_legal_person_number,
  .group = N_ ("Legal person"),
};

const ChField ch_field_legal_person_mobile = {
  .id = "legal-person-mobile",
  .label = N_ ("Mobile number of the legal person"),
  .kind = CH_FIELD_MOBILE,
  .optional = TRUE,
  .max = 11,
  .validate = check_mobile,
  .group = N_ ("Legal person"),
};

const ChField ch_field_person_name = {
  .id = "person-name",
  .label = N_ ("Name of the person"),
  .kind = CH_FIELD_TEXT,
  .max = 40,
  .validate = check_name,
  .group = N_ ("Person"),
  .hint = N_ ("As on the identity document; the certificate is made out to this name."),
};

const ChField ch_field_person_document_kind = {
  .id = "person-document-kind",
  .label = N_ ("Kind of document"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Person"),
  .choices = ch_choices_document_kind,
  .initial = "resident-id",
};

const ChField ch_field_person_document_number = {
  .id = "person-document-number",
  .label = N_ ("Document number of the person"),
  .kind = CH_FIELD_CODE,
  .max = 30,
  .validate = check_person_number,
  .group = N_ ("Person"),
};

const ChField ch_field_person_mobile = {
  .id = "person-mobile",
  .label = N_ ("Mobile number of the person"),
  .kind = CH_FIELD_MOBILE,
  .max = 11,
  .validate = check_mobile,
  .group = N_ ("Person"),
};

const ChField ch_field_person_email = {
  .id = "person-email",
  .label = N_ ("E-mail of the person"),
  .kind = CH_FIELD_EMAIL,
  .optional = TRUE,
  .max = 254,
  .validate = check_email,
  .group = N_ ("Person"),
};

const ChField ch_field_person_unit = {
  .id = "person-unit",
  .label = N_ ("Unit the person belongs to"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 60,
  .validate = check_name,
  .group = N_ ("Person"),
  .hint = N_ ("If it is given, it is written into the certificate."),
};

static const ChField *const legal_person_fields[] = {
  &ch_field_unit_name,
  &ch_field_unit_code,
  &ch_field_unit_email,
  &ch_field_legal_person_name,
  &ch_field_legal_person_document_kind,
  &ch_field_legal_person_document_number,
  &ch_field_legal_person_mobile,
  &ch_field_term,
  &ch_field_province,
  &ch_field_city,
  NULL,
};

const ChForm ch_form_subject_legal_person = {
  .id = "subject-legal-person",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_LEGAL_PERSON,
  .fields = legal_person_fields,
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("Unit and legal person as on the business licence; both are written into the certificate."),
};

static const ChField *const person_fields[] = {
  &ch_field_person_name,
  &ch_field_person_document_kind,
  &ch_field_person_document_number,
  &ch_field_person_mobile,
  &ch_field_person_email,
  &ch_field_person_unit,
  &ch_field_term,
  &ch_field_province,
  &ch_field_city,
  NULL,
};

const ChForm ch_form_subject_person = {
  .id = "subject-person",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_PERSON,
  .fields = person_fields,
  .title = N_ ("Fill in the certificate data"),
  .lead = N_ ("The name is written into the certificate. It must be as on the identity document."),
};
