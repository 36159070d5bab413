#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_CHECK(E) \
  E (FONT_MISSING,      "font-missing",       N_("There is no Chinese font on this PC"),  N_("Install one, on Debian the package fonts-noto-cjk."),           NONE,          60,  500) \
  E (CARD_SERVICE,      "card-service",       N_("The smart-card service does not work"), N_("Run the environment check; it says what to do."),               NONE,          61,  500) \
  E (DRIVER_BROKEN,     "driver-broken",      N_("No driver for USB keys works"),         N_("Install the driver that came with the USB key."),               NONE,          62,  500) \
  E (PROGRAM_OLD,       "program-old",        N_("The program is too old for this CA"), N_("Have the newest version installed; nothing that is kept on this PC is lost."), CONTACT, 63, 409)
/* clang-format on */
