#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

static ChReason
check_name (const char *value, GHashTable *answers)
{
  return ch_validate_name (value);
}

static ChReason
check_text (const char *value, GHashTable *answers)
{
  return ch_validate_text (value);
}

static ChReason
check_mobile (const char *value, GHashTable *answers)
{
  return ch_validate_mobile (value);
}

static ChReason
check_phone (const char *value, GHashTable *answers)
{
  return ch_validate_phone (value);
}

static ChReason
check_email (const char *value, GHashTable *answers)
{
  return ch_validate_email (value);
}

/* The number of an identity document, by the kind the field @kind_field says it is */
ChReason
ch_fields_check_number (const char *value, GHashTable *answers, const char *kind_field)
{
  const char *kind = answers != NULL ? g_hash_table_lookup (answers, kind_field) : NULL;

  return kind == NULL || g_str_equal (kind, "resident-id") ? ch_validate_resident_id (value)
                                                           : ch_validate_document_number (value);
}

static ChReason
check_document_number (const char *value, GHashTable *answers)
{
  return ch_fields_check_number (value, answers, "handler-document-kind");
}

const ChFieldChoice ch_choices_document_kind[] = {
  { "resident-id", N_ ("Identity card") },
  { "passport", N_ ("Passport") },
  { "hk-macao-permit", N_ ("Home-return permit of Hong Kong or Macao") },
  { "taiwan-permit", N_ ("Travel permit of Taiwan") },
  { "residence-permit", N_ ("Foreigner’s permanent residence card") },
  { NULL, NULL },
};

const ChField ch_field_handler_name = {
  .id = "handler-name",
  .label = N_ ("Name of the handler"),
  .kind = CH_FIELD_TEXT,
  .max = 40,
  .validate = check_name,
  .group = N_ ("Handler"),
  .prefill = "handler-name",
};

const ChField ch_field_handler_document_kind = {
  .id = "handler-document-kind",
  .label = N_ ("Kind of document"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Handler"),
  .choices = ch_choices_document_kind,
  .initial = "resident-id",
};

const ChField ch_field_handler_document_number = {
  .id = "handler-document-number",
  .label = N_ ("Document number of the handler"),
  .kind = CH_FIELD_CODE,
  .max = 30,
  .validate = check_document_number,
  .group = N_ ("Handler"),
};

const ChField ch_field_handler_mobile = {
  .id = "handler-mobile",
  .label = N_ ("Mobile number of the handler"),
  .kind = CH_FIELD_MOBILE,
  .max = 11,
  .validate = check_mobile,
  .group = N_ ("Handler"),
  .hint = N_ ("The result of the review is sent to it."),
};

const ChField ch_field_handler_email = {
  .id = "handler-email",
  .label = N_ ("E-mail of the handler"),
  .kind = CH_FIELD_EMAIL,
  .max = 254,
  .validate = check_email,
  .group = N_ ("Contact"),
};

const ChField ch_field_unit_phone = {
  .id = "unit-phone",
  .label = N_ ("Telephone of the unit"),
  .kind = CH_FIELD_PHONE,
  .optional = TRUE,
  .max = 24,
  .validate = check_phone,
  .group = N_ ("Contact"),
};

const ChField ch_field_handler_address = {
  .id = "handler-address",
  .label = N_ ("Address of the handler"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 120,
  .validate = check_text,
  .group = N_ ("Contact"),
};

static const ChField *const handler_fields[] = {
  &ch_field_handler_name,
  &ch_field_handler_document_kind,
  &ch_field_handler_document_number,
  &ch_field_handler_mobile,
  &ch_field_handler_email,
  &ch_field_unit_phone,
  &ch_field_handler_address,
  NULL,
};

const ChForm ch_form_handler = {
  .id = "handler",
  .fact = CH_FACT_HANDLER,
  .fields = handler_fields,
  .title = N_ ("Fill in the handler’s data"),
  .lead = N_ ("The handler is who acts for the applicant and is told the result."),
};

const ChField ch_field_passphrase = {
  .id = "passphrase",
  .label = N_ ("Passphrase of the software token"),
  .kind = CH_FIELD_NEW_SECRET,
  .max = 256,
  .group = N_ ("Software token"),
  .hint = N_ ("10 characters or more. Nobody can look it up or reset it."),
};

static const ChField *const passphrase_fields[] = { &ch_field_passphrase, NULL };

const ChForm ch_form_passphrase = {
  .id = "passphrase",
  .fact = CH_FACT_TOKEN,
  .fields = passphrase_fields,
  .title = N_ ("Choose a passphrase"),
  .lead = N_ ("It protects the key of the certificate on this PC and is asked for whenever you sign."),
};
