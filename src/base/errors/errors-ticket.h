#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_TICKET(E) \
  E (TICKET_ENDED,      "ticket-ended",       N_("The quarter of an hour is over"),       N_("Begin again; for a download, ask support for a new code."),     BACK,          48, 401) \
  E (DOWNLOAD_CODE_WRONG,"download-code-wrong",N_("The download code is wrong"),          N_("Compare it with what support gave you: 19 letters and digits."), BACK,         24, 422) \
  E (DOWNLOAD_CODE_USED,"download-code-used", N_("The download code was used already"),   N_("It serves once. Ask support for a new one."),                   CONTACT,       49, 409) \
  E (DOWNLOAD_CODE_EXPIRED,"download-code-expired",N_("The download code is too old"),    N_("It has ended, or there is a newer one. Ask support for a new one."), CONTACT,  49, 409)
/* clang-format on */
