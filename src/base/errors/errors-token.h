#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_TOKEN(E) \
  E (TOKEN_GONE,        "token-gone",         N_("The key medium is gone"),               N_("Plug it in again, then try again."),                            REPLUG,        50, 409) \
  E (TOKEN_BROKEN,      "token-broken",       N_("The software token is damaged"),        N_("Restore it from a back-up, or apply for a replacement."),       CONTACT,       51, 422) \
  E (TOKEN_BUSY,        "token-busy",         N_("The token is in use"),                  N_("Finish in the other window, then try again."),                  RETRY,         52, 409) \
  E (TOKEN_UNABLE,      "token-unable",       N_("The token cannot do this"),             N_("Choose another token."),                                        BACK,          53, 422) \
  E (MAKING_TAKEN,      "making-taken",       N_("Somebody else has begun to make this USB key"), N_("Only the key that was begun last becomes good. Look with your colleagues which of you finishes it, and set the other one aside."), RETRY, 52, 409) \
  E (KEY_MISSING,       "key-missing",        N_("The key is not on this token"),         N_("Choose the token on which the key was made."),                  BACK,          54, 404) \
  E (PIN_WRONG,         "pin-wrong",          N_("Wrong PIN or passphrase"),              N_("Enter it again."),                                              RETRY,         55, 422) \
  E (PIN_LOCKED,        "pin-locked",         N_("The PIN is locked"),                    N_("Unlock the key first."),                                        UNLOCK,        56, 409) \
  E (PASSPHRASE_WEAK,   "passphrase-weak",    N_("The passphrase is too easy to guess"),  N_("Take 10 characters or more that nobody would guess."),          BACK,          57, 422) \
  E (FILE_FOREIGN,      "file-foreign",       N_("There is no key for this program in the file"), N_("Choose a back-up made by this program, or a file ending in .p12 or .pfx."), BACK, 58, 422) \
  E (FILE_DAMAGED,      "file-damaged",       N_("The file is damaged"),                  N_("Something of it is missing or was changed. Take another copy of it."), BACK,  58, 422) \
  E (FILE_NO_KEY,       "file-no-key",        N_("There is only a certificate in the file, and no key"), N_("Without its key a certificate signs nothing. Export it again, together with the key."), BACK, 58, 422) \
  E (FILE_NO_CERTIFICATE,"file-no-certificate",N_("The certificate of the key is missing"), N_("Choose the file with the certificate too, or export both together."), BACK, 58, 422) \
  E (KEY_MISMATCH,      "key-mismatch",       N_("Key and certificate do not belong together"), N_("Choose the certificate that was issued for this key."),  BACK,          58, 422) \
  E (FILE_PASSPHRASE,   "file-passphrase",    N_("The passphrase of the file is wrong"),  N_("It is the one the file was made with. Enter it again."),        RETRY,         55, 422) \
  E (TOKEN_EXISTS,      "token-exists",       N_("This key is on this PC already"),       N_("Nothing was changed. Delete the software token first if the file is to take its place."), BACK, 59, 409) \
  E (MOVE_CODE,         "move-code",          N_("The code does not fit"),                N_("Enter the code the other PC shows after it has taken the back-up over."), RETRY, 59, 422) \
  E (TOKEN_FULL,        "token-full",         N_("There is no room left on the key"),     N_("Nothing was deleted. Ask the CA’s hotline what to do."),         CONTACT,       53, 422) \
  E (TOKEN_BLANK,       "token-blank",        N_("The key has no PIN yet"),               N_("Its PIN is set by unlocking it for the first time."),           UNLOCK,        56, 409) \
  E (TOKEN_FAILED,      "token-failed",       N_("The key reports a fault"),              N_("Unplug it and plug it in again, then try again."),              REPLUG,        51, 500) \
  E (PIN_UNFIT,         "pin-unfit",          N_("The key does not take this PIN"),       N_("Choose another one, of the length the key asks for."),          BACK,          57, 422) \
  E (PIN_LAST_TRY,      "pin-last-try",       N_("Only one try is left for the PIN"),     N_("If it is wrong again, the key locks. Enter it yourself, only if you are sure."), BACK, 55, 409) \
  E (TOKEN_NONE,        "token-none",         N_("No USB key is plugged in"),             N_("Plug in the one the certificate is for, then try again."),      RETRY,         50, 409) \
  E (TOKEN_SEVERAL,     "token-several",      N_("More than one USB key is plugged in"),  N_("Leave only the one the certificate is for, then try again."),   RETRY,         50, 409) \
  E (TOKEN_NOT_BLANK,   "token-not-blank",    N_("There are keys or certificates on this USB key"), N_("Initialising deletes them for ever. If it is to be so, enter the serial number of the key."), BACK, 59, 409) \
  E (TOKEN_NO_BLANK,    "token-no-blank",     N_("No blank USB key is plugged in"),       N_("Plug in one without keys and certificates. To wipe one that has some, enter its serial number."), RETRY, 50, 409) \
  E (SO_PIN_WRONG,      "so-pin-wrong",       N_("The key does not take what the CA unlocks it with"), N_("Your own PIN was not changed. Ask the CA’s hotline."), CONTACT,      56, 409) \
  E (MODULE_FAILED,     "module-failed",      N_("The driver of the key does not work"),  N_("Run the environment check; it says what to do."),               NONE,          62, 500) \
  E (MODULE_HANGS,      "module-hangs",       N_("The driver of the key does not answer"), N_("Unplug the key and plug it in again. If that does not help, restart this PC."), REPLUG, 62, 500)
/* clang-format on */
