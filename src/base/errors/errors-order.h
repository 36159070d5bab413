#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_ORDER(E) \
  E (SECOND_PERSON,     "second-person",      N_("Another person must agree"),            N_("Ask a colleague to do this step: money goes back only when two people agree."), NONE, 44, 409)
/* clang-format on */
