#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_SHARED(E) \
  E (SHARED_PC,         "shared-pc",          N_("Nothing can be kept on this PC"),       N_("Others use this PC too. Go on with it on your own PC: what you have entered is at the CA."), NONE, 58, 409)
/* clang-format on */
