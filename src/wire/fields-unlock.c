#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

static ChReason
check_mobile (const char *value, GHashTable *answers)
{
  return ch_validate_mobile (value);
}

static const ChField *const mobile_fields[] = { &ch_field_unlock_mobile, NULL };
static const ChField *const code_fields[] = { &ch_field_unlock_code, NULL };

/* Another than that of an application: what is told of the number is another */
const ChField ch_field_unlock_mobile = {
  .id = "unlock-mobile",
  .label = N_ ("Mobile number of the handler"),
  .kind = CH_FIELD_MOBILE,
  .max = 11,
  .validate = check_mobile,
  .group = N_ ("Handler"),
  .hint = N_ ("As it was given when the certificate was applied for."),
};

const ChField ch_field_unlock_code = {
  .id = "unlock-code",
  .label = N_ ("SMS code"),
  .kind = CH_FIELD_SECRET,
  .max = 6,
  .group = N_ ("Handler"),
  .hint = N_ ("6 digits, good for 5 minutes. None came? Go back and send another after a minute."),
};

const ChForm ch_form_unlock_mobile = {
  .id = "unlock-mobile",
  .fields = mobile_fields,
  .title = N_ ("Send a code to the handler"),
  .lead = N_ ("Only who was named as handler of the certificate can have its USB key unlocked."),
};

const ChForm ch_form_unlock_code = {
  .id = "unlock-code",
  .fields = code_fields,
  .title = N_ ("Enter the code"),
  .lead = N_ ("If the number is the handler’s, a code is on its way to it."),
};
