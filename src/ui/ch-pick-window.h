#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A long list to choose one thing from, with search. Signal: `picked` with the id. */
#define CH_TYPE_PICK_WINDOW (ch_pick_window_get_type ())
G_DECLARE_FINAL_TYPE (ChPickWindow, ch_pick_window, CH, PICK_WINDOW, AdwWindow)

ChPickWindow *
ch_pick_window_new (GtkWindow *parent, const char *title, GPtrArray *choices, const char *chosen);

G_END_DECLS
