#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* What a PIN that is chosen has to keep, each to be said while it is typed */
typedef enum
{
  CH_PIN_RULE_LENGTH = 1 << 0,
  CH_PIN_RULE_CHARACTERS = 1 << 1, /* those every keyboard and keypad has */
  CH_PIN_RULE_GUESSED = 1 << 2,    /* none that is tried first */
  CH_PIN_RULE_OTHER = 1 << 3,      /* not the old one */
  CH_PIN_RULE_EQUAL = 1 << 4,      /* twice the same */
} ChPinRule;

#define CH_N_PIN_RULES 5

/* As long as PINs are where neither the medium nor the CA says otherwise */
#define CH_PIN_MIN 6
#define CH_PIN_MAX 16

ChPinRule ch_pin_find_unmet (ChSecret *pin, ChSecret *again, ChSecret *old, guint min, guint max);

G_END_DECLS
