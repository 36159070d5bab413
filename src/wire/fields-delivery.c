#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

/* How a key the CA made gets to the applicant: names and order as in the CA’s manual */

static gboolean
is_by_courier (GHashTable *answers)
{
  return answers == NULL || g_strcmp0 (g_hash_table_lookup (answers, "delivery-way"), "hall") != 0;
}

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
check_phone (const char *value, GHashTable *answers)
{
  return ch_validate_mobile (value) == CH_REASON_OK ? CH_REASON_OK : ch_validate_phone (value);
}

static const ChFieldChoice ways[] = {
  { "courier", N_ ("By courier") },
  { "hall", N_ ("Collected at the hall") },
  { NULL, NULL },
};

static const ChFieldChoice payers[] = {
  { "receiver", N_ ("The receiver pays on delivery") },
  { NULL, NULL },
};

static const ChField delivery_way = {
  .id = "delivery-way",
  .label = N_ ("How the certificate is received"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Delivery"),
  .choices = ways,
  .initial = "courier",
};

static const ChField delivery_payer = {
  .id = "delivery-payer",
  .label = N_ ("Who pays the courier"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Delivery"),
  .choices = payers,
  .initial = "receiver",
  .asked = is_by_courier,
};

static const ChField delivery_unit = {
  .id = "delivery-unit",
  .label = N_ ("Company of the recipient"),
  .kind = CH_FIELD_TEXT,
  .max = 60,
  .validate = check_name,
  .group = N_ ("Recipient"),
  .asked = is_by_courier,
};

static const ChField delivery_name = {
  .id = "delivery-name",
  .label = N_ ("Name of the recipient"),
  .kind = CH_FIELD_TEXT,
  .max = 40,
  .validate = check_name,
  .group = N_ ("Recipient"),
  .asked = is_by_courier,
};

static const ChField delivery_phone = {
  .id = "delivery-phone",
  .label = N_ ("Telephone of the recipient"),
  .kind = CH_FIELD_PHONE,
  .max = 24,
  .validate = check_phone,
  .group = N_ ("Recipient"),
  .asked = is_by_courier,
};

static const ChField delivery_address = {
  .id = "delivery-address",
  .label = N_ ("Address of the recipient"),
  .kind = CH_FIELD_TEXT,
  .max = 120,
  .validate = check_text,
  .group = N_ ("Recipient"),
  .asked = is_by_courier,
};

static const ChField *const delivery_fields[] = {
  &delivery_way, &delivery_payer, &delivery_unit, &delivery_name, &delivery_phone, &delivery_address, NULL,
};

static const ChField *const delivery_person_fields[] = {
  &delivery_way, &delivery_payer, &delivery_name, &delivery_phone, &delivery_address, NULL,
};

const ChForm ch_form_delivery = {
  .id = "delivery",
  .fact = CH_FACT_DELIVERY,
  .subjects = 1u << CH_SUBJECT_ENTERPRISE | 1u << CH_SUBJECT_LEGAL_PERSON,
  .businesses = 1u << CH_BUSINESS_APPLY | 1u << CH_BUSINESS_REPLACE,
  .media = 1u << CH_MEDIUM_UKEY,
  .fields = delivery_fields,
  .title = N_ ("Fill in the delivery"),
  .lead = N_ ("The CA makes the USB key. Say how it gets to you."),
};

/* A person need not be reached at a company */
const ChForm ch_form_delivery_person = {
  .id = "delivery-person",
  .fact = CH_FACT_DELIVERY,
  .subjects = 1u << CH_SUBJECT_PERSON,
  .businesses = 1u << CH_BUSINESS_APPLY | 1u << CH_BUSINESS_REPLACE,
  .media = 1u << CH_MEDIUM_UKEY,
  .fields = delivery_person_fields,
  .title = N_ ("Fill in the delivery"),
  .lead = N_ ("The CA makes the USB key. Say how it gets to you."),
};
