#pragma once

#include "ui/ch-ui.h"

#include "papers/ch-paper.h"

G_BEGIN_DECLS

/* A page large, in a window of its own that Esc closes: zoom, and turning, which turns the paper */
#define CH_TYPE_PICTURE_WINDOW (ch_picture_window_get_type ())
G_DECLARE_FINAL_TYPE (ChPictureWindow, ch_picture_window, CH, PICTURE_WINDOW, AdwWindow)

GtkWidget *ch_picture_window_present (GtkWidget *widget, const char *title, ChPaper *paper);

G_END_DECLS
