#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The main window: the hall, and before it the page that is in hand: login, registration or a business.
 * Property: `front`. */
#define CH_TYPE_WINDOW (ch_window_get_type ())
G_DECLARE_FINAL_TYPE (ChWindow, ch_window, CH, WINDOW, AdwApplicationWindow)

GtkWidget *ch_window_new (GtkApplication *application, ChFront *front, GSettings *settings);
ChFront *ch_window_get_front (ChWindow *self);
gboolean ch_window_get_can_leave (ChWindow *self);
gboolean ch_window_is_at_home (ChWindow *self);
void ch_window_toast (ChWindow *self, const char *text);

G_END_DECLS
