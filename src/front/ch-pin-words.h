#pragma once

#include "base/ch-pin.h"
#include "front/ch-tone.h"
#include "ports/ch-asker.h"
#include "ports/ch-token.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What window and terminal say of PINs: how one stands, before it is typed, and what a new one must be */
const char *ch_pin_state_get_title (ChPinState state);
const char *ch_pin_state_get_warning (ChPinState state);
ChTone ch_pin_state_get_tone (ChPinState state);

ChAskLimits ch_pin_words_get_limits (const ChAskLimits *medium, const ChProfile *profile);
char *ch_pin_words_format_rule (ChPinRule rule, const ChAskLimits *limits);

G_END_DECLS
