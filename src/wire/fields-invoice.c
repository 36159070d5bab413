#include "config.h"

#include <string.h>

#include "base/ch-validate.h"
#include "wire/fields-private.h"

/* Registered persons have the social credit code or an identity number; older numbers have 15 or 20 places */
static ChReason
check_tax_number (const char *value, GHashTable *answers)
{
  ChReason reason = ch_validate_uscc (value);
  gsize len = strlen (value);

  if (reason == CH_REASON_OK || ch_validate_resident_id (value) == CH_REASON_OK)
    return CH_REASON_OK;
  if ((len == 15 || len == 20) && strspn (value, "0123456789ABCDEFGHJKLMNPQRTUWXY") == len)
    return CH_REASON_OK;
  return reason;
}

static ChReason
check_title (const char *value, GHashTable *answers)
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

static ChReason
check_account (const char *value, GHashTable *answers)
{
  gsize len = strspn (value, "0123456789-");

  return len >= 6 && value[len] == 0 ? CH_REASON_OK : CH_REASON_CHARACTERS;
}

static ChReason
check_email (const char *value, GHashTable *answers)
{
  return ch_validate_email (value);
}

static const ChFieldChoice kinds[]
    = { { "plain", N_ ("Electronic invoice") }, { "special", N_ ("Special VAT invoice") }, { NULL, NULL } };

static const ChField invoice_kind = {
  .id = "invoice-kind",
  .label = N_ ("Kind of invoice"),
  .kind = CH_FIELD_CHOICE,
  .max = 16,
  .choices = kinds,
  .initial = "plain",
  .group = N_ ("Made out to"),
};

static const ChField invoice_title = {
  .id = "invoice-title",
  .label = N_ ("Name on the invoice"),
  .kind = CH_FIELD_TEXT,
  .max = 100,
  .validate = check_title,
  .group = N_ ("Made out to"),
};

static const ChField invoice_tax_number = {
  .id = "invoice-tax-number",
  .label = N_ ("Tax number"),
  .kind = CH_FIELD_CODE,
  .max = 20,
  .validate = check_tax_number,
  .group = N_ ("Made out to"),
};

static const ChField invoice_address = {
  .id = "invoice-address",
  .label = N_ ("Address"),
  .kind = CH_FIELD_TEXT,
  .max = 200,
  .validate = check_text,
  .group = N_ ("Made out to"),
};

static const ChField invoice_phone = {
  .id = "invoice-phone",
  .label = N_ ("Telephone"),
  .kind = CH_FIELD_PHONE,
  .max = 20,
  .validate = check_phone,
  .group = N_ ("Made out to"),
};

static const ChField invoice_bank = {
  .id = "invoice-bank",
  .label = N_ ("Bank"),
  .kind = CH_FIELD_TEXT,
  .max = 100,
  .validate = check_text,
  .group = N_ ("Made out to"),
};

static const ChField invoice_account = {
  .id = "invoice-account",
  .label = N_ ("Bank account"),
  .kind = CH_FIELD_CODE,
  .max = 32,
  .validate = check_account,
  .group = N_ ("Made out to"),
};

static const ChField invoice_email = {
  .id = "invoice-email",
  .label = N_ ("E-mail"),
  .kind = CH_FIELD_EMAIL,
  .max = 254,
  .validate = check_email,
  .group = N_ ("Sent to"),
  .hint = N_ ("The invoice is sent to this address. Take care that it is right."),
};

static const ChField *const invoice_fields[] = { &invoice_kind,    &invoice_title, &invoice_tax_number,
                                                 &invoice_address, &invoice_phone, &invoice_bank,
                                                 &invoice_account, &invoice_email, NULL };

const ChForm ch_form_invoice = {
  .id = "invoice",
  .fields = invoice_fields,
  .title = N_ ("Ask for the invoice"),
  .lead = N_ ("The CA makes out the invoice within five working days."),
};
