#pragma once

#include "envcheck/ch-check.h"

G_BEGIN_DECLS

/* Every check, in the order of the window. What depends on another stands after it. */
#define CH_CHECKS(C)                                                                                         \
  C (card_service)                                                                                           \
  C (readers)                                                                                                \
  C (drivers)                                                                                                \
  C (system)                                                                                                 \
  C (program)                                                                                                \
  C (font)                                                                                                   \
  C (disk)                                                                                                   \
  C (proxy)                                                                                                  \
  C (entry)                                                                                                  \
  C (clock)

#define C(name) extern const ChCheck ch_check_##name;
CH_CHECKS (C)
#undef C

G_END_DECLS
