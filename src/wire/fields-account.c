#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

static ChReason
check_user_name (const char *value, GHashTable *answers)
{
  return ch_validate_user_name (value);
}

static ChReason
check_sms_code (const char *value, GHashTable *answers)
{
  return ch_validate_sms_code (value);
}

const ChField ch_field_user_name = {
  .id = "user-name",
  .label = N_ ("User name"),
  .kind = CH_FIELD_TEXT,
  .max = 32,
  .validate = check_user_name,
  .group = N_ ("Account"),
  .hint = N_ ("Your mobile number is best."),
};

/* At login the rules of names do not matter, only whether it is known */
const ChField ch_field_login_name = {
  .id = "login-name",
  .label = N_ ("User name"),
  .kind = CH_FIELD_TEXT,
  .max = 64,
  .group = N_ ("Account"),
};

const ChField ch_field_password = {
  .id = "password",
  .label = N_ ("Password"),
  .kind = CH_FIELD_NEW_SECRET,
  .max = 256,
  .group = N_ ("Account"),
  .hint = N_ ("10 characters or more."),
};

const ChField ch_field_login_password = {
  .id = "login-password",
  .label = N_ ("Password"),
  .kind = CH_FIELD_SECRET,
  .max = 256,
  .group = N_ ("Account"),
};

const ChField ch_field_sms_code = {
  .id = "sms-code",
  .label = N_ ("SMS code"),
  .kind = CH_FIELD_SMS_CODE,
  .max = 6,
  .validate = check_sms_code,
  .group = N_ ("Handler"),
};

static const ChField *const register_fields[] = {
  &ch_field_user_name,
  &ch_field_password,
  &ch_field_handler_name,
  &ch_field_handler_document_kind,
  &ch_field_handler_document_number,
  &ch_field_handler_mobile,
  &ch_field_sms_code,
  NULL,
};

const ChForm ch_form_register = {
  .id = "register",
  .fields = register_fields,
  .title = N_ ("Register"),
  .lead = N_ ("One account for each mobile number. Keep user name and password safe."),
};

static const ChField *const login_fields[] = { &ch_field_login_name, &ch_field_login_password, NULL };

const ChForm ch_form_login = {
  .id = "login",
  .fields = login_fields,
  .title = N_ ("Log in"),
  .lead = N_ ("With the account that was registered for this enterprise."),
};
