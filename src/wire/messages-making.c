#include "config.h"

#include "wire/messages-making.h"

CH_WIRE_DEFINE (ChMakingNew, ch_making_new, CH_MAKING_NEW_FIELDS, "making-new")
CH_WIRE_DEFINE (ChMaking, ch_making, CH_MAKING_FIELDS, "making")
CH_WIRE_DEFINE (ChMakingMedium, ch_making_medium, CH_MAKING_MEDIUM_FIELDS, "making-medium")
CH_WIRE_DEFINE (ChMakingOfficer, ch_making_officer, CH_MAKING_OFFICER_FIELDS, "making-officer")
CH_WIRE_DEFINE (ChFirstPin, ch_first_pin, CH_FIRST_PIN_FIELDS, "first-pin")
CH_WIRE_DEFINE (ChPinLetter, ch_pin_letter, CH_PIN_LETTER_FIELDS, "pin-letter")
