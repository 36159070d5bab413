#include "config.h"

#include "wire/messages-unlock.h"

CH_WIRE_DEFINE_ENUM (ChOfficerPin, CH_OFFICER_PINS, "officer-pin")
CH_WIRE_DEFINE_ENUM (ChEscrowState, CH_ESCROW_STATES, "escrow-state")

CH_WIRE_DEFINE (ChUnlockRequest, ch_unlock_request, CH_UNLOCK_REQUEST_FIELDS, "unlock-request")
CH_WIRE_DEFINE (ChUnlockTicket, ch_unlock_ticket, CH_UNLOCK_TICKET_FIELDS, "unlock-ticket")
CH_WIRE_DEFINE (ChUnlockRelease, ch_unlock_release, CH_UNLOCK_RELEASE_FIELDS, "unlock-release")
CH_WIRE_DEFINE (ChUnlockPins, ch_unlock_pins, CH_UNLOCK_PINS_FIELDS, "unlock-pins")
CH_WIRE_DEFINE (ChUnlockConfirm, ch_unlock_confirm, CH_UNLOCK_CONFIRM_FIELDS, "unlock-confirm")
CH_WIRE_DEFINE (ChMediumEvent, ch_medium_event, CH_MEDIUM_EVENT_FIELDS, "medium-event")
CH_WIRE_DEFINE (ChMediumStatus, ch_medium_status, CH_MEDIUM_STATUS_FIELDS, "medium-status")
CH_WIRE_DEFINE (ChMediumAllow, ch_medium_allow, CH_MEDIUM_ALLOW_FIELDS, "medium-allow")
