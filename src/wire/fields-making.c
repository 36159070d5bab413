#include "config.h"

#include <string.h>

#include "base/ch-validate.h"
#include "wire/fields-private.h"

/* What the staff say when they make a USB key: for which application, how its first PIN travels, and then how
 * the key does */

static ChReason
check_text (const char *value, GHashTable *answers)
{
  return ch_validate_text (value);
}

/* As couriers print them, and as the server takes them */
static ChReason
check_number (const char *value, GHashTable *answers)
{
  gsize len = strspn (value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

  return len >= 6 && value[len] == 0 ? CH_REASON_OK : CH_REASON_CHARACTERS;
}

static gboolean
is_by_courier (GHashTable *answers)
{
  return answers == NULL || g_strcmp0 (g_hash_table_lookup (answers, "delivery-way"), "hall") != 0;
}

static gboolean
is_collected (GHashTable *answers)
{
  return !is_by_courier (answers);
}

static const ChFieldChoice pin_ways[] = {
  { "letter", N_ ("In a sealed letter") },
  { "sms", N_ ("By SMS to the handler") },
  { NULL, NULL },
};

static const ChFieldChoice again_choices[] = {
  { "no", N_ ("Begin, or go on where it broke off") },
  { "yes", N_ ("The key is lost: revoke it and make another") },
  { NULL, NULL },
};

static const ChField make_application = {
  .id = "make-application",
  .label = N_ ("Application number"),
  .kind = CH_FIELD_TEXT,
  .max = 64,
  .validate = check_text,
  .group = N_ ("Application"),
};

static const ChField make_again = {
  .id = "make-again",
  .label = N_ ("If it was begun before"),
  .kind = CH_FIELD_CHOICE,
  .max = 8,
  .group = N_ ("Application"),
  .choices = again_choices,
  .initial = "no",
};

static const ChField first_pin_way = {
  .id = CH_MAKING_PIN_WAY,
  .label = N_ ("How the first PIN travels"),
  .kind = CH_FIELD_CHOICE,
  .max = 16,
  .group = N_ ("First PIN"),
  .choices = pin_ways,
  .initial = "letter",
};

static const ChField medium_serial = {
  .id = "medium-serial",
  .label = N_ ("Serial number of the USB key"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 64,
  .validate = check_text,
  .group = N_ ("USB key"),
  .hint = N_ ("Only if several are plugged in, or if one that is not blank is to be wiped."),
};

static const ChField *const make_fields[]
    = { &make_application, &make_again, &first_pin_way, &medium_serial, NULL };

const ChForm ch_form_make = {
  .id = "make",
  .businesses = 1u << CH_BUSINESS_MAKE,
  .fields = make_fields,
  .title = N_ ("Choose the application"),
  .lead = N_ ("An approved application whose certificate is made on a USB key here."),
};

static const ChField make_delivery = {
  .id = "make-delivery",
  .label = N_ ("Delivery"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 512,
  .group = N_ ("Delivery"),
};

static const ChField *const make_check_fields[] = {
  &ch_field_download_name,
  &ch_field_download_from,
  &ch_field_download_until,
  &ch_field_download_trust_id,
  &ch_field_download_serial,
  &ch_field_download_subject,
  &make_delivery,
  NULL,
};

const ChForm ch_form_make_check = {
  .id = "make-check",
  .businesses = 1u << CH_BUSINESS_MAKE,
  .fields = make_check_fields,
  .title = N_ ("Check what is made"),
  .lead = N_ ("Plug in a blank USB key. Everything on it is erased, and the certificate is written to it."),
};

static const ChField sent_courier = {
  .id = "sent-courier",
  .label = N_ ("Courier"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 64,
  .validate = check_text,
  .group = N_ ("Delivery"),
  .asked = is_by_courier,
};

static const ChField sent_number = {
  .id = "sent-number",
  .label = N_ ("Courier number"),
  .kind = CH_FIELD_CODE,
  .optional = TRUE,
  .max = 32,
  .validate = check_number,
  .group = N_ ("Delivery"),
  .hint = N_ ("Leave it empty if the key is sent later."),
  .asked = is_by_courier,
};

static const ChField sent_place = {
  .id = "sent-place",
  .label = N_ ("Hall where it lies ready"),
  .kind = CH_FIELD_TEXT,
  .optional = TRUE,
  .max = 120,
  .validate = check_text,
  .group = N_ ("Delivery"),
  .hint = N_ ("Leave it empty if the key is brought there later."),
  .asked = is_collected,
};

static const ChField *const make_sent_fields[] = { &sent_courier, &sent_number, &sent_place, NULL };

const ChForm ch_form_make_sent = {
  .id = "make-sent",
  .businesses = 1u << CH_BUSINESS_MAKE,
  .fields = make_sent_fields,
  .title = N_ ("Send it off"),
  .lead = N_ ("What is entered here the holder sees at once."),
};
