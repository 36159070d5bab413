#pragma once

#include <gtk/gtk.h>

#include "front/ch-tone.h"

G_BEGIN_DECLS

void ch_tone_apply (GtkWidget *widget, ChTone tone);
const char *ch_tone_get_icon (ChTone tone);

G_END_DECLS
