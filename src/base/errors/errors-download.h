#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_DOWNLOAD(E) \
  E (DOWNLOAD_WRONG,    "download-wrong",     N_("What came is not what the CA published"), N_("It was not saved. Try again; if it comes again, run the environment check or call the hotline."), RETRY, 18, 502)
/* clang-format on */
