#include "config.h"

#include "base/ch-validate.h"
#include "wire/fields-private.h"

/* Which of several USB keys: only asked for where more than one is plugged in */

static ChReason
check_text (const char *value, GHashTable *answers)
{
  return ch_validate_text (value);
}

static const ChField medium = {
  .id = "medium",
  .label = N_ ("USB key"),
  .kind = CH_FIELD_MEDIUM,
  .max = 64,
  .validate = check_text,
  .group = N_ ("Plugged in"),
};

static const ChField *const medium_fields[] = { &medium, NULL };

const ChForm ch_form_medium = {
  .id = "medium",
  .fields = medium_fields,
  .title = N_ ("Choose the USB key"),
  .lead = N_ ("Several are plugged in. Which one is it? Its serial number is often printed on it."),
};
