#pragma once

#include "ui/ch-ui.h"

#include "front/ch-pin-words.h"

G_BEGIN_DECLS

/* What a new PIN must be, line by line, each ticked off while it is typed */
#define CH_TYPE_PIN_RULES (ch_pin_rules_get_type ())
G_DECLARE_FINAL_TYPE (ChPinRules, ch_pin_rules, CH, PIN_RULES, GtkBox)

GtkWidget *ch_pin_rules_new (const ChAskLimits *limits, gboolean knows_old);
gboolean ch_pin_rules_look (ChPinRules *self, ChSecret *pin, ChSecret *again, ChSecret *old);

G_END_DECLS
