#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

static ChReason
check_user_name (const char *value, GHashTable *answers)
{
  return ch_validate_user_name (value);
}

static ChReason
check_new_mobile (const char *value, GHashTable *answers)
{
  return ch_validate_mobile (value);
}

static ChReason
check_own_email (const char *value, GHashTable *answers)
{
  return ch_validate_email (value);
}

/* Of whatever kind: it is only compared */
static ChReason
check_lookup_number (const char *value, GHashTable *answers)
{
  return ch_validate_document_number (value);
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

/* -- What an account’s owner does with it -- */

const ChField ch_field_old_password = {
  .id = "old-password",
  .label = N_ ("Present password"),
  .kind = CH_FIELD_SECRET,
  .max = 256,
  .group = N_ ("Account"),
};

const ChField ch_field_new_mobile = {
  .id = "new-mobile",
  .label = N_ ("New mobile number"),
  .kind = CH_FIELD_MOBILE,
  .max = 11,
  .validate = check_new_mobile,
  .group = N_ ("Handler"),
};

const ChField ch_field_email = {
  .id = "email",
  .label = N_ ("E-mail"),
  .kind = CH_FIELD_EMAIL,
  .max = 254,
  .validate = check_own_email,
  .group = N_ ("Account"),
};

const ChField ch_field_email_code = {
  .id = "email-code",
  .label = N_ ("Code from the e-mail"),
  .kind = CH_FIELD_SMS_CODE,
  .max = 6,
  .validate = check_sms_code,
  .group = N_ ("Account"),
};

static const ChField *const reset_fields[] = {
  &ch_field_handler_document_kind,
  &ch_field_handler_document_number,
  &ch_field_handler_mobile,
  &ch_field_sms_code,
  NULL,
};

const ChForm ch_form_reset = {
  .id = "reset",
  .fields = reset_fields,
  .title = N_ ("Forgot password"),
  .lead = N_ ("Fill in what was registered. A one-time password is sent to the mobile; the old one stays "
              "good until you "
              "use it."),
};

static const ChField *const fresh_fields[] = { &ch_field_password, NULL };

const ChForm ch_form_fresh = {
  .id = "fresh",
  .fields = fresh_fields,
  .title = N_ ("Choose a new password"),
  .lead = N_ ("You came in with a one-time password. Nothing else can be done before you choose another."),
};

static const ChField *const password_fields[] = { &ch_field_old_password, &ch_field_password, NULL };

const ChForm ch_form_password = {
  .id = "password",
  .fields = password_fields,
  .title = N_ ("Change password"),
  .lead = N_ ("Everywhere else you are logged out, and the mobile is told."),
};

static const ChField *const mobile_fields[]
    = { &ch_field_new_mobile, &ch_field_sms_code, &ch_field_old_password, NULL };

const ChForm ch_form_mobile = {
  .id = "mobile",
  .fields = mobile_fields,
  .title = N_ ("Change mobile"),
  .lead
  = N_ ("A code is sent to the new number, and the old one is told. One account for each mobile number."),
};

static const ChField *const email_fields[] = { &ch_field_email, &ch_field_email_code, NULL };

const ChForm ch_form_email = {
  .id = "email",
  .fields = email_fields,
  .title = N_ ("Change e-mail"),
  .lead = N_ ("A code is sent to the new address."),
};

static const ChField *const close_fields[] = { &ch_field_sms_code, &ch_field_old_password, NULL };

const ChForm ch_form_close = {
  .id = "close",
  .fields = close_fields,
  .title = N_ ("Close the account"),
  .lead = N_ (
      "A code is sent to the mobile of the account. User name and mobile number are free again afterwards."),
};

/* -- Looking up without an account -- */

const ChField ch_field_lookup_number = {
  .id = "document-number",
  .label = N_ ("Document number"),
  .kind = CH_FIELD_CODE,
  .max = 30,
  .validate = check_lookup_number,
  .group = N_ ("Application"),
};

static const ChField *const lookup_fields[]
    = { &ch_field_lookup_number, &ch_field_handler_mobile, &ch_field_sms_code, NULL };

const ChForm ch_form_lookup = {
  .id = "lookup",
  .fields = lookup_fields,
  .title = N_ ("Look up an application"),
  .lead
  = N_ ("By the document number of the unit, of the handler, or of the person the certificate is for, and a "
        "code that is sent to the handler’s mobile. Nothing can be changed here."),
};
