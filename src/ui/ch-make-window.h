#pragma once

#include "ui/ch-ui.h"

#include "front/ch-front.h"

G_BEGIN_DECLS

/* The desk at which the staff make USB keys: who they are, what is to be made, one key after the other. */
#define CH_TYPE_MAKE_WINDOW (ch_make_window_get_type ())
G_DECLARE_FINAL_TYPE (ChMakeWindow, ch_make_window, CH, MAKE_WINDOW, AdwApplicationWindow)

GtkWidget *ch_make_window_new (GtkApplication *application, ChFront *front);

G_END_DECLS
