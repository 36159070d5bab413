#pragma once

#include "wire/messages-unlock.h"

/* clang-format off */
/*    name               id                    method  path                        request          answer          who            owned flags */
#define CH_ROUTES_UNLOCK(R) \
  R (unlock_ticket,     "unlock-ticket",      "POST", "/v1/tickets/unlock",       ChUnlockRequest, ChUnlockTicket, ANYBODY,       NONE, PLAIN) \
  R (unlock_release,    "unlock-release",     "POST", "/v1/unlock/release",       ChUnlockRelease, ChUnlockPins,   UNLOCK_TICKET, NONE, CHANGES) \
  R (unlock_confirm,    "unlock-confirm",     "POST", "/v1/unlock/confirm",       ChUnlockConfirm, ChNothing,      UNLOCK_TICKET, NONE, CHANGES) \
  R (staff_medium,      "staff-medium",       "GET",  "/v1/staff/media/{medium}", ChNothing,       ChMediumStatus, SUPPORT,       NONE, PLAIN) \
  R (staff_medium_allow,"staff-medium-allow", "POST", "/v1/staff/media/allow",    ChMediumAllow,   ChMediumStatus, SUPPORT,       NONE, CHANGES)
/* clang-format on */
