#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_ACCOUNT(E) \
  E (NOT_LOGGED_IN,     "not-logged-in",      N_("You are not logged in"),                N_("Log in; what you filled in is kept."),                          LOG_IN,        20, 401) \
  E (LOGIN_WRONG,       "login-wrong",        N_("User name or password is wrong"),       N_("Check both and try again. Is Caps Lock on?"),                   RETRY,         21, 401) \
  E (FORBIDDEN,         "forbidden",          N_("This is not allowed here"),             N_("Log in with an account that may do this."),                     LOG_IN,        22, 403) \
  E (ACCOUNT_EXISTS,    "account-exists",     N_("There is an account already"),          N_("Log in, or use another user name and mobile number."),          BACK,          23, 409) \
  E (CODE_WRONG,        "code-wrong",         N_("The code is wrong or too old"),         N_("Check the newest message, or have a new code sent."),           RETRY,         24, 422) \
  E (WORK_WRONG,        "work-wrong",         N_("The program’s proof was not accepted"), N_("Try again."),                                                   RETRY,         24, 422) \
  E (CONSENT_MISSING,   "consent-missing",    N_("An agreement is not ticked"),           N_("Read the agreement and tick it."),                              BACK,          25, 422) \
  E (CERTIFICATE_REFUSED,"certificate-refused",N_("The CA does not accept this certificate"), N_("It was revoked or put on hold, has ended too long ago, or is of another CA. Log in with your account, or call the hotline."), CONTACT, 26, 401) \
  E (HOLDER_UNKNOWN,    "holder-unknown",     N_("This certificate is not of this CA"),   N_("Choose another one, or change the CA in the menu. With an account you can log in too."), BACK, 26, 401) \
  E (HOLDER_REVOKED,    "holder-revoked",     N_("This certificate was revoked"),         N_("It logs nobody in any more. Log in with your account and apply for a new one, or call the hotline."), CONTACT, 26, 401) \
  E (HOLDER_HELD,       "holder-held",        N_("This certificate is on hold"),          N_("Its revocation or replacement was asked for. Log in with your account to see it or to withdraw that."), CONTACT, 26, 401) \
  E (HOLDER_ENDED,      "holder-ended",       N_("This certificate has ended"),           N_("It ended too long ago to be renewed. Log in with your account and apply for a new one."), CONTACT, 26, 401) \
  E (NONCE_SPENT,       "nonce-spent",        N_("That took too long"),                   N_("A signature counts for two minutes. Try again."),               RETRY,         27, 409) \
  E (PICTURE_NEEDED,    "picture-needed",     N_("One more thing is needed"),             N_("Type the characters of the picture, or let the program compute instead."), BACK, 26, 403) \
  E (PICTURE_WRONG,     "picture-wrong",      N_("The characters do not fit the picture"), N_("Type those of the new picture, or let the program compute instead."), BACK,   26, 422) \
  E (PASSWORD_EXPIRED,  "password-expired",   N_("This was a one-time password"),         N_("Choose a new password first; then everything else can be done."), BACK,        27, 403) \
  E (PASSWORD_WRONG,    "password-wrong",     N_("The password is wrong"),                N_("It is the password of your account. Check it and try again."),  RETRY,         21, 422) \
  E (CLOSING_REFUSED,   "closing-refused",    N_("The account cannot be closed yet"),     N_("Something is still under way. Finish or withdraw it first."),    BACK,         28, 409)
/* clang-format on */
