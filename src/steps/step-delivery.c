#include "config.h"

#include "steps/steps.h"
#include "wire/ch-policy.h"

/* Where the CA makes the medium itself: how it gets to the applicant, and waiting until it is made */

gboolean
ch_step_is_made_here (const ChAxes *axes, const ChProfile *profile)
{
  return ch_profile_is_made_here (profile, axes);
}

/* This PC has to do with the medium itself; of what is on a phone it sees nothing */
gboolean
ch_step_is_on_token (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium != CH_MEDIUM_PHONE;
}

/* The applicant has the medium, or makes one */
gboolean
ch_step_is_made_there (const ChAxes *axes, const ChProfile *profile)
{
  return !ch_profile_is_made_here (profile, axes) && ch_step_is_on_token (axes, profile);
}

static gboolean
goes_to_unit (const ChAxes *axes, const ChProfile *profile)
{
  return axes->subject != CH_SUBJECT_PERSON && ch_profile_is_made_here (profile, axes);
}

static gboolean
goes_to_person (const ChAxes *axes, const ChProfile *profile)
{
  return axes->subject == CH_SUBJECT_PERSON && ch_profile_is_made_here (profile, axes);
}

const ChStep ch_step_delivery = {
  .id = "delivery",
  .title = N_ ("Fill in the delivery"),
  .lead = N_ ("The CA makes the USB key. Say how it gets to you."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_DELIVERY,
  .form = &ch_form_delivery,
  .applies = goes_to_unit,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

const ChStep ch_step_delivery_person = {
  .id = "delivery-person",
  .title = N_ ("Fill in the delivery"),
  .lead = N_ ("The CA makes the USB key. Say how it gets to you."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_APPLICATION,
  .gives = CH_FACT_DELIVERY,
  .form = &ch_form_delivery_person,
  .applies = goes_to_person,
  .check = ch_step_check_form,
  .work = ch_step_send_form,
};

const ChStep ch_step_made = {
  .id = "made",
  .title = N_ ("The CA makes the USB key"),
  .page = CH_PAGE_WAIT,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_ISSUED | CH_FACT_INSTALLED,
  .flags = CH_STEP_NO_RETURN | CH_STEP_POLLS,
  .applies = ch_step_is_made_here,
  .work = ch_step_await,
};

const ChStep ch_step_result_made = {
  .id = "result-made",
  .title = N_ ("The USB key is made"),
  .lead = N_ ("It was tried at the CA: its key signs. You find the way it takes to you, with the courier’s "
              "number, with your application."),
  .page = CH_PAGE_RESULT,
  .needs = CH_FACT_INSTALLED,
  .gives = CH_FACT_SHOWN,
  .applies = ch_step_is_made_here,
};
