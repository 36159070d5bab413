#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_REPLACING(E) \
  E (RENEW_EARLY,       "renew-early",        N_("It is too early to renew this certificate"), N_("It can be renewed shortly before its end; the list of your certificates says from which day."), BACK, 48, 409) \
  E (RENEW_LATE,        "renew-late",         N_("It is too late to renew this certificate"), N_("It has ended. Apply for a new certificate instead."),   BACK,          48, 409) \
  E (CERTIFICATE_HELD,  "certificate-held",   N_("The certificate is on hold"),           N_("Somebody asked for its revocation or replacement. Finish or withdraw that first, or call the hotline."), CONTACT, 48, 409) \
  E (CERTIFICATE_OPEN,  "certificate-open",   N_("There is an application about this certificate already"), N_("Go on with that one, or withdraw it first: it is among your applications."), BACK, 48, 409) \
  E (CERTIFICATE_ENDED, "certificate-ended",  N_("The certificate has ended"),            N_("Nothing can be done about it any more but a renewal, if it is still in time. Else apply for a new certificate."), BACK, 48, 409) \
  E (NOTHING_CHANGED,   "nothing-changed",    N_("Nothing was changed"),                  N_("Change what is no longer right, then go on. If all is right, go back: everything stays as it is."), BACK, 48, 422) \
  E (OLD_KEY_ELSEWHERE, "old-key-elsewhere",  N_("The certificate is not on this PC"),    N_("Plug in the USB key that holds it, or go on at the PC where its software token is. If the USB key is lost or broken, apply for its replacement; if the software token is lost, apply for a new certificate."), REPLUG, 60, 409)
/* clang-format on */
