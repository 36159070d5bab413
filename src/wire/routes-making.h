#pragma once

#include "wire/messages-making.h"

/* Answers with secrets in them are never kept to be given again: none of these carries an idempotency key,
 * and all of them may be called again */

/* clang-format off */
/*    name            id               method  path                                              request         answer           who            owned        flags */
#define CH_ROUTES_MAKING(R) \
  R (staff_making,   "staff-making",   "POST", "/v1/staff/applications/{application}/making",     ChMakingNew,    ChMaking,        MAKER,         APPLICATION, PLAIN) \
  R (making_medium,  "making-medium",  "POST", "/v1/applications/{application}/making/medium",    ChMakingMedium, ChMakingOfficer, MAKING_TICKET, APPLICATION, PLAIN) \
  R (making_letter,  "making-letter",  "POST", "/v1/applications/{application}/making/letter",    ChFirstPin,     ChPinLetter,     MAKING_TICKET, APPLICATION, PLAIN) \
  R (making_message, "making-message", "POST", "/v1/applications/{application}/making/message",   ChFirstPin,     ChNothing,       MAKING_TICKET, APPLICATION, PLAIN)
/* clang-format on */
