#pragma once

#include "envcheck/ch-check.h"

G_BEGIN_DECLS

/* Every check, in the order of the window. What depends on another stands after it. */
#define CH_CHECKS(C)                                                                                         \
  C (card_service)                                                                                           \
  C (usb)                                                                                                    \
  C (readers)                                                                                                \
  C (card)                                                                                                   \
  C (drivers)                                                                                                \
  C (module)                                                                                                 \
  C (token)                                                                                                  \
  C (pin)                                                                                                    \
  C (certificate)                                                                                            \
  C (dates)                                                                                                  \
  C (system)                                                                                                 \
  C (program)                                                                                                \
  C (memory)                                                                                                 \
  C (disk)                                                                                                   \
  C (places)                                                                                                 \
  C (soft_tokens)                                                                                            \
  C (locale)                                                                                                 \
  C (font)                                                                                                   \
  C (input)                                                                                                  \
  C (clock)                                                                                                  \
  C (zone)                                                                                                   \
  C (proxy)                                                                                                  \
  C (entry)

#define C(name) extern const ChCheck ch_check_##name;
CH_CHECKS (C)
#undef C

/* What one topic knows and another asks for */
gboolean ch_check_sees_usb_key (const ChCheckContext *context);
void ch_check_soften_for_soft (ChCheckResult *result, const ChCheckContext *context);

G_END_DECLS
