#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_UNLOCK(E) \
  E (UNLOCK_REFUSED,    "unlock-refused",     N_("This key is not unlocked with this mobile"), N_("It must be the mobile of the handler named for the certificate on the key. If it has changed, call the hotline."), CONTACT, 24, 422) \
  E (UNLOCK_OFTEN,      "unlock-often",       N_("This key was opened twice within a day"), N_("Try again tomorrow. If it is urgent, call the hotline."),     CONTACT,       25, 429) \
  E (UNLOCK_STOPPED,    "unlock-stopped",     N_("Unlocking this key has been stopped"),  N_("It was begun three times and never finished. Call the hotline: support looks into it and lets it go on."), CONTACT, 49, 409) \
  E (SO_PIN_LOCKED,     "so-pin-locked",      N_("This key cannot be unlocked any more"), N_("It has refused the CA too often. Apply for a replacement; your certificate stays valid until then."), CONTACT, 56, 409) \
  E (PROOF_MISSING,     "proof-missing",      N_("The proof of identity cannot be given here"), N_("This CA wants one before a key is unlocked for the first time. Call the hotline: a service hall can do it."), CONTACT, 49, 501)
/* clang-format on */
