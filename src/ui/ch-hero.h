#pragma once

#include "ui/ch-tone.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Where a thing stands: one large glyph, the result in a few words, one sentence. */
#define CH_TYPE_HERO (ch_hero_get_type ())
G_DECLARE_FINAL_TYPE (ChHero, ch_hero, CH, HERO, GtkBox)

GtkWidget *ch_hero_new (void);
void ch_hero_set (ChHero *self, ChTone tone, const char *icon, const char *title, const char *description);

G_END_DECLS
