#pragma once

#include <adwaita.h>

#include "programs/certhall-demo-desk-client.h"

G_BEGIN_DECLS

/* What arrives on phones, what waits to be paid, what waits for review */
#define CH_TYPE_DESK_WINDOW (ch_desk_window_get_type ())
G_DECLARE_FINAL_TYPE (ChDeskWindow, ch_desk_window, CH, DESK_WINDOW, AdwApplicationWindow)

GtkWidget *ch_desk_window_new (AdwApplication *app, ChDeskClient *client);

G_END_DECLS
