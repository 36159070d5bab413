#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_TOKEN(E) \
  E (TOKEN_GONE,        "token-gone",         N_("The key medium is gone"),               N_("Plug it in again, then try again."),                            REPLUG,        50, 409) \
  E (TOKEN_BROKEN,      "token-broken",       N_("The software token is damaged"),        N_("Restore it from a back-up, or apply for a replacement."),       CONTACT,       51, 422) \
  E (TOKEN_BUSY,        "token-busy",         N_("The token is in use"),                  N_("Finish in the other window, then try again."),                  RETRY,         52, 409) \
  E (TOKEN_UNABLE,      "token-unable",       N_("The token cannot do this"),             N_("Choose another token."),                                        BACK,          53, 422) \
  E (KEY_MISSING,       "key-missing",        N_("The key is not on this token"),         N_("Choose the token on which the key was made."),                  BACK,          54, 404) \
  E (PIN_WRONG,         "pin-wrong",          N_("Wrong PIN or passphrase"),              N_("Enter it again."),                                              RETRY,         55, 422) \
  E (PIN_LOCKED,        "pin-locked",         N_("The PIN is locked"),                    N_("Unlock the key first."),                                        UNLOCK,        56, 409) \
  E (PASSPHRASE_WEAK,   "passphrase-weak",    N_("The passphrase is too easy to guess"),  N_("Take 10 characters or more that nobody would guess."),          BACK,          57, 422)
/* clang-format on */
