#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_PHONE(E) \
  E (SCAN_CODE_WRONG,   "scan-code-wrong",    N_("The code is no longer good"),           N_("It changes every minute, and serves one phone. Scan the one the PC shows now."), RETRY, 24, 422) \
  E (SCAN_REFUSED,      "scan-refused",       N_("It was refused on the phone"),          N_("Nothing was done. Show a new code if that was a mistake."),     RETRY,         26, 409) \
  E (SCAN_TAKEN,        "scan-taken",         N_("The phone has not finished yet"),       N_("Go on on the phone, or show a new code."),                      RETRY,         27, 409) \
  E (PLACE_UNKNOWN,     "place-unknown",      N_("This PC is new to the account"),        N_("Enter the code that was sent to the account’s mobile. If somebody asks you for it on the telephone, do not tell it."), BACK, 24, 403) \
  E (PHONE_UNKNOWN,     "phone-unknown",      N_("This phone does not belong to the account"), N_("Pair it first: log in on the PC and add the phone there."), BACK,         54, 404) \
  E (PHONE_PIN_WRONG,   "phone-pin-wrong",    N_("The PIN of the phone is wrong"),        N_("Enter it again."),                                              RETRY,         55, 422) \
  E (PHONE_LOCKED,      "phone-locked",       N_("The PIN was wrong too often"),          N_("Have a code sent to the account’s mobile, and enter it with the PIN."), RETRY, 56, 409) \
  E (PHONE_PROOF_WRONG, "phone-proof-wrong",  N_("The phone’s signature does not fit"),   N_("Reload the page on the phone and scan the code again."),        RETRY,         58, 422)
/* clang-format on */
